"""Dtypes of numbers and text, from the two steps in which a pickle describes them."""

import re
from types import NoneType

import numpy as np

from skknn_syndrome.data.unpickling.refusal import Refusal, shown

_CODES = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
_ONE_BYTE = ("b1", "i1", "u1")
_TEXT = re.compile(r"U(0|[1-9][0-9]{0,8})")
_CHARACTER_BYTES = 4
_STATE = (3, None, None, None, -1, -1, 0)
_TEXT_STATE = (_CHARACTER_BYTES, 8)
_STATE_KINDS = (int, str, NoneType, NoneType, NoneType, int, int, int)

SCALAR_TYPES = frozenset(np.dtype(code).type for code in _CODES)


class PickledDtype:
    """A dtype on its way: `numpy.dtype(code, False, True)` names it, and a state then sets the byte order.

    Parameters
    ----------
    arguments : tuple
        What the stream passes to `numpy.dtype`: the code and the flags `align` and `copy`.

    Attributes
    ----------
    text_bytes : int or None
        Bytes that one text takes, None for a dtype of numbers.
    """

    __slots__ = ("_code", "_order", "text_bytes")

    def __init__(self, arguments: tuple[object, ...]) -> None:
        # NumPy up to 1.16 wrote the flags as 0 and 1, later versions write False and True.
        match arguments:
            case (str() as code, int() as align, int() as copy) if not align and copy == 1:
                pass
            case _:
                message = "calls numpy.dtype otherwise than NumPy does in its pickles"
                raise Refusal(message)
        text = _TEXT.fullmatch(code)
        if code not in _CODES and text is None:
            raise self._refusal(code)
        self._code = code
        self.text_bytes: int | None = None if text is None else _CHARACTER_BYTES * int(text[1])
        self._order: str | None = None

    @staticmethod
    def _refusal(code: str) -> Refusal:
        message = (
            f"asks for an array of dtype {shown(code)}; only bool, integers of 8 to 64 bits and floats "
            "of 16 to 64 bits are read"
        )
        return Refusal(message)

    @property
    def order(self) -> str:
        """The byte order.

        Raises
        ------
        Refusal
            If the stream has not set it yet.
        """
        if self._order is None:
            message = "uses a dtype whose byte order has not been set"
            raise Refusal(message)
        return self._order

    @property
    def finished(self) -> np.dtype[np.generic]:
        """The dtype of an array of numbers, with its byte order.

        Raises
        ------
        Refusal
            If the stream has not set the byte order yet, or it is one of text.
        """
        order = self.order
        if self.text_bytes is not None:
            raise self._refusal(self._code)
        return np.dtype(f"{order}{self._code}")

    def set_state(self, state: tuple[object, ...]) -> None:
        """Set the byte order from `(3, order, None, None, None, -1, -1, 0)`, the state of a dtype of numbers.

        One of text has its bytes, 4 and 8 at the end. Any other value there gives the dtype fields, a
        sub-array or Python objects as elements.

        Raises
        ------
        Refusal
            If the state is another one, the byte order is not one for this dtype, or was set before.
        """
        if self._order is not None:
            message = "sets the state of a dtype a second time"
            raise Refusal(message)
        # The types come first: what else the stream may hold there need not compare to a plain bool.
        expected = _STATE if self.text_bytes is None else (*_STATE[:4], self.text_bytes, *_TEXT_STATE)
        if tuple(map(type, state)) != _STATE_KINDS or (state[0], *state[2:]) != expected:
            message = "gives a dtype a state that plain numbers do not have"
            raise Refusal(message)
        order = state[1]
        if order not in (("|",) if self._code in _ONE_BYTE else ("<", ">")):
            message = f"gives dtype {shown(self._code)} the byte order {shown(str(order))}"
            raise Refusal(message)
        self._order = str(order)
