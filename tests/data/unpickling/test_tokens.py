"""How a stream is cut into instructions."""

import pickle

import pytest

from skknn_syndrome.data.unpickling import PickleLimits, read_pickle
from skknn_syndrome.errors import UnsafePickleError
from tests.data.unpickling.streams import assert_refused

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
    with pytest.raises(
        UnsafePickleError, match=r"^The pickle ends at byte 2 without opcode STOP: the file is cut short"
    ):
        read_pickle(b"K\x01")


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
