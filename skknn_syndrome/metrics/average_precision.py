"""Precision-recall curves and average precision (AP), of two classes, several classes, or sets of labels."""

import warnings
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike
from sklearn.preprocessing import label_binarize
from sklearn.utils import check_array, column_or_1d
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.multiclass import type_of_target

from skknn_syndrome._typing import BoolArray, Float64Array, LabelArray
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics.averaging import Average, one_vs_rest_average
from skknn_syndrome.metrics.counting import Tally
from skknn_syndrome.metrics.roc import threshold_sweep, two_classes
from skknn_syndrome.metrics.validation import refuse_one_column, those_that_count, validated


@validated(
    {
        "y_true": ["array-like"],
        "y_score": ["array-like"],
        "pos_label": [Real, str, "boolean", None],
        "sample_weight": ["array-like", None],
        "drop_intermediate": ["boolean"],
    }
)
def precision_recall_curve(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    pos_label: float | str | None = None,
    sample_weight: ArrayLike | None = None,
    drop_intermediate: bool = False,
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Precision and recall at every threshold.

    ``precision[i]`` is the share of positives among the samples with ``y_score >= thresholds[i]``,
    ``recall[i]`` their share of all positives. The curve ends at precision 1 and recall 0, without a
    threshold.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        Labels of two classes; of more if `pos_label` is given, the others then being the negatives.
    y_score : array-like of shape (n_samples,)
        Scores, higher for the positive class.
    pos_label : float, bool or str, optional
        The positive class. 1 by default, where the labels are in {0, 1} or {-1, 1}.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples. Those of weight 0 set no threshold.
    drop_intermediate : bool, default=False
        Leave out thresholds at which, as at both of their neighbours, no positive is added.

    Returns
    -------
    precision, recall : ndarray of shape (n_thresholds + 1,)
    thresholds : ndarray of shape (n_thresholds,)
        Increasing.

    Raises
    ------
    ValueError
        If the labels are not those of two classes, `pos_label` is needed, or scores are not finite.

    Warns
    -----
    UserWarning
        If there is no positive: recall is 1 at all thresholds.

    Examples
    --------
    >>> precision, recall, thresholds = precision_recall_curve([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    >>> precision.round(2), recall, thresholds
    (array([0.5 , 0.67, 0.5 , 1.  , 1.  ]), array([1. , 1. , 0.5, 0.5, 0. ]), array([0.1 , 0.35, 0.4 , 0.8 ]))
    """
    positive, scores, weights = two_classes(y_true, y_score, pos_label, sample_weight)
    return _curve(positive, scores, weights, drop_intermediate=drop_intermediate)


def _curve(
    positive: BoolArray, scores: Float64Array, weights: Float64Array | None, *, drop_intermediate: bool
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Return the curve of arrays that were checked."""
    false, true, thresholds = threshold_sweep(positive, scores, weights)
    if drop_intermediate:
        rises = np.diff(true, prepend=np.nan, append=np.nan) != 0
        kept = rises[:-1] | rises[1:]
        false, true, thresholds = false[kept], true[kept], thresholds[kept]
    if true[-1] == 0:
        message = "No positive class found in y_true, recall is set to one for all thresholds."
        warnings.warn(message, UserWarning, stacklevel=3)
    recall = true / true[-1] if true[-1] else np.ones(len(true))
    precision = Tally.ratio(true, true + false)
    return np.append(precision[::-1], 1.0), np.append(recall[::-1], 0.0), thresholds[::-1]


def average_precision(positive: BoolArray, scores: Float64Array) -> float:
    r"""Return :math:`\sum_n (R_n - R_{n-1}) P_n` over falling thresholds, 0 / 0 = NaN without positives.

    Parameters
    ----------
    positive : ndarray of bool, shape (n_samples,)
    scores : ndarray of shape (n_samples,)
        Finite, higher for positives.

    Examples
    --------
    >>> average_precision(np.array([True, False, True]), np.array([0.9, 0.5, 0.5]))
    0.833...
    """
    if not positive.any():
        return float("nan")
    false, true, _ = threshold_sweep(positive, scores)
    gains = np.diff(true, prepend=0.0)
    return float(np.sum(gains * (true / (true + false))) / true[-1])


@validated(
    {
        "y_true": ["array-like"],
        "y_score": ["array-like"],
        "average": [StrOptions({"micro", "macro", "samples", "weighted"}), None],
        "pos_label": [Real, str, "boolean"],
        "sample_weight": ["array-like", None],
    }
)
def average_precision_score(
    y_true: ArrayLike,
    y_score: ArrayLike,
    *,
    average: Average = "macro",
    pos_label: float | str = 1,
    sample_weight: ArrayLike | None = None,
) -> float | Float64Array:
    r"""Average precision: the mean of the precisions at all thresholds, weighted by what each adds to recall.

    :math:`\sum_n (R_n - R_{n-1}) P_n` with precision and recall at the n-th threshold from above, not
    interpolated [1]_. A score that says nothing has the share of positives.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,) or (n_samples, n_classes)
        Labels, or an indicator matrix (multilabel).
    y_score : array-like of shape (n_samples,) or (n_samples, n_classes)
        Scores: of the positive class for two classes, of each class for more.
    average : {'micro', 'macro', 'samples', 'weighted'} or None, default='macro'
        Mean over classes; None gives one value per class. Ignored for two classes.
    pos_label : float, bool or str, default=1
        The positive class of two.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.

    Returns
    -------
    float or ndarray of shape (n_classes,)

    Raises
    ------
    ValueError
        If shapes, labels or options do not fit together.

    Warns
    -----
    UserWarning
        If a class has no positives: its value is 0, as in scikit-learn. In the registry, its score
        ``average_precision_macro`` leaves such labels out.

    References
    ----------
    .. [1] W. Su, Y. Yuan and M. Zhu, "A relationship between the average precision and the area under the ROC
       curve", ICTIR 2015. doi:10.1145/2808194.2809481

    Examples
    --------
    >>> average_precision_score([0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8])
    0.833...
    """
    target = type_of_target(y_true, input_name="y_true")
    weights = None if sample_weight is None else column_or_1d(sample_weight)
    classes = np.unique(np.asarray(y_true))
    if target == "binary":
        if len(classes) == 2 and pos_label not in classes:  # noqa: PLR2004  one alone may be the negatives
            message = f"pos_label={pos_label} is not a valid label. It should be one of {classes}"
            raise ParameterError(message, code="unknown_label", parameter="pos_label")
        return _area(*two_classes(y_true, y_score, pos_label, weights))
    if target not in {"multiclass", "multilabel-indicator"}:
        message = f"{target} format is not supported"
        raise ParameterError(message, code="unsupported_labels", parameter="y_true")
    if pos_label != 1:
        raise ParameterError(
            f"Parameter pos_label is fixed to 1 for {target} y_true. Do not set pos_label or set "
            "pos_label to 1.",
            code="positive_of_several",
            parameter="pos_label",
        )
    scores = check_array(y_score, ensure_2d=False)
    truth = check_array(y_true, ensure_2d=False, dtype=None)
    if target == "multiclass":
        refuse_one_column(scores)
        truth = label_binarize(truth, classes=classes)
    if scores.shape != truth.shape:
        raise ParameterError(
            f"y_score has the shape {scores.shape}: give one of {truth.shape}, a column for each class.",
            code="columns_mismatch",
            parameter="y_score",
        )
    return one_vs_rest_average(_area_of_column, truth, scores, average, weights)


def _area_of_column(truth: LabelArray, scores: Float64Array, weights: Float64Array | None) -> float:
    # All but the weights was checked, for all classes at once: checks take longer than the curve of one.
    return _area(*those_that_count(truth == 1, scores, weights))


def _area(positive: BoolArray, scores: Float64Array, weights: Float64Array | None) -> float:
    precision, recall, _ = _curve(positive, scores, weights, drop_intermediate=False)
    return float(max(0.0, -np.sum(np.diff(recall) * precision[:-1])))
