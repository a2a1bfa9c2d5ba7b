"""Uploads are read as files are."""

import io

import numpy as np
import pytest

from skknn_syndrome.data.new_cases import NewCases
from skknn_syndrome.exploring.uploads import read_npy, read_upload
from tests.exploring.builders import csv_of
from tests.refusing import refused


def npy(array: np.ndarray, version: tuple[int, int] = (1, 0)) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, version=version)
    return stream.getvalue()


def test_an_upload_has_the_ids_of_its_file() -> None:
    found = read_upload(csv_of(2), ".CSV", 5)
    assert isinstance(found, NewCases)
    assert (found.images.tolist(), found.embeddings.shape) == (["person-0-a", "person-0-b"], (2, 5))


@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
def test_an_array_is_read_in_either_order(version: tuple[int, int]) -> None:
    rows = np.arange(6.0).reshape(2, 3)
    for given in (rows, np.asfortranarray(rows)):
        found = read_upload(npy(given, version), ".npy", 3)
        assert np.array_equal(np.asarray(found), rows)
    assert read_npy(npy(rows[0])).shape == (1, 3)


@pytest.mark.parametrize(
    "content, code",
    [
        (npy(np.zeros((2, 2, 2))), "wrong_shape"),
        (npy(np.array(1.0)), "wrong_shape"),
        (npy(np.array(["a"])), "unsupported_type"),
        (npy(np.zeros((3, 2)))[:-1], "broken_array"),
        (npy(np.zeros((3, 2))) + b"x", "broken_array"),
        (npy(np.zeros((3, 2))).replace(b"(3, 2)", b"(-3,-2)"), "broken_array"),
        (b"\x93NUMPY\x09\x00", "broken_array"),
    ],
)
def test_an_array_that_is_none_is_refused(content: bytes, code: str) -> None:
    with refused(code):
        read_upload(content, ".npy", 3)
