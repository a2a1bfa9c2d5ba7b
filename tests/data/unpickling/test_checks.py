"""What is looked at before an argument is parsed."""

import math
import pickle

import pytest

from skknn_syndrome.data.unpickling import read_pickle
from tests.data.unpickling.streams import assert_refused


@pytest.mark.parametrize(
    "code, opcode", [("I", "INT"), ("L", "LONG"), ("F", "FLOAT"), ("g", "GET"), ("Np", "PUT")]
)
def test_a_number_is_measured_before_it_is_parsed(code: str, opcode: str) -> None:
    reason = "writes a number in 32 characters or more, or not as Python does"
    for digits in (32, 5000, 1_000_000):
        assert_refused(f"{code}{'1' * digits}\n.".encode(), opcode, len(code) - 1, reason)
    for number in ("010", "1_0", "+1", " 1", "0x1", "", "abc", "l", "1LL", "\u0663", "infinity", ".5"):
        assert_refused(f"{code}{number}\n.".encode(), opcode, len(code) - 1, reason)
    assert_refused(f"{code}{'1' * 50}".encode(), opcode, len(code) - 1, reason)
    assert_refused(f"{code}{'1' * 10}".encode(), opcode, len(code) - 1, "the file is cut short or damaged")


def test_numbers_may_have_31_characters() -> None:
    assert read_pickle(b"F" + b"1" * 31 + b"\n.") == float("1" * 31)
    assert read_pickle(b"L-9223372036854775808L\n.") == -(2**63)
    assert read_pickle(b"(I01\nI00\nI1\nI0\nl.") == [True, False, 1, 0]


@pytest.mark.parametrize(
    "number", [0.0, -0.5, 1e-300, 1.5e300, 1e16, 123456.789, math.inf, -math.inf, 5e-324]
)
def test_floats_are_read_as_python_writes_them(number: float) -> None:
    assert read_pickle(pickle.dumps(number, 0)) == number


def test_escapes_of_python_2_are_undone_and_others_refused() -> None:
    assert read_pickle(b"S'\\\\d\\x41\\t\"'\n.") == '\\dA\t"'
    for line in (b"'\\d'", b"'\\777'", b"'\\x4'", b"'\\"):
        assert_refused(b"S" + line + b"\n.", "STRING", 0, "has an escape that Python 2 does not write")
    assert_refused(b"S'\\d", "STRING", 0, "the file is cut short or damaged")
