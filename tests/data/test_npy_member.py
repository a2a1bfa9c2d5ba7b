import io
import zipfile
from typing import Any

import numpy as np
import pytest
from numpy.lib import format as npy
from numpy.typing import NDArray

from skknn_syndrome.data.npy_member import Header, read_header, read_member
from skknn_syndrome.errors import EmbeddingsFileError


def npy_bytes(array: NDArray[Any], version: tuple[int, int] | None = None) -> bytes:
    stream = io.BytesIO()
    npy.write_array(stream, array, version)
    return stream.getvalue()


def header(dtype: str, shape: tuple[int, ...]) -> bytes:
    stream = io.BytesIO()
    npy.write_array_header_1_0(stream, {"descr": dtype, "fortran_order": False, "shape": shape})
    return stream.getvalue()


def read(content: bytes, compression: int = zipfile.ZIP_DEFLATED) -> NDArray[Any]:
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
    member = read(npy_bytes(array, version))
    assert member.dtype == array.dtype
    assert member.tolist() == array.tolist()
    assert not member.flags.writeable


@pytest.mark.parametrize(
    "content,message",
    [
        (
            npy_bytes(np.array([{}], dtype=object)),
            "its array 'x' holds objects, which are pickles inside; save it as",
        ),
        (npy_bytes(np.zeros(1, dtype=[("a", object)])), "its array 'x' holds objects"),
        (npy_bytes(np.array([True])), "its array 'x' holds bool; save it as numbers or text"),
        (npy_bytes(np.array([1j])), "its array 'x' holds complex128"),
        (npy_bytes(np.array([b"a"])), r"its array 'x' holds \|S1"),
        (header("<f8", (10,)) + bytes(8), r"declares the shape \(10,\) of float64, but holds 8 bytes"),
        (header("<f8", (10**15, 10**6)) + bytes(8), "declares the shape .* but holds 8 bytes"),
        (header("<f8", (0, 10**30)), "declares the shape .* but holds 0 bytes"),
        (header("<f8", (1,)) + bytes(7), "declares the shape .* but holds 7 bytes"),
        (header("<U0", (3,)), "declares the shape .* but holds 0 bytes"),
        (header("<U1", (1,)) + b"\xff\xff\xff\xff", "its array 'x' holds characters that are not in Unicode"),
        (header(">U1", (1,)) + b"\x00\x11\x00\x00", "its array 'x' holds characters that are not in Unicode"),
        (b"", "its array 'x' is broken or no npy file; write it again"),
        (b"plain text", "its array 'x' is broken or no npy file"),
        (b"\x93NUMPY\x09\x00", "its array 'x' is broken or no npy file"),
        (b"\x93NUMPY\x01\x00\x10\x00" + b"(" * 16, "its array 'x' is broken or no npy file"),
    ],
)
def test_anything_else_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(EmbeddingsFileError, match=message):
        read(content)


def test_text_may_hold_any_character_that_there_is() -> None:
    assert read(header("<U1", (1,)) + b"\xff\xff\x10\x00").tolist() == ["\U0010ffff"]


def test_a_damaged_member_is_noticed() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("x.npy", npy_bytes(np.arange(4.0)))
    content = stream.getvalue().replace(np.float64(3).tobytes(), np.float64(4).tobytes())
    with (
        zipfile.ZipFile(io.BytesIO(content)) as archive,
        pytest.raises(EmbeddingsFileError, match="its array 'x' is broken"),
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
