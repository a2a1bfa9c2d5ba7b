"""Confusion matrix, accuracy and balanced accuracy."""

import warnings
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils import column_or_1d
from sklearn.utils._param_validation import StrOptions

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics import scores
from skknn_syndrome.metrics.counting import Tally, counts_by_sample
from skknn_syndrome.metrics.validation import LabelInput, LabelSets, SingleLabels, check_targets, validated

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
    """Count the samples of each pair of a true and a predicted class.

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
        raise ParameterError(
            f"{targets.kind} is not supported", code="unsupported_labels", parameter="y_true"
        )
    position, n_classes = _positions(targets.classes, labels)
    rows, columns = position[targets.truth], position[targets.predicted]
    if (rows < 0).all():
        raise ParameterError(
            "At least one label specified must be in y_true", code="labels_absent", parameter="labels"
        )
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
        raise ParameterError(
            "'labels' should contain at least one label.", code="no_labels", parameter="labels"
        )
    row = {label: number for number, label in enumerate(chosen.tolist())}
    return np.array([row.get(label, -1) for label in classes.tolist()], dtype=np.intp), len(chosen)


def _shares(matrix: CountMatrix, normalize: Literal["true", "pred", "all"]) -> Float64Array:
    axis = {"true": 1, "pred": 0, "all": None}[normalize]
    totals = matrix.sum(axis=axis, keepdims=True)
    shares = np.zeros(matrix.shape)
    np.divide(matrix, totals, out=shares, where=totals != 0)
    return shares


@validated(
    {
        "y_true": ["array-like", "sparse matrix"],
        "y_pred": ["array-like", "sparse matrix"],
        "normalize": ["boolean"],
        "sample_weight": ["array-like", None],
    }
)
def accuracy_score(
    y_true: LabelInput,
    y_pred: LabelInput,
    *,
    normalize: bool = True,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Share of the samples whose prediction is right.

    With sets of labels (multilabel) a prediction is right if it names exactly the true set.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,), or indicator matrix of shape (n_samples, n_labels)
        True labels.
    y_pred : array-like of shape (n_samples,), or indicator matrix of shape (n_samples, n_labels)
        Predicted labels.
    normalize : bool, default=True
        Return the share; otherwise the number of right predictions (with weights, their total weight).
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.

    Returns
    -------
    float
        The accuracy, at most 1 if normalised.

    Raises
    ------
    ValueError
        If labels do not fit together.

    Examples
    --------
    >>> accuracy_score([0, 1, 2, 3], [0, 2, 1, 3])
    0.5
    >>> accuracy_score([0, 1, 2, 3], [0, 2, 1, 3], normalize=False)
    2.0
    """
    targets = check_targets(y_true, y_pred, sample_weight)
    right = _right(targets).astype(np.float64)
    if normalize:
        return float(np.average(right, weights=targets.weights))
    return float(right.sum() if targets.weights is None else right @ targets.weights)


def _right(targets: SingleLabels | LabelSets) -> BoolArray:
    right: BoolArray
    if isinstance(targets, SingleLabels):
        right = targets.truth == targets.predicted
    else:
        hits, predicted, true = counts_by_sample(targets)
        right = (hits == predicted) & (hits == true)
    return right


@validated(
    {
        "y_true": ["array-like"],
        "y_pred": ["array-like"],
        "sample_weight": ["array-like", None],
        "adjusted": ["boolean"],
    }
)
def balanced_accuracy_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    adjusted: bool = False,
) -> float:
    """Mean recall of the classes that occur, so that rare classes count as much as frequent ones [1]_.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True labels.
    y_pred : array-like of shape (n_samples,)
        Predicted labels.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.
    adjusted : bool, default=False
        Rescale to 0 for guessing among the n classes: ``(score - 1/n) / (1 - 1/n)``. With one class it is
        NaN, as 0/0.

    Returns
    -------
    float
        The score, at most 1.

    Raises
    ------
    ValueError
        If labels do not fit together.

    Warns
    -----
    UserWarning
        If `y_pred` has classes that are not in `y_true`, which have no recall and are left out; if there is
        one class alone.
    RuntimeWarning
        If it is also to be adjusted, which divides 0 by 0.

    References
    ----------
    .. [1] Brodersen, K. H., Ong, C. S., Stephan, K. E., Buhmann, J. M. (2010). The balanced accuracy and its
       posterior distribution. 20th International Conference on Pattern Recognition, 3121-3124.
       https://doi.org/10.1109/ICPR.2010.764

    Examples
    --------
    Four of class 0, three of them right, and one of two of class 1:

    >>> balanced_accuracy_score([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1])
    0.625
    """
    matrix = confusion_matrix(y_true, y_pred, sample_weight=sample_weight)
    support = matrix.sum(axis=1)
    occurs = support != 0
    if not occurs.all():
        warnings.warn("y_pred contains classes not in y_true", UserWarning, stacklevel=3)
    score = scores.balanced_accuracy(Tally(matrix.diagonal(), matrix.sum(axis=0), support))
    if adjusted:
        chance = 1 / occurs.sum()
        score = (score - chance) / (1 - chance)
    return float(score)
