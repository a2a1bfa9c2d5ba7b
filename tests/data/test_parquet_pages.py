"""Parquet page headers: what they claim, and broken ones."""

from collections.abc import Mapping
from typing import Any

import pytest

from skknn_syndrome import _limits
from skknn_syndrome.data.parquet_pages import I32, I64, Footer, ThriftReader, Wanted
from skknn_syndrome.errors import EmbeddingsFileError
from tests.data.make import parquet_bytes
from tests.refusing import refused

STOP = b"\x00"


def read(content: bytes, wanted: Wanted) -> object:
    return ThriftReader(content, 0).struct(wanted)


def test_whole_numbers_are_read_as_thrift_writes_them() -> None:
    content = b"\x15\x08" + b"\x16\x01" + b"\x16\xac\x02" + STOP  # 1: 4, 2: -1, 3: 150
    assert read(content, {1: I32, 2: I64, 3: I64}) == {1: 4, 2: -1, 3: 150}


def test_a_field_may_have_its_number_written_out() -> None:
    assert read(b"\x05\x50\x08" + STOP, {40: I32}) == {40: 4}


def test_what_is_not_wanted_is_passed_over() -> None:
    others = (
        b"\x11\x12"  # two bools, in their heads
        b"\x13\x07"  # a byte
        b"\x14\x02"  # a number of 16 bits
        b"\x17" + bytes(8) + b"\x18\x03abc"  # a double, and text
        b"\x19\x21\x01\x02"  # a list of two bools
        b"\x1a\x15\x0a"  # a set with a number
        b"\x1b\x01\x58\x0c\x02xy"  # a map of a number to text
        b"\x1b\x00"  # an empty map
        b"\x1c\x15\x02" + STOP  # a struct
    )
    assert read(others + b"\x15\x08" + STOP, {12: I32}) == {12: 4}


def test_structs_and_lists_of_structs_are_read_as_deep_as_they_are_wanted() -> None:
    one = b"\x15\x02\x15\x04" + STOP
    content = b"\x1c" + one + b"\x19\x2c" + one + one + STOP
    assert read(content, {1: {1: I32}, 2: {2: I32}}) == {1: {1: 1}, 2: [{2: 2}, {2: 2}]}


def test_a_list_may_be_long() -> None:
    content = b"\x19\xfc\x80\x01" + 128 * STOP + STOP
    assert read(content, {1: {1: I32}}) == {1: [{}] * 128}


def test_reading_goes_on_where_it_ended() -> None:
    reader = ThriftReader(b"??\x15\x08\x00\x15\x0a\x00", 2)
    assert [reader.struct({1: I32}), reader.struct({1: I32})] == [{1: 4}, {1: 5}]
    assert reader.at == 8


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x15",
        b"\x15\x08",  # no end
        b"\x16\x08" + STOP,  # another kind of number than is wanted
        b"\x1c\x00" + STOP,  # no number at all
        b"\x15\x80\x80\x80\x80\x10" + STOP,  # more than 32 bits
        b"\x15" + b"\x80" * 11 + b"\x01" + STOP,  # a number without end
        b"\x15\x08\x05\x02\x0a" + STOP,  # a field that comes twice
        b"\x05\x00\x08" + STOP,  # one without a number
        b"\x25\x02" + b"\x1e" + STOP,  # a kind that does not exist
        b"\x28\x05ab",  # text cut short
        b"\x29\xf3\xff\xff\x03",  # a list longer than the file
        b"\x2c" * 100 + STOP * 101,  # nested too deep
        b"\x29" + b"\x19" * 100 + STOP * 101,
    ],
)
def test_what_is_broken_or_can_be_understood_in_two_ways_is_an_error(content: bytes) -> None:
    with pytest.raises((ValueError, IndexError, KeyError)):
        read(content, {1: I32})


COLUMNS = {"a": [str(number) for number in range(300)], "b": [[1.0, 2.0]] * 299 + [[]]}


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
    content = parquet_bytes(COLUMNS, **options)
    assert Footer(content).claim([0]).n_values == 300
    assert Footer(content).claim([1]).n_values == 599  # the empty list takes a place
    assert Footer(content).claim([0, 1]).n_values == 899
    assert Footer(content).claim([]).n_values == 0


def test_bytes_are_those_before_compression() -> None:
    columns = {"a": ["x" * 1000] * 300}
    content = parquet_bytes(columns, use_dictionary=False, compression="zstd")
    assert len(content) < 10_000
    assert Footer(content).claim([0]).n_bytes > 300_000


def test_repeated_values_claim_as_much_as_they_unpack_to() -> None:
    content = parquet_bytes({"a": [[0.0] * 1_000_000]})
    assert len(content) < 10_000
    assert Footer(content).claim([0]).n_values == 1_000_000


def test_texts_that_share_their_beginnings_may_each_be_as_long_as_a_page() -> None:
    columns = {"a": ["x" * 1000] * 300}
    for version in ("1.0", "2.0"):
        shared = parquet_bytes(
            columns,
            use_dictionary=False,
            column_encoding={"a": "DELTA_BYTE_ARRAY"},
            data_page_version=version,
        )
        claim = Footer(shared).claim([0])
        assert claim.may_unfold
        assert 1000 < claim.largest_page < 3000
        assert claim.n_bytes < 10_000
    assert not Footer(parquet_bytes(columns)).claim([0]).may_unfold


def test_a_file_of_nothing_but_pages_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = parquet_bytes(COLUMNS, row_group_size=10)
    monkeypatch.setattr(_limits, "FREE_PAGES", 10)
    monkeypatch.setattr(_limits, "PAGE_BYTES", len(content))
    with refused("too_many"):
        Footer(content).claim([0])  # a dictionary and a page in each of 30 groups
    monkeypatch.setattr(_limits, "PAGE_BYTES", len(content) // 60)
    assert Footer(content).claim([0]).n_values == 300


def test_pages_that_the_footer_does_not_name_are_counted_on_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    content = parquet_bytes(COLUMNS, data_page_size=64, write_batch_size=16, use_dictionary=False)
    monkeypatch.setattr(_limits, "FREE_PAGES", 10)
    monkeypatch.setattr(_limits, "PAGE_BYTES", len(content))
    with refused("too_many"):
        Footer(content).claim([0])


def test_a_footer_without_columns_is_refused() -> None:
    with refused("broken_parquet"):
        Footer(b"\xff" * 20)


def test_pages_that_are_not_there_are_noticed() -> None:
    content = parquet_bytes(COLUMNS)
    with refused("broken_parquet"):
        Footer(content).claim([2])


@pytest.mark.parametrize("other", [b"\x15\xd7\x04", b"\x16\xd8\x04", b"\x15\x04\x00"])
def test_a_page_of_fewer_values_than_none_or_than_the_footer_says_is_refused(other: bytes) -> None:
    content = parquet_bytes({"a": [0.5] * 300}, use_dictionary=False)
    values = b"\x15\xd8\x04"  # 300, as Thrift writes it
    assert values in content
    with refused("broken_parquet"):
        Footer(content.replace(values, other, 1)).claim([0])


def test_bytes_at_random_places_never_raise_anything_else() -> None:
    content = parquet_bytes({"a": ["x"], "b": [[1.0, 2.0]]}, compression="none")
    refusals = 0
    for position in range(4, len(content)):
        damaged = content[:position] + b"\xff" + content[position + 1 :]
        try:
            Footer(damaged).claim([0, 1])
        except EmbeddingsFileError:
            refusals += 1
    assert refusals > 50
