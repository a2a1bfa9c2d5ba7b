"""Tallies of decisions by class, from which scores of labels follow: how many were right, made and due."""

from functools import cached_property
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from sklearn.utils import column_or_1d

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.metrics.targets import LabelSets, SingleLabels, WeightArray

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
        """
        tally = cls((truth & predicted).sum(axis=0), predicted.sum(axis=0), truth.sum(axis=0))
        # In the place of what a tally would compute: sums by label don't tell how many samples there are.
        tally.total = np.asarray(len(truth))[()]
        tally.exact = (truth == predicted).all(axis=1).sum()
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
    >>> from skknn_syndrome.metrics.targets import check_targets
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
        raise ValueError(message)
    chosen: IndexArray = given.astype(np.intp)
    message = "All labels must be in [0, n labels) for multilabel targets. "
    if (chosen >= n_labels).any():
        raise ValueError(message + f"Got {chosen.max()} > {n_labels - 1}")
    if (chosen < 0).any():
        raise ValueError(message + f"Got {chosen.min()} < 0")
    return chosen
