"""Arrays, from the two steps in which a pickle of protocols 0 to 4 describes them."""

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome.data.unpickling.budget import Budget
from skknn_syndrome.data.unpickling.buffers import build_array, checked_shape, raw_bytes
from skknn_syndrome.data.unpickling.dtypes import PickledDtype
from skknn_syndrome.data.unpickling.names import Name
from skknn_syndrome.data.unpickling.refusal import Refusal


class PickledArray:
    """An array on its way: `_reconstruct` makes it empty, and a state then gives it all that it is.

    It is on the stack once, and its state takes it off for the finished array. So each is built once.

    Parameters
    ----------
    arguments : tuple
        What the stream passes to `_reconstruct`: always `(numpy.ndarray, (0,), b"b")`.
    """

    __slots__ = ("_finished",)

    def __init__(self, arguments: tuple[object, ...]) -> None:
        match arguments:
            case (Name() as kind, tuple() as shape, bytes() | str() as code) if (
                kind is Name.NDARRAY and checked_shape(shape, 1, 1) == (0,) and raw_bytes(code) == b"b"
            ):
                self._finished: NDArray[np.generic] | None = None
            case _:
                message = "calls NumPy's _reconstruct otherwise than NumPy does in its pickles"
                raise Refusal(message)

    @property
    def finished(self) -> NDArray[np.generic]:
        """The array, once its state has been set.

        Raises
        ------
        Refusal
            If it has not.
        """
        if self._finished is None:
            message = "uses an array that has not been built yet"
            raise Refusal(message)
        return self._finished

    def set_state(self, state: tuple[object, ...], budget: Budget) -> NDArray[np.generic]:
        """Build the array from `(1, shape, dtype, fortran, data)`.

        Raises
        ------
        Refusal
            If a field is of another kind, or the sizes disagree.
        """
        match state:
            case (int() as version, tuple() as shape, PickledDtype() as dtype, bool() as fortran, data) if (
                version == 1
            ):
                self._finished = build_array(data, dtype, shape, "F" if fortran else "C", budget)
                return self._finished
            case _:
                message = "gives an array a state that NumPy does not write"
                raise Refusal(message)
