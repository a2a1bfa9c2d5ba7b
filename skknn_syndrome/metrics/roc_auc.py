"""Area under the ROC curve (AUC): binary, one-vs-rest, one-vs-one and partial."""

import warnings
from functools import partial
from numbers import Real
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils import check_array, check_consistent_length, column_or_1d
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import type_of_target
from sklearn.utils.validation import _check_pos_label_consistency

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics.averaging import Average, one_vs_one_average, one_vs_rest_average
from skknn_syndrome.metrics.roc import curve_of_two
from skknn_syndrome.metrics.validation import (
    classes_of_columns,
    refuse_one_column,
    those_that_count,
    validated,
)


@validated(
    {
        "y_true": ["array-like"],
        "y_score": ["array-like"],
        "average": [StrOptions({"micro", "macro", "samples", "weighted"}), None],
        "sample_weight": ["array-like", None],
        "max_fpr": [Interval(Real, 0.0, 1, closed="right"), None],
        "multi_class": [StrOptions({"raise", "ovr", "ovo"})],
        "labels": ["array-like", None],
    }
)
def roc_auc_score(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    average: Average = "macro",
    sample_weight: ArrayLike | None = None,
    max_fpr: float | None = None,
    multi_class: Literal["raise", "ovr", "ovo"] = "raise",
    labels: ArrayLike | None = None,
) -> float | Float64Array:
    """Area under the ROC curve.

    For two classes it is the probability that a positive sample has the higher score than a negative
    one, ties counted half. More classes are averaged over one-vs-rest curves ('ovr', [1]_) or over
    pairs of classes ('ovo', [2]_).

    Parameters
    ----------
    y_true : array-like of shape (n_samples,) or (n_samples, n_classes)
        Labels, or an indicator matrix (multilabel).
    y_score : array-like of shape (n_samples,) or (n_samples, n_classes)
        Scores; of the greater label for two classes, probabilities that sum to 1 for more.
    average : {'micro', 'macro', 'samples', 'weighted'} or None, default='macro'
        Mean over classes; None gives one value per class. Classes in one column per sample allow 'macro',
        'weighted', and with 'ovr' also 'micro' and None. Ignored for two classes.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples; not with 'ovo'.
    max_fpr : float in (0, 1], optional
        Take the area up to this false positive rate alone, standardised to 0.5 for guessing and 1 for
        perfection [3]_. Not for more than two classes.
    multi_class : {'raise', 'ovr', 'ovo'}, default='raise'
        Scheme for more than two classes, which must be chosen.
    labels : array-like of shape (n_classes,), optional
        Sorted classes of the columns of `y_score`; those in `y_true` by default.

    Returns
    -------
    float or ndarray of shape (n_classes,)
        The area.

    Raises
    ------
    ValueError
        If shapes, labels or options do not fit together.
    NotImplementedError
        For ``average=None`` with 'ovo'.

    Warns
    -----
    UndefinedMetricWarning
        If one class alone is present: the area is NaN.

    References
    ----------
    .. [1] Fawcett, T. (2006). An introduction to ROC analysis. Pattern Recognition Letters 27(8), 861-874.
       https://doi.org/10.1016/j.patrec.2005.10.010
    .. [2] Hand, D. J., Till, R. J. (2001). A simple generalisation of the area under the ROC curve for
       multiple class classification problems. Machine Learning 45, 171-186.
       https://doi.org/10.1023/A:1010920819831
    .. [3] McClish, D. K. (1989). Analyzing a portion of the ROC curve. Medical Decision Making 9(3),
       190-195. https://doi.org/10.1177/0272989X8900900307

    Examples
    --------
    >>> roc_auc_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.75
    >>> roc_auc_score([0, 1, 2], [[0.8, 0.1, 0.1], [0.2, 0.5, 0.3], [0.3, 0.3, 0.4]], multi_class="ovr")
    1.0
    """
    target = type_of_target(y_true, input_name="y_true")
    truth = check_array(y_true, ensure_2d=False, dtype=None)
    scores = check_array(y_score, ensure_2d=False)
    weights = None if sample_weight is None else column_or_1d(sample_weight)
    if target == "multiclass" or (target == "binary" and scores.ndim == 2 and scores.shape[1] > 2):  # noqa: PLR2004 (two columns are two classes)
        _refuse_options(scores, average, max_fpr, multi_class)
        classes = classes_of_columns(
            truth,
            scores.shape[1],
            labels,
            unnamed="Number of classes in y_true not equal to the number of columns in 'y_score'",
            misnamed="Number of given labels, {n_classes}, not equal to the number of columns in 'y_score', "
            "{n_columns}",
        )
        member = truth[:, None] == classes
        if multi_class == "ovo":
            return _one_vs_one(member.argmax(axis=1), scores, average, weights)
        return one_vs_rest_average(_area, member, scores, average, weights)
    if target == "binary":
        check_consistent_length(truth, scores, weights)
        positive = column_or_1d(truth) == np.unique(truth)[-1]
        return _area(positive, column_or_1d(scores), weights, max_fpr)
    if target != "multilabel-indicator":
        raise ParameterError(
            f"{target} format is not supported", code="unsupported_labels", parameter="y_true"
        )
    if scores.shape != truth.shape:
        raise ParameterError(
            f"y_score has the shape {scores.shape}: give one of {truth.shape}, a column for each class.",
            code="columns_mismatch",
            parameter="y_score",
        )
    _check_pos_label_consistency(None, truth)
    return one_vs_rest_average(partial(_area, max_fpr=max_fpr), truth, scores, average, weights)


def _area(
    y_true: LabelArray, y_score: Float64Array, weights: Float64Array | None, max_fpr: float | None = None
) -> float:
    """Area under the curve of two classes, of which 1 (or True) is the positive one."""
    classes = np.unique(y_true)
    if len(classes) != 2:  # noqa: PLR2004 (one positive, one negative)
        message = "Only one class is present in y_true. ROC AUC score is not defined in that case."
        warnings.warn(message, UndefinedMetricWarning, stacklevel=2)
        return float("nan")
    # All was checked, for all classes at once: checks take longer than the curve of one.
    counted = those_that_count(y_true == classes[1], y_score, weights)
    fpr, tpr, _ = curve_of_two(*counted)
    if max_fpr is None or max_fpr == 1 or np.isnan(fpr).any():
        return float(np.trapezoid(tpr, fpr))
    stop = int(np.searchsorted(fpr, max_fpr, side="right"))
    # Cut where fpr[stop - 1] <= max_fpr < fpr[stop]: this stretch is not vertical.
    end = np.interp(max_fpr, fpr[stop - 1 : stop + 1], tpr[stop - 1 : stop + 1])
    area = np.trapezoid(np.append(tpr[:stop], end), np.append(fpr[:stop], max_fpr))
    guessing = max_fpr**2 / 2
    return float((1 + (area - guessing) / (max_fpr - guessing)) / 2)


def _refuse_options(scores: Float64Array, average: Average, max_fpr: float | None, multi_class: str) -> None:
    """Raise where the options or the shape of the scores do not suit more than two classes."""
    if max_fpr is not None and max_fpr != 1:
        raise ParameterError(
            "Partial AUC computation not available in multiclass setting, 'max_fpr' must be set to `None`, "
            f"received `max_fpr={max_fpr}` instead",
            code="partial_area_of_many_classes",
            parameter="max_fpr",
        )
    if multi_class == "raise":
        raise ParameterError(
            "multi_class must be in ('ovo', 'ovr')", code="no_scheme", parameter="multi_class"
        )
    refuse_one_column(scores)
    if not np.allclose(1, scores.sum(axis=1)):
        raise ParameterError(
            "Target scores need to be probabilities for multiclass roc_auc, i.e. they should sum up to 1.0 "
            "over classes",
            code="not_probabilities",
            parameter="y_score",
        )
    allowed = ("micro", "macro", "weighted", None) if multi_class == "ovr" else ("macro", "weighted", None)
    if average not in allowed:
        message = f"average must be one of {allowed} for multiclass problems"
        raise ParameterError(message, code="unsupported_average", parameter="average")
    if average is None and multi_class == "ovo":
        message = "average=None is not implemented for multi_class='ovo'."
        raise NotImplementedError(message)


def _one_vs_one(
    columns: IndexArray, scores: Float64Array, average: Average, weights: Float64Array | None
) -> float:
    if weights is not None:
        raise ParameterError(
            "sample_weight is not supported for multiclass one-vs-one ROC AUC, 'sample_weight' must be None "
            "in this case.",
            code="weights_of_pairs",
            parameter="sample_weight",
        )
    return one_vs_one_average(_area, columns, scores, weighted=average == "weighted")
