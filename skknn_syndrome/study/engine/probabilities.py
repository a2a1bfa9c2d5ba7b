"""Class probabilities for every k, by running sums over the ranks of neighbours."""

from collections.abc import Iterator, Sequence
from itertools import islice

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
    votes = (
        _votes_of_a_function(labels, neighbors.distances, weights, n_neighbors, shape)
        if callable(weights)
        else _running_votes(
            labels, neighbor_weights(neighbors.distances, weights, temperature), n_neighbors, shape
        )
    )
    for places in gen_batches(len(n_neighbors), max(1, BATCH_BYTES // (8 * shape[0] * shape[1]))):
        probabilities = np.stack(list(islice(votes, places.stop - places.start)))
        share_votes(probabilities, class_weight)
        yield places, probabilities


def _votes_of_a_function(
    labels: IndexArray,
    distances: Float64Array,
    function: WeightFunction,
    n_neighbors: Sequence[int],
    shape: tuple[int, int],
) -> Iterator[Float64Array]:
    """Compute the votes for each number of neighbours; a function may look at all distances at once."""
    for k in n_neighbors:
        yield class_votes(labels[:, :k], custom_weights(function, distances[:, :k]), shape[1])


def _running_votes(
    labels: IndexArray, weights: Float64Array, n_neighbors: Sequence[int], shape: tuple[int, int]
) -> Iterator[Float64Array]:
    """Compute the votes after each number of neighbours, added in the order of the neighbours."""
    cells = np.ascontiguousarray((labels + shape[1] * np.arange(shape[0])[:, None]).T)
    summands = np.ascontiguousarray(weights.T)
    running = np.zeros(shape[0] * shape[1])
    done = 0
    for k in n_neighbors:
        for rank in range(done, k):
            running[cells[rank]] += summands[rank]  # a query has one cell at each rank
        yield running.reshape(shape).copy()
        done = k
