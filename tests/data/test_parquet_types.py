import re

import pyarrow as pa
import pytest

from skknn_syndrome.data.columns import Layout
from skknn_syndrome.data.parquet_types import check_types, is_list
from skknn_syndrome.errors import EmbeddingsFileError

LAYOUT = Layout("syndrome", None, None, ("e",))


@pytest.mark.parametrize(
    "kind",
    [pa.list_(pa.float32()), pa.large_list(pa.float64()), pa.list_(pa.float16(), 3), pa.list_(pa.int8())],
)
def test_lists_of_numbers_hold_vectors(kind: pa.DataType) -> None:
    assert is_list(kind)
    check_types(pa.schema({"syndrome": pa.string(), "e": kind}), LAYOUT)


@pytest.mark.parametrize("kind", [pa.float32(), pa.int64(), pa.uint8()])
def test_numbers_are_features(kind: pa.DataType) -> None:
    assert not is_list(kind)
    check_types(pa.schema({"syndrome": pa.string(), "e": kind}), LAYOUT)


@pytest.mark.parametrize(
    "kind",
    [
        pa.string(),
        pa.large_string(),
        pa.string_view(),
        pa.int32(),
        pa.dictionary(pa.int8(), pa.string()),
        pa.dictionary(pa.int8(), pa.int64()),
    ],
)
def test_text_and_integers_are_ids(kind: pa.DataType) -> None:
    check_types(pa.schema({"syndrome": kind, "e": pa.float32()}), LAYOUT)


@pytest.mark.parametrize("kind", [pa.float64(), pa.bool_(), pa.binary(), pa.null(), pa.date32()])
def test_nothing_else_is_an_id(kind: pa.DataType) -> None:
    with pytest.raises(
        EmbeddingsFileError, match=f"its column 'syndrome' holds {re.escape(str(kind))}; save ids"
    ):
        check_types(pa.schema({"syndrome": kind, "e": pa.float32()}), LAYOUT)


@pytest.mark.parametrize(
    "kind", [pa.string(), pa.bool_(), pa.decimal128(5), pa.list_(pa.list_(pa.float32()))]
)
def test_nothing_else_is_a_feature(kind: pa.DataType) -> None:
    with pytest.raises(EmbeddingsFileError, match=r"its column 'e' holds .*; save features as floats"):
        check_types(pa.schema({"syndrome": pa.string(), "e": kind}), LAYOUT)
