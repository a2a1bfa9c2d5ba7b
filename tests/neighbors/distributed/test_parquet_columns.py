"""Which columns are the embeddings."""

from pathlib import Path

import pyarrow as pa
import pytest

from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.neighbors.distributed.parquet_columns import FeatureColumns, find_columns

FLOATS = pa.list_(pa.float32())


def find(features: str | None = None, **columns: pa.DataType) -> FeatureColumns:
    return find_columns(Path("faces.parquet"), pa.schema(columns), features)


def test_the_column_named_embedding_holds_whole_vectors() -> None:
    assert find(image=pa.string(), embedding=FLOATS) == FeatureColumns(
        ("embedding",), holds_lists=True, single=True
    )


def test_numbered_columns_go_by_their_number() -> None:
    kinds = {f"e{number}": pa.float32() for number in (10, *range(10))}
    assert find(image=pa.string(), **kinds).names[-2:] == ("e9", "e10")


def test_columns_can_be_named() -> None:
    kinds = {"v": pa.list_(pa.float64()), "e0": pa.float32(), "f0": pa.float32(), "f1": pa.float32()}
    assert find("v", **kinds) == FeatureColumns(("v",), holds_lists=True, single=False)
    assert find("e", **kinds) == FeatureColumns(("e0",), holds_lists=False, single=True)


def test_one_double_column_makes_all_double() -> None:
    assert not find(e0=pa.float32(), e1=pa.float64()).single


def test_no_column_of_that_name() -> None:
    with pytest.raises(EmbeddingsFileError, match=r"^faces\.parquet: there are no feature columns, .*\.$"):
        find(image=pa.string())


def test_a_gap_in_the_numbers() -> None:
    with pytest.raises(EmbeddingsFileError, match=r"^faces\.parquet: the feature column 'e1' is missing"):
        find(e0=pa.float32(), e2=pa.float32())


@pytest.mark.parametrize("kind", [pa.string(), pa.bool_(), pa.list_(pa.string())])
def test_features_are_numbers(kind: pa.DataType) -> None:
    with pytest.raises(EmbeddingsFileError, match=r"its column 'embedding|its column 'e0'"):
        find(**{"embedding" if pa.types.is_list(kind) else "e0": kind})
