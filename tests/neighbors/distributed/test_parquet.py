"""Which columns of a Parquet file are the embeddings, and which of its rows can't be a vector."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.neighbors.distributed.parquet import FeatureColumns, find_columns
from skknn_syndrome.neighbors.distributed.sources import open_embeddings
from tests.neighbors.distributed.galleries import make_samples, vectors, write_gallery, write_parquet
from tests.refusing import refused

FLOATS = pa.list_(pa.float32())
SINGLE, DOUBLE = np.dtype(np.float32), np.dtype(np.float64)


def find(features: str | None = None, **columns: pa.DataType) -> FeatureColumns:
    return find_columns(Path("faces.parquet"), pa.schema(columns), features)


def test_the_column_named_embedding_holds_whole_vectors() -> None:
    assert find(image=pa.string(), embedding=FLOATS) == FeatureColumns(
        ("embedding",), holds_lists=True, dtype=SINGLE
    )


def test_numbered_columns_go_by_their_number() -> None:
    kinds = {f"e{number}": pa.float32() for number in (10, *range(10))}
    assert find(image=pa.string(), **kinds).names[-2:] == ("e9", "e10")


def test_columns_can_be_named() -> None:
    kinds = {"v": pa.list_(pa.float64()), "e0": pa.float32(), "f0": pa.float32(), "f1": pa.float32()}
    assert find("v", **kinds) == FeatureColumns(("v",), holds_lists=True, dtype=DOUBLE)
    assert find("e", **kinds) == FeatureColumns(("e0",), holds_lists=False, dtype=SINGLE)


def test_one_double_column_makes_all_double() -> None:
    assert find(e0=pa.float32(), e1=pa.float64()).dtype == DOUBLE


@pytest.mark.parametrize("features", [None, "f"])
def test_no_column_of_that_name(features: str | None) -> None:
    with refused("no_features", "features", error=EmbeddingsFileError):
        find(features, image=pa.string())


def test_a_gap_in_the_numbers_is_named_with_the_file() -> None:
    with pytest.raises(EmbeddingsFileError, match=r"^faces\.parquet: .*'e1'.*\.$"):
        find(e0=pa.float32(), e2=pa.float32())


@pytest.mark.parametrize("kind", [pa.string(), pa.bool_(), pa.list_(pa.string())])
def test_features_are_numbers(kind: pa.DataType) -> None:
    with refused("not_numbers", None, error=EmbeddingsFileError):
        find(**{"embedding" if pa.types.is_list(kind) else "e0": kind})


def test_a_folder_without_parquet_files(tmp_path: Path) -> None:
    with refused("no_files", None, error=EmbeddingsFileError):
        open_embeddings(tmp_path)


def test_a_parquet_file_without_rows(tmp_path: Path) -> None:
    write_parquet(tmp_path / "none.parquet", {"embedding": vectors([])})
    with refused("no_rows", None, error=EmbeddingsFileError):
        open_embeddings(tmp_path / "none.parquet")


def test_parts_with_other_columns(tmp_path: Path) -> None:
    write_parquet(tmp_path / "a.parquet", {"e0": [1.0]})
    write_parquet(tmp_path / "b.parquet", {"e0": [1.0], "e1": [1.0]})
    with pytest.raises(EmbeddingsFileError, match=r"b\.parquet: .* a\.parquet") as caught:
        open_embeddings(tmp_path)
    assert caught.value.code == "other_columns"


def test_a_missing_value_is_refused_with_its_row(tmp_path: Path) -> None:
    lists = write_parquet(tmp_path / "a.parquet", {"embedding": vectors([[1, 2], [3, 4], [5, None]])})
    numbers = write_parquet(tmp_path / "b.parquet", {"e0": [1, 2, None], "e1": [1, 2, 3]})
    for path in (lists, numbers):
        np.testing.assert_array_equal(open_embeddings(path).read(range(2))[0, 0], 1)
        with pytest.raises(EmbeddingsFileError, match=r"row 2 \(counted from 0\)") as caught:
            open_embeddings(path).read(range(1, 3))
        assert caught.value.code == "missing_value"


@pytest.mark.parametrize("row, length", [([1.0], 1), ([1.0, 2.0, 3.0], 3), (None, 0)])
def test_a_vector_of_another_length_is_refused_with_its_row(
    tmp_path: Path, row: list[float] | None, length: int
) -> None:
    rows = [[1.0, 2.0]] * 9
    path = write_parquet(tmp_path / "a.parquet", {"embedding": vectors([*rows, row, row])})
    sentence = rf"a\.parquet: row 9 \(counted from 0\) has {length} values instead of 2"
    with pytest.raises(EmbeddingsFileError, match=sentence) as caught:
        open_embeddings(path).read(range(5, 11))
    assert caught.value.code == "other_length"


@pytest.mark.parametrize("first", [None, []])
def test_the_first_row_has_to_have_a_vector(tmp_path: Path, first: list[float] | None) -> None:
    path = write_parquet(tmp_path / "a.parquet", {"embedding": vectors([first, [1.0]])})
    with refused("no_vector", None, error=EmbeddingsFileError):
        open_embeddings(path)


def test_a_file_without_footer_is_broken(tmp_path: Path) -> None:
    path = write_gallery(tmp_path, make_samples(), "lists")
    path.write_bytes(path.read_bytes()[:-9])
    with refused("broken_file", None, error=EmbeddingsFileError):
        open_embeddings(path)


def test_a_page_whose_bytes_changed_is_broken(tmp_path: Path) -> None:
    path = write_gallery(tmp_path, make_samples(), "numbers")
    source = open_embeddings(path)
    content = bytearray(path.read_bytes())
    first = content.index(make_samples()[:, 0].copy()[:1].tobytes())
    content[first] ^= 1
    path.write_bytes(content)
    with refused("broken_file", None, error=EmbeddingsFileError):
        source.read(range(23))
