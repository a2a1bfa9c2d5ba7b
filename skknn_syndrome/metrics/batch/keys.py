"""Probabilities as whole numbers of the same order, with room for a label."""

from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome._typing import Float64Array

KeyArray: TypeAlias = NDArray[np.uint64]
"""Keys: compared with each other they say what the probabilities say; the lowest bit is free for a label."""

LABEL: Final = np.uint64(1)
"""The bit that tells a positive from a negative."""

END: Final = np.uint64(2**64 - 2)
"""A key above those of all numbers, with the label of a negative."""


def class_keys(probabilities: Float64Array) -> KeyArray:
    """Turn probabilities into keys, the classes in front.

    The bits of floating-point numbers without a sign, read as whole numbers, have the order of the numbers.
    The sign is 0, so nothing is lost by shifting it out; negative zero becomes zero, to which it is equal.

    Parameters
    ----------
    probabilities : ndarray of shape (n_candidates, n_rows, n_classes)
        Numbers that are not negative.

    Returns
    -------
    ndarray of uint64, shape (n_classes, n_candidates, n_rows)
        Even keys, in C order: reductions over classes then run along whole rows of memory.

    Examples
    --------
    >>> import numpy as np
    >>> low, zero, high = class_keys(np.array([[[5e-324, -0.0, 1.0]]])).ravel().tolist()
    >>> low, zero, hex(high)
    (2, 0, '0x7fe0000000000000')
    """
    bits = probabilities.view(np.uint64).transpose(2, 0, 1)
    return np.left_shift(bits, np.uint64(1), out=np.empty(bits.shape, np.uint64))
