"""Files made to unpack to more than they should, each a few kilobytes long."""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from skknn_syndrome import _limits
from skknn_syndrome.data import parquet_source
from skknn_syndrome.data.parquet_pages import Footer
from skknn_syndrome.data.parquet_source import ParquetSource, opened
from tests.data.make import parquet_bytes
from tests.refusing import refused


@pytest.fixture
def tables_read(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """Record every batch that is unpacked."""
    read: list[object] = []
    batches = parquet.ParquetFile.iter_batches

    def recorded(*arguments: Any, **options: Any) -> Iterator[pa.RecordBatch]:
        for batch in batches(*arguments, **options):
            read.append(batch)
            yield batch

    monkeypatch.setattr(parquet.ParquetFile, "iter_batches", recorded)
    return read


def repeated_lists(n_lists: int, length: int) -> bytes:
    """Write lists of zeros, one in each group of rows."""
    zeros = pa.ListArray.from_arrays(pa.array([0, length], pa.int32()), pa.array(np.zeros(length, np.int8)))
    table = pa.table({"syndrome": ["a"], "embedding": zeros})
    stream = io.BytesIO()
    with parquet.ParquetWriter(stream, table.schema, compression="zstd") as writer:
        for _ in range(n_lists):
            writer.write_table(table)
    return stream.getvalue()


def test_lists_of_millions_of_zeros_are_refused_unread(
    tables_read: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    content = repeated_lists(8, 1_000_000)
    assert len(content) < 20_000
    monkeypatch.setattr(_limits, "FREE_BYTES", 60_000_000)
    with refused("too_much_memory"):
        ParquetSource(content).vectors(["embedding"])
    assert not tables_read


def test_constant_rows_without_end_are_refused_unread(tables_read: list[object]) -> None:
    content = parquet_bytes(
        {"syndrome": ["a"] * 100_001, "e0": np.zeros(100_001, np.float32)}, compression="zstd"
    )
    assert len(content) < 5000
    source = ParquetSource(content)
    for read in (lambda: source.ids(["syndrome"]), lambda: source.vectors(["e0"])):
        with refused("too_many"):
            read()
    assert not tables_read


def test_columns_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_source, "MAX_COLUMNS", 10)
    with refused("too_many"):
        ParquetSource(parquet_bytes({f"e{number}": [1.0] for number in range(11)}))


def test_texts_that_unfold_are_read_a_few_at_a_time(
    monkeypatch: pytest.MonkeyPatch, tables_read: list[Any]
) -> None:
    content = parquet_bytes(
        {"syndrome": ["x" * 10_000] * 2000},
        compression="zstd",
        use_dictionary=False,
        column_encoding={"syndrome": "DELTA_BYTE_ARRAY"},
    )
    assert len(content) < 10_000
    monkeypatch.setattr(_limits, "FREE_TEXT_BYTES", 2_000_000)
    monkeypatch.setattr(parquet_source, "BATCH_BYTES", 2_000_000)
    with refused("too_much_memory"):
        ParquetSource(content).ids(["syndrome"])
    assert [batch.num_rows for batch in tables_read] == [191, 191]


def test_texts_that_share_their_beginnings_are_read() -> None:
    ids = [f"image {number}" for number in range(1000)]
    content = parquet_bytes(
        {"image": ids}, use_dictionary=False, column_encoding={"image": "DELTA_BYTE_ARRAY"}
    )
    assert ParquetSource(content).ids(["image"]) == {"image": ids}


@pytest.mark.parametrize("options", [{}, {"use_dictionary": False}])
def test_a_vector_as_text_counts_each_time_it_comes(
    monkeypatch: pytest.MonkeyPatch, options: dict[str, bool]
) -> None:
    vector = f"[{', '.join(['0.5'] * 2000)}]"
    content = parquet_bytes({"embedding": [vector] * 50}, compression="zstd", **options)
    assert len(content) < 5000
    monkeypatch.setattr(_limits, "FREE_BYTES", 1_000_000)
    texts = ParquetSource(content).texts("embedding")
    assert next(texts) == vector
    with refused("too_much_memory"):
        assert len([*texts]) < 50
    monkeypatch.setenv(_limits.TRUST, "1")
    assert [*ParquetSource(content).texts("embedding")] == [vector] * 50


def test_a_column_is_known_by_its_whole_name() -> None:
    content = parquet_bytes({"a.b": ["x"], "a": ["y"], "ab": ["z"]})
    assert ParquetSource(content).ids(["a.b", "a"]) == {"a.b": ["x"], "a": ["y"]}


def test_a_table_without_rows_has_no_batches() -> None:
    source = ParquetSource(
        parquet_bytes({"syndrome": pa.array([], pa.string()), "e0": pa.array([], pa.float32())})
    )
    assert source.ids(["syndrome"]) == {"syndrome": []}
    assert source.vectors(["e0"]) == []


def test_what_is_no_parquet_file() -> None:
    with refused("broken_parquet"):
        opened(b"PAR1")


def test_small_groups_of_rows_are_refused_before_their_pages_are_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = parquet_bytes({f"e{number}": [1.0] * 30 for number in range(8)}, row_group_size=3)
    monkeypatch.setattr(_limits, "FREE_PAGES", 79)
    monkeypatch.setattr(_limits, "PAGE_BYTES", len(content) // 79)
    monkeypatch.setattr(parquet_source, "Footer", None)  # which is never called
    with refused("too_many"):
        ParquetSource(content)
    monkeypatch.setattr(_limits, "FREE_PAGES", 80)
    ParquetSource(content)
    monkeypatch.setattr(_limits, "FREE_PAGES", 0)
    monkeypatch.setattr(_limits, "PAGE_BYTES", len(content) // 80)
    ParquetSource(content)  # large enough for so many


def test_the_footer_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    calls = []

    def counted(content: bytes) -> Footer:
        calls.append(len(content))
        return Footer(content)

    monkeypatch.setattr(parquet_source, "Footer", counted)
    source = ParquetSource(parquet_bytes({"syndrome": ["a"], "image": ["i"], "e0": [1.0]}))
    assert source.ids(["syndrome"]) | source.ids(["image"]) == {"syndrome": ["a"], "image": ["i"]}
    assert [batch.num_rows for batch in source.vectors(["e0"])] == [1]
    assert len(calls) == 1
