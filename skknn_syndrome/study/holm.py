"""P-values of several tests at a time."""

from collections.abc import Sequence

import numpy as np


def holm(p_values: Sequence[float]) -> list[float]:
    r"""Adjust p-values so that the chance of any false positive among them stays below the level.

    With the p-values in rising order :math:`p_{(1)} \le \dots \le p_{(m)}`, the adjusted ones are

    .. math:: \tilde p_{(i)} = \min\bigl(1, \max_{j \le i} (m - j + 1)\, p_{(j)}\bigr)

    whatever the tests' dependence on each other [1]_.

    Parameters
    ----------
    p_values : sequence of float

    Returns
    -------
    list of float
        In the order of `p_values`.

    References
    ----------
    .. [1] S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of
       Statistics 6, 1979. https://www.jstor.org/stable/4615733

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    raw = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(raw, kind="stable")
    factors = len(raw) - np.arange(len(raw))
    adjusted = np.empty_like(raw)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factors * raw[order]))
    return [float(p_value) for p_value in adjusted]
