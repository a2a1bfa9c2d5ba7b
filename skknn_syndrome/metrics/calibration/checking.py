"""Labels and probabilities, checked against each other."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import check_array, check_consistent_length, column_or_1d

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.metrics.class_order import ordered_classes, refuse_unknown

SUM_TOLERANCE = 1e-6
"""How far from 1 a row may sum: probabilities in single precision pass, votes and logarithms do not."""


class CheckedProbabilities(NamedTuple):
    """Probabilities, and the column of each true class."""

    truth: IndexArray
    """Shape (n_samples,)."""
    probabilities: Float64Array
    """Shape (n_samples, n_classes)."""


def check_probabilities(
    y_true: ArrayLike, y_proba: ArrayLike, labels: ArrayLike | None = None
) -> CheckedProbabilities:
    """Check that there is a probability for each class, and a class for each label.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True labels.
    y_proba : array-like of shape (n_samples, n_classes)
        Probabilities. Each row sums to 1.
    labels : array-like of shape (n_classes,), optional
        Sorted classes of the columns; those in `y_true` by default.

    Returns
    -------
    CheckedProbabilities

    Raises
    ------
    ValueError
        Lengths, classes and columns don't fit, or the rows are no probabilities.

    Examples
    --------
    >>> check_probabilities(["b", "a"], [[0.25, 0.75], [1, 0]]).truth
    array([1, 0])
    """
    probabilities = check_array(y_proba, dtype=np.float64, input_name="y_proba")
    names = column_or_1d(y_true)
    check_consistent_length(names, probabilities)
    classes = np.unique(names) if labels is None else ordered_classes(labels)
    if len(classes) != probabilities.shape[1]:
        message = (
            f"There are {len(classes)} classes for {probabilities.shape[1]} columns of probabilities: "
            "name the classes of the columns as `labels`."
        )
        raise ValueError(message)
    refuse_unknown(names, classes)
    _refuse_no_probabilities(probabilities)
    return CheckedProbabilities(np.searchsorted(classes, names), probabilities)


def _refuse_no_probabilities(probabilities: Float64Array) -> None:
    outside: BoolArray = np.logical_or(probabilities.min(axis=1) < 0, probabilities.max(axis=1) > 1)
    totals = probabilities.sum(axis=1)
    wrong: BoolArray = np.logical_or(outside, np.abs(totals - 1) > SUM_TOLERANCE)
    if wrong.any():
        row = int(wrong.argmax())
        fault = "has a value below 0 or above 1" if outside[row] else f"sums to {totals[row]:.6g}, not to 1"
        raise ValueError(f"Row {row} of y_proba {fault}: give the probabilities of all classes.")
