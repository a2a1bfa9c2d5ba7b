"""Levels of quantiles that make up for the narrowness of the bootstrap."""

import math
from collections.abc import Sequence

import numpy as np
from scipy.stats import norm
from scipy.stats import t as student_t

LARGEST = 0.999
"""Level of any interval, however few units it rests on."""


def expanded_level(confidence: float, units: Sequence[int]) -> float:
    r"""Return the level at which quantiles of resamples make an interval of a given confidence.

    Resamples vary less than samples do, and their quantiles know nothing of Student's. For a mean over n
    units the expanded level [1]_ is that of

    .. math:: \Phi\bigl(\sqrt{n / (n - 1)}\; t_{n - 1}\bigr).

    A macro mean over classes of :math:`n_c` units, which vary alike, has a variance in proportion to
    :math:`\sum 1/n_c`, and its resamples one in proportion to :math:`\sum (n_c - 1)/n_c^2`. The level is then
    that of

    .. math:: \Phi\left(\sqrt{\frac{\sum 1/n_c}{\sum (n_c - 1)/n_c^2}}\; t_\nu\right), \qquad
       \nu = \frac{\left(\sum 1/n_c\right)^2}{\sum 1 / (n_c^2 (n_c - 1))},

    with the degrees of freedom of Welch and Satterthwaite [2]_. One class gives the first formula.

    Hesterberg gives the expansion for percentile intervals. That BCa intervals are taken at the same level is
    a choice of this package; `benchmarks/coverage.py` measures what comes of it.

    Parameters
    ----------
    confidence : float
    units : sequence of int
        Of each class; of all together for a share of all predictions. A class of one unit, whose spread
        cannot be seen, is taken as one of two.

    Returns
    -------
    float
        0.999 at most.

    References
    ----------
    .. [1] T. C. Hesterberg, "What Teachers Should Know About the Bootstrap", The American Statistician 69,
       2015. doi:10.1080/00031305.2015.1089789
    .. [2] F. E. Satterthwaite, "An Approximate Distribution of Estimates of Variance Components", Biometrics
       Bulletin 2, 1946. doi:10.2307/3002019

    Examples
    --------
    >>> round(expanded_level(0.95, [60]), 4), round(expanded_level(0.95, [10**6]), 4)
    (0.9564, 0.95)
    >>> round(expanded_level(0.95, [60, 60]), 4), expanded_level(0.95, [1])
    (0.9542, 0.999)
    """
    counts = np.maximum(units, 2).astype(np.float64)
    spread, resampled = float(np.sum(1 / counts)), float(np.sum((counts - 1) / counts**2))
    freedom = spread**2 / float(np.sum(1 / (counts**2 * (counts - 1))))
    quantile = math.sqrt(spread / resampled) * float(student_t.ppf((1 + confidence) / 2, freedom))
    return min(1 - 2 * float(norm.sf(quantile)), LARGEST)
