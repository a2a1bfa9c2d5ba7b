"""NumPy archives of embeddings."""

import io
import zipfile
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.lib import format as npy
from numpy.typing import ArrayLike, NDArray

from skknn_syndrome import _limits
from skknn_syndrome.data import numpy_files
from skknn_syndrome.data.numpy_files import Header, read_header, read_member, read_npz_table
from skknn_syndrome.data.validation import ValidatedRows, validate_rows
from skknn_syndrome.errors import ColumnsError
from tests.data.make import npz_bytes
from tests.refusing import refused

VECTORS = np.array([[1.0, 2.0], [3.0, 4.0]], dtype=np.float32)


def read(columns: Mapping[str, str] | None = None, /, **arrays: ArrayLike) -> ValidatedRows:
    return validate_rows(read_npz_table(npz_bytes(**arrays), columns))


def test_arrays_become_rows() -> None:
    valid = read(embeddings=VECTORS, syndromes=["a", "b"], subjects=[7, 8], images=["i", "j"])
    assert valid.embeddings.dtype == np.float32
    assert valid.embeddings.tolist() == VECTORS.tolist()
    assert valid.syndromes.tolist() == ["a", "b"]
    assert valid.subjects is not None
    assert valid.subjects.tolist() == ["7", "8"]
    assert valid.images.tolist() == ["i", "j"]


def test_subjects_and_images_may_be_missing() -> None:
    valid = read(embeddings=VECTORS, syndromes=["a", "b"])
    assert valid.subjects is None
    assert valid.images.tolist() == ["1", "2"]


def test_a_mapping_names_the_arrays() -> None:
    valid = read({"features": "X", "syndrome": "y"}, X=VECTORS, y=["a", "b"], ages=[1.0, 2.0])
    assert valid.syndromes.tolist() == ["a", "b"]


def test_arrays_left_unread_are_looked_at_for_subject_ids() -> None:
    names = {"features": "X", "syndrome": "y"}
    people, labels = [row // 2 for row in range(40)], [row // 20 for row in range(40)]
    for other in ({}, {"objects": np.array([None] * 40)}, {"z": np.ones((40, 2))}, {"age": [0.5, 1] * 20}):
        layout = read_npz_table(npz_bytes(X=np.ones((40, 2)), y=labels, who=people, **other), names).layout
        assert layout is not None
        assert layout.suspect is not None
        assert layout.suspect.name == "who"


def test_a_large_array_is_not_looked_at_for_subject_ids(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(numpy_files, "MAX_BYTES_OF_IDS", 100)
    content = npz_bytes(
        X=np.ones((40, 2)),
        y=[row // 20 for row in range(40)],
        who=[row // 2 for row in range(40)],
        map=np.ones((40, 3)),
    )
    layout = read_npz_table(content, {"features": "X", "syndrome": "y"}).layout
    assert layout is not None
    assert (layout.unread, layout.suspect) == (("who", "map"), None)
    assert layout.unexamined == ("who",)


def test_rows_are_validated_one_by_one() -> None:
    valid = read(embeddings=[[1.0, np.nan], [1.0, 2.0], [3.0, 4.0]], syndromes=["a", "", "b"])
    assert [(row.row, row.reason) for row in valid.refused] == [(1, "not_finite"), (2, "empty_id")]


def test_a_simulated_set_is_marked() -> None:
    content = npz_bytes(embeddings=VECTORS, syndromes=["a", "b"], simulated_name="made up")
    assert read_npz_table(content, None).simulated_name == "made up"
    with refused("broken_mark"):
        read_npz_table(npz_bytes(embeddings=VECTORS, syndromes=["a", "b"], simulated_name=["x", "y"]), None)


@pytest.mark.parametrize(
    "arrays,code",
    [
        ({"syndromes": ["a"]}, "unequal_lengths"),
        ({"syndromes": [["a"], ["b"]]}, "wrong_shape"),
        ({"syndromes": [1.0, 2.0]}, "wrong_shape"),
        ({"syndromes": "a"}, "wrong_shape"),
        ({"embeddings": [1.0, 2.0]}, "wrong_shape"),
        ({"embeddings": 1.0}, "wrong_shape"),
        ({"embeddings": [["x"], ["y"]]}, "wrong_shape"),
        ({"subjects": [[1]]}, "wrong_shape"),
        ({"embeddings": np.empty((0, 2)), "syndromes": np.array([], str)}, "no_rows"),
        ({"syndromes": np.array(["a", None])}, "unsupported_type"),
    ],
)
def test_arrays_that_do_not_fit_are_an_error(arrays: Mapping[str, ArrayLike], code: str) -> None:
    with refused(code):
        read(None, **{"embeddings": VECTORS, "syndromes": ["a", "b"], **arrays})


@pytest.mark.parametrize(
    "arrays,code",
    [
        ({"syndromes": ["a", "b"]}, "no_features"),
        ({"embeddings": VECTORS}, "no_labels"),
        ({"embeddings": VECTORS, "syndromes": ["a", "b"], "age": [1, 2]}, "unread_columns"),
    ],
)
def test_arrays_that_have_to_be_named_are_told(arrays: Mapping[str, ArrayLike], code: str) -> None:
    with pytest.raises(ColumnsError) as caught:
        read(None, **arrays)
    assert code in caught.value.codes


def test_a_broken_archive() -> None:
    content = npz_bytes(embeddings=VECTORS, syndromes=["a", "b"])
    with refused("broken_archive"):
        read_npz_table(content[:-10], None)


@pytest.mark.parametrize(
    "shape,dtype,code",
    [
        ((1000, 8000), np.float32, "too_much_memory"),
        ((1000, 4000), np.int8, "too_much_memory"),  # as float64
        ((100_001, 1), np.int8, "too_many"),
    ],
)
def test_a_small_archive_may_not_unpack_to_endless_arrays(
    monkeypatch: pytest.MonkeyPatch, shape: tuple[int, int], dtype: type, code: str
) -> None:
    content = npz_bytes(embeddings=np.zeros(shape, dtype), syndromes=np.zeros(shape[0], np.int8))
    assert len(content) < 400_000
    monkeypatch.setattr(numpy_files, "read_member", None)  # which is never called
    monkeypatch.setattr(_limits, "FREE_BYTES", 20_000_000)
    with refused(code):
        read_npz_table(content, None)


def test_texts_of_one_long_label_count_with_the_room_they_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_limits, "FREE_BYTES", 20_000_000)
    with refused("too_much_memory"):
        read(embeddings=np.ones((9_000, 1), np.int8), syndromes=np.full(9_000, "a" * 1000), images=["i"])


def test_an_array_that_has_no_part_may_be_broken_or_have_another_shape() -> None:
    stream = io.BytesIO(npz_bytes(X=VECTORS, y=["a", "b"], pictures=np.zeros((2, 3, 4, 5), np.uint8)))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("readme.txt", b"no array")
    mapping = {"features": "X", "syndrome": "y"}
    assert validate_rows(read_npz_table(stream.getvalue(), mapping)).syndromes.tolist() == ["a", "b"]


def test_two_arrays_may_not_have_one_name() -> None:
    stream = io.BytesIO(npz_bytes(embeddings=VECTORS, syndromes=["a", "b"]))
    with zipfile.ZipFile(stream, "a") as archive:
        archive.writestr("syndromes", b"")
    with refused("repeated_name"):
        read_npz_table(stream.getvalue(), None)


def npy_bytes(array: NDArray[Any], version: tuple[int, int] | None = None) -> bytes:
    stream = io.BytesIO()
    npy.write_array(stream, array, version)
    return stream.getvalue()


def header(dtype: str, shape: tuple[int, ...]) -> bytes:
    stream = io.BytesIO()
    npy.write_array_header_1_0(stream, {"descr": dtype, "fortran_order": False, "shape": shape})
    return stream.getvalue()


def read_array(content: bytes, compression: int = zipfile.ZIP_DEFLATED) -> NDArray[Any]:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        archive.writestr("x.npy", content)
    with zipfile.ZipFile(stream) as archive:
        return read_member(archive, archive.getinfo("x.npy"), "x")


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6, dtype=np.float32).reshape(2, 3),
        np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        np.arange(3, dtype=">i2"),
        np.array(["a", "é"]),
        np.array(["a", "é"], dtype=">U2"),
        np.array("text"),
        np.empty((0, 3)),
    ],
)
@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
def test_numbers_and_text_come_back_as_they_were(array: NDArray[Any], version: tuple[int, int]) -> None:
    member = read_array(npy_bytes(array, version))
    assert member.dtype == array.dtype
    assert member.tolist() == array.tolist()
    assert not member.flags.writeable


@pytest.mark.parametrize(
    "content,code",
    [
        (npy_bytes(np.array([{}], dtype=object)), "unsupported_type"),
        (npy_bytes(np.zeros(1, dtype=[("a", object)])), "unsupported_type"),
        (npy_bytes(np.array([True])), "unsupported_type"),
        (npy_bytes(np.array([1j])), "unsupported_type"),
        (npy_bytes(np.array([b"a"])), "unsupported_type"),
        (header("<f8", (10,)) + bytes(8), "wrong_size"),
        (header("<f8", (10**15, 10**6)) + bytes(8), "wrong_size"),
        (header("<f8", (0, 10**30)), "wrong_size"),
        (header("<f8", (1,)) + bytes(7), "wrong_size"),
        (header("<U0", (3,)), "wrong_size"),
        (header("<U1", (1,)) + b"\xff\xff\xff\xff", "invalid_text"),
        (header(">U1", (1,)) + b"\x00\x11\x00\x00", "invalid_text"),
        (b"", "broken_array"),
        (b"plain text", "broken_array"),
        (b"\x93NUMPY\x09\x00", "broken_array"),
        (b"\x93NUMPY\x01\x00\x10\x00" + b"(" * 16, "broken_array"),
    ],
)
def test_anything_else_is_refused(content: bytes, code: str) -> None:
    with refused(code):
        read_array(content)


def test_text_may_hold_any_character_that_there_is() -> None:
    assert read_array(header("<U1", (1,)) + b"\xff\xff\x10\x00").tolist() == ["\U0010ffff"]


def test_a_damaged_member_is_noticed() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x.npy", npy_bytes(np.arange(4.0)))
    content = stream.getvalue().replace(np.float64(3).tobytes(), np.float64(4).tobytes())
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        refused("broken_array"),
    ):
        read_member(archive, archive.getinfo("x.npy"), "x")


@pytest.mark.parametrize(
    "dtype,shape,claim",
    [
        ("f4", (3, 5), (3, 60)),
        ("f2", (3, 5), (3, 60)),
        ("f8", (3, 5), (3, 120)),
        ("i1", (3, 5), (3, 120)),
        ("U9", (3,), (3, 108)),
        ("f4", (), (0, 0)),
        ("u1", (3, 8, 8, 3), (0, 0)),
    ],
)
def test_a_header_claims_rows_and_bytes_where_it_can_be_of_ids_or_vectors(
    dtype: str, shape: tuple[int, ...], claim: tuple[int, int]
) -> None:
    assert Header(shape, fortran_order=False, dtype=np.dtype(dtype)).claim == claim


def test_a_header_is_read_without_the_array() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x.npy", header("<f4", (7, 2)))
        archive.writestr("y.npy", b"no array")
    with zipfile.ZipFile(stream) as archive:
        assert read_header(archive, archive.getinfo("x.npy")) == Header((7, 2), False, np.dtype("<f4"))  # noqa: FBT003 - as NumPy reads it
        assert read_header(archive, archive.getinfo("y.npy")) is None
