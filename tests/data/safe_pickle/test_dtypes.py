"""Dtypes: what names them, and the state that could hide other things."""

import pickle
import pickletools

import numpy as np
import pytest

from skknn_syndrome.data.safe_pickle import read_pickle
from tests.data.safe_pickle.streams import (
    ARRAY,
    DTYPE,
    DTYPE_STATE,
    EMPTY_ARRAY,
    FLOAT32,
    SHAPE,
    assert_refused,
)
from tests.refusing import refused

NOT_NUMBERS = {
    "O8": np.array([None, "object"], dtype=object),
    "S5": np.array([b"bytes"]),
    "c16": np.array([1j]),
    "f16": np.array([1], dtype=np.longdouble),
    "M8": np.array(["2020-01-01"], dtype="M8[D]"),
    "m8": np.array([1], dtype="m8[s]"),
    "V12": np.zeros(2, dtype=[("a", "f4"), ("b", "O")]),
    "V8": np.zeros(2, dtype="V8"),
}


def offset_of_dtype_call(stream: bytes) -> int:
    operations = iter(pickletools.genops(stream))
    next(operation for operation in operations if operation[1] in ("dtype", "numpy dtype"))
    position = next(position for opcode, _, position in operations if opcode.name == "REDUCE")
    assert position is not None
    return position


@pytest.mark.parametrize("code", NOT_NUMBERS)
def test_arrays_of_other_than_plain_numbers_are_refused(code: str) -> None:
    problem = f"asks for an array of dtype '{code}'; only bool, integers of 8 to 64"
    for protocol in range(6):
        stream = pickle.dumps(NOT_NUMBERS[code], protocol)
        assert_refused(stream, "REDUCE", offset_of_dtype_call(stream), problem)


@pytest.mark.parametrize("protocol", range(6))
def test_arrays_of_text_are_refused(protocol: int) -> None:
    stream = pickle.dumps(np.array(["text"]), protocol)
    with refused("unsafe_pickle") as caught:
        read_pickle(stream)
    assert "asks for an array of dtype 'U4'; only bool" in str(caught.value)


@pytest.mark.parametrize("code", [b"U", b"U-1", b"U01", b"U4 ", b"U1234567890"])
def test_text_has_a_length_in_plain_digits(code: bytes) -> None:
    stream = DTYPE.replace(b"\x02f4", bytes([len(code)]) + code) + b"."
    assert_refused(
        stream, "REDUCE", len(stream) - 2, f"asks for an array of dtype '{code.decode()}'; only bool"
    )


@pytest.mark.parametrize("end", [b"K\x08K\x04K\x00t", b"K\x04K\x04K\x08t", b"J\xff\xff\xff\xffK\x04K\x08t"])
def test_text_has_the_state_that_numpy_writes(end: bytes) -> None:
    stream = DTYPE.replace(b"f4", b"U2") + b"(K\x03U\x01<NNN" + end + b"b."
    assert_refused(stream, "BUILD", len(stream) - 2, "a dtype a state that plain numbers do not have")


@pytest.mark.parametrize(
    "arguments",
    [
        b")",
        b"(t",
        b"U\x02f4\x85",
        b"(U\x02f4K\x01K\x01t",
        b"(U\x02f4K\x00K\x02t",
        b"(U\x02f4NNt",
        b"(K\x04K\x00K\x01t",
    ],
)
def test_numpy_dtype_is_called_as_numpy_calls_it_or_not_at_all(arguments: bytes) -> None:
    stream = b"cnumpy\ndtype\n" + arguments + b"R."
    assert_refused(stream, "REDUCE", len(stream) - 2, "calls numpy.dtype otherwise than NumPy does")


@pytest.mark.parametrize(
    "state",
    [
        b"(t",
        b"(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xfft",  # a field too few
        b"(K\x04U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00t",  # another version
        b"(K\x03U\x01<(K\x01\x85K\x01tNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00t",  # a sub-array
        b"(K\x03U\x01<NU\x01a\x85NJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00t",  # names of fields
        b"(K\x03U\x01<NN}J\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00t",  # fields
        b"(K\x03U\x01<NNNK\x08J\xff\xff\xff\xffK\x00t",  # another size
        b"(K\x03U\x01<NNNJ\xff\xff\xff\xffK\x08K\x00t",  # another alignment
        b"(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK?t",  # the flags of Python objects
        b"(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xff\x89t",  # a bool for a number
        b"(K\x03" + ARRAY + b"NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00t",  # an array compares to no bool
    ],
)
def test_a_state_that_hides_objects_or_fields_is_refused(state: bytes) -> None:
    prefix = EMPTY_ARRAY + b"(K\x01" + SHAPE + DTYPE + state
    assert_refused(
        prefix + b"b\x89U\x00tb.", "BUILD", len(prefix), "a dtype a state that plain numbers do not have"
    )


@pytest.mark.parametrize("order", [b"|", b"=", b"", b"<<"])
def test_numbers_of_several_bytes_have_a_byte_order(order: bytes) -> None:
    state = DTYPE_STATE.replace(b"U\x01<", b"U" + bytes((len(order),)) + order)
    stream = DTYPE + state + b"b."
    assert_refused(stream, "BUILD", len(stream) - 2, f"gives dtype 'f4' the byte order '{order.decode()}'")


def test_numbers_of_one_byte_have_none() -> None:
    for order in (b"<", b">", b"=", b""):
        state = DTYPE_STATE.replace(b"U\x01<", b"U" + bytes((len(order),)) + order)
        stream = DTYPE.replace(b"f4", b"i1") + state + b"b."
        assert_refused(
            stream, "BUILD", len(stream) - 2, f"gives dtype 'i1' the byte order '{order.decode()}'"
        )


def test_a_dtype_has_its_byte_order_before_it_is_used() -> None:
    stream = EMPTY_ARRAY + b"(K\x01" + SHAPE + DTYPE + b"\x89U\x00tb."
    assert_refused(stream, "BUILD", len(stream) - 2, "uses a dtype whose byte order has not been set")


def test_a_dtype_is_built_once() -> None:
    stream = FLOAT32 + DTYPE_STATE + b"b."
    assert_refused(stream, "BUILD", len(stream) - 2, "sets the state of a dtype a second time")


def test_a_dtype_is_not_data() -> None:
    for dtype in (DTYPE, FLOAT32):
        assert_refused(dtype + b".", "STOP", len(dtype), "puts a dtype among the data")
