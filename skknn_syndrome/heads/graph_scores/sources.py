"""Where the scores of a fold come from: one graph of all rows, or one search a fold behind fitted steps."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.model_selection import ParameterGrid
from sklearn.pipeline import Pipeline
from sklearn.utils import _safe_indexing, check_array

from skknn_syndrome._typing import Estimator, Float64Array, FloatArray, IndexArray, LabelArray, MatrixLike
from skknn_syndrome.heads.base import GridScores, last_step
from skknn_syndrome.heads.graph_scores.batches import engine_depth
from skknn_syndrome.heads.graph_scores.grid import IndexSplit, probabilities_by_k, score_grid
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.metrics.batch import batch_scores
from skknn_syndrome.metrics.registry import names_for
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.exact import exact_neighbors
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.search import Neighbors
from skknn_syndrome.neighbors.voting import resolve_class_weight
from skknn_syndrome.neighbors.weighting import Weights


class _Recorder(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """Stands at a pipeline's end and keeps what the steps before it make of the training rows."""

    def fit(self, X: MatrixLike, y: LabelArray) -> Self:
        """Keep the rows."""
        self.rows_ = self.predict(X)
        self.labels_ = np.asarray(y)
        return self

    def predict(self, X: MatrixLike) -> FloatArray:
        """Return the rows as they arrive here."""
        samples: FloatArray = check_array(X, dtype=[np.float64, np.float32], order="C", input_name="X")
        return samples


@dataclass(frozen=True, eq=False)
class FittedSteps:
    """The steps before a pipeline's classifier, fitted."""

    pipeline: Pipeline
    rows: FloatArray
    """Shape (n_rows, n_features): what the classifier would be fitted on; not one for each row given where a
    step resamples."""
    labels: LabelArray
    """Shape (n_rows,): their classes."""

    def transform(self, X: MatrixLike) -> FloatArray:
        """Return rows as the classifier would be asked about them."""
        queries: FloatArray = self.pipeline.predict(X)
        return queries


def fit_steps(pipeline: Pipeline, samples: MatrixLike, labels: LabelArray) -> FittedSteps:
    """Fit the steps before a pipeline's classifier, and keep what they make of the rows.

    Parameters
    ----------
    pipeline : Pipeline
        Of scikit-learn's or imbalanced-learn's; it is cloned, and its last step is not fitted.
    samples : array or data frame of shape (n_samples, n_features)
    labels : ndarray of shape (n_samples,)

    Returns
    -------
    FittedSteps

    Examples
    --------
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import StandardScaler
    >>> from skknn_syndrome.neighbors import SyndromeKNNClassifier
    >>> pipeline = make_pipeline(StandardScaler(), SyndromeKNNClassifier())
    >>> steps = fit_steps(pipeline, np.array([[1.0], [3.0]]), np.array(["a", "b"]))
    >>> steps.rows.tolist(), steps.transform(np.array([[5.0]])).tolist()
    ([[-1.0], [1.0]], [[3.0]])
    """
    fitted = clone(pipeline)
    fitted.set_params(**{fitted.steps[-1][0]: _Recorder()})
    fitted.fit(samples, labels)
    recorder = fitted.steps[-1][1]
    return FittedSteps(fitted, recorder.rows_, recorder.labels_)


GRAPH_METRICS = frozenset({"euclidean", "cosine", "manhattan"})
"""Distances that are found from rows."""


def _bare(grid: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    """Return a grid by the parameters' own names, whatever step of a pipeline they are of."""
    return {name.rpartition("__")[2]: list(choices) for name, choices in grid.items()}


@dataclass(frozen=True)
class GraphSource:
    """Scores from one graph of all rows."""

    graph: NeighborGraph
    labels: LabelArray
    n_neighbors: Sequence[int]
    classifier: SyndromeKNNClassifier
    """With temperature and class weight."""
    n_jobs: int | None = None
    """Threads that score: at most one for each distance."""

    def score_grid(
        self,
        grid: Mapping[str, Sequence[Any]],
        splits: Sequence[IndexSplit],
        *,
        names: Collection[str] | None = None,
    ) -> Mapping[str, Float64Array]:
        """Return each score of all candidates, or those of some names."""
        values = _bare(grid)
        tables = score_grid(
            self.graph,
            self.labels,
            splits,
            metrics=values["metric"],
            n_neighbors=values["n_neighbors"],
            weights=values["weights"],
            temperature=self.classifier.temperature,
            class_weight=self.classifier.class_weight,
            n_jobs=self.n_jobs,
            names=names,
        )
        return {name: table.reshape(-1, len(splits)) for name, table in tables.items()}


@dataclass(frozen=True)
class _Fold:
    """Neighbours of a test part among what a pipeline made of a training part."""

    neighbors: Mapping[str, Neighbors]
    labels: LabelArray
    """Of the gallery."""


class PipelineSource:
    """Scores from a search of its own for each fold, behind the steps of a pipeline fitted on the fold.

    Parameters
    ----------
    pipeline : Pipeline
        Ends in a `SyndromeKNNClassifier`.
    samples : array or data frame of shape (n_samples, n_features)
    labels : ndarray of shape (n_samples,)
    metrics : sequence of str
        All distances that will be asked for.
    n_neighbors : sequence of int, rising
    """

    def __init__(
        self,
        pipeline: Pipeline,
        samples: MatrixLike,
        labels: LabelArray,
        metrics: Sequence[str],
        n_neighbors: Sequence[int],
    ) -> None:
        self.n_neighbors = n_neighbors
        self._pipeline, self._samples, self._labels, self._metrics = pipeline, samples, labels, metrics
        self._classes, self._truth = np.unique(labels, return_inverse=True)
        self._folds: dict[tuple[bytes, bytes], _Fold] = {}

    def _score(
        self, train: IndexArray, test: IndexArray, metric: str, weights: Weights
    ) -> Mapping[str, Float64Array]:
        """Return each score for all numbers of neighbours."""
        classifier = self._pipeline.steps[-1][1]
        key = train.tobytes(), test.tobytes()
        fold = self._folds.get(key) or self._folds.setdefault(key, self._make_fold(train, test))
        truth = np.searchsorted(self._classes, fold.labels)
        known = np.bincount(truth, minlength=len(self._classes)) > 0
        factors = np.ones(len(self._classes))
        factors[known] = resolve_class_weight(classifier.class_weight, self._classes[known], fold.labels)
        neighbors = fold.neighbors[metric]
        clipped = np.minimum(self.n_neighbors, neighbors.indices.shape[1])
        parts = probabilities_by_k(
            neighbors,
            truth,
            clipped.tolist(),
            weights=weights,
            temperature=classifier.temperature,
            class_weight=factors,
        )
        scores = [
            batch_scores(probabilities, self._truth[test], np.array([0]), known[None])
            for _, probabilities in parts
        ]
        return {name: np.concatenate([part[name][:, 0] for part in scores]) for name in scores[0]}

    def _score_all(
        self, splits: Sequence[IndexSplit], metrics: Sequence[str], weights: Sequence[Weights]
    ) -> Mapping[str, Float64Array]:
        """Return each score of the whole grid."""
        parts = [
            [[self._score(*split, metric, scheme) for split in splits] for scheme in weights]
            for metric in metrics
        ]
        return {
            name: np.moveaxis(
                np.array([[[one[name] for one in row] for row in part] for part in parts]), -1, 1
            )
            for name in names_for(len(self._classes))
        }

    def score_grid(
        self, grid: Mapping[str, Sequence[Any]], splits: Sequence[IndexSplit]
    ) -> Mapping[str, Float64Array]:
        """Return each score of all candidates."""
        values = _bare(grid)
        tables = self._score_all(splits, values["metric"], values["weights"])
        places = [list(self.n_neighbors).index(k) for k in values["n_neighbors"]]
        return {name: table[:, places].reshape(-1, len(splits)) for name, table in tables.items()}

    def _make_fold(self, train: IndexArray, test: IndexArray) -> _Fold:
        """Fit the steps on the training part; search what they make of it for the test part's neighbours."""
        steps = fit_steps(self._pipeline, _safe_indexing(self._samples, train), self._labels[train])
        neighbors = exact_neighbors(
            steps.transform(_safe_indexing(self._samples, test)),
            steps.rows,
            min(self.n_neighbors[-1], len(steps.rows)),
            metrics=self._metrics,
            n_jobs=self._pipeline.steps[-1][1].n_jobs,
        )
        return _Fold(neighbors, steps.labels)


def make_source(
    estimator: Estimator,
    grid: Mapping[str, Sequence[Any]],
    samples: MatrixLike,
    labels: LabelArray,
    splits: Sequence[IndexSplit],
    *,
    n_jobs: int | None,
) -> GridScores | None:
    """Return where the scores of a grid come from.

    Parameters
    ----------
    estimator : SyndromeKNNClassifier or Pipeline
        A pipeline ends in a `SyndromeKNNClassifier`.
    grid : mapping
        Lists of metrics, numbers of neighbours and weights, by the names of the estimator's parameters.
    samples : array or data frame of shape (n_samples, n_features)
    labels : ndarray of shape (n_samples,)
    splits : sequence of (train, test)
        All that will be asked for.
    n_jobs : int or None
        Threads that search for neighbours.

    Returns
    -------
    GraphSource, PipelineSource or None
        None where candidates have to be fitted one by one: for precomputed distances, or for a derived class
        that replaces a method of `SyndromeKNNClassifier`.
    """
    classifier, values = last_step(estimator), _bare(grid)
    metrics, n_neighbors = values["metric"], values["n_neighbors"]
    if not KNN.fits(estimator) or not set(metrics) <= GRAPH_METRICS:
        return None
    for candidate in ParameterGrid(values):
        clone(classifier).set_params(**candidate)._validate_params()  # noqa: SLF001  as each fit would
    if isinstance(estimator, Pipeline):
        return PipelineSource(estimator, samples, labels, metrics, n_neighbors)
    depth = engine_depth(n_neighbors[-1], splits, len(labels))
    graph = NeighborGraph.from_embeddings(samples, metrics=metrics, depth=depth, n_jobs=n_jobs)
    return GraphSource(graph, labels, n_neighbors, classifier)
