"""Streams at random: plain data or a refusal comes out, in bounded memory."""

import tracemalloc

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from skknn_syndrome.data.safe_pickle import PickleLimits
from tests.data.safe_pickle.streams import (
    ARRAY,
    EMPTY_ARRAY,
    FLOAT32,
    HONEST,
    damaged,
    programs,
    read_or_refuse,
)

LIMITS = PickleLimits()
TIGHT = PickleLimits(
    stream_bytes=100_000, opcodes=500, memo_entries=50, containers=50, depth=4, text_length=20
)


@pytest.mark.parametrize("stream", HONEST)
def test_the_streams_to_be_damaged_are_read(stream: bytes) -> None:
    assert read_or_refuse(stream, LIMITS) == "read"


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@settings(max_examples=200, deadline=None)
@given(programs)
@example(ARRAY + b".")
@example(b"}U\x01i" + ARRAY + b"s.")
def test_opcodes_in_any_order_give_data_or_a_refusal(stream: bytes) -> None:
    assert read_or_refuse(stream, LIMITS)
    assert read_or_refuse(b"\x80\x04" + stream, TIGHT)


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@settings(max_examples=200, deadline=None)
@given(damaged())
def test_damaged_pickles_give_data_or_a_refusal(stream: bytes) -> None:
    assert read_or_refuse(stream, LIMITS)
    assert read_or_refuse(stream, TIGHT)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_at_random_give_data_or_a_refusal(stream: bytes) -> None:
    assert read_or_refuse(stream, LIMITS)


N = 8_000
ONE_BUFFER = b"(B\x00\x04\x00\x00" + b"\x00" * 1024 + b"q\x00" + FLOAT32 + b"q\x01"
BOMBS = {
    "empty dictionaries": b"}" * N,
    "empty tuples": b")" * N,
    "marks": b"(" * N,
    "tuples in tuples": b"N" + b"\x85" * N,
    "a full memo": b"N" + b"\x94" * N,
    "one text many times": b"(X\xe8\x03\x00\x00" + b"a" * 1000 + b"q\x00" + b"h\x00" * N + b"l.",
    "one buffer many times": ONE_BUFFER + (EMPTY_ARRAY + b"(K\x01M\x00\x01\x85h\x01\x89h\x00tb") * 700,
    "a claimed length": b"\x8e" + b"\xff" * 7 + b"\x3f",
    "digits": b"L" + b"9" * N + b"L\n.",
    "a long number": b"\x8b" + N.to_bytes(4, "little") + b"\x7f" * N + b".",
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_memory_stays_in_proportion_to_the_stream(bomb: str) -> None:
    stream = BOMBS[bomb]
    tracemalloc.start()
    try:
        read_or_refuse(stream, LIMITS)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 130 * len(stream) + 20_000


@pytest.mark.parametrize("bomb", ["empty dictionaries", "empty tuples", "marks", "a full memo"])
def test_memory_stays_within_the_limits(bomb: str) -> None:
    tracemalloc.start()
    try:
        assert "more than" in read_or_refuse(BOMBS[bomb], TIGHT)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 40_000
