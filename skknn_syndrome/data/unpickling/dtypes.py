"""Numeric dtypes, from the two steps in which a pickle describes them."""

from types import NoneType

import numpy as np

from skknn_syndrome.data.unpickling.refusal import Refusal, shown

_CODES = ("b1", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8")
_STATE = (3, None, None, None, -1, -1, 0)
_STATE_KINDS = (int, str, NoneType, NoneType, NoneType, int, int, int)

SCALAR_TYPES = frozenset(np.dtype(code).type for code in _CODES)


class PickledDtype:
    """A dtype on its way: `numpy.dtype(code, False, True)` names it, and a state then sets the byte order.

    Parameters
    ----------
    arguments : tuple
        What the stream passes to `numpy.dtype`: the code and the flags `align` and `copy`.
    """

    __slots__ = ("_code", "_finished")

    def __init__(self, arguments: tuple[object, ...]) -> None:
        # NumPy up to 1.16 wrote the flags as 0 and 1, later versions write False and True.
        match arguments:
            case (str() as code, int() as align, int() as copy) if not align and copy == 1:
                pass
            case _:
                message = "calls numpy.dtype otherwise than NumPy does in its pickles"
                raise Refusal(message)
        if code not in _CODES:
            message = (
                f"asks for an array of dtype {shown(code)}; only bool, integers of 8 to 64 bits and floats "
                "of 16 to 64 bits are read"
            )
            raise Refusal(message)
        self._code = code
        self._finished: np.dtype[np.generic] | None = None

    @property
    def finished(self) -> np.dtype[np.generic]:
        """The dtype, with its byte order.

        Raises
        ------
        Refusal
            If the stream has not set the byte order yet.
        """
        if self._finished is None:
            message = "uses a dtype whose byte order has not been set"
            raise Refusal(message)
        return self._finished

    def set_state(self, state: tuple[object, ...]) -> None:
        """Set the byte order from `(3, order, None, None, None, -1, -1, 0)`, the state of every plain dtype.

        Any other value there gives the dtype fields, a sub-array or Python objects as elements.

        Raises
        ------
        Refusal
            If the state is another one, the byte order is not one for this dtype, or was set before.
        """
        if self._finished is not None:
            message = "sets the state of a dtype a second time"
            raise Refusal(message)
        # The types come first: what else the stream may hold there need not compare to a plain bool.
        if tuple(map(type, state)) != _STATE_KINDS or (state[0], *state[2:]) != _STATE:
            message = "gives a dtype a state that plain numbers do not have"
            raise Refusal(message)
        order = state[1]
        if order not in (("|",) if self._code.endswith("1") else ("<", ">")):
            message = f"gives dtype {shown(self._code)} the byte order {shown(str(order))}"
            raise Refusal(message)
        self._finished = np.dtype(f"{order}{self._code}")
