"""Stack, memo and opcodes: what may become data, and where."""

import math
import pickle

import pytest

from skknn_syndrome.data.safe_pickle import PickleLimits, read_pickle
from tests.data.safe_pickle.streams import ARRAY, DTYPE, EMPTY_ARRAY, assert_refused


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


@pytest.mark.parametrize("target", [b"}", b")", b"N", b"cnumpy\nndarray\n"])
def test_only_lists_are_appended_to(target: bytes) -> None:
    assert_refused(target + b"Na.", "APPEND", len(target) + 1, "appends to something that is no list")
    assert_refused(target + b"(Ne.", "APPENDS", len(target) + 2, "appends to something that is no list")


@pytest.mark.parametrize("target", [b"]", b")", b"N", b"cnumpy\nndarray\n"])
def test_only_dictionaries_are_given_keys(target: bytes) -> None:
    reason = "does not set pairs of key and value in a dictionary"
    assert_refused(target + b"K\x01Ns.", "SETITEM", len(target) + 3, reason)
    assert_refused(target + b"(K\x01Nu.", "SETITEMS", len(target) + 4, reason)


def test_every_key_has_a_value() -> None:
    assert_refused(b"}(K\x01NK\x02u.", "SETITEMS", 7, "does not set pairs of key and value")
    assert_refused(b"(K\x01d.", "DICT", 3, "does not set pairs of key and value")


def test_containers_are_built_at_once_or_step_by_step() -> None:
    assert read_pickle(b"(K\x01](K\x02K\x03ed.") == {1: [2, 3]}
    assert read_pickle(b"(K\x01K\x02l.") == [1, 2]
    assert read_pickle(b"}(u.") == {}
    assert read_pickle(b"K\x01K\x02\x86.") == (1, 2)


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
