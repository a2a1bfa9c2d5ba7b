"""Rows of one Parquet file, and which of them can't be a vector."""

from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.neighbors.distributed.opening import open_source
from skknn_syndrome.neighbors.distributed.row_source import read_finite
from tests.neighbors.distributed.galleries import make_samples, vectors, write_gallery, write_parquet


def test_a_missing_value_is_nan_and_refused_with_its_row(tmp_path: Path) -> None:
    lists = write_parquet(tmp_path / "a.parquet", {"embedding": vectors([[1, 2], [3, 4], [5, None]])})
    numbers = write_parquet(tmp_path / "b.parquet", {"e0": [1, 2, None], "e1": [1, 2, 3]})
    for path in (lists, numbers):
        np.testing.assert_array_equal(np.isnan(open_source(path).read(range(3))).sum(axis=1), [0, 0, 1])
        with pytest.raises(
            EmbeddingsFileError, match=r"row 2 \(counted from 0\) has a value that is missing"
        ):
            read_finite(open_source(path), range(1, 3))


@pytest.mark.parametrize("row, length", [([1.0], 1), ([1.0, 2.0, 3.0], 3), (None, 0)])
def test_a_vector_of_another_length_is_refused_with_its_row(
    tmp_path: Path, row: list[float] | None, length: int
) -> None:
    rows = [[1.0, 2.0]] * 9
    path = write_parquet(tmp_path / "a.parquet", {"embedding": vectors([*rows, row, row])})
    sentence = rf"a\.parquet: row 9 \(counted from 0\) has {length} values instead of 2"
    with pytest.raises(EmbeddingsFileError, match=sentence):
        open_source(path).read(range(5, 11))


@pytest.mark.parametrize("first", [None, []])
def test_the_first_row_has_to_have_a_vector(tmp_path: Path, first: list[float] | None) -> None:
    path = write_parquet(tmp_path / "a.parquet", {"embedding": vectors([first, [1.0]])})
    with pytest.raises(EmbeddingsFileError, match=r"row 0 \(counted from 0\) has no vector"):
        open_source(path)


def test_a_file_without_footer_is_broken(tmp_path: Path) -> None:
    path = write_gallery(tmp_path, make_samples(), "lists")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(EmbeddingsFileError, match="broken or were cut short"):
        open_source(path)


def test_a_page_whose_bytes_changed_is_broken(tmp_path: Path) -> None:
    path = write_gallery(tmp_path, make_samples(), "numbers")
    source = open_source(path)
    content = bytearray(path.read_bytes())
    first = content.index(make_samples()[:, 0].copy()[:1].tobytes())
    content[first] ^= 1
    path.write_bytes(content)
    with pytest.raises(EmbeddingsFileError, match="broken or were cut short"):
        source.read(range(23))
