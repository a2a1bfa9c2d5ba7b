"""Scores of predicted groups, resampled by subject: accuracy, macro and weighted F1, reports by class."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.special import stdtrit

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.levels.result import SCORES, ClassScores, LabelScores, SizeScores
from skknn_syndrome.metrics.batch.reweighting import TAKEN_CELLS
from skknn_syndrome.metrics.counting import CountArray, Tally
from skknn_syndrome.metrics.scores import accuracy, f1_weighted
from skknn_syndrome.results.intervals import MeanInterval, Unit
from skknn_syndrome.results.verdicts import CONFIDENCE, ROUNDING
from skknn_syndrome.statistics.clustered import clustered_share

SIZES = (1, 2, 3, 5, 10, 20, 50, 100, 1_000)
"""From how many units on classes are of the next size."""


class GroupTally:
    """Predictions of one level, counted by unit and group.

    Parameters
    ----------
    truth : ndarray of shape (n_images,)
    predicted : ndarray of shape (n_images,) or (n_draws, n_images)
        Of several draws, each counts for its share.
    unit : ndarray of shape (n_images,)
        Counted from 0.
    n_groups : int

    Examples
    --------
    >>> tally = GroupTally(np.array([0, 0, 1]), np.array([0, 1, 1]), np.array([0, 0, 1]), 2)
    >>> tally.all.round(3), tally.without_each[0]
    (array([0.667, 0.667, 0.667]), array([1. , 0.5]))
    """

    def __init__(self, truth: IndexArray, predicted: IndexArray, unit: IndexArray, n_groups: int) -> None:
        said = np.atleast_2d(predicted)
        truths, units = np.broadcast_to(truth, said.shape), np.broadcast_to(unit, said.shape)
        hit = said == truths
        shape = int(unit.max()) + 1, n_groups
        self.counts = [
            csr_array((np.full(of.size, 1 / len(said)), (by.ravel(), of.ravel())), shape=shape)
            for by, of in ((units[hit], truths[hit]), (units, said), (units, truths))
        ]

    @cached_property
    def all(self) -> Float64Array:
        """Shape (n_scores,): of all units."""
        return self._score([np.asarray(counts.sum(axis=0))[None] for counts in self.counts])[:, 0]

    @cached_property
    def without_each(self) -> Float64Array:
        """Shape (n_scores, n_units): without each unit; macro F1 stays one over the same groups."""
        n_units, n_groups = self.counts[0].shape
        step = max(TAKEN_CELLS // n_groups, 1)
        totals = [counts.sum(axis=0) for counts in self.counts]

        def left(first: int) -> list[CountArray]:
            of_units = (counts[first : first + step].toarray() for counts in self.counts)
            return [total - own for total, own in zip(totals, of_units, strict=True)]

        return np.concatenate([self._score(left(first)) for first in range(0, n_units, step)], axis=1)

    def _score(self, counts: Sequence[CountArray]) -> Float64Array:
        tally = Tally(*counts)
        each = tally.ratio(2 * tally.hits, tally.true + tally.predicted)
        _, predicted, true = (np.asarray(found.sum(axis=0)) for found in self.counts)
        n_present = np.count_nonzero(predicted + true)
        return np.stack([accuracy(tally), each.sum(axis=-1) / n_present, f1_weighted(tally)])


def with_intervals(
    estimates: Float64Array, without: Float64Array, unit: Unit, *, least: float = 0.0
) -> LabelScores:
    r"""Return scores, or differences, with jackknife intervals over units.

    .. math:: \hat\theta \pm t_{n - 1} \sqrt{\frac{n - 1}{n} \sum_i (\theta_i - \bar\theta)^2}

    with :math:`\theta_i` without unit i [1]_. Of hundreds of species with a handful of subjects each, many
    are missing from a bootstrap sample: on the swallowtails of docs/levels.md macro F1 is 1.4 standard errors
    lower there, and the BCa interval did not hold the score itself. In 300 simulations of such data this
    interval holds the expected score in 97 % for 300 species of 4 subjects each, and in 96 to 100 % for 30
    genera of 2 to 119.

    Parameters
    ----------
    estimates : ndarray of shape (n_scores,)
    without : ndarray of shape (n_scores, n_units)
    unit : {"subjects", "images"}
    least : float
        What is possible: 0 of scores, -1 of differences.

    References
    ----------
    .. [1] B. Efron and C. Stein, "The jackknife estimate of variance", Annals of Statistics 9, 1981.
       doi:10.1214/aos/1176345462
    """
    n_units = without.shape[1]
    around = without - without.mean(axis=1, keepdims=True)
    errors = np.sqrt((n_units - 1) / n_units * (around**2).sum(axis=1))
    half = float(stdtrit(n_units - 1, (1 + CONFIDENCE) / 2)) * errors
    found = {
        name: MeanInterval(
            estimate=estimate,
            low=max(least, estimate - width) if width > ROUNDING else None,
            high=min(1.0, estimate + width) if width > ROUNDING else None,
            unit=unit,
            n_units=n_units,
        )
        for name, estimate, width in zip(SCORES, estimates.tolist(), half.tolist(), strict=True)
    }
    return LabelScores(**found)


def report_classes(
    truth: IndexArray, predicted: IndexArray, unit: IndexArray, groups: LabelArray
) -> tuple[ClassScores, ...]:
    """Return precision, recall and F1 of each group, 0 where nothing is predicted or true."""
    n_groups = len(groups)
    tally = Tally(
        np.bincount(truth[truth == predicted], minlength=n_groups),
        np.bincount(predicted, minlength=n_groups),
        np.bincount(truth, minlength=n_groups),
    )
    precision = tally.ratio(tally.hits, tally.predicted)
    f1 = tally.ratio(2 * tally.hits, tally.predicted + tally.true)
    sizes = units_of_groups(truth, unit, n_groups)
    return tuple(
        ClassScores(label=str(label), n_images=int(images), n_units=int(size), precision=p, recall=r, f1=f)
        for label, images, size, p, r, f in zip(
            groups, tally.true, sizes, precision.tolist(), tally.recalls.tolist(), f1.tolist(), strict=True
        )
    )


def units_of_groups(truth: IndexArray, unit: IndexArray, n_groups: int) -> IndexArray:
    """Return how many units each group has."""
    pairs = np.unique(np.stack([truth, unit]), axis=1)
    return np.bincount(pairs[0], minlength=n_groups)


def score_by_size(
    truth: IndexArray, right: BoolArray, unit: IndexArray, n_groups: int, kind: Unit
) -> tuple[SizeScores, ...]:
    """Return accuracy on the images of small, larger and large groups."""
    sizes = units_of_groups(truth, unit, n_groups)
    found = []
    for smallest, above in zip(SIZES, (*SIZES[1:], None), strict=True):
        groups = (sizes >= smallest) & (sizes < (np.inf if above is None else above))
        chosen = groups[truth]
        if chosen.any():
            found.append(
                SizeScores(
                    smallest=smallest,
                    largest=None if above is None else above - 1,
                    n_classes=int(groups.sum()),
                    n_images=int(chosen.sum()),
                    accuracy=clustered_share(right[chosen], unit[chosen], kind),
                )
            )
    return tuple(found)
