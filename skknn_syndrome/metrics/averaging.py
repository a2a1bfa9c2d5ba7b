"""Averages over classes: macro, micro, weighted and by sample, and rules for undefined ratios."""

import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.utils import check_array, check_consistent_length

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics.counting import CountArray
from skknn_syndrome.metrics.validation import LabelSets, SingleLabels, WeightArray

Average: TypeAlias = Literal["micro", "macro", "samples", "weighted"] | None
"""How the values of single classes become one."""

AverageOrBinary: TypeAlias = Average | Literal["binary"]
"""How the values of single classes become one; 'binary' takes that of the positive class."""

PosLabel: TypeAlias = float | str | None
"""The positive class of two: a number, a bool or a string."""

ZeroDivision: TypeAlias = Literal["warn"] | float
"""Value of a ratio with nothing to divide by: 0, 1 or NaN; 'warn' is 0 with a warning."""

BinaryMetric: TypeAlias = Callable[[LabelArray, Float64Array, Float64Array | None], float]
"""A metric of (truth, scores, weights), each of shape (n_samples,), with the positives 1 or True."""


def one_vs_rest_average(
    metric: BinaryMetric,
    truth: LabelArray,
    scores: Float64Array,
    average: Average,
    weights: Float64Array | None = None,
) -> float | Float64Array:
    """Average a two-class metric over an indicator matrix.

    Parameters
    ----------
    metric : callable
        Called as ``metric(truth, scores, weights)`` with columns (or rows, or all cells).
    truth : ndarray of shape (n_samples, n_classes)
        1 (or True) for the classes that each sample belongs to.
    scores : ndarray of shape (n_samples, n_classes)
        Scores, higher for members of the class.
    average : {'micro', 'macro', 'samples', 'weighted'} or None
        'macro': the plain mean over classes; 'weighted': their mean, weighted by the positives; 'micro':
        the metric of all cells pooled; 'samples': the mean over rows; None: one value per class.
    weights : ndarray of shape (n_samples,), optional
        Weights of the samples.

    Returns
    -------
    float or ndarray of shape (n_classes,)
        The average; 0.0 for 'weighted' without any positive.

    Examples
    --------
    The positives' share of all scores, 4/5 for the first class and 2/4 for the second:

    >>> import numpy as np
    >>> def share(truth, scores, weights):
    ...     return scores[truth == 1].sum() / scores.sum()
    >>> truth, scores = np.array([[1, 0], [0, 1]]), np.array([[4.0, 2.0], [1.0, 2.0]])
    >>> one_vs_rest_average(share, truth, scores, "macro")
    0.65
    """
    check_consistent_length(truth, scores, weights)
    check_array(scores)
    if average == "micro":
        repeated = None if weights is None else np.repeat(weights, truth.shape[1])
        return metric(truth.ravel(), scores.ravel(), repeated)
    if average == "samples":
        by_row = [metric(row, score, None) for row, score in zip(truth, scores, strict=True)]
        return float(np.average(by_row, weights=weights))
    support = truth.T @ (np.ones(len(truth)) if weights is None else weights)
    if average == "weighted" and np.isclose(support.sum(), 0):
        return 0.0
    by_class = np.array([metric(truth[:, c], scores[:, c], weights) for c in range(scores.shape[1])])
    if average is None:
        return by_class
    if average == "macro":
        return float(np.mean(by_class))
    # A class without support has no value (NaN); its weight of 0 alone would not keep NaN out of the sum.
    return float(np.average(np.where(support == 0, 0.0, by_class), weights=support))


def one_vs_one_average(
    metric: BinaryMetric,
    classes: IndexArray,
    scores: Float64Array,
    *,
    weighted: bool,
) -> float:
    """Average a two-class metric over all pairs of classes, as Hand and Till do [1]_.

    For a pair (a, b) the metric is taken among its samples alone, once with a and the scores of a, once
    with b and those of b: their mean is the pair's value.

    Parameters
    ----------
    metric : callable
        Called as ``metric(truth, scores, None)``.
    classes : ndarray of int, shape (n_samples,)
        The column of `scores` that is each sample's class.
    scores : ndarray of shape (n_samples, n_classes)
        Scores, higher for members of the class.
    weighted : bool
        Weight pairs by their share of the samples; otherwise take their plain mean.

    Returns
    -------
    float
        The average over the pairs of classes that occur.

    References
    ----------
    .. [1] Hand, D. J., Till, R. J. (2001). A simple generalisation of the area under the ROC curve for
       multiple class classification problems. Machine Learning 45, 171-186.
       https://doi.org/10.1023/A:1010920819831

    Examples
    --------
    >>> import numpy as np
    >>> def mean_score(truth, scores, weights):
    ...     return scores[truth].mean()
    >>> one_vs_one_average(mean_score, np.array([0, 1]), np.array([[0.5, 0.5], [0.75, 0.25]]), weighted=False)
    0.375
    """
    values, shares = [], []
    for pair in combinations(np.unique(classes), 2):
        within = np.isin(classes, pair)
        values.append(np.mean([metric(classes[within] == c, scores[within, c], None) for c in pair]))
        shares.append(within.mean())
    return float(np.average(values, weights=shares if weighted else None))


def chosen_labels(
    targets: SingleLabels | LabelSets,
    labels: ArrayLike | None,
    pos_label: PosLabel,
    average: AverageOrBinary,
) -> ArrayLike | None:
    """Labels that a score is about.

    Parameters
    ----------
    targets : SingleLabels or LabelSets
        True and predicted labels.
    labels : array-like, optional
        What the caller asked for.
    pos_label : float, bool or str, optional
        The positive class, for 'binary'.
    average : {'binary', 'micro', 'macro', 'samples', 'weighted'} or None
        How values become one.

    Returns
    -------
    array-like or None
        The positive class alone for 'binary', else `labels`.

    Raises
    ------
    ValueError
        If `average` does not fit the kind of labels, or `pos_label` is none of two classes.

    Warns
    -----
    UserWarning
        If a `pos_label` is given that has no effect.
    """
    if average == "binary":
        return np.array([_positive_class(targets, pos_label)])
    if average == "samples" and isinstance(targets, SingleLabels):
        message = "Samplewise metrics are not available outside of multilabel classification."
        raise ParameterError(message, code="samples_of_single_labels", parameter="average")
    if pos_label not in {None, 1}:
        message = (
            f"Note that pos_label (set to {pos_label!r}) is ignored when average != 'binary' (got "
            f"{average!r}). You may use labels=[pos_label] to specify a single positive class."
        )
        warnings.warn(message, UserWarning, stacklevel=4)
    return labels


def _positive_class(targets: SingleLabels | LabelSets, pos_label: PosLabel) -> PosLabel:
    if isinstance(targets, LabelSets) or targets.kind != "binary":
        options = [None, "micro", "macro", "weighted", *(["samples"] * isinstance(targets, LabelSets))]
        message = (
            f"Target is {targets.kind} but average='binary'. Please choose another average setting, one of "
            f"{options!r}."
        )
        raise ParameterError(message, code="not_binary", parameter="average")
    classes = targets.classes
    # With one class alone it may be the negative one.
    if pos_label is None or (len(classes) > 1 and pos_label not in classes.tolist()):
        message = f"pos_label={pos_label} is not a valid label. It should be one of {classes}"
        raise ParameterError(message, code="unknown_label", parameter="pos_label")
    return pos_label


@dataclass(frozen=True, slots=True)
class UndefinedRule:
    """What becomes of a ratio with nothing to divide by."""

    value: ZeroDivision
    """Its value."""
    warn_for: Collection[str]
    """Names of the metrics that a warning may be about."""
    per_sample: bool = False
    """Whether the ratios are those of samples, not of labels."""


def ratios(
    parts: CountArray, totals: CountArray, rule: UndefinedRule, metric: str, missing: str
) -> Float64Array:
    """Divide counts by counts.

    Parameters
    ----------
    parts, totals : ndarray of shape (n,)
        Counts.
    rule : UndefinedRule
        What to do where the total is 0.
    metric : str
        Name of the metric, for the warning.
    missing : str
        What there is none of where the total is 0, for the warning.

    Returns
    -------
    ndarray of shape (n,)
        The ratios.

    Warns
    -----
    UndefinedMetricWarning
        If a total is 0 and the rule wants it said.

    Examples
    --------
    >>> import numpy as np
    >>> rule = UndefinedRule(value=1.0, warn_for=())
    >>> ratios(np.array([1, 0]), np.array([2, 0]), rule, "recall", "true")
    array([0.5, 1. ])
    """
    defined = totals != 0
    if rule.value == "warn" and metric in rule.warn_for and not defined.all():
        _warn_of_undefined(metric, missing, len(totals), per_sample=rule.per_sample)
    filled = np.full(len(totals), 0.0 if rule.value == "warn" else float(rule.value))
    np.divide(parts, totals, out=filled, where=defined)
    return filled


def _warn_of_undefined(metric: str, missing: str, n_ratios: int, *, per_sample: bool) -> None:
    item, other = ("sample", "label") if per_sample else ("label", "sample")
    where = "due to" if n_ratios == 1 else f"in {item}s with"
    message = (
        f"{metric.capitalize()} is ill-defined and being set to 0.0 {where} no {missing} {other}s. Use "
        "`zero_division` parameter to control this behavior."
    )
    warnings.warn(message, UndefinedMetricWarning, stacklevel=6)


def mean_of_defined(values: Float64Array, weights: CountArray | WeightArray | None = None) -> float:
    """Mean of the values that are not NaN.

    Parameters
    ----------
    values : ndarray of shape (n,)
        Values.
    weights : ndarray of shape (n,), optional
        Their weights. If those of the defined values sum to 0, the mean is taken without weights.

    Returns
    -------
    float
        The mean; NaN if no value is defined.

    Examples
    --------
    >>> import numpy as np
    >>> mean_of_defined(np.array([1.0, np.nan, 0.5]))
    0.75
    """
    defined = ~np.isnan(values)
    if not defined.any():
        return float("nan")
    counted = None if weights is None else weights[defined]
    if counted is not None and counted.sum() == 0:
        counted = None
    return float(np.average(values[defined], weights=counted))
