"""NumPy arrays, numbers and text from bytes: `numpy.frombuffer` behind checks of every field."""

import math
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome.data.unpickling.budget import Budget
from skknn_syndrome.data.unpickling.dtypes import PickledDtype
from skknn_syndrome.data.unpickling.refusal import Refusal

MAX_DIMENSIONS = 32  # NumPy 1's own limit


def raw_bytes(value: object) -> bytes | bytearray:
    """Take what stands for raw bytes: bytes, a buffer of protocol 5, or ASCII text written by Python 2.

    Raises
    ------
    Refusal
        If it is anything else.
    """
    if isinstance(value, bytes | bytearray):
        return value
    if isinstance(value, str) and value.isascii():
        return value.encode("ascii")
    message = "finds no bytes to build an array from"
    raise Refusal(message)


def checked_shape(shape: tuple[object, ...], itemsize: int, largest: int) -> tuple[int, ...]:
    """Take a shape whose size NumPy can compute: whole numbers from 0, not too many and not too large.

    Raises
    ------
    Refusal
        If it is another one. A length of 0 counts as 1, so that the others are bounded beside it too.
    """
    lengths = tuple(length for length in shape if type(length) is int and length >= 0)
    if len(lengths) != len(shape) or len(shape) > MAX_DIMENSIONS:
        message = f"gives a shape that is not made of at most {MAX_DIMENSIONS} whole numbers from 0"
        raise Refusal(message)
    if math.prod(max(length, 1) for length in lengths) * itemsize > largest:
        message = f"gives a shape that spans more than {largest} bytes"
        raise Refusal(message)
    return lengths


def build_array(
    data: object, dtype: PickledDtype, shape: tuple[object, ...], order: Literal["C", "F"], budget: Budget
) -> NDArray[np.generic]:
    """Build a read-only array in the machine's own byte order.

    The bytes are used where they lie, unless their order must be turned round.

    Raises
    ------
    Refusal
        If the shape does not need exactly the bytes that are there, or a field is not what it should be.
    """
    written = dtype.finished
    raw = raw_bytes(data)
    lengths = checked_shape(shape, written.itemsize, budget.largest_array)
    needed = math.prod(lengths) * written.itemsize
    if needed != len(raw):
        message = f"declares an array of {needed} bytes but holds {len(raw)}"
        raise Refusal(message)
    budget.spend(needed)
    flat = np.frombuffer(raw, dtype=written)
    # NumPy leaves it open what a bool of another byte does: it may count as True here and as False there.
    if written.kind == "b" and flat.view(np.uint8).max(initial=0) > 1:
        message = "holds a bool that is neither 0 nor 1"
        raise Refusal(message)
    array = flat.astype(written.newbyteorder("="), copy=False).reshape(lengths, order=order)
    array.flags.writeable = False
    return array


def build_transposed(
    data: object, dtype: PickledDtype, shape: tuple[object, ...], axes: tuple[object, ...], budget: Budget
) -> NDArray[np.generic]:
    """Build an array as NumPy from 2.3 writes one whose axes were exchanged.

    Raises
    ------
    Refusal
        As `build_array`; or if `axes` are not those of the shape, each once.
    """
    array = build_array(data, dtype, shape, "C", budget)
    chosen = [axis for axis in axes if type(axis) is int]
    if len(chosen) != len(axes) or sorted(chosen) != list(range(array.ndim)):
        message = "gives an order of axes that is not one of the array"
        raise Refusal(message)
    return array.transpose(chosen)


def build_scalar(data: object, dtype: PickledDtype, budget: Budget) -> object:
    """Build a NumPy number, or the text of a NumPy string, from its bytes.

    Raises
    ------
    Refusal
        If there are more or fewer bytes than the dtype has, a field is not what it should be, or text is not
        valid Unicode.
    """
    if dtype.text_bytes is None:
        return build_array(data, dtype, (), "C", budget)[()]
    raw = raw_bytes(data)
    if len(raw) != dtype.text_bytes:
        message = f"declares a text of {dtype.text_bytes} bytes but holds {len(raw)}"
        raise Refusal(message)
    budget.spend(len(raw))
    try:
        # NumPy fills text up with NUL, and drops it on reading.
        return raw.decode("utf-32-be" if dtype.order == ">" else "utf-32-le").rstrip("\0")
    except UnicodeDecodeError:
        message = "holds text that is not valid Unicode"
        raise Refusal(message) from None
