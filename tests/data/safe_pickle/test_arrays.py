"""Arrays: the bytes, the shape laid over them, and the steps in which they are built."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from skknn_syndrome.data.safe_pickle import PickleLimits, read_pickle
from skknn_syndrome.data.safe_pickle.arrays import Budget
from skknn_syndrome.data.safe_pickle.instructions import Refusal
from tests.data.safe_pickle.streams import (
    ARRAY,
    ARRAY_STATE,
    DTYPE,
    DTYPE_STATE,
    EMPTY_ARRAY,
    FLOAT32,
    SHAPE,
    assert_refused,
)

RECONSTRUCT = b"cnumpy.core.multiarray\n_reconstruct\n"


@pytest.mark.parametrize(
    "arguments",
    [
        b")",
        b"cnumpy\nndarray\nK\x00\x85\x86",
        b"cnumpy\ndtype\nK\x00\x85U\x01b\x87",  # another class
        b"NK\x00\x85U\x01b\x87",  # no class
        b"cnumpy\nndarray\nK\x01\x85U\x01b\x87",  # one element
        b"cnumpy\nndarray\n)U\x01b\x87",  # no dimension
        b"cnumpy\nndarray\nK\x00\x85U\x01O\x87",  # of objects
        b"cnumpy\nndarray\nK\x00\x85N\x87",
        ARRAY + b"K\x00\x85U\x01b\x87",  # an array compares to no bool
    ],
)
def test_reconstruct_is_called_as_numpy_calls_it_or_not_at_all(arguments: bytes) -> None:
    stream = RECONSTRUCT + arguments + b"R."
    assert_refused(stream, "REDUCE", len(stream) - 2, "calls NumPy's _reconstruct otherwise than NumPy does")


@pytest.mark.parametrize(
    "state",
    [
        b"(t",
        b"(" + SHAPE + FLOAT32 + b"\x89U\x00t",  # no version
        b"(K\x02" + SHAPE + FLOAT32 + b"\x89U\x00t",  # another version
        b"(K\x01K\x02" + FLOAT32 + b"\x89U\x00t",  # a number for a shape
        b"(K\x01" + SHAPE + b"U\x02f4\x89U\x00t",  # a text for a dtype
        b"(K\x01" + SHAPE + FLOAT32 + b"K\x00U\x00t",  # a number for a bool
        b"(K\x01" + SHAPE + FLOAT32 + b"\x89U\x00Nt",  # one too many
    ],
)
def test_a_state_that_numpy_does_not_write(state: bytes) -> None:
    stream = EMPTY_ARRAY + state + b"b."
    assert_refused(stream, "BUILD", len(stream) - 2, "gives an array a state that NumPy does not write")


def test_an_array_of_objects_in_a_list_is_refused() -> None:
    stream = EMPTY_ARRAY + b"(K\x01" + SHAPE + FLOAT32 + b"\x89]tb."
    assert_refused(stream, "BUILD", len(stream) - 2, "finds no bytes to build an array from")


def test_an_array_is_built_once() -> None:
    stream = ARRAY + ARRAY_STATE + b"b."
    assert_refused(stream, "BUILD", len(stream) - 2, "neither a dtype nor an array still to be built")


def test_an_array_within_its_own_state_is_refused() -> None:
    stream = EMPTY_ARRAY + b"q\x00(K\x01" + SHAPE + FLOAT32 + b"\x89h\x00tb."
    assert_refused(stream, "BINGET", stream.rindex(b"h\x00"), "uses an array that has not been built yet")


def test_an_unfinished_array_is_not_data() -> None:
    assert_refused(EMPTY_ARRAY + b".", "STOP", len(EMPTY_ARRAY), "puts an unfinished array among the data")
    stream = b"]" + EMPTY_ARRAY + b"a."
    assert_refused(stream, "APPEND", len(stream) - 2, "puts an unfinished array among the data")


def test_states_are_for_dtypes_and_arrays_alone() -> None:
    for target in (b"cnumpy\nndarray\n", b"cnumpy.core.numeric\n_frombuffer\n", b"}", b"N"):
        stream = target + DTYPE_STATE + b"b."
        assert_refused(stream, "BUILD", len(stream) - 2, "neither a dtype nor an array still to be built")


def test_attributes_cannot_be_set_on_a_name() -> None:
    stream = b"cnumpy.core.multiarray\n_reconstruct\n}U\x01aK\x01sb."
    assert_refused(stream, "BUILD", len(stream) - 2, "finds no tuple for its call or state")
    stream = DTYPE + b"N}U\x01aK\x01s\x86b."
    assert_refused(stream, "BUILD", len(stream) - 2, "gives a dtype a state that plain numbers do not have")


def array_of(shape: bytes, data: bytes = b"U\x00", dtype: bytes = FLOAT32) -> bytes:
    return EMPTY_ARRAY + b"(K\x01" + shape + dtype + b"\x89" + data + b"tb."


def frombuffer(
    *, shape: bytes = b"K\x02K\x01\x86", tail: bytes = b"U\x01C", data: bytes = b"U\x08abcdefgh"
) -> bytes:
    return b"cnumpy.core.numeric\n_frombuffer\n(" + data + FLOAT32 + shape + tail + b"tR."


LONG = b"\x8a\x08\x00\x00\x00\x00\x00\x00\x00\x40"  # 2**62


@pytest.mark.parametrize(
    "shape, reason",
    [
        (b"K\x01\x85", "declares an array of 4 bytes but holds 8"),
        (b"K\x03\x85", "declares an array of 12 bytes but holds 8"),
        (b")", "declares an array of 4 bytes but holds 8"),
        (b"K\x00\x85", "declares an array of 0 bytes but holds 8"),
        (b"J\xfe\xff\xff\xff\x85", "is not made of at most 32 whole numbers from 0"),
        (b"J\xff\xff\xff\xffJ\xfe\xff\xff\xff\x86", "is not made of at most 32 whole numbers from 0"),
        (b"\x88K\x02\x86", "is not made of at most 32 whole numbers from 0"),
        (b"G@\x00\x00\x00\x00\x00\x00\x00\x85", "is not made of at most 32 whole numbers from 0"),
        (b"K\x02\x85\x85", "is not made of at most 32 whole numbers from 0"),
        (b"(K\x02" + b"K\x01" * 32 + b"t", "is not made of at most 32 whole numbers from 0"),
        (LONG + LONG + b"\x86", "gives a shape that spans more than 2147483648 bytes"),
        (LONG + b"K\x04K\x08\x87", "gives a shape that spans more than 2147483648 bytes"),
        (b"K\x00" + LONG + b"\x86", "gives a shape that spans more than 2147483648 bytes"),
    ],
)
def test_the_shape_needs_exactly_the_bytes_that_are_there(shape: bytes, reason: str) -> None:
    stream = array_of(shape, b"U\x08abcdefgh")
    assert_refused(stream, "BUILD", len(stream) - 2, reason)
    stream = frombuffer(shape=shape)
    assert_refused(stream, "REDUCE", len(stream) - 2, reason)


def test_the_limit_holds_for_empty_arrays_too() -> None:
    empty = np.zeros((0, 1000), np.float32)
    stream = pickle.dumps(empty, 4)
    assert_array_equal(read_pickle(stream, limits=PickleLimits(stream_bytes=4000)), empty, strict=True)
    limits = PickleLimits(stream_bytes=3999)
    assert_refused(stream, "BUILD", len(stream) - 2, "gives a shape that spans more than 3999 bytes", limits)


@pytest.mark.parametrize("data", [b"K\x08", b"N", b"X\x02\x00\x00\x00\xc3\xa9", b"]"])
def test_the_bytes_are_bytes(data: bytes) -> None:
    stream = array_of(b"K\x00\x85", data)
    assert_refused(stream, "BUILD", len(stream) - 2, "finds no bytes to build an array from")


def test_a_bool_is_0_or_1() -> None:
    dtype = FLOAT32.replace(b"f4", b"b1").replace(b"<", b"|")
    assert_array_equal(read_pickle(array_of(b"K\x02\x85", b"U\x02\x00\x01", dtype)), [False, True])
    stream = array_of(b"K\x02\x85", b"U\x02\x00\x02", dtype)
    assert_refused(stream, "BUILD", len(stream) - 2, "holds a bool that is neither 0 nor 1")


def test_axes_may_be_exchanged_but_not_repeated_or_made_up() -> None:
    assert_array_equal(
        read_pickle(frombuffer(tail=b"U\x01KK\x01K\x00\x86")),
        np.frombuffer(b"abcdefgh", np.float32).reshape(1, 2),
        strict=True,
    )
    for axes in (
        b"K\x00K\x00\x86",
        b"K\x00\x85",
        b"K\x01K\x02\x86",
        b"J\xff\xff\xff\xffK\x00\x86",
        b"\x88K\x00\x86",
    ):
        stream = frombuffer(tail=b"U\x01K" + axes)
        assert_refused(
            stream, "REDUCE", len(stream) - 2, "gives an order of axes that is not one of the array"
        )


def test_a_number_has_the_bytes_of_its_dtype() -> None:
    for data in (b"U\x03abc", b"U\x08abcdefgh"):
        stream = b"cnumpy.core.multiarray\nscalar\n" + FLOAT32 + data + b"\x86R."
        assert_refused(stream, "REDUCE", len(stream) - 2, "declares an array of 4 bytes but holds")


def text_of(data: bytes, order: bytes = b"<", code: bytes = b"U2", size: bytes = b"K\x08") -> bytes:
    state = b"(K\x03U\x01" + order + b"NNN" + size + b"K\x04K\x08tb"
    dtype = b"cnumpy\ndtype\nU" + bytes([len(code)]) + code + b"\x89\x88\x87R" + state
    return b"cnumpy.core.multiarray\nscalar\n" + dtype + b"U" + bytes([len(data)]) + data + b"\x86R"


@pytest.mark.parametrize(
    "stream,text",
    [
        (text_of("aé".encode("utf-32-le")), "aé"),
        (text_of("aé".encode("utf-32-be"), b">"), "aé"),
        (text_of("a\0".encode("utf-32-le")), "a"),  # filled up by NumPy
        (text_of("\0a".encode("utf-32-le")), "\0a"),
        (text_of(b"", code=b"U0", size=b"K\x00"), ""),
    ],
)
def test_a_numpy_text_is_text(stream: bytes, text: str) -> None:
    for whole in (stream + b".", b"}" + stream + b"Ns."):
        data = read_pickle(whole)
        assert data in (text, {text: None})
    assert type(read_pickle(stream + b".")) is str


@pytest.mark.parametrize(
    "data,reason",
    [
        ("a".encode("utf-32-le"), "declares a text of 8 bytes but holds 4"),
        ("abc".encode("utf-32-le"), "declares a text of 8 bytes but holds 12"),
        (b"a\x00\x00\x00\x00\xd8\x00\x00", "holds text that is not valid Unicode"),
        (b"a\x00\x00\x00\x00\x00\x11\x00", "holds text that is not valid Unicode"),
    ],
)
def test_a_numpy_text_has_the_bytes_of_its_characters(data: bytes, reason: str) -> None:
    stream = text_of(data) + b"."
    assert_refused(stream, "REDUCE", len(stream) - 2, reason)


def test_a_numpy_text_needs_its_byte_order() -> None:
    stream = b"cnumpy.core.multiarray\nscalar\ncnumpy\ndtype\nU\x02U1\x89\x88\x87RU\x04a\x00\x00\x00\x86R."
    assert_refused(stream, "REDUCE", len(stream) - 2, "uses a dtype whose byte order has not been set")


def test_a_numpy_text_is_no_longer_than_other_texts() -> None:
    limits = PickleLimits(text_length=3)
    stream = text_of("abcd".encode("utf-32-le"), code=b"U4", size=b"K\x10") + b"."
    assert_refused(stream, "STOP", len(stream) - 1, "puts a text of more than 3 characters", limits)


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
