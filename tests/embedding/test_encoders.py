"""Encoders: ONNX files give what onnxruntime gives, and every other model is opened or refused."""

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import pytest
from onnx import TensorProto, helper

from skknn_syndrome.embedding import encoders
from skknn_syndrome.embedding.encoders import as_matrix, hash_of_files, open_encoder
from skknn_syndrome.embedding.numpy_encoder import NumpyEncoder
from tests.embedding.builders import SIDE, TINY, Means, picture, save_onnx
from tests.refusing import refused

PICTURES = [picture(seed) for seed in range(5)]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_onnx(tmp_path_factory.mktemp("onnx") / "tiny.onnx")


def test_an_onnx_file_gives_what_onnxruntime_gives(tiny: Path) -> None:
    session = onnxruntime.InferenceSession(str(tiny), providers=["CPUExecutionProvider"])
    pixels = np.stack([TINY(image) for image in PICTURES])
    (direct,) = session.run(None, {"images": pixels})
    found = as_matrix(open_encoder(tiny, preprocessing=TINY).encode(PICTURES), 5, "tiny")
    np.testing.assert_array_equal(found, direct)


def test_the_note_tells_weights_and_preprocessing(tiny: Path) -> None:
    note = open_encoder(str(tiny), preprocessing=TINY, n_threads=1).note
    assert (note.model, note.architecture, note.weights_sha256) == (
        "tiny.onnx",
        "ONNX",
        hash_of_files([tiny]),
    )
    assert '"std": [0.2, 0.25, 0.3]' in note.preprocessing
    assert {entry.name for entry in note.versions} == {"skknn-syndrome", "numpy", "pillow", "onnxruntime"}
    other = open_encoder(tiny, preprocessing=TINY.revised(interpolation="bicubic")).note
    assert note.fingerprint != other.fingerprint


@pytest.mark.parametrize(
    "options",
    [
        {"batch": 2},
        {"channels_last": True},
        {"flat": False},
        {"outputs": ("map", "vectors")},
        {"kind": TensorProto.FLOAT16},
    ],
)
def test_other_ports_give_the_same(tiny: Path, tmp_path: Path, options: dict[str, Any]) -> None:
    other = save_onnx(tmp_path / "other.onnx", **options)
    expected = as_matrix(open_encoder(tiny, preprocessing=TINY).encode(PICTURES), 5, "")
    found = as_matrix(open_encoder(other, preprocessing=TINY).encode(PICTURES), 5, "")
    np.testing.assert_allclose(found, expected, rtol=1e-2 if "kind" in options else 1e-5)


def test_an_onnx_file_without_preprocessing_is_refused_with_what_would_work(tiny: Path) -> None:
    with refused("no_preprocessing", "preprocessing") as raised:
        open_encoder(tiny)
    assert "efficientnet-lite" in str(raised.value)


def test_models_that_are_no_encoders_are_refused(tiny: Path, tmp_path: Path) -> None:
    with refused("wrong_crop", "crop"):
        open_encoder(tiny, preprocessing=TINY.revised(crop=SIDE - 1))
    with refused("other_ports", "model"):
        open_encoder(save_onnx(tmp_path / "two.onnx", outputs=("vectors", "negative")), preprocessing=TINY)
    spread = open_encoder(save_onnx(tmp_path / "map.onnx", outputs=("map",)), preprocessing=TINY)
    with refused("no_vectors", "model"):
        as_matrix(spread.encode(PICTURES), 5, "map.onnx")
    with refused("wrong_number_of_rows", "model") as raised:
        as_matrix(np.ones((4, 2)), 5, "toy")
    assert "toy: encode(images) returned 4 rows for 5 images" in str(raised.value)
    with refused("vectors_not_finite", "model"):
        as_matrix([[np.nan]], 1, "toy")
    (tmp_path / "broken.onnx").write_bytes(b"no model")
    with refused("broken_model", "model"):
        open_encoder(tmp_path / "broken.onnx", preprocessing=TINY)


def test_a_model_that_fails_on_images_says_so(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    encoder: Any = open_encoder(tiny, preprocessing=TINY)
    monkeypatch.setattr(encoder, "_preprocessing", lambda _: np.zeros((3, 1, 1), np.float32))
    with refused("model_fails", "model"):
        encoder.encode(PICTURES)


def test_anything_with_encode_will_do() -> None:
    encoder = open_encoder(Means())
    assert (encoder.note.model, encoder.note.weights_sha256) == ("Means", "00")
    assert as_matrix(encoder.encode(PICTURES), 5, "").shape == (5, 3)
    with refused("preprocessing_unused", "preprocessing"):
        open_encoder(Means(), preprocessing=TINY)


@pytest.mark.parametrize("given", [7, Means])
def test_anything_else_will_not(given: Any) -> None:
    with refused("no_encoder", "model"):
        open_encoder(given)


def test_a_name_of_the_hub_waits_for_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    with refused("download_not_allowed", "model") as raised:
        open_encoder("facebook/dinov2-small")
    assert "allow_download=True" in str(raised.value)
    monkeypatch.setattr(encoders, "find_spec", lambda _: None)
    with refused("library_missing", "model"):
        open_encoder("facebook/dinov2-small", allow_download=True)


def test_what_is_not_there_or_no_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with refused("no_such_model", "model"):
        open_encoder(tmp_path / "gone" / "net.onnx")
    with refused("no_model_in_folder", "model"):
        open_encoder(tmp_path)
    save_onnx(tmp_path / "net.onnx")
    with refused("no_model_in_folder", "model") as raised:
        open_encoder(tmp_path)
    assert "name 'net.onnx' in it" in str(raised.value)
    for name, code in (("net.pth", "checkpoint_alone"), ("net.txt", "unknown_model")):
        (tmp_path / name).touch()
        with refused(code, "model"):
            open_encoder(tmp_path / name)
    (tmp_path / "config.json").touch()
    monkeypatch.setattr(encoders, "find_spec", lambda _: None)
    with refused("library_missing", "model"):
        open_encoder(tmp_path)
    with refused("library_missing", "model"):
        open_encoder(tmp_path / "net.onnx", preprocessing=TINY)


def test_models_of_transformers_have_a_module_of_their_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    class Module:
        """Stands for the module that needs torch."""

        @staticmethod
        def open_folder(path: Path, preprocessing: object, n_threads: int) -> str:
            opened.append((path.name, preprocessing, n_threads))
            return "folder"

        @staticmethod
        def open_from_hub(name: str, preprocessing: object, n_threads: int) -> str:
            opened.append((name, preprocessing, n_threads))
            return "hub"

    (tmp_path / "config.json").touch()
    monkeypatch.setattr(encoders, "need", lambda *_: None)
    monkeypatch.setattr(encoders, "import_module", lambda _: Module)
    found: list[object] = [
        open_encoder(tmp_path, n_threads=2),
        open_encoder("who/what", n_threads=3, allow_download=True),
    ]
    assert found == ["folder", "hub"]
    assert opened == [(tmp_path.name, None, 2), ("who/what", None, 3)]


def test_cores_are_counted_where_a_process_can_not_be_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr("os.sched_getaffinity", raising=False)
    assert encoders.usable_cores() >= 1


@pytest.mark.parametrize("name", ["weights.bin", "x" * 200])
def test_weights_in_other_files_count_too(tmp_path: Path, name: str) -> None:
    path = tmp_path / "tiny[1].onnx"
    model = onnx.load(save_onnx(path))
    helper.set_model_props(model, {"location": "no file" * 100})
    onnx.save(model, path, save_as_external_data=True, location=name, size_threshold=0)
    one = open_encoder(path, preprocessing=TINY).note
    assert one.weights_sha256 == hash_of_files([path, tmp_path / name])
    weights = bytearray((tmp_path / name).read_bytes())
    weights[0] ^= 1
    (tmp_path / name).write_bytes(weights)
    (tmp_path / "tiny[1].onnx.data").write_bytes(b"of another model")
    other = open_encoder(path, preprocessing=TINY).note
    assert other.weights_sha256 == hash_of_files([path, tmp_path / name]) != one.weights_sha256


def test_the_encoder_of_the_example_needs_no_download(tmp_path: Path) -> None:
    NumpyEncoder.save(tmp_path)
    encoder = open_encoder(tmp_path)
    vectors = as_matrix(encoder.encode(PICTURES), 5, "")
    np.testing.assert_array_equal(vectors[2:3], as_matrix(encoder.encode(PICTURES[2:3]), 1, ""))
    assert encoder.note.architecture == "NumPy"
    (tmp_path / "encoder.json").write_text("{}")
    with refused("broken_model", "model"):
        open_encoder(tmp_path)
