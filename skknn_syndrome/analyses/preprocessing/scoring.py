"""The scores of folds, those of one variant and distance all at once."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.analyses.preprocessing.plan import Plan
from skknn_syndrome.heads.graph_scores.grid import probabilities_by_k
from skknn_syndrome.metrics.batch import batch_scores
from skknn_syndrome.metrics.registry import names_for
from skknn_syndrome.metrics.roc import threshold_sweep
from skknn_syndrome.neighbors.search import Neighbors
from skknn_syndrome.neighbors.voting import resolve_class_weight

Curve = tuple[Float64Array, Float64Array, Float64Array]
"""A ROC curve: false and true positive rates, thresholds."""


@dataclass(frozen=True, eq=False)
class FoldMeasure:
    """What one distance gives on one fold."""

    scores: Mapping[str, Float64Array]
    """By name, tie bounds included: shape (n_n_neighbors,)."""
    hits: IndexArray
    """Shape (n_n_neighbors, n_classes): tested rows of each class that are recognised."""
    predicted: IndexArray
    """Shape (n_n_neighbors, n_classes): how often each class is predicted."""
    tested: IndexArray
    """Shape (n_classes,): tested rows of each class."""
    rocs: Mapping[int, Curve]
    """Micro-average ROC curves by k."""


@dataclass(frozen=True, eq=False)
class Asked:
    """What a gallery answers about a test part under one distance."""

    distances: Float64Array
    """Shape (n_queries, n_neighbors): as many as the largest k, or all rows of a smaller gallery."""
    classes: IndexArray
    """Shape (n_queries, n_neighbors): the neighbours' class numbers."""
    counts: IndexArray
    """Shape (n_classes,): rows of each class in the gallery."""
    truth: IndexArray
    """Shape (n_queries,): true class numbers of the test part."""


def measure_folds(plan: Plan, asked: Sequence[Asked], *, roc_at: Collection[int] = ()) -> list[FoldMeasure]:
    """Score every k of the grid on each test part.

    Parameters
    ----------
    plan : Plan
        With the grid and the classifier's weights.
    asked : sequence of Asked
        Of the test parts.
    roc_at : collection of int
        At which k ROC curves are kept.

    Returns
    -------
    list of FoldMeasure
        In the order of the test parts.
    """
    return [measure for run in _alike(asked) for measure in _measure(plan, run, roc_at)]


def score_folds(plan: Plan, asked: Sequence[Asked], n_neighbors: int) -> dict[str, Float64Array]:
    """Score one k alone on each test part.

    Parameters
    ----------
    plan : Plan
    asked : sequence of Asked
    n_neighbors : int

    Returns
    -------
    dict of str to ndarray of shape (n_folds,)
        By name, without bounds over ties.
    """
    names = names_for(len(plan.classes), bounds=False)
    found = [
        batch_scores(probabilities, *_segments(run), names=names)
        for run in _alike(asked)
        for _, probabilities in _probabilities(plan, run, [n_neighbors])
    ]
    return {name: np.concatenate([part[name][0] for part in found]) for name in names}


def _alike(asked: Sequence[Asked]) -> Iterator[list[Asked]]:
    """Return runs of test parts with equally many neighbours."""
    for _, run in groupby(asked, key=lambda one: one.classes.shape[1]):
        yield list(run)


def _measure(plan: Plan, run: Sequence[Asked], roc_at: Collection[int]) -> Iterator[FoldMeasure]:
    truth, starts, trained = _segments(run)
    fold_of_row = np.repeat(np.arange(len(run)), [len(one.truth) for one in run])
    shape = (len(plan.n_neighbors), *trained.shape)
    hits, predicted = np.empty(shape, dtype=np.intp), np.empty(shape, dtype=np.intp)
    rocs: list[dict[int, Curve]] = [{} for _ in run]
    scores: list[dict[str, Float64Array]] = []
    for places, probabilities in _probabilities(plan, run, plan.n_neighbors):
        scores.append(batch_scores(probabilities, truth, starts, trained))
        for place, shares in zip(range(shape[0])[places], probabilities, strict=True):
            named = shares.argmax(axis=1)
            cells = fold_of_row * shape[2] + named
            predicted[place] = np.bincount(cells, minlength=trained.size).reshape(trained.shape)
            hits[place] = np.bincount(cells[named == truth], minlength=trained.size).reshape(trained.shape)
            k = plan.n_neighbors[place]
            if k in roc_at:
                for one, of_fold, found in zip(run, np.split(shares, starts[1:]), rocs, strict=True):
                    found[k] = _micro_average(one.truth, of_fold)
    by_name = {name: np.concatenate([part[name] for part in scores]) for name in scores[0]}
    for number, one in enumerate(run):
        yield FoldMeasure(
            scores={name: table[:, number] for name, table in by_name.items()},
            hits=hits[:, number],
            predicted=predicted[:, number],
            tested=np.bincount(one.truth, minlength=shape[2]),
            rocs=rocs[number],
        )


def _micro_average(truth: IndexArray, shares: Float64Array) -> Curve:
    """Return what `micro_average_roc_curve` does, without checks and with points on straight stretches."""
    false, true, thresholds = threshold_sweep(
        (truth[:, None] == np.arange(shares.shape[1])).ravel(), shares.ravel()
    )
    return np.append(0.0, false) / false[-1], np.append(0.0, true) / true[-1], np.append(np.inf, thresholds)


def _segments(run: Sequence[Asked]) -> tuple[IndexArray, IndexArray, BoolArray]:
    """Return the true classes of all test parts, where each begins, and the classes that each gallery has."""
    starts = np.cumsum([0, *(len(one.truth) for one in run[:-1])])
    return np.concatenate([one.truth for one in run]), starts, np.array([one.counts for one in run]) > 0


def _probabilities(
    plan: Plan, run: Sequence[Asked], n_neighbors: Sequence[int]
) -> Iterator[tuple[slice, Float64Array]]:
    neighbors = Neighbors(
        np.concatenate([one.distances for one in run]), np.concatenate([one.classes for one in run])
    )
    return probabilities_by_k(
        neighbors,
        np.arange(len(plan.classes)),
        np.minimum(n_neighbors, neighbors.indices.shape[1]).tolist(),
        weights=plan.classifier.weights,
        temperature=plan.classifier.temperature,
        class_weight=_class_weight(plan, run),
    )


def _class_weight(plan: Plan, run: Sequence[Asked]) -> Float64Array:
    """Return the factor of each class; "balanced" is by the gallery's rows, resampled ones included."""
    if plan.classifier.class_weight is None:
        return np.ones(len(plan.classes))
    factors = np.ones((len(run), len(plan.classes)))
    for own, one in zip(factors, run, strict=True):
        trained = one.counts > 0
        own[trained] = resolve_class_weight(
            plan.classifier.class_weight, plan.classes[trained], np.repeat(plan.classes, one.counts)
        )
    return np.repeat(factors, [len(one.truth) for one in run], axis=0)
