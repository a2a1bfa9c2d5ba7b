import io
import pickle

import numpy as np
import pytest

from skknn_syndrome.data.sniffing import FileFormat, check_format
from skknn_syndrome.errors import EmbeddingsFileError


def npz() -> bytes:
    stream = io.BytesIO()
    np.savez(stream, a=np.ones(1))
    return stream.getvalue()


@pytest.mark.parametrize("protocol", range(6))
def test_a_pickle_of_any_protocol_may_be_one(protocol: int) -> None:
    check_format(pickle.dumps({"a": {"s": {"i": [1.0]}}}, protocol), "pickle")


@pytest.mark.parametrize(
    "content,expected", [(b"PK\x03\x04...", "npz"), (b"PAR1...", "parquet"), (b"syndrome,e0\na,1\n", "csv")]
)
def test_content_that_fits_the_name_passes(content: bytes, expected: FileFormat) -> None:
    check_format(content, expected)


@pytest.mark.parametrize(
    "content,expected,message",
    [
        (npz(), "pickle", "it is no pickle, but a zip archive, as npz files are"),
        (npz(), "csv", "it is no CSV file, but a zip archive"),
        (b"PAR1...", "npz", "it is no npz archive, but a Parquet file"),
        (pickle.dumps(1), "parquet", "it is no Parquet file, but a pickle"),
        (b"\x93NUMPY\x01", "npz", "but a single NumPy array; save it with its labels"),
        (b"\x89HDF\r\n\x1a\n", "npz", "but an HDF5 file; convert it first"),
        (b"\x1f\x8b\x08", "pickle", "but compressed with gzip; decompress it first"),
        (
            b"version https://git-lfs.github.com/spec/v1\n",
            "pickle",
            "but a Git LFS pointer; fetch the file itself",
        ),
        (b"<!DOCTYPE html>", "csv", "it is no CSV file, but a web page"),
        (b"Dear reader,\n", "pickle", "it is no pickle, but a text file, or was cut short"),
        ("é".encode() * 4000, "parquet", "it is no Parquet file, but a text file"),
        (b"x" + "é".encode() * 4000, "parquet", "it is no Parquet file, but a text file"),
    ],
)
def test_content_that_is_plainly_something_else_is_named(
    content: bytes, expected: FileFormat, message: str
) -> None:
    with pytest.raises(EmbeddingsFileError, match=message):
        check_format(content, expected)


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"caf\xe9\n", b"bell\x07\n"])
def test_what_is_not_known_is_left_to_the_reader(content: bytes) -> None:
    check_format(content, "pickle")
