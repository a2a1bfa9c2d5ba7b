"""Means of a two-class metric over the columns, rows or pairs of several classes."""

from collections.abc import Callable
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
from sklearn.utils import check_array, check_consistent_length

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray

Average: TypeAlias = Literal["micro", "macro", "samples", "weighted"] | None
"""How the values of single classes become one."""

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
