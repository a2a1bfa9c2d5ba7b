"""The scores of a whole grid on all splits."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from joblib import effective_n_jobs

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray
from skknn_syndrome.metrics.batch import BATCH_NAMES, batch_scores
from skknn_syndrome.neighbors.class_weights import ClassWeight, resolve_class_weight
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.threads import on_threads
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.study.engine.probabilities import probabilities_by_k

BATCH_BYTES = 2**24
"""Splits are put together while their probabilities stay below this."""

IndexSplit = tuple[IndexArray, IndexArray]


@dataclass(frozen=True)
class _Batch:
    """Some splits, their test rows one after another."""

    numbers: list[int]
    """Which splits."""
    queries: IndexArray
    """Shape (n_queries,): the test rows."""
    starts: IndexArray
    """Shape (n_splits,): where each split's test rows begin."""
    parts: IndexArray
    """Shape (n_queries,): the place of each query's split in the batch."""
    allowed: BoolArray
    """Shape (n_splits, n_samples): the training rows."""
    known: BoolArray
    """Shape (n_splits, n_classes): the classes of the training rows."""
    class_weight: Float64Array
    """Shape (n_classes,), or (n_queries, n_classes) where splits differ."""
    available: int
    """Training rows of each split, or more than anyone asks for."""


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
    ks = sorted(set(n_neighbors))
    shape = (len(metrics), len(ks), len(weights), len(splits))
    scores = {name: np.empty(shape) for name in BATCH_NAMES}

    def score_metric(batch: _Batch, number: int) -> None:
        clipped = [min(k, batch.available) for k in ks]
        neighbors = graph.nearest_among(
            metrics[number], batch.queries, batch.allowed, clipped[-1], parts=batch.parts
        )
        for scheme, chosen in enumerate(weights):
            parts = probabilities_by_k(
                neighbors,
                truth,
                clipped,
                weights=chosen,
                temperature=temperature,
                class_weight=batch.class_weight,
            )
            for places, probabilities in parts:
                found = batch_scores(probabilities, truth[batch.queries], batch.starts, batch.known)
                for name, values in found.items():
                    scores[name][number, places, scheme, batch.numbers] = values.T

    n_threads = min(effective_n_jobs(n_jobs), len(metrics))
    for batch in _batches(truth, classes, splits, ks, class_weight):
        on_threads(partial(score_metric, batch), range(len(metrics)), n_threads)
    order = np.searchsorted(ks, n_neighbors)
    return {name: table[:, order] for name, table in scores.items()}


def _batches(
    truth: IndexArray,
    classes: LabelArray,
    splits: Sequence[IndexSplit],
    n_neighbors: Sequence[int],
    class_weight: ClassWeight,
) -> Iterator[_Batch]:
    """Put splits together while their probabilities fit into memory."""
    row_bytes = 8 * len(classes) * len(n_neighbors)
    numbers: list[int] = []
    n_rows = 0
    available = n_neighbors[-1]
    for number, (train, test) in enumerate(splits):
        reach = min(len(train), n_neighbors[-1])
        if numbers and ((n_rows + len(test)) * row_bytes > BATCH_BYTES or reach != available):
            yield _make_batch(truth, classes, splits, numbers, available, class_weight)
            numbers, n_rows = [], 0
        available = reach
        numbers.append(number)
        n_rows += len(test)
    yield _make_batch(truth, classes, splits, numbers, available, class_weight)


def _make_batch(
    truth: IndexArray,
    classes: LabelArray,
    splits: Sequence[IndexSplit],
    numbers: list[int],
    available: int,
    class_weight: ClassWeight,
) -> _Batch:
    tests = [splits[number][1] for number in numbers]
    lengths = [len(test) for test in tests]
    allowed = np.zeros((len(numbers), len(truth)), dtype=np.bool_)
    known = np.zeros((len(numbers), len(classes)), dtype=np.bool_)
    for place, number in enumerate(numbers):
        train = splits[number][0]
        allowed[place, train] = True
        known[place, truth[train]] = True
    parts = np.repeat(np.arange(len(numbers)), lengths)
    factors = np.ones(len(classes))
    if class_weight is not None:
        by_split = np.ones(known.shape)
        for place, number in enumerate(numbers):
            train = truth[splits[number][0]]
            by_split[place, known[place]] = resolve_class_weight(
                class_weight, classes[known[place]], classes[train]
            )
        factors = by_split[parts]
    return _Batch(
        numbers=numbers,
        queries=np.concatenate(tests),
        starts=np.cumsum([0, *lengths[:-1]]),
        parts=parts,
        allowed=allowed,
        known=known,
        class_weight=factors,
        available=available,
    )
