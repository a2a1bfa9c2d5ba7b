import io
import zipfile
from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import ArrayLike

from skknn_syndrome import _limits
from skknn_syndrome.data import npz_file
from skknn_syndrome.data.judging import JudgedRows, judge_rows
from skknn_syndrome.data.npz_file import read_npz_table
from skknn_syndrome.errors import EmbeddingsFileError

VECTORS = np.array([[1.0, 2.0], [3.0, 4.0]], dtype=np.float32)


def packed(**arrays: ArrayLike) -> bytes:
    stream = io.BytesIO()
    np.savez_compressed(stream, **arrays)  # type: ignore[arg-type] # one might be called allow_pickle
    return stream.getvalue()


def read(columns: Mapping[str, str] | None = None, /, **arrays: ArrayLike) -> JudgedRows:
    return judge_rows(read_npz_table(packed(**arrays), columns))


def test_arrays_become_rows() -> None:
    judged = read(embeddings=VECTORS, syndromes=["a", "b"], subjects=[7, 8], images=["i", "j"])
    assert judged.embeddings.dtype == np.float32
    assert judged.embeddings.tolist() == VECTORS.tolist()
    assert judged.syndromes.tolist() == ["a", "b"]
    assert judged.subjects is not None
    assert judged.subjects.tolist() == ["7", "8"]
    assert judged.images.tolist() == ["i", "j"]


def test_subjects_and_images_may_be_missing() -> None:
    judged = read(embeddings=VECTORS, syndromes=["a", "b"])
    assert judged.subjects is None
    assert judged.images.tolist() == ["1", "2"]


def test_a_mapping_names_the_arrays() -> None:
    judged = read({"features": "X", "syndrome": "y"}, X=VECTORS, y=["a", "b"], ages=[1.0, 2.0])
    assert judged.syndromes.tolist() == ["a", "b"]


def test_arrays_left_unread_are_looked_at_for_subject_ids() -> None:
    names = {"features": "X", "syndrome": "y"}
    people, labels = [row // 2 for row in range(40)], [row // 20 for row in range(40)]
    for other in ({}, {"objects": np.array([None] * 40)}, {"z": np.ones((40, 2))}, {"age": [0.5, 1] * 20}):
        layout = read_npz_table(packed(X=np.ones((40, 2)), y=labels, who=people, **other), names).layout
        assert layout is not None
        assert layout.suspect is not None
        assert layout.suspect.name == "who"


def test_a_large_array_is_not_looked_at_for_subject_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npz_file, "MAX_BYTES_OF_IDS", 100)
    content = packed(
        X=np.ones((40, 2)),
        y=[row // 20 for row in range(40)],
        who=[row // 2 for row in range(40)],
        map=np.ones((40, 3)),
    )
    layout = read_npz_table(content, {"features": "X", "syndrome": "y"}).layout
    assert layout is not None
    assert (layout.unread, layout.suspect) == (("who", "map"), None)
    assert layout.unexamined == ("who",)


def test_rows_are_judged_one_by_one() -> None:
    judged = read(embeddings=[[1.0, np.nan], [1.0, 2.0], [3.0, 4.0]], syndromes=["a", "", "b"])
    assert [(row.row, row.reason) for row in judged.refused] == [(1, "not_finite"), (2, "empty_id")]


def test_a_simulated_set_is_marked() -> None:
    content = packed(embeddings=VECTORS, syndromes=["a", "b"], simulated_name="made up")
    assert read_npz_table(content, None).simulated_name == "made up"
    with pytest.raises(EmbeddingsFileError, match="the mark of a simulated set is broken"):
        read_npz_table(packed(embeddings=VECTORS, syndromes=["a", "b"], simulated_name=["x", "y"]), None)


@pytest.mark.parametrize(
    "arrays,message",
    [
        ({"syndromes": ["a", "b"]}, "there is no array 'embeddings'"),
        ({"embeddings": VECTORS}, "there is no array 'syndromes' and none that looks like labels"),
        (
            {"embeddings": VECTORS, "syndromes": ["a"]},
            "the array of syndromes has 1 rows, that of embeddings 2",
        ),
        (
            {"embeddings": VECTORS, "syndromes": [["a"], ["b"]]},
            r"array of syndromes must have one dimension.*\(2, 1\)",
        ),
        (
            {"embeddings": VECTORS, "syndromes": [1.0, 2.0]},
            "the array of syndromes must have .* not be float64",
        ),
        ({"embeddings": VECTORS, "syndromes": "a"}, r"the array of syndromes must have .* of shape \(\)"),
        (
            {"embeddings": [1.0, 2.0], "syndromes": ["a", "b"]},
            "the array of embeddings must have two dimensions",
        ),
        ({"embeddings": 1.0, "syndromes": ["a", "b"]}, "the array of embeddings must have two dimensions"),
        (
            {"embeddings": [["x"], ["y"]], "syndromes": ["a", "b"]},
            "of embeddings must have two dimensions, of numbers",
        ),
        (
            {"embeddings": VECTORS, "syndromes": ["a", "b"], "subjects": [[1]]},
            "the array of subjects must have one",
        ),
        ({"embeddings": np.empty((0, 2)), "syndromes": np.array([], str)}, "it holds no rows"),
        (
            {"embeddings": VECTORS, "syndromes": ["a", "b"], "age": [1, 2]},
            "'age' is neither an id nor",
        ),
        ({"embeddings": VECTORS, "syndromes": np.array(["a", None])}, "its array 'syndromes' holds objects"),
    ],
)
def test_arrays_that_do_not_fit_are_an_error(arrays: Mapping[str, ArrayLike], message: str) -> None:
    with pytest.raises(EmbeddingsFileError, match=message):
        read(None, **arrays)


def test_a_broken_archive() -> None:
    content = packed(embeddings=VECTORS, syndromes=["a", "b"])
    with pytest.raises(EmbeddingsFileError, match="its zip archive is broken or was cut short"):
        read_npz_table(content[:-10], None)


@pytest.mark.parametrize(
    "shape,dtype,message",
    [
        (
            (1000, 8000),
            np.float32,
            r"it claims 1,000 rows that would take 30 MiB of memory, and of a file of",
        ),
        ((1000, 4000), np.int8, r"it claims 1,000 rows that would take 30 MiB of memory"),  # as float64
        ((100_001, 1), np.int8, r"it claims 100,001 rows in \S+ bytes, and at most 100,000 are read"),
    ],
)
def test_a_small_archive_may_not_unpack_to_endless_arrays(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int], dtype: type, message: str
) -> None:
    content = packed(embeddings=np.zeros(shape, dtype), syndromes=np.zeros(shape[0], np.int8))
    assert len(content) < 400_000
    monkeypatch.setattr(npz_file, "read_member", None)  # which is never called
    monkeypatch.setattr(_limits, "FREE_BYTES", 20_000_000)
    with pytest.raises(EmbeddingsFileError, match=message):
        read_npz_table(content, None)


def test_texts_of_one_long_label_count_with_the_room_they_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_limits, "FREE_BYTES", 20_000_000)
    with pytest.raises(EmbeddingsFileError, match="it claims 9,000 rows that would take 37 MiB of memory"):
        read(embeddings=np.ones((9_000, 1), np.int8), syndromes=np.full(9_000, "a" * 1000), images=["i"])


def test_an_array_that_has_no_part_may_be_broken_or_have_another_shape() -> None:
    stream = io.BytesIO(packed(X=VECTORS, y=["a", "b"], pictures=np.zeros((2, 3, 4, 5), np.uint8)))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("readme.txt", b"no array")
    mapping = {"features": "X", "syndrome": "y"}
    assert judge_rows(read_npz_table(stream.getvalue(), mapping)).syndromes.tolist() == ["a", "b"]


def test_two_arrays_may_not_have_one_name() -> None:
    stream = io.BytesIO(packed(embeddings=VECTORS, syndromes=["a", "b"]))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("syndromes", b"")
    with pytest.raises(EmbeddingsFileError, match="two arrays in it have the same name"):
        read_npz_table(stream.getvalue(), None)
