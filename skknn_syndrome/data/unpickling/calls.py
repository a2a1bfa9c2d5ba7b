"""What stands in for a call of one of the recognised names: nothing of the stream's is ever called."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome.data.unpickling.arrays import PickledArray
from skknn_syndrome.data.unpickling.budget import Budget
from skknn_syndrome.data.unpickling.buffers import build_array, build_scalar, build_transposed
from skknn_syndrome.data.unpickling.dtypes import PickledDtype
from skknn_syndrome.data.unpickling.names import Name
from skknn_syndrome.data.unpickling.refusal import Refusal


def _reconstruct(arguments: tuple[object, ...], _: Budget) -> PickledArray:
    return PickledArray(arguments)


def _dtype(arguments: tuple[object, ...], _: Budget) -> PickledDtype:
    return PickledDtype(arguments)


def _frombuffer(arguments: tuple[object, ...], budget: Budget) -> NDArray[np.generic]:
    match arguments:
        case (data, PickledDtype() as dtype, tuple() as shape, str() as order) if order in ("C", "F"):
            return build_array(data, dtype, shape, "C" if order == "C" else "F", budget)
        case (data, PickledDtype() as dtype, tuple() as shape, str() as order, tuple() as axes) if (
            order == "K"
        ):
            return build_transposed(data, dtype, shape, axes, budget)
    message = "calls NumPy's _frombuffer otherwise than NumPy does in its pickles"
    raise Refusal(message)


def _scalar(arguments: tuple[object, ...], budget: Budget) -> object:
    match arguments:
        case (PickledDtype() as dtype, data):
            return build_scalar(data, dtype, budget)
    message = "calls NumPy's scalar otherwise than NumPy does in its pickles"
    raise Refusal(message)


def _encode(arguments: tuple[object, ...], budget: Budget) -> bytes:
    """Undo how Python 3 writes bytes in protocols 0 to 2: as text with one character for each byte."""
    match arguments:
        case (str() as text, str() as encoding) if encoding == "latin1":
            budget.spend(len(text))
            try:
                return text.encode("latin-1")
            except UnicodeEncodeError:
                message = "calls encode with text that does not stand for bytes"
                raise Refusal(message) from None
    message = "calls encode otherwise than to write bytes as latin1"
    raise Refusal(message)


def _bytes(arguments: tuple[object, ...], _: Budget) -> bytes:
    """Undo how Python 3 writes empty bytes in protocols 0 to 2."""
    if arguments:
        message = "calls bytes with an argument"
        raise Refusal(message)
    return b""


_CALLS: dict[Name, Callable[[tuple[object, ...], Budget], object]] = {
    Name.RECONSTRUCT: _reconstruct,
    Name.DTYPE: _dtype,
    Name.FROMBUFFER: _frombuffer,
    Name.SCALAR: _scalar,
    Name.ENCODE: _encode,
    Name.BYTES: _bytes,
}


def call(name: object, arguments: tuple[object, ...], budget: Budget) -> object:
    """Build what a call of `name` would have built.

    Raises
    ------
    Refusal
        If `name` is not a recognised name that NumPy calls, or the arguments are not those it writes.
    """
    if not isinstance(name, Name) or name not in _CALLS:
        message = "calls something that is not one of NumPy's own constructors"
        raise Refusal(message)
    return _CALLS[name](arguments, budget)


_FACTORIES = (Name.BUILTIN, Name.ORDERED_DICT, Name.DEFAULT_DICT)


def check_dictionary(name: object, arguments: tuple[object, ...]) -> None:
    """Let a call make a dictionary that is still empty; what its gaps would be filled with is forgotten.

    Raises
    ------
    Refusal
        If it is not called as Python 3 does in its pickles, or gaps would be filled by anything but a
        dictionary, a list or nothing.
    """
    is_plain = not arguments or (
        name is Name.DEFAULT_DICT
        and len(arguments) == 1
        and (arguments[0] is None or any(arguments[0] is factory for factory in _FACTORIES))
    )
    if not is_plain:
        message = (
            "makes an OrderedDict or defaultdict otherwise than Python 3 does of dictionaries and lists; "
            "turn it into a dict before saving"
        )
        raise Refusal(message)
