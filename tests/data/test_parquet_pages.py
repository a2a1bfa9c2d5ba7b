import io
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from skknn_syndrome import _limits
from skknn_syndrome.data.parquet_pages import claim_of, groups_of
from skknn_syndrome.errors import EmbeddingsFileError

COLUMNS = {"a": [str(number) for number in range(300)], "b": [[1.0, 2.0]] * 299 + [[]]}


def packed(columns: Mapping[str, Any] = COLUMNS, **options: Any) -> bytes:
    stream = io.BytesIO()
    parquet.write_table(pa.table(dict(columns)), stream, **options)
    return stream.getvalue()


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"data_page_version": "2.0"},
        {"use_dictionary": False},
        {"row_group_size": 50, "compression": "zstd"},
        {"write_page_index": True, "write_page_checksum": True, "compression": "none"},
        {"data_page_size": 64, "write_batch_size": 16},
    ],
)
def test_elements_of_lists_are_counted_whatever_the_writer_chose(options: Mapping[str, Any]) -> None:
    content = packed(**options)
    assert claim_of(content, [0]).n_values == 300
    assert claim_of(content, [1]).n_values == 599  # the empty list takes a place
    assert claim_of(content, [0, 1]).n_values == 899
    assert claim_of(content, []).n_values == 0


def test_bytes_are_those_before_compression() -> None:
    columns = {"a": ["x" * 1000] * 300}
    content = packed(columns, use_dictionary=False, compression="zstd")
    assert len(content) < 10_000
    assert claim_of(content, [0]).n_bytes > 300_000


def test_repeated_values_claim_as_much_as_they_unpack_to() -> None:
    content = packed({"a": [[0.0] * 1_000_000]})
    assert len(content) < 10_000
    assert claim_of(content, [0]).n_values == 1_000_000


def test_texts_that_share_their_beginnings_may_each_be_as_long_as_a_page() -> None:
    columns = {"a": ["x" * 1000] * 300}
    for version in ("1.0", "2.0"):
        shared = packed(
            columns,
            use_dictionary=False,
            column_encoding={"a": "DELTA_BYTE_ARRAY"},
            data_page_version=version,
        )
        claim = claim_of(shared, [0])
        assert claim.may_unfold
        assert 1000 < claim.largest_page < 3000
        assert claim.n_bytes < 10_000
    assert not claim_of(packed(columns), [0]).may_unfold


def test_a_file_of_nothing_but_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = packed(row_group_size=10)
    monkeypatch.setattr(_limits, "FREE_PAGES", 10)
    monkeypatch.setattr(_limits, "PAGE_BYTES", len(content))
    with pytest.raises(EmbeddingsFileError, match=r"it claims 60 pages in .* bytes, and at most 10 are read"):
        claim_of(content, [0])  # a dictionary and a page in each of 30 groups
    monkeypatch.setattr(_limits, "PAGE_BYTES", len(content) // 60)
    assert claim_of(content, [0]).n_values == 300


def test_pages_that_the_footer_does_not_name_are_counted_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    content = packed(data_page_size=64, write_batch_size=16, use_dictionary=False)
    monkeypatch.setattr(_limits, "FREE_PAGES", 10)
    monkeypatch.setattr(_limits, "PAGE_BYTES", len(content))
    with pytest.raises(EmbeddingsFileError, match=r"it claims 11 pages in .* bytes, and at most 10 are read"):
        claim_of(content, [0])


def test_a_footer_without_columns_is_refused() -> None:
    with pytest.raises(EmbeddingsFileError, match="its Parquet data are broken; write it again"):
        groups_of(b"\xff" * 20)


def test_pages_that_are_not_there_are_noticed() -> None:
    content = packed()
    with pytest.raises(EmbeddingsFileError, match="its Parquet data are broken; write it again"):
        claim_of(content, [2])


@pytest.mark.parametrize("other", [b"\x15\xd7\x04", b"\x16\xd8\x04", b"\x15\x04\x00"])
def test_a_page_of_fewer_values_than_none_or_than_the_footer_says_is_refused(other: bytes) -> None:
    content = packed({"a": [0.5] * 300}, use_dictionary=False)
    values = b"\x15\xd8\x04"  # 300, as Thrift writes it
    assert values in content
    with pytest.raises(EmbeddingsFileError, match="its Parquet data are broken"):
        claim_of(content.replace(values, other, 1), [0])


def test_bytes_at_random_places_never_raise_anything_else() -> None:
    content = packed({"a": ["x"], "b": [[1.0, 2.0]]}, compression="none")
    refusals = 0
    for position in range(4, len(content)):
        damaged = content[:position] + b"\xff" + content[position + 1 :]
        try:
            claim_of(damaged, [0, 1])
        except EmbeddingsFileError:
            refusals += 1
    assert refusals > 50
