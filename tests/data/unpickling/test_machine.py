"""The stack."""

import pytest

from skknn_syndrome.data.unpickling import PickleLimits, read_pickle
from tests.data.unpickling.streams import assert_refused


@pytest.mark.parametrize(
    "stream, opcode, reason",
    [
        (b"a", "APPEND", "finds too few values to work on"),
        (b"Na", "APPEND", "finds no value to work on"),
        (b"]e", "APPENDS", "finds no mark to go back to"),
        (b"l", "LIST", "finds no mark to go back to"),
        (b"d", "DICT", "finds no mark to go back to"),
        (b"t", "TUPLE", "finds no mark to go back to"),
        (b"}u", "SETITEMS", "finds no mark to go back to"),
        (b"N\x86", "TUPLE2", "finds too few values to work on"),
        (b"K\x01Ns", "SETITEM", "finds no value to work on"),
        (b"N\x93", "STACK_GLOBAL", "finds too few values to work on"),
        (b"R", "REDUCE", "finds no value to work on"),
        (b")R", "REDUCE", "finds no value to work on"),
        (b")b", "BUILD", "finds no value to work on"),
        (b"](a", "APPEND", "finds too few values to work on"),
        (b"", "STOP", "ends a stream that does not leave exactly one value"),
        (b"NN", "STOP", "ends a stream that does not leave exactly one value"),
        (b"(N", "STOP", "ends a stream that does not leave exactly one value"),
        (b"N(", "STOP", "ends a stream that does not leave exactly one value"),
    ],
)
def test_an_opcode_finds_what_it_works_on_or_is_refused(stream: bytes, opcode: str, reason: str) -> None:
    offset = len(stream) if opcode == "STOP" else len(stream) - 1
    assert_refused(b"\x80\x04" + stream + b".", opcode, offset + 2, reason)


def test_marks_are_bounded() -> None:
    limits = PickleLimits(depth=2)
    assert read_pickle(b"((tl.", limits=limits) == [()]
    assert_refused(b"(((((tllll.", "MARK", 4, "nests data more than 2 levels deep", limits)


@pytest.mark.parametrize(
    "third, opcode",
    [
        (b"]", "EMPTY_LIST"),
        (b"}", "EMPTY_DICT"),
        (b")", "EMPTY_TUPLE"),
        (b"(l", "LIST"),
        (b"(d", "DICT"),
        (b"(t", "TUPLE"),
        (b"N\x85", "TUPLE1"),
        (b"cnumpy\nndarray\n\x85", "TUPLE1"),
    ],
)
def test_containers_are_bounded(third: bytes, opcode: str) -> None:
    limits = PickleLimits(containers=2)
    assert read_pickle(b"])a.", limits=limits) == [()]
    reason = "builds more than 2 dictionaries, lists and tuples"
    assert_refused(b"])" + third + b".", opcode, 1 + len(third), reason, limits)
