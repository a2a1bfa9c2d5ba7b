"""The scores of a whole grid on all splits, from one neighbour graph."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from joblib import effective_n_jobs
from sklearn.utils import gen_batches

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.heads.graph_scores.batches import Batch, Electorate, IndexSplit, make_batches
from skknn_syndrome.metrics.batch import batch_scores
from skknn_syndrome.metrics.registry import names_for
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.search import Neighbors, on_threads
from skknn_syndrome.neighbors.voting import ClassWeight, class_votes, share_votes
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


__all__ = ["IndexSplit", "Voting", "look_up", "score_grid", "score_lists"]


@dataclass(frozen=True)
class Voting:
    """How neighbours vote, in every way of a grid."""

    n_neighbors: Sequence[int]
    """Rising."""
    weights: Sequence[Weights]
    temperature: float
    class_weight: ClassWeight


def score_grid(
    graph: NeighborGraph,
    labels: LabelArray,
    splits: Sequence[IndexSplit],
    *,
    metrics: Sequence[str],
    n_neighbors: Sequence[int],
    weights: Sequence[Weights] = ("distance",),
    temperature: float = 0.07,
    class_weight: ClassWeight = None,
    n_jobs: int | None = None,
    names: Collection[str] | None = None,
) -> dict[str, Float64Array]:
    """Score every candidate of a grid on every split.

    Parameters
    ----------
    graph : NeighborGraph
        Of all rows.
    labels : ndarray of shape (n_samples,)
        The class of each row.
    splits : sequence of (train, test)
        Row numbers. Of equally near training rows the one with the lowest number comes first.
    metrics : sequence of str
        Distances of the graph.
    n_neighbors : sequence of int
        If there are fewer training rows, all of them vote.
    weights, temperature, class_weight
        As in `SyndromeKNNClassifier`; several weights.
    n_jobs : int or None, default=None
        Number of threads, as joblib counts them: at most one for each distance.
    names : collection of str, optional
        Which scores; all by default.

    Returns
    -------
    dict of str to ndarray of shape (n_metrics, n_n_neighbors, n_weights, n_splits)
        The scores by name, as `skknn_syndrome.metrics.score_table.score_probabilities` has them; NaN where a
        score is not defined.
    """
    classes, truth = np.unique(labels, return_inverse=True)
    voting = Voting(sorted(set(n_neighbors)), weights, temperature, class_weight)
    shape = (len(metrics), len(voting.n_neighbors), len(weights), len(splits))
    scores = {name: np.empty(shape) for name in names or names_for(len(classes))}

    def score_metric(batch: Batch, electorate: Electorate, number: int) -> None:
        neighbors = look_up(graph, metrics[number], batch, voting.n_neighbors[-1])
        for places, scheme, found in score_lists(neighbors, batch, electorate, voting, names=names):
            for name, values in found.items():
                scores[name][number, places, scheme, batch.numbers] = values.T

    n_threads = min(effective_n_jobs(n_jobs), len(metrics))
    for batch in make_batches(splits, voting.n_neighbors[-1], 8 * len(classes) * len(voting.n_neighbors)):
        electorate = batch.electorate(truth, classes, class_weight)
        on_threads(partial(score_metric, batch, electorate), range(len(metrics)), n_threads)
    order = np.searchsorted(voting.n_neighbors, n_neighbors)
    return {name: table[:, order] for name, table in scores.items()}


def look_up(graph: NeighborGraph, metric: str, batch: Batch, n_neighbors: int) -> Neighbors:
    """Return the nearest training rows of each test row of a batch, all of them if there are fewer."""
    reach = min(n_neighbors, batch.available)
    return graph.nearest_among(
        metric, batch.queries, batch.allowed(graph.n_samples), reach, parts=batch.parts
    )


def score_lists(
    neighbors: Neighbors,
    batch: Batch,
    electorate: Electorate,
    voting: Voting,
    *,
    names: Collection[str] | None = None,
) -> Iterator[tuple[slice, int, dict[str, Float64Array]]]:
    """Score all candidates of one distance on the splits of a batch.

    Parameters
    ----------
    neighbors : Neighbors
        From `look_up`.
    batch : Batch
    electorate : Electorate
        The labels.
    voting : Voting
    names : collection of str, optional
        Which scores.

    Yields
    ------
    places : slice
        Of which numbers of neighbours.
    scheme : int
        Of which weights.
    scores : dict of str to ndarray of shape (n_places, n_splits)
    """
    clipped = [min(k, batch.available) for k in voting.n_neighbors]
    for scheme, weights in enumerate(voting.weights):
        parts = probabilities_by_k(
            neighbors,
            electorate.truth,
            clipped,
            weights=weights,
            temperature=voting.temperature,
            class_weight=electorate.class_weight,
        )
        for places, probabilities in parts:
            yield (
                places,
                scheme,
                batch_scores(
                    probabilities,
                    electorate.truth[batch.queries],
                    batch.starts,
                    electorate.known,
                    names=names,
                ),
            )
