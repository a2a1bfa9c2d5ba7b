"""Scores of sets of labels: Hamming loss, label-ranking average precision, and a table of scores by label."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import check_array, check_consistent_length, column_or_1d
from sklearn.utils.multiclass import type_of_target

from skknn_syndrome._typing import BoolArray, Float64Array, MatrixLike
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.metrics.average_precision import average_precision
from skknn_syndrome.metrics.counting import LabelSetTally, Sweep, counts_by_label
from skknn_syndrome.metrics.validation import LabelInput, LabelSets, check_targets, some_weight, validated

if TYPE_CHECKING:
    import pandas as pd


@validated(
    {
        "y_true": ["array-like", "sparse matrix"],
        "y_pred": ["array-like", "sparse matrix"],
        "sample_weight": ["array-like", None],
    }
)
def hamming_loss(y_true: LabelInput, y_pred: LabelInput, *, sample_weight: ArrayLike | None = None) -> float:
    """Share of the decisions that are wrong, a decision being one label of one sample [1]_; lower is better.

    Parameters
    ----------
    y_true, y_pred : array-like of shape (n_samples,), or indicator matrix of shape (n_samples, n_labels)
        Labels. With one label a sample the loss is that share of the samples.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If labels do not fit together.

    References
    ----------
    .. [1] G. Tsoumakas and I. Katakis, "Multi-label classification: an overview", International Journal of
       Data Warehousing and Mining 3(3), 2007. doi:10.4018/jdwm.2007070101

    Examples
    --------
    >>> hamming_loss([[0, 1], [1, 1]], [[0, 0], [0, 1]])
    0.5
    """
    targets = check_targets(y_true, y_pred, sample_weight)
    if not isinstance(targets, LabelSets):
        return float(np.average(targets.truth != targets.predicted, weights=targets.weights))
    hits, predicted, true = (counts.sum() for counts in counts_by_label(targets))
    n_samples, n_labels = targets.truth.shape
    total = n_samples if targets.weights is None else targets.weights.sum()
    return float((true + predicted - 2 * hits) / (n_labels * total))


@validated(
    {
        "y_true": ["array-like", "sparse matrix"],
        "y_score": ["array-like"],
        "sample_weight": ["array-like", None],
    }
)
def label_ranking_average_precision_score(
    y_true: LabelInput, y_score: ArrayLike, *, sample_weight: ArrayLike | None = None
) -> float:
    """Mean, over the samples and their true labels, of the share of true ones among labels scored as high.

    A sample with all labels or none, whose ranking says nothing, counts 1 [1]_.

    Parameters
    ----------
    y_true : indicator matrix of shape (n_samples, n_labels), dense or sparse
        True labels.
    y_score : array-like of shape (n_samples, n_labels)
        Scores, higher for likelier labels.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.

    Returns
    -------
    float
        Above 0 and at most 1.

    Raises
    ------
    ValueError
        If shapes do not fit, or `y_true` is no indicator matrix.

    References
    ----------
    .. [1] G. Tsoumakas, I. Katakis and I. Vlahavas, "Mining multi-label data", Data Mining and Knowledge
       Discovery Handbook, 2010. doi:10.1007/978-0-387-09823-4_34

    Examples
    --------
    The true label is second of three, then third:

    >>> label_ranking_average_precision_score([[1, 0, 0], [0, 0, 1]], [[0.75, 0.5, 1], [1, 0.2, 0.1]])
    0.416...
    """
    check_consistent_length(y_true, y_score, sample_weight)
    given: MatrixLike = check_array(y_true, ensure_2d=False, accept_sparse="csr")
    scores = check_array(y_score, ensure_2d=False)
    if given.shape != scores.shape:
        message = "y_true and y_score have different shape"
        raise ParameterError(message, code="columns_mismatch", parameter="y_score")
    kind = type_of_target(y_true, input_name="y_true")
    if kind != "multilabel-indicator" and not (kind == "binary" and given.ndim == 2):  # noqa: PLR2004  one label
        message = f"{kind} format is not supported"
        raise ParameterError(message, code="unsupported_labels", parameter="y_true")
    truth = (given.toarray() if hasattr(given, "toarray") else given) != 0
    weights = None if sample_weight is None else some_weight(column_or_1d(sample_weight))
    return float(np.average(label_ranking_precision(truth, scores), weights=weights))


def label_ranking_precision(truth: BoolArray, scores: Float64Array) -> Float64Array:
    """Return each sample's mean share of true labels among those scored at least as high as a true one.

    Parameters
    ----------
    truth : ndarray of bool, shape (n_samples, n_labels)
    scores : ndarray of shape (n_samples, n_labels)

    Returns
    -------
    ndarray of shape (n_samples,)
        1 for a sample with all labels or none.

    Examples
    --------
    >>> label_ranking_precision(np.array([[True, False], [False, False]]), np.array([[0.1, 0.9], [0.3, 0.2]]))
    array([0.5, 1. ])
    """
    n_true = truth.sum(axis=1)
    shares = np.zeros(len(truth))
    # Label by label, and the rows that have it: a cube of labels by labels may be very large.
    for label in range(truth.shape[1]):
        rows = np.flatnonzero(truth[:, label])
        as_high = scores[rows] >= scores[rows, label, None]
        shares[rows] += (as_high & truth[rows]).sum(axis=1) / as_high.sum(axis=1)
    means: Float64Array = np.where(n_true > 0, shares / np.maximum(n_true, 1), 1.0)
    return means


def scores_by_label(
    truth: ArrayLike, predicted: ArrayLike, scores: ArrayLike, labels: Sequence[object] | None = None
) -> "pd.DataFrame":
    """Return a table of what is found of each label.

    Parameters
    ----------
    truth, predicted : array-like of 0 and 1, shape (n_samples, n_labels)
        Labels that are true, and those that are predicted.
    scores : array-like of shape (n_samples, n_labels)
        Finite, higher for likelier labels.
    labels : sequence of length n_labels, optional
        Names of the labels, by default their numbers.

    Returns
    -------
    DataFrame
        A row a label, with the columns ``label``, ``n_positive``, ``prevalence``, ``roc_auc``,
        ``average_precision``, ``f1``, ``sensitivity``, ``specificity``, ``undefined``. A value is NaN where
        there is nothing to divide by; ``undefined`` then says why, and is None else. F1 is 0 for a label
        that is predicted but never true.

    Raises
    ------
    ParameterError
        The shapes differ.

    Examples
    --------
    >>> truth, predicted = [[1, 0], [1, 0], [0, 0]], [[1, 0], [0, 0], [0, 0]]
    >>> table = scores_by_label(truth, predicted, scores=[[0.9, 0.2], [0.4, 0.1], [0.1, 0.3]])
    >>> table.loc[0, ["roc_auc", "average_precision", "sensitivity", "specificity"]].tolist()
    [1.0, 1.0, 0.5, 1.0]
    >>> table.loc[1, "undefined"]
    'no image of the test part has the label'
    """
    import pandas as pd  # noqa: PLC0415  scores do without it

    true, said = (np.asarray(given) > 0 for given in (truth, predicted))
    values = check_array(scores, dtype=np.float64, input_name="scores")
    if not true.shape == said.shape == values.shape:
        raise ParameterError(
            f"truth, predicted and scores have the shapes {true.shape}, {said.shape} and {values.shape}: "
            "give a row for each sample, and a column for each label.",
            code="columns_mismatch",
            parameter="scores",
        )
    names = range(true.shape[1]) if labels is None else labels
    columns = zip(names, true.T, said.T, values.T, strict=True)
    return pd.DataFrame([_of_label(*column) for column in columns])


NO_POSITIVES = "no image of the test part has the label"
NO_NEGATIVES = "all images of the test part have the label"


def _of_label(name: object, true: BoolArray, said: BoolArray, scores: Float64Array) -> dict[str, Any]:
    tally = LabelSetTally.of(true[:, None], said[:, None])
    n_samples, n_positive = len(true), int(tally.true[0])
    n_negative, n_said = n_samples - n_positive, int(tally.predicted[0])
    hits = int(tally.hits[0])
    won, pairs = (part[0] for part in Sweep(scores, true).pairs(np.ones((1, n_samples))))
    return {
        "label": name,
        "n_positive": n_positive,
        "prevalence": n_positive / n_samples,
        "roc_auc": _ratio(won, pairs),
        "average_precision": average_precision(true, scores),
        "f1": _ratio(2 * hits, n_positive + n_said),
        "sensitivity": _ratio(hits, n_positive),
        "specificity": _ratio(n_negative - (n_said - hits), n_negative),
        "undefined": NO_POSITIVES if n_positive == 0 else NO_NEGATIVES if n_negative == 0 else None,
    }


def _ratio(part: float, total: float) -> float:
    return float(part / total) if total else float("nan")
