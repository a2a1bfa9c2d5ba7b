"""One test part, asked of one gallery, for every k."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics import micro_average_roc_curve
from skknn_syndrome.metrics.batch import batch_scores
from skknn_syndrome.neighbors.class_weights import resolve_class_weight
from skknn_syndrome.neighbors.neighbors import Neighbors
from skknn_syndrome.study.ablating.plan import AblationPlan
from skknn_syndrome.study.engine.probabilities import probabilities_by_k

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

    neighbors: Neighbors
    """Shape (n_queries, n_neighbors): rows of `known`."""
    known: IndexArray
    """Shape (n_rows,): class numbers."""
    counts: IndexArray
    """Shape (n_classes,): rows of each class in the gallery."""
    truth: IndexArray
    """Shape (n_queries,): true class numbers of the test part."""


def measure_fold(plan: AblationPlan, asked: Asked, *, roc_at: Collection[int]) -> FoldMeasure:
    """Score every k of the grid on one test part.

    Parameters
    ----------
    plan : AblationPlan
        With the grid and the classifier's weights.
    asked : Asked
        As many neighbours as the largest k, or all rows of a smaller gallery.
    roc_at : collection of int
        At which k ROC curves are kept.

    Returns
    -------
    FoldMeasure
    """
    n_classes, truth = len(asked.counts), asked.truth
    trained = asked.counts > 0
    shape = len(plan.n_neighbors), n_classes
    scores: list[dict[str, Float64Array]] = []
    hits, predicted = np.zeros(shape, dtype=np.intp), np.zeros(shape, dtype=np.intp)
    rocs: dict[int, Curve] = {}
    parts = probabilities_by_k(
        asked.neighbors,
        asked.known,
        np.minimum(plan.n_neighbors, asked.neighbors.indices.shape[1]).tolist(),
        weights=plan.classifier.weights,
        temperature=plan.classifier.temperature,
        class_weight=_class_weight(plan, asked.counts),
    )
    for places, probabilities in parts:
        scores.append(batch_scores(probabilities, truth, np.array([0]), trained[None]))
        for place, shares in zip(range(len(plan.n_neighbors))[places], probabilities, strict=True):
            named = shares.argmax(axis=1)
            hits[place] = np.bincount(truth[named == truth], minlength=n_classes)
            predicted[place] = np.bincount(named, minlength=n_classes)
            k = plan.n_neighbors[place]
            if k in roc_at:
                rocs[k] = micro_average_roc_curve(truth, shares, labels=np.arange(n_classes))
    return FoldMeasure(
        scores={name: np.concatenate([part[name][:, 0] for part in scores]) for name in scores[0]},
        hits=hits,
        predicted=predicted,
        tested=np.bincount(truth, minlength=n_classes),
        rocs=rocs,
    )


def _class_weight(plan: AblationPlan, counts: IndexArray) -> Float64Array:
    """Return the factor of each class; "balanced" is by the gallery's rows, resampled ones included."""
    factors = np.ones(len(counts))
    trained = counts > 0
    factors[trained] = resolve_class_weight(
        plan.classifier.class_weight, plan.classes[trained], np.repeat(plan.classes, counts)
    )
    return factors
