"""Confidence intervals of pooled out-of-fold scores, by drawing subjects again."""

import math
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import DegenerateDataWarning, bootstrap, norm
from scipy.stats import t as student_t

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.metrics.batch.reweighting import Reweighting
from skknn_syndrome.results.uncertainty import Interval, PooledDifference, PooledScores, Unit
from skknn_syndrome.study.out_of_fold import OutOfFoldRecord

N_RESAMPLES = 2000
CONFIDENCE = 0.95

BATCH_CELLS = 2**20
"""Weights held at a time."""

Score = Callable[[Float64Array], Float64Array]
"""From how often each unit was drawn, shape (n_resamples, n_units), to figures, (n_figures, n_resamples)."""


@dataclass(frozen=True, eq=False)
class Units:
    """What is drawn again."""

    kind: Unit
    n_units: int
    of_image: IndexArray
    """Shape (n_images,): the unit that each image of the data set belongs to."""
    fewest: int
    """Units of the class that has fewest."""


def units_of(labels: LabelArray, subjects: LabelArray | None) -> Units:
    """Return subjects as units, or images where there are no subjects.

    Examples
    --------
    >>> units_of(np.array(["a", "a", "b"]), np.array(["ann", "ann", "bob"])).of_image
    array([0, 0, 1])
    """
    if subjects is None:
        return Units("images", len(labels), np.arange(len(labels)), _fewest(labels))
    names, numbers = np.unique(subjects, return_inverse=True)
    pairs = np.unique(np.stack([np.unique(labels, return_inverse=True)[1], numbers]), axis=1)
    return Units("subjects", len(names), numbers, _fewest(pairs[0]))


def _fewest(labels: LabelArray) -> int:
    _, counts = np.unique(labels, return_counts=True)
    return int(counts.min())


def expanded_level(confidence: float, n_units: int) -> float:
    r"""Return the level at which quantiles of resamples make an interval of a given confidence.

    Resamples vary less than samples do, by :math:`\sqrt{(n - 1) / n}`, and their quantiles know nothing of
    Student's: intervals of small samples are too narrow. The expanded level [1]_ is that of

    .. math:: \Phi\bigl(\sqrt{n / (n - 1)}\; t_{n - 1}\bigr)

    for n units. Here they are those of the class that has fewest, on which a macro mean rests most weakly.

    Parameters
    ----------
    confidence : float
    n_units : int
        Taken as 2 at least; the level is 0.999 at most.

    Returns
    -------
    float

    References
    ----------
    .. [1] T. C. Hesterberg, "What Teachers Should Know About the Bootstrap", The American Statistician 69,
       2015. doi:10.1080/00031305.2015.1089789

    Examples
    --------
    >>> round(expanded_level(0.95, 60), 4), round(expanded_level(0.95, 10**6), 4), expanded_level(0.95, 1)
    (0.9564, 0.95, 0.999)
    """
    n = max(n_units, 2)
    quantile = math.sqrt(n / (n - 1)) * float(student_t.ppf((1 + confidence) / 2, n - 1))
    return min(1 - 2 * float(norm.sf(quantile)), 0.999)


def pool_scores(
    record: OutOfFoldRecord,
    *,
    n_resamples: int = N_RESAMPLES,
    confidence: float = CONFIDENCE,
    random_state: int | None = 0,
) -> PooledScores:
    """Score pooled out-of-fold predictions, with intervals.

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

    References
    ----------
    .. [1] B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap", Chapman & Hall 1993, chapter 14.
    .. [2] C. A. Field and A. H. Welsh, "Bootstrapping clustered data", J. R. Stat. Soc. B 69, 2007.
       doi:10.1111/j.1467-9868.2007.00593.x
    """
    units = units_of(record.labels, record.subjects)
    intervals = _intervals(
        _scoring(record, units),
        units,
        n_resamples=n_resamples,
        confidence=confidence,
        random_state=random_state,
    )
    return PooledScores(
        protocol=record.protocol,
        metric=record.metric,
        weights=record.weights,
        n_neighbors=record.n_neighbors,
        unit=units.kind,
        n_units=units.n_units,
        n_resamples=n_resamples,
        confidence=confidence,
        level=expanded_level(confidence, units.fewest),
        all_scores=intervals,
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
        Predictions of the same data set.
    n_resamples, confidence, random_state
        As in `pool_scores`.

    Returns
    -------
    PooledDifference
        First minus second.
    """
    units = units_of(first.labels, first.subjects)
    scores = _scoring(first, units), _scoring(second, units)
    intervals = _intervals(
        lambda counts: scores[0](counts) - scores[1](counts),
        units,
        n_resamples=n_resamples,
        confidence=confidence,
        random_state=random_state,
    )
    by_protocol = first.protocol != second.protocol
    return PooledDifference(
        kind="protocol" if by_protocol else "distance",
        first=first.protocol if by_protocol else first.metric,
        second=second.protocol if by_protocol else second.metric,
        metric=first.metric if by_protocol else None,
        unit=units.kind,
        n_resamples=n_resamples,
        confidence=confidence,
        level=expanded_level(confidence, units.fewest),
        all_scores=intervals,
    )


def _scoring(record: OutOfFoldRecord, units: Units) -> Score:
    reweighting = Reweighting(record.probabilities, record.truth)
    unit = units.of_image[record.rows]
    return lambda counts: reweighting(counts[:, unit])


def _intervals(
    score: Score, units: Units, *, n_resamples: int, confidence: float, random_state: int | None
) -> tuple[Interval, ...]:
    def statistic(drawn: IndexArray, axis: int) -> Float64Array:  # noqa: ARG001  SciPy hands over -1
        return score(_counts(np.atleast_2d(drawn), units.n_units)).reshape(-1, *drawn.shape[:-1])

    data = (np.arange(units.n_units),)
    options: Any = {
        "vectorized": True,
        "confidence_level": expanded_level(confidence, units.fewest),
        "batch": max(1, BATCH_CELLS // units.n_units),
        "rng": np.random.default_rng(random_state),
    }
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        # A score that is the same in every resample has no BCa interval: None says so.
        warnings.simplefilter("ignore", DegenerateDataWarning)
        drawn = bootstrap(data, statistic, n_resamples=n_resamples, method="BCa", **options)
        plain = bootstrap(
            data, statistic, n_resamples=0, bootstrap_result=drawn, method="percentile", **options
        )
    estimates = statistic(data[0], axis=-1)
    figures = np.stack([estimates, *plain.confidence_interval, *drawn.confidence_interval], axis=1)
    return tuple(_typed(name, *row) for name, row in zip(Reweighting.names, figures.tolist(), strict=True))


def _counts(drawn: IndexArray, n_units: int) -> Float64Array:
    """Return how often each unit was drawn, from their numbers in each resample."""
    rows = np.arange(len(drawn))[:, None] * n_units
    counts = np.bincount((drawn + rows).reshape(-1), minlength=len(drawn) * n_units)
    return counts.reshape(len(drawn), n_units).astype(np.float64)


def _typed(score: str, *figures: float) -> Interval:
    estimate, low, high, bca_low, bca_high = (figure if math.isfinite(figure) else None for figure in figures)
    accelerated = bca_low is not None and bca_high is not None
    return Interval(
        score=score,
        estimate=estimate,
        percentile_low=low,
        percentile_high=high,
        bca_low=bca_low if accelerated else None,
        bca_high=bca_high if accelerated else None,
    )
