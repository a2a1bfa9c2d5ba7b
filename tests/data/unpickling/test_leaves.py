"""Numbers, texts and bytes in the stream itself."""

import math
import pickle

import pytest

from skknn_syndrome.data.unpickling import read_pickle
from tests.data.unpickling.streams import assert_refused


@pytest.mark.parametrize("number", [2**64, -(2**64), 2**100, 2**10_000])
def test_whole_numbers_fit_64_bits(number: int) -> None:
    stream = pickle.dumps(number, 4)
    opcode, offset = ("LONG4", 13) if number == 2**10_000 else ("LONG1", 2)
    if opcode == "LONG1" and stream[2:3] == b"\x95":
        offset = 11
    elif opcode == "LONG4":
        offset = stream.index(b"\x8b")
    assert_refused(stream, opcode, offset, "holds a whole number of more than 64 bits")
    assert read_pickle(pickle.dumps(2**64 - 1, 4)) == 2**64 - 1


def test_a_long_of_no_bytes_is_0() -> None:
    assert read_pickle(b"\x8a\x00.") == 0


def test_floats_may_be_undefined() -> None:
    assert read_pickle(pickle.dumps(math.inf, 0)) == math.inf
    assert math.isnan(read_pickle(pickle.dumps(math.nan, 2)))  # type: ignore[arg-type]


@pytest.mark.parametrize("protocol", range(6))
def test_half_a_surrogate_pair_is_not_text(protocol: int) -> None:
    stream = pickle.dumps(["é", "id\udc80"], protocol)
    opcode, name = (b"V", "UNICODE") if protocol == 0 else (b"X", "BINUNICODE")
    if protocol >= 4:
        opcode, name = b"\x8c", "SHORT_BINUNICODE"
    assert_refused(stream, name, stream.rindex(opcode), r"holds text that is not valid Unicode, 'id\udc80'")
