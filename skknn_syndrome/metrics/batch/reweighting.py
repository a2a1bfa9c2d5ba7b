"""Scores of one set of predictions under many weights, as of a bootstrap, and without each unit."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from scipy.sparse import csr_array

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.metrics.batch.lost_pairs import LostPairs
from skknn_syndrome.metrics.counting import Tally, TrueClassRanks, true_class_ranks
from skknn_syndrome.metrics.definition import Ranking, Ties
from skknn_syndrome.metrics.registry import find_score, names_for
from skknn_syndrome.metrics.validation import of_unit_scale

TAKEN_CELLS: Final = 1 << 18
"""Units that are taken out at a time, times classes."""


class Reweighting:
    """Scores predictions again and again, each time with other weights of the units that they are of.

    What does not depend on weights is done once: predicted classes, ranks, and the order of the scores.

    Parameters
    ----------
    probabilities : ndarray of shape (n_predictions, n_classes)
        Not negative.
    truth : ndarray of shape (n_predictions,)
        The column of each true class.
    unit : ndarray of int, shape (n_predictions,), optional
        The unit of each prediction, counted from 0; each its own by default.
    predicted : ndarray of shape (n_predictions,), optional
        The column of each predicted class; by default the most probable one, the first of equals.
    names : sequence of str, optional
        The scores; by default those of so many classes.

    Attributes
    ----------
    names : list of str
        The scores, in the order of the result's rows.

    Examples
    --------
    >>> again = Reweighting(np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8]]), np.array([0, 1, 1]))
    >>> again(np.array([[1.0, 1.0, 1.0], [1.0, 0.0, 3.0]]))[2]  # accuracy
    array([0.66666667, 1.        ])
    >>> again.without_each()[2]
    array([0.5, 1. , 0.5])
    """

    def __init__(
        self,
        probabilities: Float64Array,
        truth: IndexArray,
        unit: IndexArray | None = None,
        predicted: IndexArray | None = None,
        names: Sequence[str] | None = None,
    ) -> None:
        self._unit = np.arange(len(truth)) if unit is None else unit
        self._sizes = np.bincount(self._unit).astype(np.float64)
        n_classes, n_units = probabilities.shape[1], len(self._sizes)
        self.names = names_for(n_classes, bounds=False) if names is None else list(names)
        self._ranks = true_class_ranks(probabilities, truth)
        self._lost = LostPairs(probabilities, truth, self._unit, n_units)
        if predicted is None:
            predicted = probabilities.argmax(axis=1)
        hit = predicted == truth
        self._by_class = [
            csr_array((np.ones(len(of)), (of, units)), shape=(n_classes, n_units))
            for of, units in (
                (truth[hit], self._unit[hit]),
                (predicted, self._unit),
                (truth, self._unit),
            )
        ]

    def __call__(self, weights: Float64Array) -> Float64Array:
        """Return the scores of each weighting.

        Parameters
        ----------
        weights : ndarray of shape (n_weightings, n_units)
            Not negative; how often a resample holds each unit, for one.

        Returns
        -------
        ndarray of shape (n_scores, n_weightings)
            As `skknn_syndrome.metrics.score_table.score_probabilities` has them with these sample weights:
            macro means are over the classes that have weight. A score is NaN where it is not defined, as AUC
            is where one class alone has weight, and all are where nothing has.
        """
        of_units = np.ascontiguousarray(of_unit_scale(weights).T)
        return self._score(
            _Counts(
                # In the order of weightings, as sums over the classes depend on it in the last bit.
                Tally(*(np.ascontiguousarray((of_class @ of_units).T) for of_class in self._by_class)),
                self._ranks,
                weigh=lambda chosen: self._sizes_of(chosen) @ of_units,
                lose=lambda negative: self._lost.weigh(of_units, np.ascontiguousarray(negative.T)).T,
            )
        )

    def without_each(self) -> Float64Array:
        """Return the scores of all predictions but those of one unit, for each unit.

        Returns
        -------
        ndarray of shape (n_scores, n_units)
            The same as of weights of 1 and one 0, from what the unit itself adds: the time is that of a few
            weightings, however many units there are.
        """
        step = max(TAKEN_CELLS // self._by_class[0].shape[0], 1)
        of_units = [of_class.T.tocsr() for of_class in self._by_class]
        totals: list[Float64Array] = [np.asarray(of_class.sum(axis=1)) for of_class in self._by_class]

        def score(units: slice) -> Float64Array:
            left = (total - own[units].toarray() for total, own in zip(totals, of_units, strict=True))
            return self._score(
                _Counts(
                    Tally(*left),
                    self._ranks,
                    weigh=lambda chosen: np.count_nonzero(chosen) - self._sizes_of(chosen)[units],
                    lose=lambda negative: self._lost.without(units, negative),
                )
            )

        starts = range(0, len(self._sizes), step)
        return np.concatenate([score(slice(first, first + step)) for first in starts], axis=1)

    def _sizes_of(self, chosen: BoolArray) -> Float64Array:
        """Count chosen predictions of each unit."""
        return np.bincount(self._unit, chosen, len(self._sizes)).astype(np.float64)

    def _score(self, counts: "_Counts") -> Float64Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            scores = np.stack([find_score(name).of(counts) for name in self.names])
        scores[:, counts.tally.total == 0] = np.nan
        return scores


@dataclass(frozen=True, eq=False)
class _Counts:
    """Predictions counted under some weightings."""

    tally: Tally
    """Counts of shape (n_weightings, n_classes)."""
    ranks: TrueClassRanks
    weigh: Callable[[BoolArray], Float64Array]
    """From which predictions are meant to their weight, shape (n_weightings,)."""
    lose: Callable[[Float64Array], Float64Array]
    """From the weight of each class's negatives to that of the pairs they win, (n_weightings, n_classes)."""

    def ranking(self, ties: Ties) -> Ranking:
        """Rank the true classes."""
        rank: IndexArray = getattr(self.ranks, ties)
        return Ranking(lambda k: self.weigh(rank <= k) / self.tally.total, lambda: self._pairs)

    @cached_property
    def _pairs(self) -> tuple[Float64Array, Float64Array]:
        true = np.asarray(self.tally.true, dtype=np.float64)
        # Counted, not computed: sums in two orders may leave negatives of 1e-17 where there are none.
        several = self.tally.n_true > 1
        negative = (self.tally.total[..., None] - true) * several[..., None]
        every = true * negative
        return every - self.lose(negative), every
