"""Class probabilities for every k, by running sums over the ranks of neighbours."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np
from sklearn.utils import gen_batches

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.neighbors.neighbors import Neighbors
from skknn_syndrome.neighbors.voting import class_votes, share_votes
from skknn_syndrome.neighbors.weighting import WeightFunction, Weights, custom_weights, neighbor_weights

BATCH_BYTES = 2**24
"""Probabilities held at a time."""


def probabilities_by_k(
    neighbors: Neighbors,
    truth: IndexArray,
    n_neighbors: Sequence[int],
    *,
    weights: Weights,
    temperature: float,
    class_weight: Float64Array,
) -> Iterator[tuple[slice, Float64Array]]:
    """Compute the class probabilities for each number of neighbours, some of them at a time.

    Parameters
    ----------
    neighbors : Neighbors
        At least as many as the largest number asked for.
    truth : ndarray of shape (n_samples,)
        The class number of each row of the graph.
    n_neighbors : sequence of int, rising
    weights, temperature
        As in `SyndromeKNNClassifier`.
    class_weight : ndarray of shape (n_classes,) or (n_queries, n_classes)
        The factor of each class.

    Yields
    ------
    places : slice
        Of which numbers of neighbours.
    probabilities : ndarray of shape (n_places, n_queries, n_classes)
        The same bits as `SyndromeKNNClassifier.predict_proba` has them.
    """
    labels = truth[neighbors.indices]
    shape = (len(labels), class_weight.shape[-1])
    votes: Callable[[int, Float64Array], None]
    if callable(weights):  # a function may look at all distances at once
        votes = partial(_votes_of_a_function, labels, neighbors.distances, weights)
    else:
        votes = _RunningVotes(labels, neighbor_weights(neighbors.distances, weights, temperature), shape)
    for places in gen_batches(len(n_neighbors), max(1, BATCH_BYTES // (8 * shape[0] * shape[1]))):
        probabilities = np.empty((places.stop - places.start, *shape))
        for place, k in enumerate(n_neighbors[places]):
            votes(k, probabilities[place])
        share_votes(probabilities, class_weight)
        yield places, probabilities


def _votes_of_a_function(
    labels: IndexArray, distances: Float64Array, function: WeightFunction, k: int, out: Float64Array
) -> None:
    """Put the votes of the first `k` neighbours into `out`."""
    out[:] = class_votes(labels[:, :k], custom_weights(function, distances[:, :k]), out.shape[1])


class _RunningVotes:
    """The votes after each number of neighbours, added in the order of the neighbours.

    Parameters
    ----------
    labels, weights : ndarray of shape (n_queries, n_neighbors)
    shape : (n_queries, n_classes)
    """

    def __init__(self, labels: IndexArray, weights: Float64Array, shape: tuple[int, int]) -> None:
        self._cells = np.ascontiguousarray((labels + shape[1] * np.arange(shape[0])[:, None]).T)
        self._weights = np.ascontiguousarray(weights.T)
        self._votes = np.zeros(shape)
        self._done = 0

    def __call__(self, k: int, out: Float64Array) -> None:
        """Put the votes of the first `k` neighbours into `out`; `k` never falls from call to call."""
        running = self._votes.reshape(-1)
        for rank in range(self._done, k):
            running[self._cells[rank]] += self._weights[rank]  # a query has one cell at each rank
        self._done = k
        out[:] = self._votes
