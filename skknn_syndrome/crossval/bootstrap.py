"""Bootstrap confidence intervals of pooled out-of-fold scores, over subjects."""

import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from scipy.stats import DegenerateDataWarning, bootstrap, norm
from scipy.stats import t as student_t

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.crossval.out_of_fold import OutOfFold, OutOfFoldRecord
from skknn_syndrome.metrics.batch.scoring import Reweighting
from skknn_syndrome.metrics.registry import find_score, names_for, top_ks
from skknn_syndrome.results.intervals import Interval, PooledDifference, PooledIntervals, PooledScores, Unit
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
    quantile = math.sqrt(spread / resampled) * float(student_t.ppf((1 + confidence) / 2, freedom))
    return min(1 - 2 * float(norm.sf(quantile)), LARGEST)


@dataclass(frozen=True, eq=False)
class Units:
    """What is drawn again."""

    kind: Unit
    n_units: int
    of_image: IndexArray
    """Shape (n_images,): the unit that each image belongs to."""
    by_class: tuple[int, ...]
    """Units of each class."""


def units_of(labels: LabelArray, subjects: LabelArray | None) -> Units:
    """Return subjects as units, or images where there are no subjects.

    Examples
    --------
    >>> units = units_of(np.array(["a", "a", "b"]), np.array(["ann", "ann", "bob"]))
    >>> units.of_image, units.by_class
    (array([0, 0, 1]), (1, 1))
    """
    if subjects is None:
        return Units("images", len(labels), np.arange(len(labels)), _counted(labels))
    names, numbers = np.unique(subjects, return_inverse=True)
    pairs = np.unique(np.stack([np.unique(labels, return_inverse=True)[1], numbers]), axis=1)
    return Units("subjects", len(names), numbers, _counted(pairs[0]))


def _counted(labels: LabelArray) -> tuple[int, ...]:
    return tuple(np.unique(labels, return_counts=True)[1].tolist())


N_RESAMPLES = 2000
BATCH_CELLS = 2**20
"""Weights held at a time."""

Score = Callable[[Float64Array], Float64Array]
"""From how often each unit was drawn, shape (n_resamples, n_units), to figures, (n_figures, n_resamples)."""

MIN_UNITS = 2
"""One drawn again and again shows nothing of how others would differ."""


def pool_scores(
    record: OutOfFoldRecord,
    *,
    n_resamples: int = N_RESAMPLES,
    confidence: float = CONFIDENCE,
    random_state: int | None = 0,
) -> PooledScores:
    """Score pooled out-of-fold predictions of one candidate, with intervals.

    Parameters
    ----------
    record : OutOfFoldRecord
        Predictions of one candidate.
    n_resamples : int
    confidence : float
        Of two-sided intervals.
    random_state : int or None
        Seed of the resamples.

    Returns
    -------
    PooledScores
        A resample that lacks a class has macro means over the others.
    """
    found = pool_predictions(
        record,
        record.labels,
        record.subjects,
        n_resamples=n_resamples,
        confidence=confidence,
        random_state=random_state,
    )
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
    *,
    n_resamples: int = N_RESAMPLES,
    confidence: float = CONFIDENCE,
    random_state: int | None = 0,
) -> PooledIntervals:
    """Score pooled out-of-fold predictions, whoever made them, with intervals.

    Parameters
    ----------
    said : OutOfFold
    labels : array of shape (n_images,)
        The class of each image of the data set.
    subjects : array of shape (n_images,) or None
        The subject of each, None where the data has no subjects.
    n_resamples, confidence, random_state
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
    tested = np.unique(said.rows)
    units = units_of(labels[tested], None if subjects is None else subjects[tested])
    intervals = _intervals(
        _scoring(said, labels, tested, units),
        names_for(said.probabilities.shape[1], bounds=False),
        units,
        n_resamples=n_resamples,
        confidence=confidence,
        random_state=random_state,
    )
    certain = {f"top_{k}_accuracy" for k in top_ks() if k >= said.probabilities.shape[1]}
    return PooledIntervals(
        unit=units.kind,
        n_units=units.n_units,
        n_resamples=n_resamples,
        confidence=confidence,
        all_scores=tuple(
            interval if interval.score in certain else _exact(interval, units.n_units, confidence)
            for interval in intervals
        ),
    )


def pool_difference(
    first: OutOfFoldRecord,
    second: OutOfFoldRecord,
    *,
    n_resamples: int = N_RESAMPLES,
    confidence: float = CONFIDENCE,
    random_state: int | None = 0,
) -> PooledDifference:
    """Compare two candidates, or one under two protocols, on the same resamples.

    Parameters
    ----------
    first, second : OutOfFoldRecord
        Predictions of the same images.
    n_resamples, confidence, random_state
        As in `pool_scores`.

    Returns
    -------
    PooledDifference
        First minus second; a difference that is the same in every resample has no interval.
    """
    tested = np.unique(first.rows)
    units = units_of(first.labels[tested], None if first.subjects is None else first.subjects[tested])
    one, other = (_scoring(record, record.labels, tested, units) for record in (first, second))
    intervals = _intervals(
        lambda counts: one(counts) - other(counts),
        names_for(first.probabilities.shape[1], bounds=False),
        units,
        n_resamples=n_resamples,
        confidence=confidence,
        random_state=random_state,
    )
    by_protocol = first.protocol != second.protocol
    return PooledDifference(
        kind="protocol" if by_protocol else "distance",
        first=first.protocol if by_protocol else first.candidate.variant,
        second=second.protocol if by_protocol else second.candidate.variant,
        variant=first.candidate.variant if by_protocol else None,
        unit=units.kind,
        n_resamples=n_resamples,
        confidence=confidence,
        all_scores=intervals,
    )


def _scoring(said: OutOfFold, labels: LabelArray, tested: IndexArray, units: Units) -> Score:
    truth = np.unique(labels, return_inverse=True)[1]
    reweighting = Reweighting(said.probabilities, truth[said.rows])
    unit = units.of_image[np.searchsorted(tested, said.rows)]
    return lambda counts: reweighting(counts[:, unit])


def _intervals(
    score: Score,
    names: Sequence[str],
    units: Units,
    *,
    n_resamples: int,
    confidence: float,
    random_state: int | None,
) -> tuple[Interval, ...]:
    def statistic(drawn: IndexArray, axis: int) -> Float64Array:  # noqa: ARG001  SciPy hands over -1
        return score(_counts(np.atleast_2d(drawn), units.n_units)).reshape(-1, *drawn.shape[:-1])

    everything = np.arange(units.n_units)
    estimates = score(_counts(everything[None], units.n_units)).reshape(-1).tolist()
    if units.n_units < MIN_UNITS:
        return tuple(map(_constant, names, estimates))
    data = (everything,)
    again = partial(bootstrap, data, statistic, vectorized=True, batch=max(1, BATCH_CELLS // units.n_units))
    levels = {
        True: expanded_level(confidence, [units.n_units]),
        False: expanded_level(confidence, units.by_class),
    }
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        # A score that is the same in every resample has no BCa interval: None says so.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        drawn = again(n_resamples=n_resamples, method="percentile", rng=np.random.default_rng(random_state))
        ends = {
            of_share: _ends(partial(again, n_resamples=0, bootstrap_result=drawn), level)
            for of_share, level in levels.items()
        }
    varies = np.ptp(drawn.bootstrap_distribution, axis=-1) > ROUNDING  # False where one is NaN
    return tuple(
        _typed(name, estimate, ends[_is_share(name)][place], levels[_is_share(name)])
        if varies[place]
        else _constant(name, estimate)
        for place, (name, estimate) in enumerate(zip(names, estimates, strict=True))
    )


def _is_share(name: str) -> bool:
    """Return whether a score is a share of all predictions; the others are means over the classes."""
    return find_score(name).score.proportion


def _ends(again: Callable[..., Any], level: float) -> list[list[float]]:
    """Return each figure's ends: percentile low and high, BCa low and high."""
    intervals = [
        again(confidence_level=level, method=method).confidence_interval for method in ("percentile", "BCa")
    ]
    ends: list[list[float]] = np.stack([end for pair in intervals for end in pair], axis=1).tolist()
    return ends


def _counts(drawn: IndexArray, n_units: int) -> Float64Array:
    """Return how often each unit was drawn, from their numbers in each resample."""
    rows = np.arange(len(drawn))[:, None] * n_units
    counts = np.bincount((drawn + rows).reshape(-1), minlength=len(drawn) * n_units)
    return counts.reshape(len(drawn), n_units).astype(np.float64)


def _typed(score: str, estimate: float, ends: Sequence[float], level: float) -> Interval:
    accelerated = all(map(math.isfinite, ends[2:]))
    return Interval(
        score=score,
        estimate=estimate,
        percentile_low=ends[0],
        percentile_high=ends[1],
        bca_low=ends[2] if accelerated else None,
        bca_high=ends[3] if accelerated else None,
        level=level,
    )


def _constant(score: str, estimate: float) -> Interval:
    """Return a figure that is the same in every resample, or not defined in one of them."""
    return Interval(
        score=score,
        estimate=estimate if math.isfinite(estimate) else None,
        percentile_low=None,
        percentile_high=None,
        bca_low=None,
        bca_high=None,
    )


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
