"""Class probabilities for every k, by running sums over the ranks of neighbours."""

from collections.abc import Sequence

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.neighbors.neighbors import Neighbors
from skknn_syndrome.neighbors.voting import class_votes, vote_probabilities
from skknn_syndrome.neighbors.weighting import Weights, neighbor_weights


def probabilities_by_k(
    neighbors: Neighbors,
    truth: IndexArray,
    n_neighbors: Sequence[int],
    *,
    weights: Weights,
    temperature: float,
    class_weight: Float64Array,
) -> Float64Array:
    """Return the class probabilities for each number of neighbours.

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

    Returns
    -------
    ndarray of shape (len(n_neighbors), n_queries, n_classes)
        The same bits as `SyndromeKNNClassifier.predict_proba` has them.
    """
    n_classes = class_weight.shape[-1]
    labels = truth[neighbors.indices]
    if callable(weights):  # a function may look at all distances at once
        votes = np.stack(
            [
                class_votes(
                    labels[:, :k],
                    neighbor_weights(neighbors.distances[:, :k], weights, temperature),
                    n_classes,
                )
                for k in n_neighbors
            ]
        )
    else:
        votes = _running_votes(
            labels, neighbor_weights(neighbors.distances, weights, temperature), n_neighbors, n_classes
        )
    return vote_probabilities(votes, class_weight)


def _running_votes(
    labels: IndexArray, weights: Float64Array, n_neighbors: Sequence[int], n_classes: int
) -> Float64Array:
    """Return the votes after each number of neighbours, added in the order of the neighbours."""
    n_queries = len(labels)
    cells = np.ascontiguousarray((labels + n_classes * np.arange(n_queries)[:, None]).T)
    summands = np.ascontiguousarray(weights.T)
    votes = np.empty((len(n_neighbors), n_queries * n_classes))
    running = np.zeros(n_queries * n_classes)
    done = 0
    for place, k in enumerate(n_neighbors):
        for rank in range(done, k):
            running[cells[rank]] += summands[rank]  # a query has one cell at each rank
        votes[place] = running
        done = k
    return votes.reshape(len(n_neighbors), n_queries, n_classes)
