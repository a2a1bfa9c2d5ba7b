"""ROC curves: of two classes, micro-averaged over classes, averaged over folds."""

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Integral, Real

import numpy as np
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils import assert_all_finite, check_array, check_consistent_length, column_or_1d
from sklearn.utils._param_validation import Interval
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import _check_pos_label_consistency

from skknn_syndrome._typing import BoolArray, Float64Array, LabelArray
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics.validation import ordered_classes, those_that_count, validated


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
        raise ParameterError(message, code="too_few_points", parameter="x")
    falls = bool(np.any(abscissae[1:] < abscissae[:-1]))
    if falls and np.any(abscissae[1:] > abscissae[:-1]):
        message = f"x is neither increasing nor decreasing : {column_or_1d(x)}."
        raise ParameterError(message, code="not_monotone", parameter="x")
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
    checked = two_classes(y_true, y_score, pos_label, sample_weight)
    return curve_of_two(*checked, drop_intermediate=drop_intermediate)


def curve_of_two(
    positive: BoolArray,
    scores: LabelArray,
    weights: Float64Array | None = None,
    *,
    drop_intermediate: bool = True,
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Return what `roc_curve` does, of arrays that need no validation, which takes far longer."""
    curve = threshold_sweep(positive, scores, weights)
    kept = _corners(*curve[:2]) if drop_intermediate else slice(None)
    false_positives, true_positives, thresholds = (values[kept] for values in curve)
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
    lowest = scores.min()
    # Where few neighbours vote most scores are the lowest, and need no sorting.
    above = np.flatnonzero(scores > lowest)
    order = above[np.argsort(scores[above], kind="stable")[::-1]]
    order = np.concatenate([order, np.flatnonzero(scores == lowest)])
    descending = scores[order]
    last_of_group = np.append(descending[1:] != descending[:-1], True)
    mass = np.ones(len(scores)) if weights is None else weights[order].astype(np.float64)
    # Both sums are cumulated by themselves: "all minus positives" could decrease by a rounding error.
    true_positives = np.cumsum(np.where(positive[order], mass, 0.0))[last_of_group]
    false_positives = np.cumsum(np.where(positive[order], 0.0, mass))[last_of_group]
    return false_positives, true_positives, descending[last_of_group]


def two_classes(
    y_true: ArrayLike,
    y_score: ArrayLike,
    pos_label: float | str | None,
    sample_weight: ArrayLike | None,
) -> tuple[BoolArray, LabelArray, Float64Array | None]:
    """Return which samples are positive, their scores and weights; samples of weight 0 are dropped."""
    target = type_of_target(y_true, input_name="y_true")
    if target != "binary" and not (target == "multiclass" and pos_label is not None):
        raise ParameterError(
            f"{target} format is not supported", code="unsupported_labels", parameter="y_true"
        )
    positive_label = _check_pos_label_consistency(pos_label, y_true)
    check_consistent_length(y_true, y_score, sample_weight)
    positive = column_or_1d(np.asarray(y_true) == positive_label)
    scores = column_or_1d(y_score)
    assert_all_finite(scores)
    return those_that_count(positive, scores, sample_weight)


def _corners(false_positives: Float64Array, true_positives: Float64Array) -> BoolArray:
    """Mark the ends and the points where a step differs from the one before it."""
    corner = np.ones(len(true_positives), dtype=np.bool_)
    corner[1:-1] = (np.diff(false_positives, 2) != 0) | (np.diff(true_positives, 2) != 0)
    return corner


def _rates(counts: Float64Array, kind: str, rate: str) -> Float64Array:
    """Turn counts, from none to all, into shares of the last one."""
    if counts[-1] <= 0:
        message = f"No {kind} samples in y_true, {rate} value should be meaningless"
        warnings.warn(message, UndefinedMetricWarning, stacklevel=4)
        return np.full(len(counts) + 1, np.nan)
    shares: Float64Array = np.append(0.0, counts) / counts[-1]
    return shares


SAME_RATE = 1e-12
"""Rates nearer than this are one: 3/5 and the grid's 0.6 may differ in the last bit."""


@dataclass(frozen=True, eq=False, slots=True)
class MeanRocCurve:
    """The vertical average of several ROC curves; like these it starts with a vertical step, from (0, 0)."""

    fpr: Float64Array
    """Shape (n_points + 1,): 0, then the common grid from 0 to 1."""
    tpr: Float64Array
    """Shape (n_points + 1,): mean of the curves' true positive rates there."""
    tpr_std: Float64Array
    """Shape (n_points + 1,): their standard deviation over the curves (divided by their number)."""
    auc: float
    """Mean of the curves' own areas, exact whatever the grid."""
    auc_std: float
    """Standard deviation of these areas (divided by their number)."""
    n_curves: int
    """How many curves were averaged."""


@validated(
    {
        "y_true": ["array-like"],
        "y_score": ["array-like"],
        "labels": ["array-like"],
        "sample_weight": ["array-like", None],
    }
)
def micro_average_roc_curve(
    y_true: ArrayLike, y_score: ArrayLike, *, labels: ArrayLike, sample_weight: ArrayLike | None = None
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """ROC curve of all one-vs-rest decisions pooled over samples and classes.

    Every cell of `y_score` is one decision, "this sample is of this class"; one threshold serves them all.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels. One that is not in `labels` makes its sample a negative for every class.
    y_score : array-like of shape (n_samples, n_classes)
        Scores comparable between classes, such as probabilities.
    labels : array-like of shape (n_classes,)
        Sorted classes of the columns.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples, which all their decisions share.

    Returns
    -------
    fpr, tpr, thresholds : ndarray of shape (n_thresholds,)
        As `roc_curve` returns them, from (0, 0) to (1, 1).

    Raises
    ------
    ValueError
        If shapes and labels do not fit together.

    Warns
    -----
    UndefinedMetricWarning
        If no label is known, so that no decision is positive: `tpr` is NaN.

    Examples
    --------
    >>> fpr, tpr, _ = micro_average_roc_curve(["a", "b"], [[0.9, 0.1], [0.6, 0.4]], labels=["a", "b"])
    >>> fpr, tpr
    (array([0. , 0. , 0.5, 0.5, 1. ]), array([0. , 0.5, 0.5, 1. , 1. ]))
    """
    check_consistent_length(y_true, y_score, sample_weight)
    truth, classes, scores = column_or_1d(y_true), ordered_classes(labels), check_array(y_score)
    if scores.shape[1] != len(classes):
        raise ParameterError(
            f"y_score has {scores.shape[1]} columns for {len(classes)} labels: give one label per column.",
            code="columns_mismatch",
            parameter="labels",
        )
    weights = None if sample_weight is None else np.repeat(column_or_1d(sample_weight), len(classes))
    return roc_curve((truth[:, None] == classes).ravel(), scores.ravel(), sample_weight=weights)


@validated({"curves": "no_validation", "n_points": [Interval(Integral, 2, None, closed="left")]})
def mean_roc_curve(curves: Iterable[Sequence[ArrayLike]], *, n_points: int = 201) -> MeanRocCurve:
    """Average ROC curves, of folds for instance, at common false positive rates.

    Vertical averaging [1]_: on a grid of false positive rates, the mean of the curves' true positive rates,
    each interpolated along its own curve. Where a curve steps up at a grid point, the top of the step counts.

    Parameters
    ----------
    curves : iterable of (fpr, tpr) or (fpr, tpr, thresholds)
        Curves as `roc_curve` returns them.
    n_points : int, default=201
        Grid points from 0 to 1, at least 2.

    Returns
    -------
    MeanRocCurve
        Grid, mean and deviation, preceded by the origin; mean and deviation of the areas.

    Raises
    ------
    ValueError
        If there is no curve, or one does not rise from (0, 0) to (1, 1). The curve of a fold without
        positives or negatives is NaN and must be left out.

    References
    ----------
    .. [1] Fawcett, T. (2006). An introduction to ROC analysis. Pattern Recognition Letters 27(8), 861-874,
       section 9.1. https://doi.org/10.1016/j.patrec.2005.10.010

    Examples
    --------
    >>> mean = mean_roc_curve([([0, 0, 1], [0, 1, 1]), ([0, 1], [0, 1])], n_points=3)
    >>> mean.fpr, mean.tpr
    (array([0. , 0. , 0.5, 1. ]), array([0.  , 0.5 , 0.75, 1.  ]))
    >>> mean.auc
    0.75
    """
    checked = [_checked(number, curve) for number, curve in enumerate(curves)]
    if not checked:
        raise ParameterError(
            "There is no ROC curve to average: give at least one.", code="no_curves", parameter="curves"
        )
    grid = np.linspace(0, 1, n_points)
    rates = np.array([_tpr_at(grid, fpr, tpr) for fpr, tpr in checked])
    areas = [float(np.trapezoid(tpr, fpr)) for fpr, tpr in checked]
    return MeanRocCurve(
        fpr=np.append(0.0, grid),
        tpr=np.append(0.0, rates.mean(axis=0)),
        tpr_std=np.append(0.0, rates.std(axis=0)),
        auc=float(np.mean(areas)),
        auc_std=float(np.std(areas)),
        n_curves=len(checked),
    )


def _checked(number: int, curve: Sequence[ArrayLike]) -> tuple[Float64Array, Float64Array]:
    fpr, tpr = (np.asarray(rates, dtype=np.float64) for rates in curve[:2])
    same_length = fpr.ndim == 1 and fpr.shape == tpr.shape and len(fpr) > 0
    if not (same_length and _rises_to_one(fpr) and _rises_to_one(tpr)):
        raise ParameterError(
            f"Curve {number} (counted from 0) does not rise from (0, 0) to (1, 1): give curves of roc_curve, "
            "without those of folds that lack positives or negatives.",
            code="not_a_roc_curve",
            parameter="curves",
        )
    return fpr, tpr


def _rises_to_one(rates: Float64Array) -> bool:
    # Written so that NaN, which compares as False with everything, is refused.
    return bool(rates[0] == 0 and rates[-1] == 1 and np.all(rates[1:] >= rates[:-1]))


def _tpr_at(grid: Float64Array, fpr: Float64Array, tpr: Float64Array) -> Float64Array:
    """Interpolate along the curve, from the top of each vertical step to the foot of the next.

    np.interp is specified for increasing abscissae alone, and a ROC curve repeats them at each step.
    """
    top = np.searchsorted(fpr, grid + SAME_RATE, side="right") - 1
    foot = np.minimum(top + 1, len(fpr) - 1)
    # At the last top no stretch is left: foot and top are one point, and any width will do.
    width = np.where(foot > top, fpr[foot] - fpr[top], 1.0)
    along = np.maximum(grid - fpr[top], 0.0) / width
    # Rounding must not lift the stretch above its end: the mean would no longer be monotone.
    return np.minimum(tpr[top] + along * (tpr[foot] - tpr[top]), tpr[foot])
