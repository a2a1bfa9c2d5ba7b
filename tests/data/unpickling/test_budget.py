"""Bytes built from parts that are used again and again."""

import pytest

from skknn_syndrome.data.unpickling.budget import Budget
from skknn_syndrome.data.unpickling.refusal import Refusal
from tests.data.unpickling.streams import EMPTY_ARRAY, FLOAT32, assert_refused


def test_twice_the_stream_can_be_spent() -> None:
    budget = Budget(stream_bytes=10, largest_array=100)
    budget.spend(19)
    budget.spend(1)
    with pytest.raises(Refusal, match="builds more bytes than the stream holds"):
        budget.spend(1)


def test_one_buffer_does_not_become_many_arrays() -> None:
    buffer = b"(B\x00\x10\x00\x00" + b"\x00" * 4096 + b"q\x00" + FLOAT32 + b"q\x01"
    array = EMPTY_ARRAY + b"(K\x01M\x00\x04\x85h\x01\x89h\x00tb"
    stream = buffer + array * 10 + b"l."
    assert 2 * 4096 < 2 * len(stream) < 3 * 4096  # so the third array is one too many
    assert_refused(
        stream, "BUILD", len(buffer) + 3 * len(array) - 1, "builds more bytes than the stream holds"
    )


def test_one_text_does_not_become_many_bytes() -> None:
    text = b"(X\x00\x10\x00\x00" + b"a" * 4096 + b"q\x00"
    encode = b"c_codecs\nencode\nh\x00U\x06latin1\x86R"
    stream = text + encode * 10 + b"l."
    assert 2 * 4096 < 2 * len(stream) < 3 * 4096
    assert_refused(
        stream, "REDUCE", len(text) + 3 * len(encode) - 1, "builds more bytes than the stream holds"
    )
