"""The receiver operating characteristic (ROC) of two classes, and the area under a curve."""

import warnings
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils import assert_all_finite, check_consistent_length, column_or_1d
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import _check_pos_label_consistency, _check_sample_weight

from skknn_syndrome._typing import BoolArray, Float64Array, LabelArray
from skknn_syndrome.metrics._parameters import validated
from skknn_syndrome.metrics.targets import some_weight


@validated({"x": ["array-like"], "y": ["array-like"]})
def auc(x: ArrayLike, y: ArrayLike) -> float:
    """Area under a curve by the trapezoidal rule.

    ``sum((x[i + 1] - x[i]) * (y[i + 1] + y[i]) / 2)``, with the sign turned where `x` decreases.

    Parameters
    ----------
    x, y : array-like of shape (n_points,)
        The curve; `x` never decreases, or never increases.

    Returns
    -------
    float
        The area.

    Raises
    ------
    ValueError
        If there are fewer than two points, or if `x` goes both ways.

    Examples
    --------
    >>> auc([0, 0.5, 1], [0, 1, 1])
    0.75
    """
    check_consistent_length(x, y)
    # Differences of unsigned integers would wrap around.
    abscissae = column_or_1d(x).astype(np.float64)
    ordinates = column_or_1d(y).astype(np.float64)
    if len(abscissae) < 2:  # noqa: PLR2004 (a stretch has two ends)
        message = f"At least 2 points are needed to compute area under curve, but x.shape = {len(abscissae)}"
        raise ValueError(message)
    falls = bool(np.any(abscissae[1:] < abscissae[:-1]))
    if falls and np.any(abscissae[1:] > abscissae[:-1]):
        message = f"x is neither increasing nor decreasing : {column_or_1d(x)}."
        raise ValueError(message)
    area = float(np.trapezoid(ordinates, abscissae))
    return -area if falls else area


@validated(
    {
        "y_true": ["array-like"],
        "y_score": ["array-like"],
        "pos_label": [Real, str, "boolean", None],
        "sample_weight": ["array-like", None],
        "drop_intermediate": ["boolean"],
    }
)
def roc_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    pos_label: float | str | None = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = True,
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Rates of false and true positives at every threshold.

    ``fpr[i]`` is the share of the negatives with ``y_score >= thresholds[i]``, ``tpr[i]`` that of the
    positives [1]_. The curve starts at (0, 0), where the threshold is infinite, and ends at (1, 1).

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels of two classes; of more if `pos_label` is given, the others then being the negatives.
    y_score : array-like of shape (n_samples,)
        Scores, higher for the positive class: probabilities, votes or decision values.
    pos_label : float, bool or str, optional
        The positive class. 1 by default, where the labels are in {0, 1} or {-1, 1}.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples. Those of weight 0 set no threshold.
    drop_intermediate : bool, default=True
        Leave out points within a straight stretch of the curve.

    Returns
    -------
    fpr, tpr, thresholds : ndarray of shape (n_thresholds,)
        Increasing rates and decreasing thresholds.

    Raises
    ------
    ValueError
        If the labels are not those of two classes, `pos_label` is needed, or scores are not finite.

    Warns
    -----
    UndefinedMetricWarning
        If one of the classes is missing; its rate is NaN throughout.

    References
    ----------
    .. [1] Fawcett, T. (2006). An introduction to ROC analysis. Pattern Recognition Letters 27(8), 861-874.
       https://doi.org/10.1016/j.patrec.2005.10.010

    Examples
    --------
    >>> fpr, tpr, thresholds = roc_curve([1, 1, 2, 2], [0.1, 0.4, 0.35, 0.8], pos_label=2)
    >>> fpr, tpr
    (array([0. , 0. , 0.5, 0.5, 1. ]), array([0. , 0.5, 0.5, 1. , 1. ]))
    >>> thresholds
    array([ inf, 0.8 , 0.4 , 0.35, 0.1 ])
    """
    positive, scores, weights = _two_classes(y_true, y_score, pos_label, sample_weight)
    false_positives, true_positives, thresholds = threshold_sweep(positive, scores, weights)
    if drop_intermediate:
        corner = _corners(false_positives, true_positives)
        false_positives, true_positives = false_positives[corner], true_positives[corner]
        thresholds = thresholds[corner]
    fpr = _rates(false_positives, "negative", "false positive")
    tpr = _rates(true_positives, "positive", "true positive")
    return fpr, tpr, np.append(np.inf, thresholds)


def threshold_sweep(
    positive: BoolArray, scores: LabelArray, weights: Float64Array | None = None
) -> tuple[Float64Array, Float64Array, LabelArray]:
    """Count negatives and positives at or above every distinct score.

    Images of equal score pass a threshold together, so a group of ties gives one point, however its
    members are ordered.

    Parameters
    ----------
    positive : ndarray of bool, shape (n_images,)
        Which images belong to the positive class.
    scores : ndarray of shape (n_images,)
        Finite scores, higher for the positive class. At least one.
    weights : ndarray of shape (n_images,), optional
        Weights of the images; 1 each by default.

    Returns
    -------
    false_positives, true_positives : ndarray of shape (n_thresholds,)
        Weight of the negatives and of the positives with ``scores >= thresholds[i]``; never decreasing.
    thresholds : ndarray of shape (n_thresholds,)
        The distinct scores, decreasing.

    Examples
    --------
    >>> import numpy as np
    >>> false_positives, true_positives, thresholds = threshold_sweep(
    ...     np.array([True, False, True]), np.array([0.5, 0.5, 0.9])
    ... )
    >>> false_positives, true_positives, thresholds
    (array([0., 1.]), array([1., 2.]), array([0.9, 0.5]))
    """
    order = np.argsort(scores, kind="stable")[::-1]
    descending = scores[order]
    last_of_group = np.append(descending[1:] != descending[:-1], True)
    mass = np.ones(len(scores)) if weights is None else weights[order].astype(np.float64)
    # Both sums are cumulated by themselves: "all minus positives" could decrease by a rounding error.
    true_positives = np.cumsum(np.where(positive[order], mass, 0.0))[last_of_group]
    false_positives = np.cumsum(np.where(positive[order], 0.0, mass))[last_of_group]
    return false_positives, true_positives, descending[last_of_group]


def _two_classes(
    y_true: ArrayLike,
    y_score: ArrayLike,
    pos_label: float | str | None,
    sample_weight: ArrayLike | None,
) -> tuple[BoolArray, LabelArray, Float64Array | None]:
    """Which samples are positive, their scores and weights; samples of weight 0 are dropped."""
    target = type_of_target(y_true, input_name="y_true")
    if target != "binary" and not (target == "multiclass" and pos_label is not None):
        message = f"{target} format is not supported"
        raise ValueError(message)
    positive_label = _check_pos_label_consistency(pos_label, y_true)
    check_consistent_length(y_true, y_score, sample_weight)
    positive = column_or_1d(np.asarray(y_true) == positive_label)
    scores = column_or_1d(y_score)
    assert_all_finite(scores)
    if sample_weight is None:
        return positive, scores, None
    weights = some_weight(_check_sample_weight(column_or_1d(sample_weight), scores))
    counted = weights != 0
    return positive[counted], scores[counted], weights[counted]


def _corners(false_positives: Float64Array, true_positives: Float64Array) -> BoolArray:
    """Mark the ends and the points where a step differs from the one before it."""
    corner = np.ones(len(true_positives), dtype=np.bool_)
    corner[1:-1] = (np.diff(false_positives, 2) != 0) | (np.diff(true_positives, 2) != 0)
    return corner


def _rates(counts: Float64Array, kind: str, rate: str) -> Float64Array:
    """Turn counts, from none to all, into shares of the last one."""
    if counts[-1] <= 0:
        message = f"No {kind} samples in y_true, {rate} value should be meaningless"
        warnings.warn(message, UndefinedMetricWarning, stacklevel=3)
        return np.full(len(counts) + 1, np.nan)
    shares: Float64Array = np.append(0.0, counts) / counts[-1]
    return shares
