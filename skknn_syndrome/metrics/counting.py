"""Sufficient statistics of scores: counts by class, ranks of true classes, pairs in order."""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from sklearn.utils import column_or_1d

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics.validation import LabelSets, SingleLabels, WeightArray

CountArray: TypeAlias = NDArray[np.integer | np.floating | np.bool_]
"""Counts, or sums of weights."""


class _Counts(NamedTuple):
    hits: CountArray
    """Shape (..., n): predicted and true."""
    predicted: CountArray
    """Shape (..., n): predicted."""
    true: CountArray
    """Shape (..., n), or what broadcasts to it: true."""


class Tally(_Counts):
    """Counts of samples; with weights, the sums of the weights."""

    def pooled(self) -> "Tally":
        """All of them as one, shape (1,)."""
        return Tally(*(np.atleast_1d(counts.sum()) for counts in self))

    @staticmethod
    def ratio(parts: CountArray, totals: CountArray) -> Float64Array:
        """Divide parts by totals; a part of nothing is nothing, and its ratio 0."""
        ratios: Float64Array = parts / np.where(totals > 0, totals, 1)
        return ratios

    @staticmethod
    def products(first: CountArray, second: CountArray) -> Float64Array:
        """Sum products over the classes, in double precision: whole numbers would overflow."""
        factors = (part.astype(np.float64, copy=False) for part in (first, second))
        sums: Float64Array = np.einsum("...k,...k->...", *factors)
        return sums

    @cached_property
    def total(self) -> CountArray:
        """Shape (...): all samples."""
        total: CountArray = self.true.sum(axis=-1)
        return total

    @cached_property
    def exact(self) -> CountArray:
        """Shape (...): samples with all that is said of them right; of single labels the hits."""
        exact: CountArray = self.hits.sum(axis=-1)
        return exact

    @cached_property
    def wrong(self) -> Float64Array:
        """Shape (...): share of the decisions that are wrong: of the samples, or of the labels of samples."""
        wrong: Float64Array = 1 - np.true_divide(self.exact, self.total)
        return wrong

    @cached_property
    def f1_by_sample(self) -> Float64Array:
        """Shape (...): mean F1 of a sample's set of labels; of single labels the share of hits."""
        mean: Float64Array = np.true_divide(self.exact, self.total)
        return mean

    @cached_property
    def recalls(self) -> Float64Array:
        """Shape (..., n): share of a class's samples that are hits; 0 for a class without any."""
        return self.ratio(self.hits, self.true)

    @cached_property
    def n_true(self) -> IndexArray:
        """Shape (...): number of classes that are true somewhere."""
        return _number(self.true > 0)

    @cached_property
    def n_predicted(self) -> IndexArray:
        """Shape (...): number of classes that are predicted somewhere."""
        return _number(self.predicted > 0)

    @cached_property
    def n_present(self) -> IndexArray:
        """Shape (...): number of classes that are one or the other."""
        return _number((self.true > 0) | (self.predicted > 0))


def _number(marked: BoolArray) -> IndexArray:
    number: IndexArray = np.count_nonzero(marked, axis=-1)
    return number


class LabelSetTally(Tally):
    """Counts by label of samples that have any number of labels.

    Every label counts as present: means over labels have 0 for one that never occurs.
    """

    @classmethod
    def of(cls, truth: BoolArray, predicted: BoolArray) -> "LabelSetTally":
        """Count sets of labels.

        Parameters
        ----------
        truth, predicted : ndarray of bool, shape (n_samples, n_labels)

        Returns
        -------
        LabelSetTally
            Counts of shape (n_labels,).

        Examples
        --------
        >>> tally = LabelSetTally.of(np.array([[True, False]]), np.array([[True, True]]))
        >>> tally.hits, tally.exact, tally.total, tally.n_present
        (array([1, 0]), np.int64(0), np.int64(1), np.int64(2))
        >>> tally.wrong, tally.f1_by_sample
        (np.float64(0.5), np.float64(0.666...))
        """
        tally = cls((truth & predicted).sum(axis=0), predicted.sum(axis=0), truth.sum(axis=0))
        # In the place of what a tally would compute: sums by label don't tell how many samples there are.
        tally.total = np.asarray(len(truth))[()]
        tally.exact = (truth == predicted).all(axis=1).sum()
        tally.wrong = (truth != predicted).sum() / max(truth.size, 1)
        both, either = (truth & predicted).sum(axis=1), truth.sum(axis=1) + predicted.sum(axis=1)
        tally.f1_by_sample = tally.ratio(2 * both, either).sum() / max(len(truth), 1)
        tally.n_present = tally.n_true = np.asarray(truth.shape[1])[()]
        return tally


def count(truth: IndexArray, predicted: IndexArray, weights: WeightArray | None, n_classes: int) -> Tally:
    """Count numbers of classes.

    Parameters
    ----------
    truth, predicted : ndarray of int, shape (n_samples,)
        Below `n_classes`.
    weights : ndarray of shape (n_samples,) or None
    n_classes : int

    Returns
    -------
    Tally
        Counts of shape (n_classes,).

    Examples
    --------
    >>> count(np.array([0, 1, 1]), np.array([0, 0, 1]), np.array([1, 2, 4]), 2).hits
    array([1., 4.])
    """
    hit = truth == predicted
    hit_weights = None if weights is None else weights[hit]
    return Tally(
        np.bincount(truth[hit], hit_weights, n_classes),
        np.bincount(predicted, weights, n_classes),
        np.bincount(truth, weights, n_classes),
    )


def counts_by_class(targets: SingleLabels, labels: ArrayLike | None = None) -> Tally:
    """Count the decisions for each class.

    Parameters
    ----------
    targets : SingleLabels
        True and predicted labels.
    labels : array-like of shape (n,), optional
        Classes to count, in this order; those of `targets` by default. One that never occurs counts 0.

    Returns
    -------
    Tally
        One count per class.

    Examples
    --------
    >>> from skknn_syndrome.metrics.validation import check_targets
    >>> hits, predicted, true = counts_by_class(check_targets(["a", "b", "b"], ["a", "a", "b"]))
    >>> hits, predicted, true
    (array([1, 1]), array([2, 1]), array([1, 2]))
    """
    # One bin more than there are classes: it stays empty and serves the labels that never occur.
    counts = count(targets.truth, targets.predicted, targets.weights, len(targets.classes) + 1)
    if labels is None:
        return Tally(*(bins[:-1] for bins in counts))
    position = {label: number for number, label in enumerate(targets.classes.tolist())}
    chosen = np.array([position.get(label, -1) for label in column_or_1d(labels).tolist()], dtype=np.intp)
    return Tally(*(bins[chosen] for bins in counts))


def counts_by_label(targets: LabelSets, columns: ArrayLike | None = None) -> Tally:
    """Count the decisions for each label of an indicator matrix.

    Parameters
    ----------
    targets : LabelSets
        True and predicted sets of labels.
    columns : array-like of int, shape (n,), optional
        Labels to count, in this order; all by default.

    Returns
    -------
    Tally
        One count per label.

    Raises
    ------
    ValueError
        If there is no such column, or a label is no whole number.
    """
    weights = targets.weights
    ones = np.ones(targets.truth.shape[0], dtype=np.intp) if weights is None else weights
    return Tally(*(ones @ indicator for indicator in _indicators(targets, columns)))


def counts_by_sample(targets: LabelSets, columns: ArrayLike | None = None) -> Tally:
    """Count the decisions for each sample of an indicator matrix.

    The weight of a sample cancels out of its own ratios and is left out.

    Parameters
    ----------
    targets : LabelSets
        True and predicted sets of labels.
    columns : array-like of int, optional
        Labels to count; all by default.

    Returns
    -------
    Tally
        One count per sample.

    Raises
    ------
    ValueError
        If there is no such column, or a label is no whole number.
    """
    return Tally(*(indicator.sum(axis=1) for indicator in _indicators(targets, columns)))


def _indicators(targets: LabelSets, columns: ArrayLike | None) -> tuple[csr_array, csr_array, csr_array]:
    """Matrices of hits, predictions and truth, 1 where something is, restricted to the columns."""
    truth, predicted = (
        matrix.astype(np.bool_).astype(np.intp) for matrix in (targets.truth, targets.predicted)
    )
    if columns is not None:
        chosen = _checked_columns(columns, truth.shape[1])
        truth, predicted = truth[:, chosen], predicted[:, chosen]
    return truth.multiply(predicted), predicted, truth


def _checked_columns(columns: ArrayLike, n_labels: int) -> IndexArray:
    given = column_or_1d(columns)
    if given.dtype.kind not in "biuf" or (given % 1 != 0).any():
        message = f"For multilabel targets labels are numbers of columns, got {given.tolist()}."
        raise ParameterError(message, code="not_column_numbers", parameter="labels")
    chosen: IndexArray = given.astype(np.intp)
    if ((chosen < 0) | (chosen >= n_labels)).any():
        above = f"{chosen.max()} > {n_labels - 1}"
        message = "All labels must be in [0, n labels) for multilabel targets. Got "
        message += above if (chosen >= n_labels).any() else f"{chosen.min()} < 0"
        raise ParameterError(message, code="no_such_column", parameter="labels")
    return chosen


class TrueClassRanks(NamedTuple):
    """Rank of each sample's true class, 1 being the highest score; ``best <= by_rule <= worst``."""

    best: IndexArray
    """Shape (n_samples,): the rank if every tie is resolved in favour of the true class."""
    by_rule: IndexArray
    """Shape (n_samples,): the rank by scikit-learn's rule, the later of equal classes first."""
    worst: IndexArray
    """Shape (n_samples,): the rank if every tie is resolved against the true class."""


def true_class_ranks(scores: Float64Array, columns: IndexArray) -> TrueClassRanks:
    """Rank the true class of each sample by counting the classes before it.

    Parameters
    ----------
    scores : ndarray of shape (n_samples, n_classes)
        Scores without NaN, higher for likelier classes.
    columns : ndarray of int, shape (n_samples,)
        The column of each sample's true class.

    Returns
    -------
    TrueClassRanks
        Three arrays of shape (n_samples,), equal where the true class ties with no other.

    Examples
    --------
    >>> import numpy as np
    >>> ranks = true_class_ranks(np.array([[0.2, 0.4, 0.2, 0.2]]), np.array([2]))
    >>> ranks.best, ranks.by_rule, ranks.worst
    (array([2]), array([3]), array([4]))
    """
    own = np.take_along_axis(scores, columns[:, None], axis=1)
    later = np.arange(scores.shape[1]) > columns[:, None]
    better = np.count_nonzero(scores > own, axis=1)
    return TrueClassRanks(
        best=better + 1,
        by_rule=better + np.count_nonzero((scores == own) & later, axis=1) + 1,
        worst=np.count_nonzero(scores >= own, axis=1),
    )


class Sweep:
    """One class against the rest, sorted once: the order of the scores, and which are tied.

    Parameters
    ----------
    scores : ndarray of shape (n_samples,)
        Higher for the class.
    positive : ndarray of bool, shape (n_samples,)
        Which samples are of the class.

    Examples
    --------
    Of four pairs three are in order:

    >>> sweep = Sweep(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True]))
    >>> sweep.pairs(np.ones((1, 4)))
    (array([3.]), array([4.]))
    """

    def __init__(self, scores: Float64Array, positive: BoolArray) -> None:
        self._order = np.argsort(scores, kind="stable")
        ordered = scores[self._order]
        self._positive = np.flatnonzero(positive[self._order])
        self._negative = ~positive[self._order]
        own = ordered[self._positive]
        self._below = np.searchsorted(ordered, own, side="left")
        self._up_to = np.searchsorted(ordered, own, side="right")

    def pairs(self, weights: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Weigh the pairs of a positive and a negative.

        Parameters
        ----------
        weights : ndarray of shape (n_weightings, n_samples)

        Returns
        -------
        won, all : ndarray of shape (n_weightings,)
            Weight of the pairs in which the positive scores more, a tie counting half; and of all pairs.
        """
        ordered = weights[:, self._order]
        negative = np.zeros((len(weights), ordered.shape[1] + 1))
        np.cumsum(ordered * self._negative, axis=1, out=negative[:, 1:])
        positive = ordered[:, self._positive]
        won = np.einsum("ij,ij->i", positive, negative[:, self._below] + negative[:, self._up_to]) / 2
        return won, positive.sum(axis=1) * negative[:, -1]


def pairs_by_class(sweeps: Iterable[Sweep], weights: Float64Array) -> tuple[Float64Array, Float64Array]:
    """Weigh the pairs of each class.

    Parameters
    ----------
    sweeps : iterable of Sweep
        One for each class.
    weights : ndarray of shape (n_weightings, n_samples)

    Returns
    -------
    won, all : ndarray of shape (n_weightings, n_classes)
        As `Sweep.pairs`.

    Examples
    --------
    >>> scores, positive = np.array([0.1, 0.4, 0.8]), np.array([False, True, True])
    >>> pairs_by_class([Sweep(scores, positive), Sweep(-scores, positive)], np.ones((1, 3)))
    (array([[2., 0.]]), array([[2., 2.]]))
    """
    won, all_pairs = zip(*(sweep.pairs(weights) for sweep in sweeps), strict=True)
    return np.stack(won, axis=-1), np.stack(all_pairs, axis=-1)
