"""Whether prediction sets hold fewer new cases than chance in them and in their calibration allows."""

from functools import reduce

import numpy as np
from scipy.stats import betabinom

from skknn_syndrome._typing import Float64Array, IndexArray, VectorLike
from skknn_syndrome.results.verdicts import ROUNDING


def shortfall_p_value(held: VectorLike, asked: VectorLike, calibrated: VectorLike, coverage: float) -> float:
    r"""Return how probable so few held cases are where new subjects are like those of the calibration.

    Sets of a class that is calibrated on :math:`K` subjects miss a new one if it is among the most unlike
    :math:`l = \lfloor (1 - coverage)(K + 1) \rfloor` of :math:`K + 1`. How many are missed of the next
    :math:`m` varies with the calibration too: the share that these sets miss has the distribution
    Beta(l, K + 1 - l) [1]_, so that the number that they hold is

    .. math:: H \sim \mathrm{BetaBinomial}(m, K + 1 - l, l).

    A binomial distribution with the nominal coverage takes the calibration as infinite, and calls far too
    many chance results a shortfall. Classes are calibrated apart, so that the total is a sum of independent
    numbers; the p-value is the probability of that total or of less.

    Parameters
    ----------
    held : array-like of int of shape (n_classes,)
        New subjects of each class, of one image each, whose set has it.
    asked : array-like of int of shape (n_classes,)
        New subjects of each class.
    calibrated : array-like of shape (n_classes,)
        Subjects of the calibration: `skknn_syndrome.statistics.conformal.Calibration.n_subjects`.
    coverage : float in (0, 1)

    Returns
    -------
    float
        1 where no set can miss anything: where nobody is asked about, or subjects are too few.

    Notes
    -----
    For one calibration part. Sets that are calibrated over several folds cover as much or more, so that they
    are called short less often.

    References
    ----------
    .. [1] V. Vovk, "Conditional validity of inductive conformal predictors", Machine Learning 92, 2013.
       doi:10.1007/s10994-013-5355-6

    Examples
    --------
    >>> round(shortfall_p_value([26], [30], [20], 0.9), 2), round(shortfall_p_value([15], [30], [20], 0.9), 4)
    (0.33, 0.0007)
    """
    subjects = np.rint(np.asarray(calibrated, np.float64)).astype(np.intp)
    numbers = np.asarray(asked, np.intp)
    missed = np.floor((1 - coverage) * (subjects + 1) + ROUNDING).astype(np.intp)
    chances = [
        _chances(int(m), int(k), int(among)) for m, k, among in zip(numbers, subjects, missed, strict=True)
    ]
    total = reduce(np.convolve, chances, np.ones(1))
    return min(1.0, float(total[: int(np.sum(held)) + 1].sum()))


def _chances(asked: int, calibrated: int, missed: int) -> Float64Array:
    """Return the probability of each number that is held, shape (asked + 1,)."""
    counts: IndexArray = np.arange(asked + 1)
    if not missed:
        return np.asarray(counts == asked, np.float64)
    return np.asarray(betabinom.pmf(counts, asked, calibrated + 1 - missed, missed), np.float64)
