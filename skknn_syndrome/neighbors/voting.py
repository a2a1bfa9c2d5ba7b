"""From weighted neighbours to class probabilities."""

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray


def class_votes(labels: IndexArray, weights: Float64Array, n_classes: int) -> Float64Array:
    """Return each row's sum of weights per class, added in the order of the neighbours.

    Parameters
    ----------
    labels : ndarray of shape (n_rows, n_neighbors)
        The neighbours' class numbers, nearest first.
    weights : ndarray of shape (n_rows, n_neighbors)
    n_classes : int

    Returns
    -------
    ndarray of shape (n_rows, n_classes)

    Examples
    --------
    >>> class_votes(np.array([[2, 0, 2]]), np.array([[1.0, 0.5, 0.25]]), n_classes=3)
    array([[0.5 , 0.  , 1.25]])
    """
    cells = labels + n_classes * np.arange(len(labels))[:, None]
    # bincount goes through the neighbours one by one: no batch or thread can change the order of the sum.
    votes = np.bincount(cells.ravel(), weights.ravel(), minlength=len(labels) * n_classes)
    return np.asarray(votes, dtype=np.float64).reshape(len(labels), n_classes)


def vote_probabilities(votes: Float64Array, class_weight: Float64Array) -> Float64Array:
    r"""Return the class probabilities :math:`p_c = w_c v_c / \sum_b w_b v_b`.

    Parameters
    ----------
    votes : ndarray of shape (..., n_rows, n_classes)
        Not negative, with at least one vote in each row.
    class_weight : ndarray of shape (n_classes,) or (n_rows, n_classes)
        Positive.

    Returns
    -------
    ndarray of shape (..., n_rows, n_classes)
        Each row sums to 1.

    Examples
    --------
    >>> vote_probabilities(np.array([[2.0, 1.0]]), np.array([1.0, 6.0]))
    array([[0.25, 0.75]])
    """
    probabilities = votes.copy()
    share_votes(probabilities, class_weight)
    return probabilities


def share_votes(votes: Float64Array, class_weight: Float64Array) -> None:
    """Turn votes into the probabilities of `vote_probabilities`, in place."""
    if (class_weight != 1).any():
        votes *= class_weight
    votes /= votes.sum(axis=-1, keepdims=True)
