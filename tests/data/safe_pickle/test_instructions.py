"""Instructions of a pickle: cut, checked, refused in a sentence."""

import math
import pickle
import pickletools

import pytest

from skknn_syndrome.data.safe_pickle import PickleLimits, read_pickle
from skknn_syndrome.data.safe_pickle.instructions import FORBIDDEN, shown
from skknn_syndrome.data.safe_pickle.reading import HANDLERS
from tests.data.safe_pickle.streams import EMPTY_ARRAY, assert_refused
from tests.refusing import refused

CUT_SHORT = "needs more bytes than are left; the file is cut short or damaged"
UNREADABLE = "has an argument that cannot be read"


@pytest.mark.parametrize(
    "stream, opcode",
    [
        (b"X\xff\xff\xff\xffabc.", "BINUNICODE"),
        (b"\x8d\xff\xff\xff\xff\xff\xff\xff\x7fabc.", "BINUNICODE8"),
        (b"\x8c\x09abc.", "SHORT_BINUNICODE"),
        (b"T\xff\xff\xff\x7fabc.", "BINSTRING"),
        (b"U\x09abc.", "SHORT_BINSTRING"),
        (b"B\xff\xff\xff\xffabc.", "BINBYTES"),
        (b"C\x09abc.", "SHORT_BINBYTES"),
        (b"\x8e\xff\xff\xff\xff\xff\xff\xff\x7fabc.", "BINBYTES8"),
        (b"\x96\xff\xff\xff\xff\xff\xff\xff\x7fabc.", "BYTEARRAY8"),
        (b"\x8b\xff\xff\xff\x7fabc.", "LONG4"),
        (b"\x8a\x09abc.", "LONG1"),
        (b"G\x00", "BINFLOAT"),
        (b"J\x00", "BININT"),
        (b"M\x00", "BININT2"),
        (b"K", "BININT1"),
        (b"Sabc", "STRING"),
        (b"Vabc", "UNICODE"),
        (b"cabc\nabc", "GLOBAL"),
    ],
)
def test_a_length_claimed_beyond_the_end(stream: bytes, opcode: str) -> None:
    assert_refused(stream, opcode, 0, CUT_SHORT)


@pytest.mark.parametrize(
    "stream, opcode",
    [
        (b"T\xff\xff\xff\xffabc.", "BINSTRING"),
        (b"\x8b\xff\xff\xff\xffabc.", "LONG4"),
        (b"\x8d" + b"\xff" * 8 + b"abc.", "BINUNICODE8"),
        (b"I1.5\n.", "INT"),
        (b"F1L\n.", "FLOAT"),
        (b"Lnan\n.", "LONG"),
        (b"g1e5\n.", "GET"),
        (b"Sabc\n.", "STRING"),
        (b"S'abc\n.", "STRING"),
        (b"V\\ud8\n.", "UNICODE"),
        (b"c\xff\nabc\n.", "GLOBAL"),
        (b"\x8c\x01\xff.", "SHORT_BINUNICODE"),
    ],
)
def test_an_argument_that_cannot_be_read(stream: bytes, opcode: str) -> None:
    assert_refused(stream, opcode, 0, UNREADABLE)


def test_a_pickle_without_stop() -> None:
    with refused("pickle_cut_short") as caught:
        read_pickle(b"K\x01")
    assert caught.value.fields == {"offset": 2}


def test_nothing_stands_behind_stop() -> None:
    reason = "ends the pickle, but {} bytes follow; nothing may stand behind it"
    assert_refused(b"N.\n", "STOP", 1, reason.format(1))
    assert_refused(pickle.dumps(1, 4) + pickle.dumps(2, 4), "STOP", 4, reason.format(5))


def test_protocols_0_to_5_are_announced_at_the_beginning() -> None:
    assert read_pickle(b"\x80\x00N.") is None
    assert_refused(
        b"\x80\x06N.", "PROTO", 0, "announces protocol 6; only 0 to 5 are read, announced at byte 0"
    )
    assert_refused(
        b"N\x80\x04.", "PROTO", 1, "announces protocol 4; only 0 to 5 are read, announced at byte 0"
    )


def test_a_frame_has_the_bytes_it_announces() -> None:
    frame = b"\x95\x02" + b"\x00" * 7
    assert read_pickle(b"\x80\x04" + frame + b"N.") is None
    assert_refused(b"\x80\x04" + frame + b".", "FRAME", 2, "announces 2 bytes where 1 are left")
    assert_refused(b"\x95" + b"\xff" * 8 + b"N.", "FRAME", 0, "where 2 are left; the file is cut short")


def test_opcodes_are_bounded() -> None:
    assert read_pickle(b"]NaNa.", limits=PickleLimits(opcodes=6)) == [None, None]
    assert_refused(b"]NaNa.", "STOP", 5, "follows on 5 others, and no more are read", PickleLimits(opcodes=5))


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


def test_every_opcode_is_either_handled_or_refused() -> None:
    assert HANDLERS.keys() | FORBIDDEN.keys() == {opcode.name for opcode in pickletools.opcodes}
    assert not HANDLERS.keys() & FORBIDDEN.keys()


@pytest.mark.parametrize("name", FORBIDDEN)
def test_a_forbidden_opcode_is_refused_before_its_argument_is_read(name: str) -> None:
    (code,) = (opcode.code.encode("latin-1") for opcode in pickletools.opcodes if opcode.name == name)
    for behind in (b"", b".", b"\xff" * 300, b"1\n2\n."):
        assert_refused(b"\x80\x04((N" + code + behind, name, 5, FORBIDDEN[name])


@pytest.mark.parametrize(
    "stream, opcode, offset, reason",
    [
        (b"(S'ls'\niposix\nsystem\n.", "INST", 7, "builds an object through a class"),
        (b"\x80\x02\x82\x01.", "EXT1", 2, "asks for a class of the extension registry"),
        (b"\x80\x02\x83\x01\x00.", "EXT2", 2, "asks for a class of the extension registry"),
        (b"\x80\x02\x84\x01\x00\x00\x00.", "EXT4", 2, "asks for a class of the extension registry"),
        (b"Pos.system\n.", "PERSID", 0, "asks for an object that is not in the stream"),
        (b"U\x01aQ.", "BINPERSID", 3, "asks for an object that is not in the stream"),
        (b"\x80\x05\x97.", "NEXT_BUFFER", 2, "asks for an object that is not in the stream"),
        (b"N2\x86.", "DUP", 1, "moves values on the stack"),
        (b"\x80\x04\x8f.", "EMPTY_SET", 2, "builds a set"),
    ],
)
def test_a_forbidden_opcode_in_a_stream_that_would_work(
    stream: bytes, opcode: str, offset: int, reason: str
) -> None:
    assert_refused(stream, opcode, offset, reason)


def test_classes_cannot_be_built_even_by_recognised_names() -> None:
    for code, opcode in ((b"\x81", "NEWOBJ"), (b"\x92", "NEWOBJ_EX")):
        stream = b"cnumpy\nndarray\n(K\x02t}"[: None if code == b"\x92" else -1] + code + b"."
        assert_refused(stream, opcode, len(stream) - 2, "builds an object through a class")
    assert_refused(b"(cnumpy\nndarray\nK\x02o.", "OBJ", 18, "builds an object through a class")


def test_an_array_cannot_be_thrown_away_unfinished() -> None:
    assert_refused(EMPTY_ARRAY + b"0N.", "POP", len(EMPTY_ARRAY), "moves values on the stack")


def test_a_short_string_is_quoted() -> None:
    assert shown("posix system") == "'posix system'"


def test_nothing_in_it_reaches_the_terminal() -> None:
    assert shown("\x1b[2J\u202e\n") == r"'\x1b[2J\u202e\n'"


def test_a_long_string_is_shortened_before_and_after_it_is_made_harmless() -> None:
    assert shown("a" * 60) == "'" + "a" * 60 + "'"
    assert shown("a" * 61) == "'" + "a" * 57 + "...'"
    assert shown("\U0001f600" * 60) == "'" + r"\U0001f600" * 5 + r"\U0001f" + "...'"


def test_the_byte_of_an_unknown_opcode_is_shown() -> None:
    assert_refused(b"N\xff.", "0xff", 1, "is not an opcode of any protocol")
