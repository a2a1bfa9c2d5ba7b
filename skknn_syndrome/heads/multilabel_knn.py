"""k-NN head of several labels an image: scores of a whole grid from one search for each distance and fold."""

import warnings
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from sklearn.base import clone
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.model_selection import ParameterGrid
from sklearn.utils import _safe_indexing

from skknn_syndrome._typing import Estimator, Float64Array, IndexArray, LabelArray, MatrixLike
from skknn_syndrome.heads.base import GridScores, Head, IndexSplit
from skknn_syndrome.metrics.definition import ScoreDefinition
from skknn_syndrome.metrics.predictions import LabelSetPredictions
from skknn_syndrome.metrics.registry import definitions
from skknn_syndrome.metrics.score_table import evaluate_all
from skknn_syndrome.neighbors.multilabel import MultilabelKNNClassifier, checked_indicators, label_shares
from skknn_syndrome.neighbors.weighting import neighbor_weights

SHARED = {"metric", "n_neighbors", "weights", "temperature"}
"""Parameters that may differ between candidates of one search for a distance."""


def several_labels(head: Head) -> Head:
    """Return the k-NN head of several labels an image: of the same name, title and grid.

    Examples
    --------
    >>> from skknn_syndrome.heads.knn import KNN
    >>> several_labels(KNN).estimator(), list(several_labels(KNN).grid)
    (MultilabelKNNClassifier(), ['metric', 'n_neighbors', 'weights'])
    """
    return replace(
        head,
        estimator=MultilabelKNNClassifier,
        answers=share_searches,
        tasks=frozenset({"multilabel"}),
        of_labels=None,
    )


def share_searches(
    estimator: Estimator,
    grid: Mapping[str, Sequence[Any]],
    samples: MatrixLike,
    labels: LabelArray,
    splits: Sequence[IndexSplit],
    *,
    n_jobs: int | None,
) -> GridScores | None:
    """Return where scores come from; None for a pipeline, a derived class, or what is more than votes."""
    del splits
    if type(estimator) is not MultilabelKNNClassifier or estimator.rule != "votes" or not set(grid) <= SHARED:
        return None
    return SharedSearches(estimator, samples, labels, n_jobs)


@dataclass(frozen=True, eq=False)
class SharedSearches:
    """Scores of a grid of `MultilabelKNNClassifier` by vote, each fold searched once for each distance."""

    estimator: MultilabelKNNClassifier
    samples: MatrixLike
    labels: LabelArray
    """Shape (n_images, n_labels): an indicator matrix."""
    n_jobs: int | None = None
    """Threads of a search."""

    def score_grid(
        self,
        grid: Mapping[str, Sequence[Any]],
        splits: Sequence[IndexSplit],
        *,
        names: Collection[str] | None = None,
    ) -> Mapping[str, Float64Array]:
        """Return each score, or those of some names, candidates in the order of `ParameterGrid`.

        Each has the shape (n_candidates, n_splits).

        Examples
        --------
        >>> X, y = np.array([[0.0], [1.0], [8.0], [9.0]]), np.array([[1, 0], [1, 0], [0, 1], [1, 1]])
        >>> model = MultilabelKNNClassifier(metric="euclidean")
        >>> source = SharedSearches(model, X, y)
        >>> source.score_grid({"n_neighbors": [1, 2]}, [([0, 2, 3], [1])])["f1_samples"]
        array([[1.],
               [1.]])
        """
        candidates = list(ParameterGrid({name: list(values) for name, values in grid.items()}))
        asked = [each for each in definitions("multilabel") if names is None or each.name in names]
        by_split = [self._score_split(candidates, *split, asked) for split in splits]
        return {
            name: np.array([[found[name] for found in part] for part in by_split]).T
            for name in by_split[0][0]
        }

    def _score_split(
        self,
        candidates: Sequence[Mapping[str, Any]],
        train: IndexArray,
        test: IndexArray,
        asked: Sequence[ScoreDefinition],
    ) -> list[dict[str, float]]:
        rows, queries = (_safe_indexing(self.samples, part) for part in (train, test))
        indicators, truth = checked_indicators(self.labels[train]), self.labels[test] > 0
        models = [clone(self.estimator).set_params(n_jobs=self.n_jobs, **each) for each in candidates]
        found: dict[int, dict[str, float]] = {}
        for metric in dict.fromkeys(model.metric for model in models):
            own = [place for place, model in enumerate(models) if model.metric == metric]
            deepest = clone(max((models[place] for place in own), key=lambda model: model.n_neighbors))
            distances, indices = deepest.fit(rows, self.labels[train]).kneighbors(queries)
            for place in own:
                model = models[place]
                k = model.n_neighbors
                weights = neighbor_weights(distances[:, :k], model.weights, model.temperature)
                found[place] = _scores(truth, label_shares(indicators, indices[:, :k], weights), asked)
        return [found[place] for place in range(len(models))]


def _scores(truth: LabelArray, shares: Float64Array, asked: Sequence[ScoreDefinition]) -> dict[str, float]:
    sets = LabelSetPredictions(truth, shares > 1 / 2, shares)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)  # NaN here, and said with its reason later
        return evaluate_all(asked, labels=sets, ranking=sets)
