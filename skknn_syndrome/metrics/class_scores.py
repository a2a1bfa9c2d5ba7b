"""Precision, recall and F1 score, one at a time."""

from numpy.typing import ArrayLike

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics._parameters import validated
from skknn_syndrome.metrics.class_choice import AverageOrBinary, PosLabel
from skknn_syndrome.metrics.precision_recall import CONSTRAINTS, precision_recall_fscore_support
from skknn_syndrome.metrics.ratios import ZeroDivision
from skknn_syndrome.metrics.targets import LabelInput


@validated(CONSTRAINTS)
def precision_score(
    y_true: LabelInput,
    y_pred: LabelInput,
    *,
    labels: ArrayLike | None = None,
    pos_label: PosLabel = 1,
    average: AverageOrBinary = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: ZeroDivision = "warn",
) -> float | Float64Array:
    """Share of the predictions of a class that are right.

    ``tp / pp``: true positives over all predicted positives.

    Parameters
    ----------
    y_true, y_pred, labels, pos_label, average, sample_weight, zero_division
        As in `precision_recall_fscore_support`, but `average` is 'binary' by default.

    Returns
    -------
    float, or ndarray of shape (n_classes,)
        The score; an array for ``average=None``.

    Raises
    ------
    ValueError
        If labels do not fit together, or `average` does not fit them.

    Warns
    -----
    UndefinedMetricWarning
        If there is no prediction of a class.

    Examples
    --------
    >>> precision_score([0, 1, 1, 1], [0, 0, 1, 1])
    1.0
    """
    scores = precision_recall_fscore_support(
        y_true,
        y_pred,
        labels=labels,
        pos_label=pos_label,
        average=average,
        warn_for=("precision",),
        sample_weight=sample_weight,
        zero_division=zero_division,
    )
    return scores[0]


@validated(CONSTRAINTS)
def recall_score(
    y_true: LabelInput,
    y_pred: LabelInput,
    *,
    labels: ArrayLike | None = None,
    pos_label: PosLabel = 1,
    average: AverageOrBinary = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: ZeroDivision = "warn",
) -> float | Float64Array:
    """Share of the samples of a class that are found.

    ``tp / p``: true positives over all that are positive; also called sensitivity.

    Parameters
    ----------
    y_true, y_pred, labels, pos_label, average, sample_weight, zero_division
        As in `precision_recall_fscore_support`, but `average` is 'binary' by default.

    Returns
    -------
    float, or ndarray of shape (n_classes,)
        The score; an array for ``average=None``.

    Raises
    ------
    ValueError
        If labels do not fit together, or `average` does not fit them.

    Warns
    -----
    UndefinedMetricWarning
        If there is no sample of a class.

    Examples
    --------
    >>> recall_score([0, 1, 1, 1], [0, 0, 1, 1])
    0.666...
    """
    scores = precision_recall_fscore_support(
        y_true,
        y_pred,
        labels=labels,
        pos_label=pos_label,
        average=average,
        warn_for=("recall",),
        sample_weight=sample_weight,
        zero_division=zero_division,
    )
    return scores[1]


@validated(CONSTRAINTS)
def f1_score(
    y_true: LabelInput,
    y_pred: LabelInput,
    *,
    labels: ArrayLike | None = None,
    pos_label: PosLabel = 1,
    average: AverageOrBinary = "binary",
    sample_weight: ArrayLike | None = None,
    zero_division: ZeroDivision = "warn",
) -> float | Float64Array:
    """Harmonic mean of precision and recall.

    ``2 tp / (p + pp)``: true positives over the mean number of true and of predicted positives.

    Parameters
    ----------
    y_true, y_pred, labels, pos_label, average, sample_weight, zero_division
        As in `precision_recall_fscore_support`, but `average` is 'binary' by default.

    Returns
    -------
    float, or ndarray of shape (n_classes,)
        The score; an array for ``average=None``.

    Raises
    ------
    ValueError
        If labels do not fit together, or `average` does not fit them.

    Warns
    -----
    UndefinedMetricWarning
        If there is neither a sample nor a prediction of a class.

    Examples
    --------
    >>> f1_score([0, 1, 1, 1], [0, 0, 1, 1])
    0.8
    """
    scores = precision_recall_fscore_support(
        y_true,
        y_pred,
        labels=labels,
        pos_label=pos_label,
        average=average,
        warn_for=("f-score",),
        sample_weight=sample_weight,
        zero_division=zero_division,
    )
    return scores[2]
