"""Arrays, dtypes and the calls that build them: recognised by name, and never imported or called.

Whatever is written otherwise than NumPy and Python do so in their pickles is a `Refusal`.
"""

import math
import re
from enum import Enum, auto
from types import NoneType
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome.data.safe_pickle.instructions import SHOWN_CHARACTERS, Refusal, shown

_CODES = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
_ONE_BYTE = ("b1", "i1", "u1")
_TEXT = re.compile(r"U(0|[1-9][0-9]{0,8})")
_CHARACTER_BYTES = 4
_STATE = (3, None, None, None, -1, -1, 0)
_STATE_KINDS = (int, str, NoneType, NoneType, NoneType, int, int, int)
_MAX_DIMENSIONS = 32  # NumPy 1's own limit

SCALAR_TYPES = frozenset(np.dtype(code).type for code in _CODES)


class Name(Enum):
    """What a recognised name stands for; NumPy 1 and 2 keep it in different modules."""

    RECONSTRUCT = auto()
    NDARRAY = auto()
    DTYPE = auto()
    FROMBUFFER = auto()
    SCALAR = auto()
    ENCODE = auto()
    BYTES = auto()
    ORDERED_DICT = auto()
    DEFAULT_DICT = auto()
    BUILTIN = auto()
    """What a defaultdict fills gaps with. It fills none here, so these are never called."""


_RECOGNISED = {
    **{(f"numpy.{core}.multiarray", "_reconstruct"): Name.RECONSTRUCT for core in ("core", "_core")},
    **{(f"numpy.{core}.multiarray", "scalar"): Name.SCALAR for core in ("core", "_core")},
    **{(f"numpy.{core}.numeric", "_frombuffer"): Name.FROMBUFFER for core in ("core", "_core")},
    ("numpy", "ndarray"): Name.NDARRAY,
    ("numpy", "dtype"): Name.DTYPE,
    ("_codecs", "encode"): Name.ENCODE,
    ("__builtin__", "bytes"): Name.BYTES,
    ("collections", "OrderedDict"): Name.ORDERED_DICT,
    ("collections", "defaultdict"): Name.DEFAULT_DICT,
    **{(module, name): Name.BUILTIN for module in ("builtins", "__builtin__") for name in ("dict", "list")},
}
_ADVICE = {
    "torch": "a PyTorch tensor; save NumPy arrays instead, by tensor.detach().cpu().numpy()",
    "pandas": "part of a pandas table; save it by frame.to_parquet() instead",
}
_NO_DATA = (
    "which is not data; a pickle from a source that you do not know can run programs, so only plain "
    "dictionaries, lists, numbers and NumPy arrays are read"
)


def recognise(module: str, name: str) -> Name:
    """Look a name up among those that plain data needs.

    Examples
    --------
    >>> recognise("numpy", "dtype")
    <Name.DTYPE: 3>
    """
    known = _RECOGNISED.get((module, name))
    if known is None:
        full = f"{module}.{name}"
        is_name = len(full) <= SHOWN_CHARACTERS and re.fullmatch(r"[A-Za-z0-9_.]+", full)
        advice = _ADVICE.get(module.partition(".")[0], _NO_DATA)
        raise Refusal(f"asks for {full if is_name else shown(full)}, {advice}")
    return known


class Budget:
    """The bytes that a stream may yet turn into arrays: twice its own, spent by every array and text.

    Honest streams carry the bytes of each array once, and in protocols 0 to 2 as text. So they stay within
    it, while a stream that builds array after array from one remembered buffer does not.
    """

    __slots__ = ("_left", "largest_array")

    def __init__(self, stream_bytes: int, largest_array: int) -> None:
        self._left = 2 * stream_bytes
        self.largest_array = largest_array
        """Bytes that one shape may span."""

    def spend(self, n_bytes: int) -> None:
        """Take bytes off the budget."""
        if n_bytes > self._left:
            raise Refusal("builds more bytes than the stream holds, from parts used again and again")
        self._left -= n_bytes


class PickledDtype:
    """A dtype on its way: `numpy.dtype(code, False, True)` names it, and a state then sets the byte order."""

    __slots__ = ("_code", "_order", "text_bytes")

    def __init__(self, code: str) -> None:
        text = _TEXT.fullmatch(code)
        self._code = code
        self._order: str | None = None
        self.text_bytes = None if text is None else _CHARACTER_BYTES * int(text[1])
        """Bytes that one text takes, None for a dtype of numbers."""
        if code not in _CODES and text is None:
            raise self._refusal()

    def _refusal(self) -> Refusal:
        return Refusal(
            f"asks for an array of dtype {shown(self._code)}; only bool, integers of 8 to 64 bits and floats "
            "of 16 to 64 bits are read"
        )

    @property
    def order(self) -> str:
        """The byte order, once the stream has set it."""
        if self._order is None:
            raise Refusal("uses a dtype whose byte order has not been set")
        return self._order

    @property
    def of_numbers(self) -> np.dtype[np.generic]:
        """The dtype of an array of numbers, with its byte order."""
        order = self.order
        if self.text_bytes is not None:
            raise self._refusal()
        return np.dtype(f"{order}{self._code}")

    def set_state(self, state: tuple[object, ...]) -> None:
        """Set the byte order from `(3, order, None, None, None, -1, -1, 0)`, the state of a dtype of numbers.

        One of text has its bytes, 4 and 8 at the end. Any other value there gives the dtype fields, a
        sub-array or Python objects as elements.
        """
        if self._order is not None:
            raise Refusal("sets the state of a dtype a second time")
        # The types come first: what else the stream may hold there need not compare to a plain bool.
        expected = _STATE if self.text_bytes is None else (*_STATE[:4], self.text_bytes, _CHARACTER_BYTES, 8)
        if tuple(map(type, state)) != _STATE_KINDS or (state[0], *state[2:]) != expected:
            raise Refusal("gives a dtype a state that plain numbers do not have")
        order = str(state[1])
        if order not in (("|",) if self._code in _ONE_BYTE else ("<", ">")):
            raise Refusal(f"gives dtype {shown(self._code)} the byte order {shown(order)}")
        self._order = order


class PickledArray:
    """An array on its way: `_reconstruct` makes it empty, and a state then gives it all that it is.

    It is on the stack once, and its state takes it off for the finished array. So each is built once.
    """

    __slots__ = ("_finished",)

    def __init__(self) -> None:
        self._finished: NDArray[np.generic] | None = None

    @property
    def finished(self) -> NDArray[np.generic]:
        """The array, once its state has been set."""
        if self._finished is None:
            raise Refusal("uses an array that has not been built yet")
        return self._finished

    def set_state(self, state: tuple[object, ...], budget: Budget) -> NDArray[np.generic]:
        """Build the array from `(1, shape, dtype, fortran, data)`."""
        match state:
            case int(1), tuple() as shape, PickledDtype() as dtype, bool() as fortran, data:
                self._finished = _array(data, dtype, shape, "F" if fortran else "C", budget)
                return self._finished
        raise Refusal("gives an array a state that NumPy does not write")


def _raw_bytes(value: object) -> bytes | bytearray:
    """Take bytes, a buffer of protocol 5, or ASCII text written by Python 2."""
    if isinstance(value, bytes | bytearray):
        return value
    if isinstance(value, str) and value.isascii():
        return value.encode("ascii")
    raise Refusal("finds no bytes to build an array from")


def _checked_shape(shape: tuple[object, ...], itemsize: int, largest: int) -> tuple[int, ...]:
    lengths = tuple(length for length in shape if type(length) is int and length >= 0)
    if len(lengths) != len(shape) or len(shape) > _MAX_DIMENSIONS:
        raise Refusal(f"gives a shape that is not made of at most {_MAX_DIMENSIONS} whole numbers from 0")
    # A length of 0 counts as 1, so that the others are bounded beside it too.
    if math.prod(max(length, 1) for length in lengths) * itemsize > largest:
        raise Refusal(f"gives a shape that spans more than {largest} bytes")
    return lengths


def _array(
    data: object, dtype: PickledDtype, shape: tuple[object, ...], order: Literal["C", "F"], budget: Budget
) -> NDArray[np.generic]:
    """Lay a read-only array over exactly its bytes, which are copied only to turn their order round."""
    written = dtype.of_numbers
    raw = _raw_bytes(data)
    lengths = _checked_shape(shape, written.itemsize, budget.largest_array)
    needed = math.prod(lengths) * written.itemsize
    if needed != len(raw):
        raise Refusal(f"declares an array of {needed} bytes but holds {len(raw)}")
    budget.spend(needed)
    flat = np.frombuffer(raw, dtype=written)
    # NumPy leaves it open what a bool of another byte does: it may count as True here and as False there.
    if written.kind == "b" and flat.view(np.uint8).max(initial=0) > 1:
        raise Refusal("holds a bool that is neither 0 nor 1")
    array = flat.astype(written.newbyteorder("="), copy=False).reshape(lengths, order=order)
    array.flags.writeable = False
    return array


def _transposed(array: NDArray[np.generic], axes: tuple[object, ...]) -> NDArray[np.generic]:
    """Exchange axes, as NumPy from 2.3 writes it."""
    chosen = [axis for axis in axes if type(axis) is int]
    if len(chosen) != len(axes) or sorted(chosen) != list(range(array.ndim)):
        raise Refusal("gives an order of axes that is not one of the array")
    return array.transpose(chosen)


def _scalar(data: object, dtype: PickledDtype, budget: Budget) -> object:
    """Build a NumPy number, or the text of a NumPy string, from its bytes."""
    if dtype.text_bytes is None:
        return _array(data, dtype, (), "C", budget)[()]
    raw = _raw_bytes(data)
    if len(raw) != dtype.text_bytes:
        raise Refusal(f"declares a text of {dtype.text_bytes} bytes but holds {len(raw)}")
    budget.spend(len(raw))
    try:
        # NumPy fills text up with NUL, and drops it on reading.
        return raw.decode("utf-32-be" if dtype.order == ">" else "utf-32-le").rstrip("\0")
    except UnicodeDecodeError:
        raise Refusal("holds text that is not valid Unicode") from None


def _bytes_of(text: str, budget: Budget) -> bytes:
    """Undo how Python 3 writes bytes in protocols 0 to 2: as text with one character for each byte."""
    budget.spend(len(text))
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        raise Refusal("calls encode with text that does not stand for bytes") from None


_MISCALLED = {
    Name.RECONSTRUCT: "calls NumPy's _reconstruct otherwise than NumPy does in its pickles",
    Name.DTYPE: "calls numpy.dtype otherwise than NumPy does in its pickles",
    Name.FROMBUFFER: "calls NumPy's _frombuffer otherwise than NumPy does in its pickles",
    Name.SCALAR: "calls NumPy's scalar otherwise than NumPy does in its pickles",
    Name.ENCODE: "calls encode otherwise than to write bytes as latin1",
    Name.BYTES: "calls bytes with an argument",
}


def call(name: object, arguments: tuple[object, ...], budget: Budget) -> object:
    """Build what a call of a recognised name would have built."""
    if not isinstance(name, Name) or name not in _MISCALLED:
        raise Refusal("calls something that is not one of NumPy's own constructors")
    built: object
    # Values are matched by their type first: an array among the arguments compares to no plain bool.
    match name, arguments:
        case Name.RECONSTRUCT, (Name() as kind, tuple((int(0),)), str("b") | bytes(b"b")) if (
            kind is Name.NDARRAY
        ):
            built = PickledArray()
        case Name.DTYPE, (str() as code, int(0), int(1)):  # which NumPy from 1.17 writes False and True
            built = PickledDtype(code)
        case Name.FROMBUFFER, (data, PickledDtype() as dtype, tuple() as shape, str("C" | "F" as order)):
            built = _array(data, dtype, shape, "C" if order == "C" else "F", budget)
        case Name.FROMBUFFER, (data, PickledDtype() as dtype, tuple() as shape, str("K"), tuple() as axes):
            built = _transposed(_array(data, dtype, shape, "C", budget), axes)
        case Name.SCALAR, (PickledDtype() as dtype, data):
            built = _scalar(data, dtype, budget)
        case Name.ENCODE, (str() as text, str("latin1")):
            built = _bytes_of(text, budget)
        case Name.BYTES, ():  # as Python 3 writes empty bytes in protocols 0 to 2
            built = b""
        case _:
            raise Refusal(_MISCALLED[name])
    return built


_FACTORIES = (Name.BUILTIN, Name.ORDERED_DICT, Name.DEFAULT_DICT)


def check_dictionary(name: Name, arguments: tuple[object, ...]) -> None:
    """Let a call make a dictionary that is still empty; what its gaps would be filled with is forgotten."""
    match arguments:
        case ():
            return
        case (None | Name() as factory,) if name is Name.DEFAULT_DICT and factory in (None, *_FACTORIES):
            return
    raise Refusal(
        "makes an OrderedDict or defaultdict otherwise than Python 3 does of dictionaries and lists; "
        "turn it into a dict before saving"
    )
