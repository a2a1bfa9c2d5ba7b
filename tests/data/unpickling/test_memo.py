"""What a stream may use again."""

import pickle

import pytest

from skknn_syndrome.data.unpickling import PickleLimits, read_pickle
from tests.data.unpickling.streams import ARRAY, assert_refused

TWICE = "puts one dictionary, list or tuple in two places or within itself"


def self_containing(protocol: int) -> bytes:
    endless: list[object] = []
    endless.append(endless)
    return pickle.dumps(endless, protocol)


def test_a_list_within_itself() -> None:
    assert_refused(self_containing(0), "GET", 5, TWICE)
    assert_refused(self_containing(2), "BINGET", 5, TWICE)
    assert_refused(self_containing(4), "BINGET", 13, TWICE)


@pytest.mark.parametrize("container", [{"a": 1}, [1], (1, 2)])
def test_a_container_in_two_places(container: object) -> None:
    stream = pickle.dumps([container, container], 4)
    assert_refused(stream, "BINGET", stream.index(b"h"), TWICE)


def test_a_small_stream_does_not_unfold_into_a_billion_laughs() -> None:
    laughs: object = "ha"
    for _ in range(30):
        laughs = (laughs, laughs)
    stream = pickle.dumps(laughs, 2)
    assert len(stream) < 300
    # PROTO, BINUNICODE "ha", BINPUT, BINGET, TUPLE2, BINPUT: 2 + 7 + 2 + 2 + 1 + 2 bytes.
    assert_refused(stream, "BINGET", 16, TWICE)


def test_arguments_of_a_call_are_not_used_again() -> None:
    stream = b"cnumpy\nndarray\n\x85q\x00h\x00."
    assert_refused(stream, "BINGET", stream.index(b"h"), TWICE)


def test_a_place_must_be_filled_before_it_is_used() -> None:
    assert_refused(b"h\x05.", "BINGET", 0, "asks for place 5 of the memo, where nothing was stored")
    assert_refused(b"j\xff\xff\xff\xff.", "LONG_BINGET", 0, "asks for place 4294967295 of the memo")
    assert_refused(b"g-1\n.", "GET", 0, "asks for place -1 of the memo")


def test_a_place_is_filled_once() -> None:
    taken = "of the memo, which is taken or does not exist"
    assert_refused(b"Nq\x00Np0\nl.", "PUT", 4, f"stores at place 0 {taken}")
    assert_refused(b"Np-1\n.", "PUT", 1, f"stores at place -1 {taken}")
    assert_refused(b"Nr\x01\x00\x00\x00\x94.", "MEMOIZE", 6, f"stores at place 1 {taken}")


def test_nothing_can_be_stored_from_an_empty_stack() -> None:
    for put, opcode in ((b"q\x00", "BINPUT"), (b"\x94", "MEMOIZE"), (b"p0\n", "PUT")):
        assert_refused(b"N(" + put + b".", opcode, 2, "finds no value to work on")


def test_the_memo_is_bounded() -> None:
    assert read_pickle(b"N\x94\x94\x94.", limits=PickleLimits(memo_entries=3)) is None
    assert_refused(
        b"N\x94\x94\x94\x94.", "MEMOIZE", 4, "remembers more than 3 objects", PickleLimits(memo_entries=3)
    )


def test_an_array_comes_out_of_the_memo_as_it_was_finished() -> None:
    stream = b"(" + ARRAY.replace(b"\x87R", b"\x87Rq\x00", 1) + b"h\x00l."
    read = read_pickle(stream)
    assert isinstance(read, list)
    assert read[0] is read[1]
