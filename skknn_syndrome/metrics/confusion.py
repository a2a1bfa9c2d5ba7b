"""The confusion matrix."""

import warnings
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import column_or_1d
from sklearn.utils._param_validation import StrOptions

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.metrics._parameters import validated
from skknn_syndrome.metrics.targets import check_targets

CountMatrix: TypeAlias = NDArray[np.int64 | np.float64]
"""Counts of (true, predicted) pairs of classes, or their shares."""


@validated(
    {
        "y_true": ["array-like"],
        "y_pred": ["array-like"],
        "labels": ["array-like", None],
        "sample_weight": ["array-like", None],
        "normalize": [StrOptions({"true", "pred", "all"}), None],
    }
)
def confusion_matrix(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    labels: ArrayLike | None = None,
    sample_weight: ArrayLike | None = None,
    normalize: Literal["true", "pred", "all"] | None = None,
) -> CountMatrix:
    """Count how often each class was taken for each.

    ``C[i, j]`` is the number of samples of class i that were predicted as class j.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True labels.
    y_pred : array-like of shape (n_samples,)
        Predicted labels.
    labels : array-like of shape (n_classes,), optional
        Classes of the rows and columns, in this order. Samples with another label, true or predicted, are
        left out. All that occur, sorted, by default.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples, which are summed in place of 1 each.
    normalize : {'true', 'pred', 'all'}, optional
        Divide by the sums of the rows, of the columns, or of all. Where a sum is 0 the shares are 0.

    Returns
    -------
    ndarray of shape (n_classes, n_classes)
        Counts, int64 unless there are weights that are no integers; shares, float64, if normalised.

    Raises
    ------
    ValueError
        If labels do not fit together, are those of several outputs, or none of `labels` is in `y_true`.

    Warns
    -----
    UserWarning
        If there is one class alone.

    Examples
    --------
    >>> y_true = ["cat", "ant", "cat", "cat", "ant", "bird"]
    >>> y_pred = ["ant", "ant", "cat", "cat", "ant", "cat"]
    >>> confusion_matrix(y_true, y_pred, labels=["ant", "bird", "cat"])
    array([[2, 0, 0],
           [0, 0, 1],
           [1, 0, 2]])
    """
    targets = check_targets(y_true, y_pred, sample_weight)
    if targets.kind == "multilabel-indicator":
        message = f"{targets.kind} is not supported"
        raise ValueError(message)
    position, n_classes = _positions(targets.classes, labels)
    rows, columns = position[targets.truth], position[targets.predicted]
    if (rows < 0).all():
        message = "At least one label specified must be in y_true"
        raise ValueError(message)
    if n_classes == 1:
        message = (
            "A single label was found in 'y_true' and 'y_pred'. For the confusion matrix to have the correct "
            "shape, use the 'labels' parameter to pass all known labels."
        )
        warnings.warn(message, UserWarning, stacklevel=3)
    counted = (rows >= 0) & (columns >= 0)
    weights = np.ones(len(rows), dtype=np.int64) if targets.weights is None else targets.weights
    # Integers are summed as integers: in float64 counts above 2**53 would lose their last digits.
    kind = np.int64 if weights.dtype.kind in "iub" else np.float64
    matrix: CountMatrix = np.zeros((n_classes, n_classes), dtype=kind)
    np.add.at(matrix, (rows[counted], columns[counted]), weights[counted].astype(kind))
    return matrix if normalize is None else _shares(matrix, normalize)


def _positions(classes: LabelArray, labels: ArrayLike | None) -> tuple[IndexArray, int]:
    """Row of each class, -1 for those left out, and the number of rows."""
    if labels is None:
        return np.arange(len(classes)), len(classes)
    chosen = column_or_1d(labels)
    if len(chosen) == 0:
        message = "'labels' should contain at least one label."
        raise ValueError(message)
    row = {label: number for number, label in enumerate(chosen.tolist())}
    return np.array([row.get(label, -1) for label in classes.tolist()], dtype=np.intp), len(chosen)


def _shares(matrix: CountMatrix, normalize: Literal["true", "pred", "all"]) -> Float64Array:
    axis = {"true": 1, "pred": 0, "all": None}[normalize]
    totals = matrix.sum(axis=axis, keepdims=True)
    shares = np.zeros(matrix.shape)
    np.divide(matrix, totals, out=shares, where=totals != 0)
    return shares
