"""Reliability curves, expected and maximum calibration error."""

from dataclasses import dataclass
from numbers import Integral
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import check_scalar

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics.calibration.proper_scores import check_probabilities

Binning: TypeAlias = Literal["equal_width", "equal_mass"]
"""Bins of the same width between 0 and 1, or with as many samples each."""

N_BINS = 15
"""As in Guo et al."""


@dataclass(frozen=True, eq=False, slots=True)
class ReliabilityCurve:
    """Bins of confidence that hold samples, rising; each array has the shape (n_bins,)."""

    lower: Float64Array
    """Where the bin begins; of bins of equal mass, the least confidence in it."""
    upper: Float64Array
    """Where it ends, which belongs to it; of bins of equal mass, the greatest confidence in it."""
    counts: IndexArray
    """Samples, at least one."""
    confidence: Float64Array
    """Their mean confidence."""
    accuracy: Float64Array
    """The share of them whose most probable class is the true one."""

    @property
    def expected_error(self) -> float:
        """Mean distance between confidence and accuracy, each bin weighed by its samples."""
        return float(np.average(np.abs(self.accuracy - self.confidence), weights=self.counts))

    @property
    def maximum_error(self) -> float:
        """Greatest distance between confidence and accuracy."""
        return float(np.abs(self.accuracy - self.confidence).max())


def reliability_curve(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    n_bins: int = N_BINS,
    binning: Binning = "equal_width",
) -> ReliabilityCurve:
    r"""Mean confidence and accuracy in bins of confidence.

    Confidence is the probability of the most probable class, the first of equals; only whether that class is
    the true one counts (top-label calibration [1]_). Bins of equal width are :math:`((b-1)/B, b/B]`. Bins of
    equal mass [2]_ hold :math:`N/B` samples each, as far as that goes: equally confident samples stay
    together, in the bin of the middle of their ranks, so that the order of the samples changes nothing.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True labels.
    y_proba : array-like of shape (n_samples, n_classes)
        Probabilities.
    labels : array-like of shape (n_classes,), optional
        Sorted classes of the columns; those in `y_true` by default.
    n_bins : int, default=15
        Bins; those without samples are left out.
    binning : {"equal_width", "equal_mass"}, default="equal_width"

    Returns
    -------
    ReliabilityCurve

    Raises
    ------
    ValueError
        Labels and probabilities don't fit together, or there is no bin.

    References
    ----------
    .. [1] C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On Calibration of Modern Neural Networks", ICML
       2017. arXiv:1706.04599
    .. [2] J. Nixon, M. Dusenberry, L. Zhang, G. Jerfel and D. Tran, "Measuring Calibration in Deep Learning",
       CVPR Workshops 2019. arXiv:1904.01685

    Examples
    --------
    >>> curve = reliability_curve([0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], n_bins=2)
    >>> curve.counts, curve.confidence.round(2), curve.accuracy.round(2)
    (array([3]), array([0.77]), array([0.67]))
    """
    check_scalar(n_bins, "n_bins", Integral, min_val=1)
    truth, probabilities = check_probabilities(y_true, y_proba, labels)
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == truth
    bins = _equal_mass(confidence, n_bins) if binning == "equal_mass" else _equal_width(confidence, n_bins)
    occupied, places, counts = np.unique(bins, return_inverse=True, return_counts=True)
    lower, upper = occupied / n_bins, (occupied + 1) / n_bins
    if binning == "equal_mass":
        lower, upper = np.full(len(occupied), np.inf), np.full(len(occupied), -np.inf)
        np.minimum.at(lower, places, confidence)
        np.maximum.at(upper, places, confidence)
    return ReliabilityCurve(
        lower=lower,
        upper=upper,
        counts=counts,
        confidence=np.bincount(places, confidence) / counts,
        accuracy=np.bincount(places, right) / counts,
    )


def _equal_width(confidence: Float64Array, n_bins: int) -> IndexArray:
    # Compared with b / B, correctly rounded, as votes of 3 in 15 are: a product would put some a bin higher.
    edges = np.arange(1, n_bins + 1) / n_bins
    return np.searchsorted(edges, confidence, side="left")


def _equal_mass(confidence: Float64Array, n_bins: int) -> IndexArray:
    rising = np.sort(confidence)
    below, up_to = (np.searchsorted(rising, confidence, side=side) for side in ("left", "right"))
    # Twice the middle of the ranks that equals share, from 2 to 2 N, so that all is in whole numbers.
    bins: IndexArray = ((below + 1 + up_to) * n_bins - 1) // (2 * len(confidence))
    return bins


def expected_calibration_error(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    n_bins: int = N_BINS,
    binning: Binning = "equal_width",
) -> float:
    r"""Mean distance between confidence and accuracy over bins of confidence.

    .. math:: \sum_b \frac{n_b}{N} \left| \mathrm{acc}_b - \mathrm{conf}_b \right|

    over the bins of `reliability_curve` [1]_ [2]_; with bins of equal mass, the adaptive form [3]_ of the
    most probable class. It lies in [0, 1], and is at least :math:`|\mathrm{acc} - \mathrm{conf}|` of all
    samples. It depends on the bins; with few samples in a bin, noise alone keeps it above 0.

    Parameters
    ----------
    y_true, y_proba, labels, n_bins, binning
        As in `reliability_curve`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As in `reliability_curve`.

    References
    ----------
    .. [1] M. P. Naeini, G. F. Cooper and M. Hauskrecht, "Obtaining Well Calibrated Probabilities Using
       Bayesian Binning", AAAI 2015. doi:10.1609/aaai.v29i1.9602
    .. [2] C. Guo, G. Pleiss, Y. Sun and K. Q. Weinberger, "On Calibration of Modern Neural Networks", ICML
       2017. arXiv:1706.04599
    .. [3] J. Nixon, M. Dusenberry, L. Zhang, G. Jerfel and D. Tran, "Measuring Calibration in Deep Learning",
       CVPR Workshops 2019. arXiv:1904.01685

    Examples
    --------
    Confidences 0.9 and 0.8, right, and 0.6, wrong, in two bins of which one is empty: 2/3 against 2.3/3.

    >>> round(expected_calibration_error([0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], n_bins=2), 3)
    0.1
    """
    return reliability_curve(y_true, y_proba, labels=labels, n_bins=n_bins, binning=binning).expected_error


def maximum_calibration_error(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    n_bins: int = N_BINS,
    binning: Binning = "equal_width",
) -> float:
    r"""Greatest distance between confidence and accuracy over bins of confidence.

    .. math:: \max_b \left| \mathrm{acc}_b - \mathrm{conf}_b \right|

    over the bins of `reliability_curve` that hold samples [1]_. It lies between the expected calibration
    error and 1. One sample in a bin can decide it.

    Parameters
    ----------
    y_true, y_proba, labels, n_bins, binning
        As in `reliability_curve`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As in `reliability_curve`.

    References
    ----------
    .. [1] M. P. Naeini, G. F. Cooper and M. Hauskrecht, "Obtaining Well Calibrated Probabilities Using
       Bayesian Binning", AAAI 2015. doi:10.1609/aaai.v29i1.9602

    Examples
    --------
    >>> round(maximum_calibration_error([0, 1, 1], [[0.9, 0.1], [0.2, 0.8], [0.6, 0.4]], n_bins=4), 3)
    0.6
    """
    return reliability_curve(y_true, y_proba, labels=labels, n_bins=n_bins, binning=binning).maximum_error
