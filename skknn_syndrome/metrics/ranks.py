"""Ranks of true classes among the scores of all, and pairs of samples that a class's scores put in order."""

from typing import NamedTuple

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray


class TrueClassRanks(NamedTuple):
    """Rank of each sample's true class, 1 being the highest score; ``best <= by_rule <= worst``."""

    best: IndexArray
    """Shape (n_samples,): the rank if every tie is resolved in favour of the true class."""
    by_rule: IndexArray
    """Shape (n_samples,): the rank by scikit-learn's rule, the later of equal classes first."""
    worst: IndexArray
    """Shape (n_samples,): the rank if every tie is resolved against the true class."""


def true_class_ranks(scores: Float64Array, columns: IndexArray) -> TrueClassRanks:
    """Rank the true class of each sample by counting the classes before it.

    Parameters
    ----------
    scores : ndarray of shape (n_samples, n_classes)
        Scores without NaN, higher for likelier classes.
    columns : ndarray of int, shape (n_samples,)
        The column of each sample's true class.

    Returns
    -------
    TrueClassRanks
        Three arrays of shape (n_samples,), equal where the true class ties with no other.

    Examples
    --------
    >>> import numpy as np
    >>> ranks = true_class_ranks(np.array([[0.2, 0.4, 0.2, 0.2]]), np.array([2]))
    >>> ranks.best, ranks.by_rule, ranks.worst
    (array([2]), array([3]), array([4]))
    """
    own = np.take_along_axis(scores, columns[:, None], axis=1)
    later = np.arange(scores.shape[1]) > columns[:, None]
    better = np.count_nonzero(scores > own, axis=1)
    return TrueClassRanks(
        best=better + 1,
        by_rule=better + np.count_nonzero((scores == own) & later, axis=1) + 1,
        worst=np.count_nonzero(scores >= own, axis=1),
    )


class Sweep:
    """One class against the rest, sorted once: the order of the scores, and which are tied.

    Parameters
    ----------
    scores : ndarray of shape (n_samples,)
        Higher for the class.
    positive : ndarray of bool, shape (n_samples,)
        Which samples are of the class.

    Examples
    --------
    Of four pairs three are in order:

    >>> sweep = Sweep(np.array([0.1, 0.4, 0.35, 0.8]), np.array([False, False, True, True]))
    >>> sweep.pairs(np.ones((1, 4)))
    (array([3.]), array([4.]))
    """

    def __init__(self, scores: Float64Array, positive: BoolArray) -> None:
        self._order = np.argsort(scores, kind="stable")
        ordered = scores[self._order]
        self._positive = np.flatnonzero(positive[self._order])
        self._negative = ~positive[self._order]
        own = ordered[self._positive]
        self._below = np.searchsorted(ordered, own, side="left")
        self._up_to = np.searchsorted(ordered, own, side="right")

    def pairs(self, weights: Float64Array) -> tuple[Float64Array, Float64Array]:
        """Weigh the pairs of a positive and a negative.

        Parameters
        ----------
        weights : ndarray of shape (n_weightings, n_samples)

        Returns
        -------
        won, all : ndarray of shape (n_weightings,)
            Weight of the pairs in which the positive scores more, a tie counting half; and of all pairs.
        """
        ordered = weights[:, self._order]
        negative = np.zeros((len(weights), ordered.shape[1] + 1))
        np.cumsum(ordered * self._negative, axis=1, out=negative[:, 1:])
        positive = ordered[:, self._positive]
        won = np.einsum("ij,ij->i", positive, negative[:, self._below] + negative[:, self._up_to]) / 2
        return won, positive.sum(axis=1) * negative[:, -1]
