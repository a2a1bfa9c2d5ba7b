"""Folders of transformers, made tiny and at random, embed as the library itself does.

They need torch, and are run by `nox -s tests_transformers`.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from skknn_syndrome import ImageEmbedder
from skknn_syndrome.embedding.encoders import open_encoder
from tests.embedding.builders import TINY, picture
from tests.refusing import refused

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
safetensors = pytest.importorskip("safetensors.torch")

PICTURES = [picture(seed, side=40) for seed in range(5)]
VISION = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "image_size": 32,
    "patch_size": 8,
}
STAGES = {"hidden_sizes": [8, 16], "depths": [1, 1]}


def clip() -> Any:
    config = transformers.CLIPVisionConfig(**VISION, projection_dim=16)
    return transformers.CLIPVisionModelWithProjection(config)


def both_towers() -> Any:
    text = {"hidden_size": 16, "intermediate_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = transformers.CLIPConfig(
        text_config={**text, "vocab_size": 20}, vision_config=VISION, projection_dim=16
    )
    return transformers.CLIPModel(config)


def resnet() -> Any:
    config = transformers.ResNetConfig(embedding_size=8, layer_type="basic", num_labels=3, **STAGES)
    return transformers.ResNetForImageClassification(config)


def convnext() -> Any:
    return transformers.ConvNextModel(transformers.ConvNextConfig(num_stages=2, **STAGES))


def vit() -> Any:
    return transformers.ViTForImageClassification(transformers.ViTConfig(**VISION, num_labels=3))


def direct(name: str, model: Any, pixels: Any) -> Any:
    """Return what the library gives, as its documentation takes it."""
    match name:
        case "clip":
            return model(pixel_values=pixels).image_embeds
        case "both_towers":
            return model.visual_projection(model.vision_model(pixel_values=pixels).pooler_output)
        case "resnet":
            return model.resnet(pixels).pooler_output[:, :, 0, 0]
        case "convnext":
            return model(pixels).pooler_output
    return model.vit(pixels).last_hidden_state[:, 0]


MAKERS: dict[str, tuple[Callable[[], Any], int]] = {
    "clip": (clip, 16),
    "both_towers": (both_towers, 16),
    "resnet": (resnet, 16),
    "convnext": (convnext, 16),
    "vit": (vit, 32),
}


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write a folder of each architecture, as `save_pretrained` does."""
    torch.manual_seed(0)
    base = tmp_path_factory.mktemp("models")
    processor = transformers.CLIPImageProcessor(
        size={"shortest_edge": 32}, crop_size={"height": 32, "width": 32}
    )
    for name, (make, _) in MAKERS.items():
        make().save_pretrained(base / name)
        processor.save_pretrained(base / name)
    return {name: base / name for name in MAKERS}


@pytest.mark.parametrize("name", MAKERS)
def test_vectors_are_those_of_the_library(folders: dict[str, Path], name: str) -> None:
    path = folders[name]
    embedder = ImageEmbedder(path, n_threads=1)
    found = embedder.transform(PICTURES)
    kind = getattr(transformers, embedder.note.architecture)
    model = kind.from_pretrained(path).eval()
    pixels = transformers.AutoImageProcessor.from_pretrained(path)(images=PICTURES, return_tensors="pt")
    with torch.inference_mode():
        expected = direct(name, model, pixels["pixel_values"]).numpy()
    assert found.shape == (5, MAKERS[name][1])
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)
    single = ImageEmbedder(path, batch_size=1, n_threads=1).transform(PICTURES)
    np.testing.assert_allclose(single, found, rtol=1e-5, atol=1e-6)


def test_the_note_tells_weights_and_the_folders_preprocessing(folders: dict[str, Path]) -> None:
    note = ImageEmbedder(folders["clip"]).note
    assert (note.model, note.architecture) == ("clip", "CLIPVisionModelWithProjection")
    assert note.weights_sha256 != ImageEmbedder(folders["resnet"]).note.weights_sha256
    assert json.loads(note.preprocessing)["crop_size"] == {"height": 32, "width": 32}
    assert {"torch", "transformers"} < {entry.name for entry in note.versions}


@pytest.fixture
def copied(folders: dict[str, Path], tmp_path: Path) -> Path:
    return Path(shutil.copytree(folders["convnext"], tmp_path / "copied"))


def change(path: Path, **changes: object) -> None:
    config = json.loads((path / "config.json").read_text())
    (path / "config.json").write_text(json.dumps({**config, **changes}))


def test_preprocessing_comes_from_the_folder_or_is_given(copied: Path) -> None:
    own = ImageEmbedder(copied).note
    (copied / "preprocessor_config.json").unlink()
    with refused("no_preprocessing", "model"):
        open_encoder(copied)
    given = ImageEmbedder(copied, preprocessing=TINY.revised(size=32, crop=32))
    assert given.transform(PICTURES).shape == (5, 16)
    assert given.note.fingerprint != own.fingerprint


@pytest.mark.parametrize("named", [None, [], ["BertModel"]])
def test_another_architecture_is_refused(copied: Path, named: object) -> None:
    change(copied, architectures=named)
    with refused("unknown_architecture", "model"):
        open_encoder(copied)


def test_what_is_broken_is_refused(copied: Path) -> None:
    weights = safetensors.load_file(copied / "model.safetensors")
    del weights["layernorm.weight"]
    safetensors.save_file(weights, copied / "model.safetensors", metadata={"format": "pt"})
    with refused("missing_weights", "model") as raised:
        open_encoder(copied)
    assert "layernorm.weight" in str(raised.value)
    (copied / "model.safetensors").write_bytes(b"broken")
    with refused("broken_model", "model"):
        open_encoder(copied)
    (copied / "config.json").write_text("[]")
    with refused("broken_model", "model"):
        open_encoder(copied)


def test_weights_in_a_pickle_are_weights_alone(copied: Path) -> None:
    expected = ImageEmbedder(copied).transform(PICTURES)
    model = transformers.ConvNextModel.from_pretrained(copied)
    torch.save(model.state_dict(), copied / "pytorch_model.bin")
    (copied / "model.safetensors").unlink()
    np.testing.assert_array_equal(ImageEmbedder(copied).transform(PICTURES), expected)

    class Code:
        """Would run when it is unpickled."""

        def __reduce__(self) -> tuple[Any, ...]:
            return print, ("this ran",)

    torch.save({**model.state_dict(), "code": Code()}, copied / "pytorch_model.bin")
    with refused("broken_model", "model"):
        open_encoder(copied)


def test_the_hub_is_asked_for_weights_and_settings_alone(
    folders: dict[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    import huggingface_hub  # noqa: PLC0415  comes with transformers

    asked: dict[str, Any] = {}

    def fetch(name: str, **options: Any) -> str:
        asked.update(options, name=name)
        return str(folders["convnext"])

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fetch)
    note = open_encoder("who/what", allow_download=True).note
    assert (note.model, note.revision) == ("who/what", "convnext")
    assert asked == {
        "name": "who/what",
        "allow_patterns": ["*.json", "model*.safetensors", "pytorch_model*.bin"],
    }


@pytest.mark.parametrize("offline", ["1", ""])
def test_a_model_that_can_not_be_fetched_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, offline: str
) -> None:
    import huggingface_hub  # noqa: PLC0415  likewise

    def fail(*_: object, **__: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(huggingface_hub, "snapshot_download", fail)
    monkeypatch.setenv("HF_HUB_OFFLINE", offline)
    with refused("download_failed", "model") as raised:
        open_encoder("who/what", allow_download=True)
    assert ("HF_HUB_OFFLINE" in str(raised.value)) == bool(offline)
