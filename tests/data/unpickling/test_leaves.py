"""Numbers, texts and bytes in the stream itself."""

import math
import pickle

import pytest

from skknn_syndrome.data.unpickling import read_pickle
from tests.data.unpickling.streams import assert_refused


@pytest.mark.parametrize("number", [2**64, -(2**64), 2**100, 2**10_000])
def test_whole_numbers_fit_64_bits(number: int) -> None:
    stream = pickle.dumps(number, 2)
    opcode = "LONG4" if number == 2**10_000 else "LONG1"
    assert_refused(stream, opcode, 2, "holds a whole number of more than 64 bits")
    assert_refused(b"I18446744073709551616\n.", "INT", 0, "holds a whole number of more than 64 bits")
    for protocol in range(6):
        assert read_pickle(pickle.dumps([2**64 - 1, 1 - 2**64], protocol)) == [2**64 - 1, 1 - 2**64]


def test_a_long_of_no_bytes_is_0() -> None:
    assert read_pickle(b"\x8a\x00.") == 0


def test_floats_may_be_undefined() -> None:
    assert read_pickle(pickle.dumps(math.inf, 0)) == math.inf
    assert math.isnan(read_pickle(pickle.dumps(math.nan, 2)))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "protocol, code, opcode",
    [
        (0, b"V", "UNICODE"),
        (1, b"X", "BINUNICODE"),
        (3, b"X", "BINUNICODE"),
        (4, b"\x8c", "SHORT_BINUNICODE"),
    ],
)
def test_half_a_surrogate_pair_is_not_text(protocol: int, code: bytes, opcode: str) -> None:
    stream = pickle.dumps(["é", "id\udc80"], protocol)
    assert_refused(stream, opcode, stream.rindex(code), r"holds text that is not valid Unicode, 'id\udc80'")
