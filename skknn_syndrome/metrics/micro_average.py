"""ROC curves of many classes as one, and of many folds as one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from numbers import Integral

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import check_array, check_consistent_length, column_or_1d
from sklearn.utils._param_validation import Interval

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics._parameters import validated
from skknn_syndrome.metrics.class_order import ordered_classes
from skknn_syndrome.metrics.roc import auc, roc_curve

SAME_RATE = 1e-12
"""Rates nearer than this are one: 3/5 and the grid's 0.6 may differ in the last bit."""


@dataclass(frozen=True, eq=False, slots=True)
class MeanRocCurve:
    """The vertical average of several ROC curves.

    The first point is (0, 0), the second lies at the same rate of 0: a vertical step like that of each curve.
    """

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
        message = (
            f"y_score has {scores.shape[1]} columns for {len(classes)} labels: give one label per column."
        )
        raise ValueError(message)
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
        message = "There is no ROC curve to average: give at least one."
        raise ValueError(message)
    grid = np.linspace(0, 1, n_points)
    rates = np.array([_tpr_at(grid, fpr, tpr) for fpr, tpr in checked])
    areas = [auc(fpr, tpr) for fpr, tpr in checked]
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
        message = (
            f"Curve {number} (counted from 0) does not rise from (0, 0) to (1, 1): give curves of roc_curve, "
            "without those of folds that lack positives or negatives."
        )
        raise ValueError(message)
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
