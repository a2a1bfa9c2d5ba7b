"""New cases as pictures."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from skknn_syndrome.embedding import cases
from skknn_syndrome.embedding.cases import embed_cases
from skknn_syndrome.embedding.embedder import ImageEmbedder
from skknn_syndrome.embedding.numpy_encoder import NumpyEncoder
from skknn_syndrome.results.embedder import EmbedderNote
from tests.refusing import refused


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    (tmp_path / "photos/deep").mkdir(parents=True)
    Image.new("RGB", (8, 8), (200, 10, 10)).save(tmp_path / "photos/b.png")
    Image.new("RGB", (8, 8), (10, 200, 10)).save(tmp_path / "photos/deep/a.png")
    (tmp_path / "photos/notes.txt").write_text("none")
    NumpyEncoder.save(tmp_path / "encoder")
    return tmp_path / "photos"


def test_a_folder_and_a_picture_are_embedded_as_elsewhere(photos: Path) -> None:
    encoder = photos.parent / "encoder"
    found = embed_cases(photos, encoder, None)
    assert found.images.tolist() == ["b.png", "deep/a.png"]
    assert found.embedder == ImageEmbedder(encoder).fit([]).note
    single = embed_cases(photos / "b.png", encoder, None)
    assert single.images.tolist() == ["b.png"]
    np.testing.assert_array_equal(single.embeddings[0], found.embeddings[0])


def test_what_holds_no_picture_is_refused(photos: Path) -> None:
    for source in (photos / "notes.txt", photos.parent / "encoder"):
        with refused("no_images", "new"):
            embed_cases(source, photos.parent / "encoder", None)


def test_pictures_are_prepared_as_the_gallery_was(photos: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given: dict[str, Any] = {}

    class Stub:
        note = None

        def __init__(self, _: object, **options: object) -> None:
            given.update(options)

        def fit(self, _: object) -> "Stub":
            return self

        def transform(self, pictures: list[Path]) -> object:
            return np.ones((len(pictures), 2), np.float32)

    monkeypatch.setattr(cases, "ImageEmbedder", Stub)
    note = EmbedderNote(model="a", architecture="ONNX", weights_sha256=None, preprocessing='{"size": 8}')
    embed_cases(photos, "net.onnx", note)
    assert given == {"preprocessing": {"size": 8}, "missing": "raise"}
    embed_cases(photos, "net.onnx", None)
    assert given["preprocessing"] is None
