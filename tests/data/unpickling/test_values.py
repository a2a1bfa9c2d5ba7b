"""What may become data, and where."""

import pytest

from skknn_syndrome.data.unpickling import PickleLimits, read_pickle
from tests.data.unpickling.streams import ARRAY, DTYPE, EMPTY_ARRAY, assert_refused

NOT_DATA = {
    "a function or a class": b"cnumpy\nndarray\n",
    "a dtype": DTYPE,
    "an unfinished array": EMPTY_ARRAY,
    "the arguments of a call": b"cnumpy\nndarray\n\x85",
    "a buffer": b"\x96\x00\x00\x00\x00\x00\x00\x00\x00",
}


@pytest.mark.parametrize("kind", NOT_DATA)
def test_what_serves_to_build_arrays_is_not_data(kind: str) -> None:
    value = NOT_DATA[kind]
    reason = f"puts {kind} among the data"
    assert_refused(value + b".", "STOP", len(value), reason)
    assert_refused(b"]" + value + b"a.", "APPEND", len(value) + 1, reason)
    assert_refused(b"](N" + value + b"e.", "APPENDS", len(value) + 3, reason)
    assert_refused(b"(" + value + b"l.", "LIST", len(value) + 1, reason)
    assert_refused(b"}U\x01a" + value + b"s.", "SETITEM", len(value) + 4, reason)


def test_arguments_are_not_nested() -> None:
    stream = b"cnumpy\nndarray\n\x85\x85."
    assert_refused(stream, "TUPLE1", len(stream) - 2, "nests the arguments of calls")


@pytest.mark.parametrize(
    "value, kind",
    [
        (b"N", "NoneType"),
        (b"\x88", "bool"),
        (b"G?\xe0\x00\x00\x00\x00\x00\x00", "float"),
        (b"C\x01a", "bytes"),
        (b"U\x01\xff", "bytes"),
        (ARRAY, "ndarray"),
        (b")", "tuple"),
        (b"]", "list"),
    ],
)
def test_keys_are_text_or_whole_numbers(value: bytes, kind: str) -> None:
    stream = b"}" + value + b"Ns."
    assert_refused(
        stream, "SETITEM", len(stream) - 2, f"has a key of type {kind}; only whole numbers and text"
    )


@pytest.mark.parametrize("kind", NOT_DATA)
def test_what_serves_to_build_arrays_is_no_key(kind: str) -> None:
    stream = b"}" + NOT_DATA[kind] + b"Ns."
    assert_refused(stream, "SETITEM", len(stream) - 2, f"puts {kind} among the data")


def test_a_key_comes_once() -> None:
    assert_refused(b"}(K\x01NK\x01Nu.", "SETITEMS", 8, "gives one dictionary the key '1' twice")
    assert_refused(b"}U\x01aNsU\x01aNs.", "SETITEM", 10, "gives one dictionary the key 'a' twice")
    assert read_pickle(b"}(K\x01NU\x011NU\x00Nu.") == {1: None, "1": None, "": None}


def test_texts_among_the_data_are_bounded() -> None:
    limits = PickleLimits(text_length=3)
    assert read_pickle(b"U\x03abc.", limits=limits) == "abc"
    for stream, opcode in (
        (b"U\x04abcd.", "STOP"),
        (b"]U\x04abcda.", "APPEND"),
        (b"}U\x04abcdNs.", "SETITEM"),
    ):
        assert_refused(
            stream, opcode, len(stream) - (2 if opcode != "STOP" else 1), "more than 3 characters", limits
        )


def test_data_are_nested_to_a_limit() -> None:
    limits = PickleLimits(depth=2)
    assert read_pickle(b"]]a.", limits=limits) == [[]]
    assert read_pickle(b"N\x85\x85.", limits=limits) == ((None,),)
    reason = "nests data more than 2 levels deep"
    assert_refused(b"N\x85\x85\x85.", "TUPLE1", 3, reason, limits)
    assert_refused(b"]]]aa.", "APPEND", 4, reason, limits)
    assert_refused(b"}K\x01}K\x01]ss.", "SETITEM", 8, reason, limits)
    assert_refused(b"]K\x01a]N\x85aa.", "APPEND", 8, reason, limits)
