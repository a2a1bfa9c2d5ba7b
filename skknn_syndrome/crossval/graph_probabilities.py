"""Out-of-fold probabilities of nearest neighbours, voted from a graph."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray
from skknn_syndrome.crossval.out_of_fold import OutOfFold
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.heads.graph_scores.grid import probabilities_by_k
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.search import Neighbors
from skknn_syndrome.neighbors.voting import (
    ClassWeight,
    class_votes,
    resolve_class_weight,
    vote_probabilities,
)
from skknn_syndrome.neighbors.weighting import Weights, neighbor_weights


class GraphAnswer(NamedTuple):
    """What the neighbours of one test part say."""

    neighbors: Neighbors
    """Rows of the graph, and their distances."""
    trained: BoolArray
    """Shape (n_classes,): which classes the training part has."""
    probabilities: Float64Array
    """Shape (n_test, n_trained): of these alone."""


def ask_graph(
    graph: NeighborGraph,
    truth: IndexArray,
    classes: LabelArray,
    split: IndexSplit,
    *,
    metric: str,
    n_neighbors: int,
    weights: Weights,
    temperature: float,
    class_weight: ClassWeight,
) -> GraphAnswer:
    """Return what a `SyndromeKNNClassifier`, fitted on a training part, says of a test part.

    Parameters
    ----------
    graph : NeighborGraph
        Of all images.
    truth : array of shape (n_images,)
        The number of each image's class.
    classes : array of shape (n_classes,)
        The sorted labels.
    split : (train, test)
        Row numbers, each training row once, rising.
    metric, n_neighbors, weights, temperature, class_weight
        As in `SyndromeKNNClassifier`, the metric one of the graph's.

    Returns
    -------
    GraphAnswer
        The bits of its `kneighbors` and `predict_proba`.
    """
    voters = truth[split[0]]
    trained = np.bincount(voters, minlength=len(classes)) > 0
    neighbors = look_up(graph, [split], metric, n_neighbors)
    # Without columns for classes that are not there: among zeros, a sum could be rounded otherwise.
    columns = np.cumsum(trained) - 1
    votes = class_votes(
        columns[truth[neighbors.indices]],
        neighbor_weights(neighbors.distances, weights, temperature),
        int(trained.sum()),
    )
    factors = resolve_class_weight(class_weight, classes[trained], classes[voters])
    return GraphAnswer(neighbors, trained, vote_probabilities(votes, factors))


def out_of_fold_probabilities(
    graph: NeighborGraph,
    labels: LabelArray,
    splits: Sequence[IndexSplit],
    *,
    metric: str,
    n_neighbors: int,
    weights: Weights = "distance",
    temperature: float = 0.07,
    class_weight: ClassWeight = None,
) -> OutOfFold:
    """Ask one candidate for every image when it was in the test part.

    Parameters
    ----------
    graph : NeighborGraph
        Of all images.
    labels : array of shape (n_images,)
        The class of each image.
    splits : sequence of (train, test)
        Row numbers.
    metric : str
        One of the graph's distances.
    n_neighbors : int
        If a training part is smaller, all of it votes.
    weights, temperature, class_weight
        As in `SyndromeKNNClassifier`.

    Returns
    -------
    OutOfFold
        The same bits as `SyndromeKNNClassifier.predict_proba` has them; 0 for a class that the training part
        lacks.
    """
    classes, truth = np.unique(labels, return_inverse=True)
    parts = []
    for train, test in splits:
        neighbors = look_up(graph, [(train, test)], metric, n_neighbors)
        factors = np.ones(len(classes))
        known = np.unique(truth[train])
        factors[known] = resolve_class_weight(class_weight, classes[known], classes[truth[train]])
        parts.append(vote(neighbors, truth, weights, temperature, factors))
    return pool(splits, parts)


def vote(
    neighbors: Neighbors, truth: IndexArray, weights: Weights, temperature: float, class_weight: Float64Array
) -> Float64Array:
    """Return the probabilities where all the neighbours vote, shape (n_queries, n_classes)."""
    found = probabilities_by_k(
        neighbors,
        truth,
        [neighbors.indices.shape[1]],
        weights=weights,
        temperature=temperature,
        class_weight=class_weight,
    )
    ((_, (probabilities,)),) = found
    return np.asarray(probabilities)


def pool(splits: Sequence[IndexSplit], parts: Sequence[Float64Array]) -> OutOfFold:
    """Put the probabilities of all test parts, one array each, one after another."""
    tests = [test for _, test in splits]
    return OutOfFold(
        rows=np.concatenate(tests),
        folds=np.repeat(np.arange(len(tests)), [len(test) for test in tests]),
        probabilities=np.concatenate(parts),
    )


def look_up(graph: NeighborGraph, splits: Sequence[IndexSplit], metric: str, n_neighbors: int) -> Neighbors:
    """Return the neighbours of all test parts, no more than the smallest training part has."""
    reach = min(n_neighbors, *(len(train) for train, _ in splits))
    allowed = np.zeros((len(splits), graph.n_samples), dtype=np.bool_)
    for place, (train, _) in enumerate(splits):
        allowed[place, train] = True
    parts = np.repeat(np.arange(len(splits)), [len(test) for _, test in splits])
    return graph.nearest_among(
        metric, np.concatenate([test for _, test in splits]), allowed, reach, parts=parts
    )
