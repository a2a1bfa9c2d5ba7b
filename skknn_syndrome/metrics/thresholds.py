"""The sweep over all thresholds that ROC curves are drawn from."""

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, LabelArray


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
    order = np.argsort(scores, kind="stable")[::-1]
    descending = scores[order]
    last_of_group = np.append(descending[1:] != descending[:-1], True)
    mass = np.ones(len(scores)) if weights is None else weights[order].astype(np.float64)
    # Both sums are cumulated by themselves: "all minus positives" could decrease by a rounding error.
    true_positives = np.cumsum(np.where(positive[order], mass, 0.0))[last_of_group]
    false_positives = np.cumsum(np.where(positive[order], 0.0, mass))[last_of_group]
    return false_positives, true_positives, descending[last_of_group]
