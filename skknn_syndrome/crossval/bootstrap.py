"""Bootstrap confidence intervals of pooled out-of-fold scores, over subjects."""

import math
from collections.abc import Collection, Sequence

import numpy as np
from scipy.special import ndtr, ndtri, stdtrit

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.crossval.out_of_fold import OutOfFold, OutOfFoldRecord
from skknn_syndrome.crossval.resamples import Resampled, Resamples
from skknn_syndrome.metrics.registry import find_score, top_ks
from skknn_syndrome.results.intervals import Interval, PooledDifference, PooledIntervals, PooledScores
from skknn_syndrome.results.verdicts import CONFIDENCE, ROUNDING

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
    quantile = math.sqrt(spread / resampled) * float(stdtrit(freedom, (1 + confidence) / 2))
    return min(1 - 2 * float(ndtr(-quantile)), LARGEST)


def pool_scores(
    record: OutOfFoldRecord, resamples: Resamples | None = None, *, confidence: float = CONFIDENCE
) -> PooledScores:
    """Score pooled out-of-fold predictions of one candidate, with intervals.

    Parameters
    ----------
    record : OutOfFoldRecord
        Predictions of one candidate.
    resamples : Resamples, optional
        To be shared with other intervals, so that no record is scored twice.
    confidence : float
        Of two-sided intervals.

    Returns
    -------
    PooledScores
        A resample that lacks a class has macro means over the others.
    """
    found = pool_predictions(record, record.labels, record.subjects, resamples, confidence=confidence)
    return PooledScores(
        protocol=record.protocol,
        head=record.candidate.head,
        params=record.candidate.params,
        **dict(found),
    )


def pool_predictions(
    said: OutOfFold,
    labels: LabelArray,
    subjects: LabelArray | None,
    resamples: Resamples | None = None,
    *,
    confidence: float = CONFIDENCE,
) -> PooledIntervals:
    """Score pooled out-of-fold predictions, whoever made them, with intervals.

    Parameters
    ----------
    said : OutOfFold
    labels : array of shape (n_images,)
        The class of each image of the data set.
    subjects : array of shape (n_images,) or None
        The subject of each, None where the data has no subjects.
    resamples, confidence
        As in `pool_scores`.

    Returns
    -------
    PooledIntervals

    References
    ----------
    .. [1] B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", Chapman & Hall 1993, chapter 14.
    .. [2] C. A. Field and A. H. Welsh, "Bootstrapping clustered data", J. R. Stat. Soc. B 69, 2007.
       doi:10.1111/j.1467-9868.2007.00593.x
    .. [3] C. J. Clopper and E. S. Pearson, "The use of confidence or fiducial limits illustrated in the case
       of the binomial", Biometrika 26, 1934. doi:10.1093/biomet/26.4.404
    """
    resamples = resamples or Resamples()
    certain = certain_scores(said.probabilities.shape[1])
    return pooled_intervals(resamples.of(said, labels, subjects), certain, confidence=confidence)


def certain_scores(n_classes: int) -> frozenset[str]:
    """Return the top-k accuracies that are 1 whatever is predicted: of as many classes as there are.

    Examples
    --------
    >>> sorted(certain_scores(3))
    ['top_3_accuracy', 'top_5_accuracy']
    """
    return frozenset(f"top_{k}_accuracy" for k in top_ks() if k >= n_classes)


def pooled_intervals(
    found: Resampled, certain: Collection[str] = (), *, confidence: float = CONFIDENCE
) -> PooledIntervals:
    """Return scores with intervals from their resamples.

    Parameters
    ----------
    found : Resampled
    certain : collection of str
        Scores that are 1 whatever is predicted, and have no interval.
    confidence : float
        Of two-sided intervals.
    """
    return PooledIntervals(
        unit=found.units.kind,
        n_units=found.units.n_units,
        n_resamples=found.resampled.shape[1],
        confidence=confidence,
        all_scores=tuple(
            interval if interval.score in certain else _exact(interval, found.units.n_units, confidence)
            for interval in intervals_of(found, confidence=confidence)
        ),
    )


def pool_difference(
    first: OutOfFoldRecord,
    second: OutOfFoldRecord,
    resamples: Resamples | None = None,
    *,
    confidence: float = CONFIDENCE,
) -> PooledDifference:
    """Compare two candidates, or one under two protocols, on the same resamples.

    Parameters
    ----------
    first, second : OutOfFoldRecord
        Predictions of the same images.
    resamples, confidence
        As in `pool_scores`.

    Returns
    -------
    PooledDifference
        First minus second; a difference that is the same in every resample has no interval.
    """
    resamples = resamples or Resamples()
    found = resamples.of_record(first).minus(resamples.of_record(second))
    by_protocol = first.protocol != second.protocol
    return PooledDifference(
        kind="protocol" if by_protocol else "distance",
        first=first.protocol if by_protocol else first.candidate.variant,
        second=second.protocol if by_protocol else second.candidate.variant,
        variant=first.candidate.variant if by_protocol else None,
        unit=found.units.kind,
        n_resamples=resamples.n_resamples,
        confidence=confidence,
        all_scores=intervals_of(found, confidence=confidence),
    )


def intervals_of(found: Resampled, *, confidence: float = CONFIDENCE) -> tuple[Interval, ...]:
    """Return the interval of each score, or of each difference of scores."""
    levels = quantile_levels(found, confidence=confidence)
    figures = zip(found.names, found.estimates.tolist(), found.resampled, found.without, levels, strict=True)
    return tuple(_interval(*figure) for figure in figures)


def quantile_levels(found: Resampled, *, confidence: float = CONFIDENCE) -> list[float]:
    """Return the level of each score's quantiles: shares rest on all units, macro means on each class's."""
    levels = {
        True: expanded_level(confidence, [found.units.n_units]),
        False: expanded_level(confidence, found.units.by_class),
    }
    return [levels[_is_share(name)] for name in found.names]


def _is_share(name: str) -> bool:
    """Return whether a score is a share of all predictions; the others are means over the classes."""
    return find_score(name).score.proportion


def _interval(
    score: str, estimate: float, resampled: Float64Array, without: Float64Array, level: float
) -> Interval:
    if (
        not len(resampled) or not np.ptp(resampled) > ROUNDING
    ):  # none; the same in every resample, or not defined in one of them
        defined = estimate if math.isfinite(estimate) else None
        nothing = dict.fromkeys(("percentile_low", "percentile_high", "bca_low", "bca_high"))
        return Interval(score=score, estimate=defined, **nothing)
    tail = (1 - level) / 2
    tails = bca_tails(estimate, resampled, without, level)
    low, high = np.quantile(resampled, [tail, 1 - tail]).tolist()
    bca_low, bca_high = (None, None) if tails is None else np.quantile(resampled, tails).tolist()
    return Interval(
        score=score,
        estimate=estimate,
        percentile_low=low,
        percentile_high=high,
        bca_low=bca_low,
        bca_high=bca_high,
        level=level,
    )


def bca_tails(
    estimate: float, resampled: Float64Array, without: Float64Array, level: float
) -> tuple[float, float] | None:
    r"""Return which quantiles of the resamples are the ends of the bias-corrected and accelerated interval.

    .. math:: \Phi\left(z_0 + \frac{z_0 \pm z}{1 - a (z_0 \pm z)}\right), \qquad
       a = \frac{\sum (\bar\theta - \theta_i)^3}{6 \left(\sum (\bar\theta - \theta_i)^2\right)^{3/2}},

    with :math:`z_0` that of the share of resamples below the estimate, those that equal it counting half,
    and :math:`\theta_i` the jackknife's values [1]_.

    Parameters
    ----------
    estimate : float
    resampled : ndarray of shape (n_resamples,)
    without : ndarray of shape (n_units,)
        The figure of all units but one.
    level : float

    Returns
    -------
    tuple of float, or None
        None where they are not defined: all resamples lie on one side of the estimate, or the figure does not
        depend on any unit, or is not defined without one.

    References
    ----------
    .. [1] B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", Chapman & Hall 1993, chapter 14.

    Examples
    --------
    >>> data = np.array([1.0, 2.0, 3.0, 10.0])
    >>> low, high = bca_tails(4.0, np.array([2.0, 3.0, 4.0, 5.0, 6.0]), (16.0 - data) / 3, 0.9)
    >>> round(low, 3), round(high, 3)
    (0.074, 0.972)
    """
    n_below = np.count_nonzero(resampled < estimate) + np.count_nonzero(resampled <= estimate)
    bias = ndtri(n_below / (2 * len(resampled)))
    influence = without.mean() - without
    shifted = bias + ndtri((1 - level) / 2) * np.array([1, -1])
    with np.errstate(divide="ignore", invalid="ignore"):
        acceleration = np.sum(influence**3) / np.sum(influence**2) ** 1.5 / 6
        low, high = ndtr(bias + shifted / (1 - acceleration * shifted)).tolist()
    return (low, high) if math.isfinite(low + high) else None


def _exact(interval: Interval, n_units: int, confidence: float) -> Interval:
    r"""Give a proportion of none or of all its exact interval.

    Of n independent units, all of which are right, Clopper and Pearson's interval goes from
    :math:`(\alpha / 2)^{1/n}` to 1; that of none is its mirror image.
    """
    if not _is_share(interval.score) or interval.estimate not in {0.0, 1.0}:
        return interval
    far = ((1 - confidence) / 2) ** (1 / n_units)
    low, high = (far, 1.0) if interval.estimate else (0.0, 1 - far)
    return interval.revised(exact_low=low, exact_high=high)
