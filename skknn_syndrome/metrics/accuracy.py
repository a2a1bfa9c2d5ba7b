"""Accuracy, plain and balanced over the classes."""

import warnings

import numpy as np
from numpy.typing import ArrayLike

from skknn_syndrome._typing import BoolArray
from skknn_syndrome.metrics import scores
from skknn_syndrome.metrics._parameters import validated
from skknn_syndrome.metrics.confusion import confusion_matrix
from skknn_syndrome.metrics.tally import Tally, counts_by_sample
from skknn_syndrome.metrics.targets import LabelInput, LabelSets, SingleLabels, check_targets


@validated(
    {
        "y_true": ["array-like", "sparse matrix"],
        "y_pred": ["array-like", "sparse matrix"],
        "normalize": ["boolean"],
        "sample_weight": ["array-like", None],
    }
)
def accuracy_score(
    y_true: LabelInput,
    y_pred: LabelInput,
    *,
    normalize: bool = True,
    sample_weight: ArrayLike | None = None,
) -> float:
    """Share of the samples whose prediction is right.

    With sets of labels (multilabel) a prediction is right if it names exactly the true set.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,), or indicator matrix of shape (n_samples, n_labels)
        True labels.
    y_pred : array-like of shape (n_samples,), or indicator matrix of shape (n_samples, n_labels)
        Predicted labels.
    normalize : bool, default=True
        Return the share; otherwise the number of right predictions (with weights, their total weight).
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.

    Returns
    -------
    float
        The accuracy, at most 1 if normalised.

    Raises
    ------
    ValueError
        If labels do not fit together.

    Examples
    --------
    >>> accuracy_score([0, 1, 2, 3], [0, 2, 1, 3])
    0.5
    >>> accuracy_score([0, 1, 2, 3], [0, 2, 1, 3], normalize=False)
    2.0
    """
    targets = check_targets(y_true, y_pred, sample_weight)
    right = _right(targets).astype(np.float64)
    if normalize:
        return float(np.average(right, weights=targets.weights))
    return float(right.sum() if targets.weights is None else right @ targets.weights)


def _right(targets: SingleLabels | LabelSets) -> BoolArray:
    right: BoolArray
    if isinstance(targets, SingleLabels):
        right = targets.truth == targets.predicted
    else:
        hits, predicted, true = counts_by_sample(targets)
        right = (hits == predicted) & (hits == true)
    return right


@validated(
    {
        "y_true": ["array-like"],
        "y_pred": ["array-like"],
        "sample_weight": ["array-like", None],
        "adjusted": ["boolean"],
    }
)
def balanced_accuracy_score(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    *,
    sample_weight: ArrayLike | None = None,
    adjusted: bool = False,
) -> float:
    """Mean recall of the classes that occur, so that rare classes count as much as frequent ones [1]_.

    Parameters
    ----------
    y_true : array-like of shape (n_samples,)
        True labels.
    y_pred : array-like of shape (n_samples,)
        Predicted labels.
    sample_weight : array-like of shape (n_samples,), optional
        Weights of the samples.
    adjusted : bool, default=False
        Rescale to 0 for guessing among the n classes: ``(score - 1/n) / (1 - 1/n)``. With one class it is
        NaN, as 0/0.

    Returns
    -------
    float
        The score, at most 1.

    Raises
    ------
    ValueError
        If labels do not fit together.

    Warns
    -----
    UserWarning
        If `y_pred` has classes that are not in `y_true`, which have no recall and are left out; if there is
        one class alone.
    RuntimeWarning
        If it is also to be adjusted, which divides 0 by 0.

    References
    ----------
    .. [1] Brodersen, K. H., Ong, C. S., Stephan, K. E., Buhmann, J. M. (2010). The balanced accuracy and its
       posterior distribution. 20th International Conference on Pattern Recognition, 3121-3124.
       https://doi.org/10.1109/ICPR.2010.764

    Examples
    --------
    Four of class 0, three of them right, and one of two of class 1:

    >>> balanced_accuracy_score([0, 1, 0, 0, 1, 0], [0, 1, 0, 0, 0, 1])
    0.625
    """
    matrix = confusion_matrix(y_true, y_pred, sample_weight=sample_weight)
    support = matrix.sum(axis=1)
    occurs = support != 0
    if not occurs.all():
        warnings.warn("y_pred contains classes not in y_true", UserWarning, stacklevel=3)
    score = scores.balanced_accuracy(Tally(matrix.diagonal(), matrix.sum(axis=0), support))
    if adjusted:
        chance = 1 / occurs.sum()
        score = (score - chance) / (1 - chance)
    return float(score)
