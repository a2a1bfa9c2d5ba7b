"""Streams written by hand, opcode by opcode, and what must come of them."""

import re
from types import NoneType

import numpy as np
import pytest

from skknn_syndrome.data.unpickling import PickleLimits, read_pickle
from skknn_syndrome.errors import UnsafePickleError

# An array of two float32 values in the words of Python 2 and NumPy 1, protocol 2.
EMPTY_ARRAY = b"cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\x00\x85U\x01b\x87R"
SHAPE = b"K\x02\x85"
DTYPE = b"cnumpy\ndtype\nU\x02f4K\x00K\x01\x87R"
DTYPE_STATE = b"(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00t"
FLOAT32 = DTYPE + DTYPE_STATE + b"b"
TWO_NUMBERS = np.array([0.5, -2], "<f4").tobytes()
ARRAY_STATE = b"(K\x01" + SHAPE + FLOAT32 + b"\x89U\x08" + TWO_NUMBERS + b"t"
ARRAY = EMPTY_ARRAY + ARRAY_STATE + b"b"

_LEAVES = (NoneType, bool, int, float, str, bytes)


def assert_refused(
    stream: bytes, opcode: str, offset: int, reason: str, limits: PickleLimits | None = None
) -> None:
    """Expect a refusal that names the opcode, its offset and the reason."""
    message = rf"at byte {offset}\b.* opcode {opcode} .*{re.escape(reason)}"
    with pytest.raises(UnsafePickleError, match=message) as caught:
        read_pickle(stream, limits=limits or PickleLimits())
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


def is_plain(value: object) -> bool:
    """Tell whether a value is nothing but data, all the way down."""
    if isinstance(value, np.ndarray | np.generic):
        return value.dtype.kind in "biuf" and value.dtype.itemsize <= 8 and value.dtype.isnative
    if type(value) is dict:
        return all(type(key) in (str, int) for key in value) and all(map(is_plain, value.values()))
    if type(value) is list or type(value) is tuple:
        return all(map(is_plain, value))
    return type(value) in _LEAVES


def read_or_refuse(stream: bytes, limits: PickleLimits) -> str:
    """Read a stream that may be anything: plain data or a refusal must come out."""
    try:
        data = read_pickle(stream, limits=limits)
    except UnsafePickleError as error:
        return str(error)
    assert is_plain(data)
    return "read"
