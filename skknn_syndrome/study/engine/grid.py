"""The scores of a whole grid on all splits."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from joblib import effective_n_jobs

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.metrics.batch import batch_scores
from skknn_syndrome.metrics.registry import names_for
from skknn_syndrome.neighbors.class_weights import ClassWeight
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.neighbors import Neighbors
from skknn_syndrome.neighbors.threads import on_threads
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.study.engine.batches import Batch, Electorate, IndexSplit, make_batches
from skknn_syndrome.study.engine.probabilities import probabilities_by_k

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

    Returns
    -------
    dict of str to ndarray of shape (n_metrics, n_n_neighbors, n_weights, n_splits)
        The scores by name, as `skknn_syndrome.metrics.score_table.score_probabilities` has them; NaN where a
        score is not defined.
    """
    classes, truth = np.unique(labels, return_inverse=True)
    voting = Voting(sorted(set(n_neighbors)), weights, temperature, class_weight)
    shape = (len(metrics), len(voting.n_neighbors), len(weights), len(splits))
    scores = {name: np.empty(shape) for name in names_for(len(classes))}

    def score_metric(batch: Batch, electorate: Electorate, number: int) -> None:
        neighbors = look_up(graph, metrics[number], batch, voting.n_neighbors[-1])
        for places, scheme, found in score_lists(neighbors, batch, electorate, voting):
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
