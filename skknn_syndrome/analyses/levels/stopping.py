"""Predictions that stop at the most specific level whose confidence is high enough."""

from collections.abc import Sequence

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray

FEWEST_ANSWERED = 10
"""Predictions that a threshold has to let pass where it is chosen: of fewer, accuracy is not known."""


def choose_thresholds(confidence: Float64Array, right: BoolArray, target: float) -> tuple[float | None, ...]:
    """Choose the least confidence of each level at which enough of what is answered is right.

    Level after level, the finest first, on those images that were not answered before: so the accuracy of
    what stops at each level is that which was asked for [1]_.

    Parameters
    ----------
    confidence : ndarray of shape (n_levels, n_images)
        Of predictions that were not trained on.
    right : ndarray of bool of the same shape
    target : float
        The share of the answers of each level that is to be right.

    Returns
    -------
    tuple of float or None
        For each level; None where no confidence is high enough.

    References
    ----------
    .. [1] J. Deng, J. Krause, A. C. Berg and L. Fei-Fei, "Hedging your bets: optimizing accuracy-specificity
       trade-offs in large scale visual recognition", CVPR 2012. doi:10.1109/CVPR.2012.6248086

    Examples
    --------
    >>> sure = np.linspace(0.99, 0.70, 30)
    >>> species, genus = sure > 0.88, np.ones(30, dtype=bool)
    >>> choose_thresholds(np.array([sure, sure]), np.array([species, genus]), 1.0)
    (0.89, 0.7)
    """
    left = np.ones(confidence.shape[1], dtype=np.bool_)
    found: list[float | None] = []
    for sure, hits in zip(confidence, right, strict=True):
        least = _least_confidence(sure[left], hits[left], target)
        found.append(least)
        if least is not None:
            left &= sure < least
    return tuple(found)


def _least_confidence(confidence: Float64Array, right: BoolArray, target: float) -> float | None:
    order = np.argsort(-confidence, kind="stable")
    sure = confidence[order]
    share = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    # Equal confidences pass together.
    last = np.append(sure[1:] != sure[:-1], True) if len(sure) else np.zeros(0, dtype=np.bool_)
    enough = np.arange(1, len(order) + 1) >= FEWEST_ANSWERED
    passing = np.flatnonzero((share >= target) & last & enough)
    return float(sure[passing[-1]]) if len(passing) else None


def stop(confidence: Float64Array, thresholds: Sequence[float | None]) -> IndexArray:
    """Return the first level whose confidence is high enough, for each image.

    Parameters
    ----------
    confidence : ndarray of shape (n_levels, n_images)
    thresholds : sequence of float or None

    Returns
    -------
    ndarray of shape (n_images,)
        The number of levels where none is.

    Examples
    --------
    >>> stop(np.array([[0.9, 0.2, 0.2], [0.9, 0.8, 0.1]]), [0.5, 0.5])
    array([0, 1, 2])
    """
    least = np.array([np.inf if value is None else value for value in thresholds])
    passes = confidence >= least[:, None]
    return np.where(passes.any(axis=0), passes.argmax(axis=0), len(least))
