"""Mann-Whitney pairs of one set of predictions, weighed again and again without sorting again."""

from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from scipy.sparse import csr_array, vstack

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics.batch.blocks import blocks
from skknn_syndrome.metrics.batch.pairs import pairs_of

STAGE_CELLS: Final = 1 << 17
"""Sums of weights held at a time, so that they stay in a core's cache."""


class _Influence(NamedTuple):
    """What taking out one unit changes, where all weigh 1."""

    lost: Float64Array
    """Shape (n_classes,): pairs lost before anything is taken out."""
    negative: Float64Array
    """Shape (n_classes,): negatives, likewise."""
    of_units: csr_array
    """Shape (n_units, n_classes): pairs lost that have a side in the unit, but for ties at zero."""
    at_zero: Float64Array
    """Shape (n_classes,): positives at zero; of each the unit's negatives take half a pair more."""


class LostPairs:
    """Pairs of a positive and a negative of each class in which the negative scores more.

    Positives of one class and score are a line, the highest score first. A negative beats the lines of lower
    scores, and half beats that of its own. It is entered by halves, in the first line that it reaches and in
    the first that it passes: sums down the lines are what beats each. A negative at zero reaches a positive
    at zero alone, and is not entered: where few neighbours vote, most probabilities are zero.

    Whole weights give exact numbers, in whatever order they are summed.

    Parameters
    ----------
    probabilities : ndarray of shape (n_predictions, n_classes)
        Not negative.
    truth : ndarray of int, shape (n_predictions,)
        The column of each true class.
    unit : ndarray of int, shape (n_predictions,)
        What is weighed: all predictions of a unit have its weight.
    n_units : int

    Examples
    --------
    The only positive of class 0 is at zero: it ties with one negative and loses to the other.

    >>> said, truth = np.array([[0.0, 1.0], [0.0, 1.0], [0.5, 0.5]]), np.array([0, 1, 1])
    >>> pairs = LostPairs(said, truth, np.arange(3), 3)
    >>> pairs.weigh(np.ones((3, 1)), np.array([[2.0], [1.0]])).ravel()
    array([1.5, 1.5])
    """

    def __init__(
        self, probabilities: Float64Array, truth: IndexArray, unit: IndexArray, n_units: int
    ) -> None:
        self._said = probabilities, truth, unit
        own = probabilities[np.arange(len(truth)), truth]
        order = np.lexsort((-own, truth))
        in_order = np.stack([truth[order], own[order]])
        begins = np.append(True, (np.diff(in_order) != 0).any(axis=0))[: len(order)]
        self._class_of_line = truth[order][begins]
        self._edges = np.searchsorted(self._class_of_line, np.arange(probabilities.shape[1] + 1))
        scores = own[order][begins]
        self._at_zero = scores == 0
        shape = (len(scores), n_units)
        self._positive = csr_array((np.ones(len(unit)), (np.cumsum(begins) - 1, unit[order])), shape=shape)
        lines, entered = self._enter(probabilities, truth, scores)
        self._negative = csr_array((np.full(len(lines), 0.5), (lines, unit[entered])), shape=shape)

    def _enter(
        self, probabilities: Float64Array, truth: IndexArray, scores: Float64Array
    ) -> tuple[IndexArray, IndexArray]:
        """Return the lines that negatives above zero are entered in, and the rows of those."""
        above_zero = probabilities > 0
        above_zero[np.arange(len(truth)), truth] = False
        lines, rows = [], []
        for column, (first, stop) in enumerate(pairwise(self._edges.tolist())):
            entered = np.flatnonzero(above_zero[:, column])
            descending, score = -scores[first:stop], -probabilities[entered, column]
            for side in ("left", "right"):
                line = first + np.searchsorted(descending, score, side=side)
                lines.append(line[line < stop])
                rows.append(entered[line < stop])
        return np.concatenate(lines), np.concatenate(rows)

    def weigh(self, weights: Float64Array, negative: Float64Array) -> Float64Array:
        """Weigh the pairs lost, a tie counting half.

        Parameters
        ----------
        weights : ndarray of shape (n_units, n_weightings)
        negative : ndarray of shape (n_classes, n_weightings)
            Of the negatives of each class together.

        Returns
        -------
        ndarray of shape (n_classes, n_weightings)
        """
        lost = np.zeros(negative.shape)
        for classes in self._stages(weights.shape[1]):
            lines = slice(*self._edges[[classes.start, classes.stop]])
            pairs = self._beating(weights, negative, lines)
            pairs *= np.asarray(self._positive[lines] @ weights)
            filled = np.unique(self._class_of_line[lines])
            lost[filled] = np.add.reduceat(pairs, self._edges[filled] - lines.start, axis=0)
        return lost

    def _stages(self, n_weightings: int) -> Iterator[slice]:
        """Classes, as many as have `STAGE_CELLS` sums."""
        first, n_classes = 0, len(self._edges) - 1
        while first < n_classes:
            last_line = self._edges[first] + STAGE_CELLS // n_weightings
            stop = max(int(np.searchsorted(self._edges, last_line, side="right")) - 1, first + 1)
            yield slice(first, stop)
            first = stop

    def _beating(self, weights: Float64Array, negative: Float64Array, lines: slice) -> Float64Array:
        """Return the weight of the negatives that beat each line, shape (n_lines, n_weightings)."""
        beating: Float64Array = self._negative[lines] @ weights
        # Class by class: a difference of sums over all classes would have the error of the largest.
        edges = np.clip(self._edges, lines.start, lines.stop) - lines.start
        for first, stop in pairwise(edges.tolist()):
            np.cumsum(beating[first:stop], axis=0, out=beating[first:stop])
        # All negatives above zero beat a line at zero, all others half of it.
        at_zero = np.flatnonzero(self._at_zero[lines])
        beating[at_zero] += negative[self._class_of_line[lines][at_zero]]
        beating[at_zero] /= 2
        return beating

    def without(self, units: slice, negative: Float64Array) -> Float64Array:
        """Count the pairs that are lost where one unit is taken out, all others weighing 1.

        Parameters
        ----------
        units : slice
            Which are taken out, each by itself.
        negative : ndarray of shape (n_taken, n_classes)
            Negatives that are left.

        Returns
        -------
        ndarray of shape (n_taken, n_classes)
        """
        found = self._influence
        left: Float64Array = found.lost - found.of_units[units].toarray()
        left -= found.at_zero / 2 * (found.negative - negative)
        return left

    @cached_property
    def _influence(self) -> _Influence:
        n_lines, n_units = self._positive.shape
        n_classes = len(self._edges) - 1
        on_line: Float64Array = np.asarray(self._positive.sum(axis=1))
        n_true = np.bincount(self._class_of_line, on_line, n_classes)
        n_negative = n_true.sum() - n_true
        beating = self._beating(np.ones((n_units, 1)), n_negative[:, None], slice(0, n_lines))[:, 0]
        # From each line to the last of its class: what a negative entered there beats.
        weighty = np.where(self._at_zero, on_line / 2, on_line)
        sums = np.append(0.0, np.cumsum(weighty))
        reached = sums[self._edges[self._class_of_line + 1]] - sums[:-1]
        shape, lines = (n_classes, n_lines), np.arange(n_lines)
        by_class = [
            csr_array((of_line, (self._class_of_line, lines)), shape=shape) for of_line in (beating, reached)
        ]
        of_units = by_class[0] @ self._positive + by_class[1] @ self._negative
        return _Influence(
            lost=np.bincount(self._class_of_line, beating * on_line, n_classes).astype(np.float64),
            negative=n_negative,
            of_units=(of_units.T - self._lost_within_units()).tocsr(),
            at_zero=np.bincount(self._class_of_line, on_line * self._at_zero, n_classes).astype(np.float64),
        )

    def _lost_within_units(self) -> csr_array:
        """Count the pairs lost that have both sides in a unit, shape (n_units, n_classes)."""
        probabilities, truth, unit = self._said
        shape = (self._positive.shape[1], probabilities.shape[1])
        order = np.argsort(unit, kind="stable")
        several = np.diff(csr_array((np.ones(len(unit)), (unit, truth)), shape=shape).indptr) > 1
        rows = order[several[unit[order]]]
        if not len(rows):
            return csr_array(shape)
        units, starts = np.unique(unit[rows], return_index=True)
        known = np.ones((len(units), shape[1]), dtype=np.bool_)
        parts = map(pairs_of, blocks(probabilities[None, rows], truth[rows], starts, known))
        lost = vstack([csr_array(n_pairs - won[0]) for won, n_pairs in parts], format="coo")
        return csr_array((lost.data, (units[lost.row], lost.col)), shape=shape)
