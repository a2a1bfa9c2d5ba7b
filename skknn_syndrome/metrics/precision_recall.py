"""Precision, recall, F-score and support."""

from collections.abc import Collection, Mapping, Sequence
from numbers import Real
from typing import Any, Literal, TypeAlias, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.utils._param_validation import Interval, Options, StrOptions

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics.averaging import (
    AverageOrBinary,
    PosLabel,
    UndefinedRule,
    ZeroDivision,
    chosen_labels,
    mean_of_defined,
    ratios,
)
from skknn_syndrome.metrics.counting import Tally, counts_by_class, counts_by_label, counts_by_sample
from skknn_syndrome.metrics.validation import LabelInput, LabelSets, SingleLabels, check_targets, validated

CONSTRAINTS: Mapping[str, Sequence[object]] = {
    "y_true": ["array-like", "sparse matrix"],
    "y_pred": ["array-like", "sparse matrix"],
    "labels": ["array-like", None],
    "pos_label": [Real, str, "boolean", None],
    "average": [StrOptions({"micro", "macro", "samples", "weighted", "binary"}), None],
    "sample_weight": ["array-like", None],
    "zero_division": [Options(Real, {0.0, 1.0}), "nan", StrOptions({"warn"})],
}
"""What the arguments of precision, recall and F-score may be."""

ScoresByClass: TypeAlias = tuple[Float64Array, Float64Array, Float64Array, NDArray[Any]]
"""Precision, recall, F-score and support, each (n_classes,); the support is whole unless weighted."""

AverageScores: TypeAlias = tuple[float, float, float, None]
"""Averages of precision, recall and F-score."""


@overload
def precision_recall_fscore_support(
    y_true: LabelInput,
    y_pred: LabelInput,
    *,
    beta: float = 1.0,
    labels: ArrayLike | None = None,
    pos_label: PosLabel = 1,
    average: None = None,
    warn_for: Collection[str] = ("precision", "recall", "f-score"),
    sample_weight: ArrayLike | None = None,
    zero_division: ZeroDivision = "warn",
) -> ScoresByClass: ...


@overload
def precision_recall_fscore_support(
    y_true: LabelInput,
    y_pred: LabelInput,
    *,
    beta: float = 1.0,
    labels: ArrayLike | None = None,
    pos_label: PosLabel = 1,
    average: Literal["binary", "micro", "macro", "samples", "weighted"],
    warn_for: Collection[str] = ("precision", "recall", "f-score"),
    sample_weight: ArrayLike | None = None,
    zero_division: ZeroDivision = "warn",
) -> AverageScores: ...


@overload
def precision_recall_fscore_support(
    y_true: LabelInput,
    y_pred: LabelInput,
    *,
    beta: float = 1.0,
    labels: ArrayLike | None = None,
    pos_label: PosLabel = 1,
    average: AverageOrBinary,
    warn_for: Collection[str] = ("precision", "recall", "f-score"),
    sample_weight: ArrayLike | None = None,
    zero_division: ZeroDivision = "warn",
) -> ScoresByClass | AverageScores: ...


@validated(
    {
        **CONSTRAINTS,
        "beta": [Interval(Real, 0.0, None, closed="both")],
        "warn_for": [list, tuple, set],
    }
)
def precision_recall_fscore_support(
    y_true: LabelInput,
    y_pred: LabelInput,
    *,
    beta: float = 1.0,
    labels: ArrayLike | None = None,
    pos_label: PosLabel = 1,
    average: AverageOrBinary = None,
    warn_for: Collection[str] = ("precision", "recall", "f-score"),
    sample_weight: ArrayLike | None = None,
    zero_division: ZeroDivision = "warn",
) -> ScoresByClass | AverageScores:
    """Precision, recall, F-score and support, of each class or averaged.

    With the counts tp (predicted and true), pp (predicted) and p (true) of a class, its precision is
    ``tp / pp``, its recall ``tp / p``, its F-score ``(1 + beta**2) tp / (beta**2 p + pp)`` [1]_ (the weighted
    harmonic mean of both) and its support p.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,), or indicator matrix of shape (n_samples, n_labels)
        True labels.
    y_pred : array-like of shape (n_samples,), or indicator matrix of shape (n_samples, n_labels)
        Predicted labels.
    beta : float, default=1.0
        How many times as much recall counts as precision in the F-score; infinite for recall alone.
    labels : array-like of shape (n_classes,), optional
        Classes to score (columns of an indicator matrix), in this order. All that are true or predicted
        somewhere, sorted, by default.
    pos_label : float, bool or str, default=1
        The positive class, for 'binary'.
    average : {'binary', 'micro', 'macro', 'samples', 'weighted'} or None, default=None
        None: one value per class; 'macro': their plain mean; 'weighted': their mean, weighted by support;
        'micro': the value of all counts pooled; 'samples': the mean over the rows of indicator matrices;
        'binary': the value of the positive class of two.
    warn_for : list, tuple or set of str, default=("precision", "recall", "f-score")
        Metrics for which a warning is given if they are not defined.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.
    zero_division : {'warn', 0.0, 1.0, nan}, default='warn'
        Value of a ratio with nothing to divide by. NaN leaves it out of the average; 'warn' is 0 with a
        warning.

    Returns
    -------
    precision, recall, fscore : float, or ndarray of shape (n_classes,)
        The scores; arrays for ``average=None``.
    support : None, or ndarray of shape (n_classes,)
        Number of true samples (with weights, their total weight); None with an average.

    Raises
    ------
    ValueError
        If labels do not fit together, or `average` does not fit them.

    Warns
    -----
    UndefinedMetricWarning
        If a ratio has nothing to divide by.
    UserWarning
        If a `pos_label` is given that has no effect.

    References
    ----------
    .. [1] van Rijsbergen, C. J. (1979). Information Retrieval, 2nd edition, chapter 7. Butterworths.

    Examples
    --------
    >>> y_true = ["cat", "dog", "pig", "cat", "dog", "pig"]
    >>> y_pred = ["cat", "pig", "dog", "cat", "cat", "dog"]
    >>> precision, recall, fscore, support = precision_recall_fscore_support(y_true, y_pred)
    >>> precision.round(3), recall, fscore, support
    (array([0.667, 0.   , 0.   ]), array([1., 0., 0.]), array([0.8, 0. , 0. ]), array([2, 2, 2]))
    """
    targets = check_targets(y_true, y_pred, sample_weight)
    chosen = chosen_labels(targets, labels, pos_label, average)
    counts = _counts(targets, chosen, average)
    rule = UndefinedRule(zero_division, warn_for, per_sample=average == "samples")
    precision, recall, fscore = _scores(counts, beta, rule)
    if average is None:
        return precision, recall, fscore, counts.true
    weights = {"weighted": counts.true, "samples": targets.weights}.get(average)
    return (
        mean_of_defined(precision, weights),
        mean_of_defined(recall, weights),
        mean_of_defined(fscore, weights),
        None,
    )


def _counts(targets: SingleLabels | LabelSets, labels: ArrayLike | None, average: AverageOrBinary) -> Tally:
    if isinstance(targets, SingleLabels):
        counts = counts_by_class(targets, labels)
    elif average == "samples":
        counts = counts_by_sample(targets, labels)
    else:
        counts = counts_by_label(targets, labels)
    return counts.pooled() if average == "micro" else counts


def _scores(
    counts: Tally, beta: float, rule: UndefinedRule
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Precision, recall and F-score of each entry of the counts."""
    precision = ratios(counts.hits, counts.predicted, rule, "precision", "predicted")
    recall = ratios(counts.hits, counts.true, rule, "recall", "true")
    if beta == 0:
        return precision, recall, precision
    if np.isposinf(beta):
        return precision, recall, recall
    # From the counts, not from precision and recall: these may both be undefined where the F-score is not.
    share = beta**2
    decisions = share * counts.true + counts.predicted
    fscore = ratios((1 + share) * counts.hits, decisions, rule, "f-score", "true nor predicted")
    return precision, recall, fscore


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
