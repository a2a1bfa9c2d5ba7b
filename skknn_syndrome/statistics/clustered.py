"""Confidence intervals of means, shares and ratios over images, clustered by subject."""

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import t as student_t

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.results.intervals import MeanInterval, Unit
from skknn_syndrome.results.verdicts import CONFIDENCE, ROUNDING


def clustered_mean(
    values: ArrayLike,
    subjects: ArrayLike | None = None,
    unit: Unit | None = None,
    *,
    weights: ArrayLike | None = None,
) -> MeanInterval:
    r"""Return a mean over images with its cluster-robust 95 % interval.

    With the deviations from the mean summed by subject, :math:`e_s = \sum_{i \in s} w_i (g_i - \bar g)`, over
    images of :math:`n` subjects that weigh :math:`W = \sum_i w_i`,

    .. math:: SE = \frac{1}{W} \sqrt{\frac{n}{n - 1} \sum_s e_s^2}

    and Student's t with n - 1 degrees of freedom [1]_, [2]_. Where each subject has one value, or weighs 1,
    it is the ordinary t interval of the subjects' means.

    Parameters
    ----------
    values : array-like of shape (n_values,)
        At least one.
    subjects : array-like of shape (n_values,), optional
        The subject, or another cluster, of each value; without them every value is a unit of its own.
    unit : {"subjects", "images"}, optional
        What the clusters are; "images" by default where there are no subjects.
    weights : array-like of shape (n_values,), optional
        Above 0; 1 each without. With those of `skknn_syndrome.statistics.conformal.subject_weights` each
        subject counts once, however many images it has.

    Returns
    -------
    MeanInterval

    References
    ----------
    .. [1] K.-Y. Liang and S. L. Zeger, "Longitudinal data analysis using generalized linear models",
       Biometrika 73(1), 1986. doi:10.1093/biomet/73.1.13
    .. [2] A. C. Cameron and D. L. Miller, "A Practitioner's Guide to Cluster-Robust Inference", Journal of
       Human Resources 50(2), 2015. doi:10.3368/jhr.50.2.317

    Examples
    --------
    >>> found = clustered_mean([1.0, 0.0, 1.0, 1.0], ["ann", "ann", "bob", "cid"])
    >>> found.estimate, round(found.low, 2), round(found.high, 2), found.n_units
    (0.75, -0.06, 1.56, 3)
    >>> clustered_mean([1.0, 0.0, 1.0], ["ann", "ann", "bob"], weights=[0.5, 0.5, 1.0]).estimate
    0.75
    """
    found = np.asarray(values, dtype=np.float64)
    clusters = np.arange(len(found)) if subjects is None else np.unique(subjects, return_inverse=True)[1]
    weighed = np.ones(len(found)) if weights is None else np.asarray(weights, dtype=np.float64)
    total = float(weighed.sum())
    estimate = float((weighed * found).sum() / total)
    sums = np.bincount(clusters, weighed * (found - estimate))
    n_units = len(sums)
    low = high = None
    if n_units > 1 and np.abs(sums).max() > ROUNDING * np.abs(found).max():
        error = float(np.sqrt(n_units / (n_units - 1) * (sums**2).sum())) / total
        half = float(student_t.ppf((1 + CONFIDENCE) / 2, n_units - 1)) * error
        low, high = estimate - half, estimate + half
    return MeanInterval(
        estimate=estimate,
        low=low,
        high=high,
        unit=unit or ("images" if subjects is None else "subjects"),
        n_units=n_units,
        confidence=CONFIDENCE,
    )


def clustered_share(
    hits: ArrayLike,
    subjects: ArrayLike | None = None,
    unit: Unit | None = None,
    *,
    weights: ArrayLike | None = None,
) -> MeanInterval:
    r"""Return a share of images with its 95 % interval of Wilson, for clustered images.

    The interval of Wilson [1]_ stays between 0 and 1, and has a width where the share is 0 or 1. In the place
    of the number of images it takes the effective sample size [2]_, that of independent images with the
    cluster-robust standard error of `clustered_mean`, :math:`p (1 - p) / SE^2`, which is at most the number
    of images, or with weights :math:`(\sum w)^2 / \sum w^2`; where no image or each one is a hit it is the
    number of subjects. The quantile is Student's with n - 1 degrees of freedom.

    Parameters
    ----------
    hits : array-like of bool of shape (n_values,)
        At least one.
    subjects, unit, weights
        As in `clustered_mean`.

    Returns
    -------
    MeanInterval
        Without an interval where there is one subject alone.

    References
    ----------
    .. [1] E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical Inference", JASA 22(158),
       1927. doi:10.1080/01621459.1927.10502953
    .. [2] E. L. Korn and B. I. Graubard, "Confidence Intervals for Proportions with Small Expected Number of
       Positive Counts Estimated from Survey Data", Survey Methodology 24(2), 1998.

    Examples
    --------
    >>> found = clustered_share([True, False, True, True], ["ann", "ann", "bob", "cid"])
    >>> found.estimate, round(found.low, 2), round(found.high, 2)
    (0.75, 0.1, 0.99)
    """
    found = clustered_mean(np.asarray(hits, dtype=np.float64), subjects, unit, weights=weights)
    weighed = np.ones(np.size(hits)) if weights is None else np.asarray(weights, dtype=np.float64)
    if found.n_units == 1:
        return found
    share, quantile = found.estimate, float(student_t.ppf((1 + CONFIDENCE) / 2, found.n_units - 1))
    n_effective = float(found.n_units if share in {0.0, 1.0} else weighed.sum() ** 2 / (weighed**2).sum())
    if found.high is not None:
        error = (found.high - share) / quantile
        n_effective = min(n_effective, share * (1 - share) / error**2)
    added = quantile**2 / n_effective
    centre = (share + added / 2) / (1 + added)
    half = math.sqrt(added * (share * (1 - share) + added / 4)) / (1 + added)
    return found.revised(low=max(centre - half, 0.0), high=min(centre + half, 1.0))


def clustered_subset_difference(
    values: ArrayLike, chosen: ArrayLike, subjects: ArrayLike | None = None, unit: Unit | None = None
) -> MeanInterval:
    r"""Return the mean over some of the images minus the mean over all, with its interval.

    The mean over a chosen part is a ratio, whose numerator and denominator both vary. It is linearised [1]_:
    with :math:`a_i` 1 for the chosen, their share :math:`\bar a` and mean :math:`r`, image i adds

    .. math:: z_i = \frac{a_i (g_i - r)}{\bar a} - (g_i - \bar g)

    to the difference, and the interval is that of the mean of :math:`z_i`, see `clustered_mean`. Which images
    are chosen is taken as given.

    Parameters
    ----------
    values : array-like of shape (n_values,)
    chosen : array-like of bool of shape (n_values,)
        At least one.
    subjects, unit
        As in `clustered_mean`.

    Returns
    -------
    MeanInterval

    References
    ----------
    .. [1] R. S. Woodruff, "A Simple Method for Approximating the Variance of a Complicated Estimate", JASA
       66(334), 1971. doi:10.1080/01621459.1971.10482279

    Examples
    --------
    >>> clustered_subset_difference([1.0, 0.0, 0.0, 1.0], [True, True, True, False]).estimate
    -0.166...
    """
    found = np.asarray(values, dtype=np.float64)
    taken = np.asarray(chosen, dtype=np.float64)
    of_chosen = float((taken * found).sum() / taken.sum())
    influence: Float64Array = taken * (found - of_chosen) / taken.mean() - (found - found.mean())
    return clustered_mean(of_chosen - found.mean() + influence, subjects, unit)


def mean_of_shares(shares: ArrayLike, unit: Unit) -> MeanInterval:
    """Return the mean of shares, one at least, its t interval cut off at 0 and 1.

    Examples
    --------
    >>> found = mean_of_shares([0.0, 0.1], "syndromes")
    >>> found.estimate, found.low, round(found.high, 2), found.n_units
    (0.05, 0.0, 0.69, 2)
    """
    found = clustered_mean(shares, unit=unit)
    if found.low is None or found.high is None:
        return found
    return found.revised(low=max(found.low, 0.0), high=min(found.high, 1.0))


def independent_units(rows: IndexArray, subjects: LabelArray | None) -> tuple[LabelArray, Unit]:
    """Return what is independent in predictions of some images: their subjects, or the images themselves.

    Parameters
    ----------
    rows : array of shape (n_predictions,)
        The images; in repeated folds each comes several times.
    subjects : array of shape (n_images,) or None

    Returns
    -------
    array of shape (n_predictions,)
        As `clustered_mean` takes it.
    {"subjects", "images"}

    Examples
    --------
    >>> independent_units(np.array([0, 1, 0]), None)
    (array([0, 1, 0]), 'images')
    """
    return (rows, "images") if subjects is None else (subjects[rows], "subjects")
