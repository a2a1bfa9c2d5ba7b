"""`ImageEmbedder` is a transformer of scikit-learn's, and reads whatever a list of images holds."""

import pickle
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from sklearn.base import clone
from sklearn.pipeline import make_pipeline

from skknn_syndrome import ImageEmbedder, SyndromeKNNClassifier
from skknn_syndrome.errors import RefusedRowsWarning
from tests.embedding.builders import TINY, Means, encoded, picture, save_onnx
from tests.refusing import refused

WHITE_AND_BLACK = [Image.new("RGB", (4, 4), (255, 255, 255)), Image.new("RGB", (4, 4))]


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> ImageEmbedder:
    return ImageEmbedder(save_onnx(tmp_path_factory.mktemp("onnx") / "tiny.onnx"), preprocessing=dict(TINY))


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Return a picture, a broken one, none, and another picture."""
    folder = tmp_path_factory.mktemp("images")
    made = [folder / f"{number}.png" for number in range(4)]
    made[0].write_bytes(encoded(picture(0)))
    made[1].write_bytes(b"broken")
    made[3].write_bytes(encoded(picture(3)))
    return made


def test_batches_of_any_size_give_the_same(tiny: ImageEmbedder) -> None:
    images = [picture(seed) for seed in range(7)]
    whole = tiny.transform(images)
    assert (whole.shape, str(whole.dtype)) == ((7, 5), "float32")
    for size in (1, 3):
        again = clone(tiny).set_params(batch_size=size).transform(images)
        np.testing.assert_allclose(again, whole, rtol=1e-5)


def test_it_is_cloned_pickled_and_renamed_as_any_transformer(tiny: ImageEmbedder) -> None:
    tiny.transform(WHITE_AND_BLACK)
    copied = pickle.loads(pickle.dumps(tiny))  # noqa: S301  its own
    np.testing.assert_array_equal(copied.transform(WHITE_AND_BLACK), tiny.transform(WHITE_AND_BLACK))
    assert clone(tiny).get_params() == tiny.get_params()
    frame = clone(tiny).set_output(transform="pandas").fit_transform(WHITE_AND_BLACK)
    assert (
        list(frame.columns) == list(tiny.get_feature_names_out()) == [f"imageembedder{n}" for n in range(5)]
    )


def test_a_pipeline_goes_from_images_to_labels() -> None:
    model = make_pipeline(ImageEmbedder(Means()), SyndromeKNNClassifier(n_neighbors=1, metric="euclidean"))
    model.fit(WHITE_AND_BLACK, ["white", "black"])
    assert model.predict([Image.new("RGB", (9, 9), (5, 5, 5))]).tolist() == ["black"]


def test_a_changed_parameter_opens_the_model_anew(tiny: ImageEmbedder) -> None:
    changed = clone(tiny).fit([])
    before = changed.note
    changed.set_params(preprocessing=TINY.revised(interpolation="bicubic"))
    assert changed.note.fingerprint != before.fingerprint


def test_columns_of_tables_and_arrays_are_lists_too(paths: list[Path]) -> None:
    embedder = ImageEmbedder(Means())
    names = [str(paths[0]), str(paths[3])]
    expected = embedder.transform(names)
    for given in (pd.Series(names), pd.DataFrame({"path": names}), np.array(names), tuple(names)):
        np.testing.assert_array_equal(embedder.transform(given), expected)
    assert embedder.transform([]).shape == (0, 3)


def test_an_image_that_can_not_be_read_stops_nothing(paths: list[Path]) -> None:
    found: dict[str, Any] = {}
    for missing in ("nan", "zero", "drop"):
        with pytest.warns(RefusedRowsWarning, match=r"2 of 4 images could not be read; the first: .*1\.png"):
            found[missing] = ImageEmbedder(Means(), missing=missing, batch_size=3).transform(paths)
    assert np.isnan(found["nan"]).all(axis=1).tolist() == [False, True, True, False]
    assert (found["zero"] == 0).all(axis=1).tolist() == [False, True, True, False]
    np.testing.assert_array_equal(found["drop"], found["zero"][[0, 3]])


def test_large_pictures_are_encoded_before_a_batch_is_full(
    monkeypatch: pytest.MonkeyPatch, paths: list[Path]
) -> None:
    seen: list[int] = []

    class Counting(Means):
        def encode(self, images: Sequence[Image.Image]) -> list[Any]:
            seen.append(len(images))
            return super().encode(images)

    embedder = ImageEmbedder(Counting())
    images = [picture(0, side=4), picture(1, side=4), paths[1], picture(2, side=8), picture(3, side=4)]
    (whole,) = embedder.batches(images)
    monkeypatch.setattr("skknn_syndrome.embedding.embedder.MOST_PIXELS", 32)
    (by_parts,), (start,) = embedder.batches(images), embedder.batches(images[:3])
    np.testing.assert_array_equal(by_parts.vectors, whole.vectors)
    np.testing.assert_array_equal(start.vectors, whole.vectors[:3])
    assert [fault.row for fault in by_parts.faults] == [fault.row for fault in whole.faults] == [2]
    assert seen == [1, 4, 2, 1, 1, 2]  # the first, a plain picture, tells the length of vectors


def test_unless_that_is_asked_for(paths: list[Path]) -> None:
    strict = ImageEmbedder(Means(), missing="raise")
    with refused("not_an_image", "X"):
        strict.transform(paths)
    with refused("no_pixels", "X"):
        strict.transform([Image.new("RGB", (0, 0))])


@pytest.mark.parametrize(
    "parameter, value, code",
    [
        ("batch_size", 0, "too_few"),
        ("n_threads", 1.5, "too_few"),
        ("missing", "zeros", "unknown_missing"),
        ("preprocessing", "imagnet", "unknown_preset"),
        ("preprocessing", {"sze": 8}, "unknown_part"),
    ],
)
def test_a_parameter_that_can_not_be_is_refused(
    tiny: ImageEmbedder, parameter: str, value: object, code: str
) -> None:
    with refused(code, parameter):
        clone(tiny).set_params(**{parameter: value}).fit([])


def test_one_image_is_no_list() -> None:
    with pytest.raises(TypeError, match="a list of paths or images"):
        ImageEmbedder(Means()).transform("one.png")


def test_lists_of_numbers_are_preprocessing_too(tiny: ImageEmbedder) -> None:
    told = {**dict(TINY), "mean": [0.5, 0.4, 0.3]}
    again = clone(tiny).set_params(preprocessing=told)
    np.testing.assert_array_equal(again.transform(WHITE_AND_BLACK), tiny.transform(WHITE_AND_BLACK))
