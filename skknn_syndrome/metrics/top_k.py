"""Top-k accuracy and its bounds over ties."""

import warnings
from collections.abc import Mapping, Sequence
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils import check_array, check_consistent_length, column_or_1d
from sklearn.utils._param_validation import Interval
from sklearn.utils.multiclass import type_of_target

from skknn_syndrome._typing import BoolArray, Float64Array
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics.counting import TrueClassRanks, true_class_ranks
from skknn_syndrome.metrics.validation import classes_of_columns, refuse_one_column, validated

_CONSTRAINTS: Mapping[str, Sequence[object]] = {
    "y_true": ["array-like"],
    "y_score": ["array-like"],
    "k": [Interval(Integral, 1, None, closed="left")],
    "normalize": ["boolean"],
    "sample_weight": ["array-like", None],
    "labels": ["array-like", None],
}


@validated(_CONSTRAINTS)
def top_k_accuracy_score(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    k: int = 2,
    normalize: bool = True,
    sample_weight: ArrayLike | None = None,
    labels: ArrayLike | None = None,
) -> float:
    """Share of the samples whose true class has one of the k highest scores.

    Of classes with equal scores the later column comes first, as in scikit-learn; what the other ways to
    resolve ties give, `top_k_accuracy_bounds` tells.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels.
    y_score : array-like of shape (n_samples, n_classes), or (n_samples,) for two classes
        Scores. One column for two classes is the score of the greater label, which is predicted above
        0.5 if all scores lie in [0, 1], else above 0.
    k : int, default=2
        Number of classes that may be named.
    normalize : bool, default=True
        Return the share of the hits; otherwise their number (with weights, their total weight).
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.
    labels : array-like of shape (n_classes,), optional
        Sorted classes of the columns; those in `y_true` by default.

    Returns
    -------
    float
        The score, at most 1 if normalised.

    Raises
    ------
    ValueError
        If shapes, labels or options do not fit together.

    Warns
    -----
    UndefinedMetricWarning
        If `k` is not below the number of classes: the score is perfect and says nothing.

    Examples
    --------
    >>> y_score = [[0.5, 0.2, 0.2], [0.3, 0.4, 0.2], [0.2, 0.4, 0.3], [0.7, 0.2, 0.1]]
    >>> top_k_accuracy_score([0, 1, 2, 2], y_score, k=2)
    0.75
    """
    ranks = _validated_ranks(y_true, y_score, k, sample_weight, labels)
    return _total(ranks.by_rule <= k, sample_weight, normalize=normalize)


@validated(_CONSTRAINTS)
def top_k_accuracy_bounds(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    k: int = 2,
    normalize: bool = True,
    sample_weight: ArrayLike | None = None,
    labels: ArrayLike | None = None,
) -> tuple[float, float]:
    """Least and greatest top-k accuracy over all ways to resolve ties between classes.

    The lower bound counts a sample as a hit only if at most k classes (the true one included) score at
    least as high as the true class; the upper one if fewer than k classes score strictly higher.

    Parameters
    ----------
    y_true, y_score, k, normalize, sample_weight, labels
        As in `top_k_accuracy_score`.

    Returns
    -------
    lower, upper : float
        ``lower <= top_k_accuracy_score(...) <= upper``, all equal where no tie matters.

    Raises
    ------
    ValueError
        If shapes, labels or options do not fit together.

    Warns
    -----
    UndefinedMetricWarning
        If `k` is not below the number of classes: both bounds are perfect and say nothing.

    Examples
    --------
    The true class of the second row ties for the second place:

    >>> top_k_accuracy_bounds([1, 2, 0], [[0.2, 0.5, 0.3], [0.6, 0.2, 0.2], [0.8, 0.1, 0.1]], k=2)
    (0.666..., 1.0)
    """
    ranks = _validated_ranks(y_true, y_score, k, sample_weight, labels)
    return (
        _total(ranks.worst <= k, sample_weight, normalize=normalize),
        _total(ranks.best <= k, sample_weight, normalize=normalize),
    )


def _total(hits: BoolArray, sample_weight: ArrayLike | None, *, normalize: bool) -> float:
    weights = np.ones(len(hits)) if sample_weight is None else column_or_1d(sample_weight)
    return float(np.average(hits.astype(np.float64), weights=weights) if normalize else hits @ weights)


def _validated_ranks(
    y_true: ArrayLike,
    y_score: ArrayLike,
    k: int,
    sample_weight: ArrayLike | None,
    labels: ArrayLike | None,
) -> TrueClassRanks:
    """Check what was given, warn of a `k` that says nothing, and rank the true classes."""
    truth = column_or_1d(check_array(y_true, ensure_2d=False, dtype=None))
    target = type_of_target(truth, input_name="y_true")
    if target not in {"binary", "multiclass"}:
        message = f"y type must be 'binary' or 'multiclass', got '{target}' instead."
        raise ParameterError(message, code="unsupported_labels", parameter="y_true")
    binary = target == "binary" and (labels is None or len(np.asarray(labels)) <= 2)  # noqa: PLR2004 (two)
    scores = _one_column(y_score) if binary else _many_columns(y_score)
    check_consistent_length(truth, scores, sample_weight)
    classes = classes_of_columns(
        truth,
        2 if binary else scores.shape[1],
        labels,
        unnamed="Number of classes in 'y_true' ({n_classes}) not equal to the number of classes in 'y_score' "
        "({n_columns}).You can provide a list of all known classes by assigning it to the `labels` "
        "parameter.",
        misnamed="Number of given labels ({n_classes}) not equal to the number of classes in 'y_score' "
        "({n_columns}).",
    )
    if k >= len(classes):
        message = (
            f"'k' ({k}) greater than or equal to 'n_classes' ({len(classes)}) will result in a perfect "
            "score and is therefore meaningless."
        )
        warnings.warn(message, UndefinedMetricWarning, stacklevel=4)
    columns = np.searchsorted(classes, truth)
    if not binary:
        return true_class_ranks(scores, columns)
    threshold = 0.5 if scores.min() >= 0 and scores.max() <= 1 else 0.0
    # At the threshold scikit-learn predicts the smaller label. The threshold is that label's score, and
    # its column comes second, since the later of equal columns comes first.
    return true_class_ranks(np.column_stack([scores, np.full(len(scores), threshold)]), 1 - columns)


def _one_column(y_score: ArrayLike) -> Float64Array:
    scores = check_array(y_score, ensure_2d=False)
    if scores.size != len(scores):
        raise ParameterError(
            f"`y_true` is binary while y_score is 2d with {scores.shape[1]} classes. If `y_true` does not "
            "contain all the labels, `labels` must be provided.",
            code="columns_mismatch",
            parameter="labels",
        )
    column: Float64Array = column_or_1d(scores)
    return column


def _many_columns(y_score: ArrayLike) -> Float64Array:
    scores: Float64Array = check_array(y_score, ensure_2d=False)
    refuse_one_column(scores)
    return scores
