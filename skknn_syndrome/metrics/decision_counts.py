"""How many decisions were right, made and due: the counts behind precision, recall and F-score."""

from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csr_array
from sklearn.utils import column_or_1d

from skknn_syndrome._typing import IndexArray
from skknn_syndrome.metrics.targets import LabelSets, SingleLabels

CountArray: TypeAlias = NDArray[np.integer | np.floating]
"""Counts, or sums of weights."""


class DecisionCounts(NamedTuple):
    """Counts per class (or per sample); with weights, the sums of the weights."""

    hits: CountArray
    """Shape (n,): predicted and true."""
    predicted: CountArray
    """Shape (n,): predicted."""
    true: CountArray
    """Shape (n,): true."""

    def pooled(self) -> "DecisionCounts":
        """All of them as one, shape (1,)."""
        return DecisionCounts(*(np.atleast_1d(counts.sum()) for counts in self))


def counts_by_class(targets: SingleLabels, labels: ArrayLike | None = None) -> DecisionCounts:
    """Count the decisions for each class.

    Parameters
    ----------
    targets : SingleLabels
        True and predicted labels.
    labels : array-like of shape (n,), optional
        Classes to count, in this order; those of `targets` by default. One that never occurs counts 0.

    Returns
    -------
    DecisionCounts
        One count per class.

    Examples
    --------
    >>> from skknn_syndrome.metrics.targets import check_targets
    >>> hits, predicted, true = counts_by_class(check_targets(["a", "b", "b"], ["a", "a", "b"]))
    >>> hits, predicted, true
    (array([1, 1]), array([2, 1]), array([1, 2]))
    """
    truth, predicted, weights = targets.truth, targets.predicted, targets.weights
    hit = truth == predicted
    hit_weights = None if weights is None else weights[hit]
    # One bin more than there are classes: it stays empty and serves the labels that never occur.
    n_bins = len(targets.classes) + 1
    counts = DecisionCounts(
        np.bincount(truth[hit], hit_weights, n_bins),
        np.bincount(predicted, weights, n_bins),
        np.bincount(truth, weights, n_bins),
    )
    if labels is None:
        return DecisionCounts(*(bins[:-1] for bins in counts))
    position = {label: number for number, label in enumerate(targets.classes.tolist())}
    chosen = np.array([position.get(label, -1) for label in column_or_1d(labels).tolist()], dtype=np.intp)
    return DecisionCounts(*(bins[chosen] for bins in counts))


def counts_by_label(targets: LabelSets, columns: ArrayLike | None = None) -> DecisionCounts:
    """Count the decisions for each label of an indicator matrix.

    Parameters
    ----------
    targets : LabelSets
        True and predicted sets of labels.
    columns : array-like of int, shape (n,), optional
        Labels to count, in this order; all by default.

    Returns
    -------
    DecisionCounts
        One count per label.

    Raises
    ------
    ValueError
        If there is no such column, or a label is no whole number.
    """
    weights = targets.weights
    ones = np.ones(targets.truth.shape[0], dtype=np.intp) if weights is None else weights
    return DecisionCounts(*(ones @ indicator for indicator in _indicators(targets, columns)))


def counts_by_sample(targets: LabelSets, columns: ArrayLike | None = None) -> DecisionCounts:
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
    DecisionCounts
        One count per sample.

    Raises
    ------
    ValueError
        If there is no such column, or a label is no whole number.
    """
    return DecisionCounts(*(indicator.sum(axis=1) for indicator in _indicators(targets, columns)))


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
