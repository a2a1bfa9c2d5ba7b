"""The bytes of an array, and the shape laid over them."""

import pickle

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from skknn_syndrome.data.unpickling import PickleLimits, read_pickle
from tests.data.unpickling.streams import EMPTY_ARRAY, FLOAT32, assert_refused


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
