"""Ways to score 30 candidates on ten folds with all scores: each a function from a problem to its scores."""

import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
from sklearn.metrics import (
    accuracy_score,
    balanced_accuracy_score,
    cohen_kappa_score,
    f1_score,
    make_scorer,
    matthews_corrcoef,
    precision_score,
    recall_score,
    roc_auc_score,
    top_k_accuracy_score,
)
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier, KNeighborsTransformer, NearestNeighbors
from sklearn.pipeline import Pipeline

from benchmarks.problems import METRICS, NEIGHBORS, Problem
from skknn_syndrome import NeighborGraph, SyndromeKNNClassifier
from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray, LabelArray
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.crossval.protocol_run import run_search
from skknn_syndrome.heads.graph_scores.batches import engine_depth
from skknn_syndrome.heads.graph_scores.grid import score_grid
from skknn_syndrome.heads.graph_scores.sources import make_source
from skknn_syndrome.heads.knn import make_grid
from skknn_syndrome.metrics.score_table import SCORE_NAMES

Scores: TypeAlias = Mapping[str, Float64Array]
"""By score, shape (n_metrics, n_n_neighbors, n_folds); with bounds over ties of top-k, if there are any."""

Contender: TypeAlias = Callable[[Problem, int | None], Scores]
"""From a problem and a number of jobs to scores."""

FindNeighbors: TypeAlias = Callable[[FloatArray, FloatArray, str], tuple[Float64Array, IndexArray]]
"""From training rows, queries and a distance to distances and row numbers, 15 a query."""


def scorers(labels: LabelArray) -> dict[str, Any]:
    """Return scikit-learn's own scorers."""
    classes = np.unique(labels)
    own: dict[str, Any] = {name: name for name in SCORE_NAMES if not name.startswith("top_")}
    own["cohen_kappa"] = make_scorer(cohen_kappa_score)
    for k in (1, 3, 5):
        own[f"top_{k}_accuracy"] = make_scorer(
            top_k_accuracy_score, response_method="predict_proba", k=k, labels=classes
        )
    return own


def search(
    estimator: Any, grid: Any, problem: Problem, splits: Sequence[Any], n_jobs: int | None = None
) -> dict[str, Any]:
    """Return the results of scikit-learn's search."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # undefined scores and class counts are the same for everybody
        found = GridSearchCV(
            estimator,
            grid,
            scoring=scorers(problem.labels),
            refit=False,
            cv=splits,
            n_jobs=n_jobs,
            error_score="raise",
        ).fit(problem.samples, problem.labels)
    results: dict[str, Any] = found.cv_results_
    return results


def fold_scores(results: Mapping[str, Any], n_folds: int) -> Scores:
    """Return each fold's scores from a search's results, shape (n_candidates, n_folds)."""
    names = [name.removeprefix("split0_test_") for name in results if name.startswith("split0_test_")]
    return {
        name: np.stack([results[f"split{fold}_test_{name}"] for fold in range(n_folds)], axis=1)
        for name in names
    }


def _by_metric(results: Mapping[str, Any], problem: Problem) -> Scores:
    shape = len(METRICS), len(NEIGHBORS), len(problem.splits)
    return {name: table.reshape(shape) for name, table in fold_scores(results, shape[2]).items()}


def plain(problem: Problem, n_jobs: int | None = None) -> Scores:
    """scikit-learn's classifier in scikit-learn's search."""
    estimator = KNeighborsClassifier(weights="distance", algorithm="brute")
    grid = {"metric": list(METRICS), "n_neighbors": list(NEIGHBORS)}
    return _by_metric(search(estimator, grid, problem, problem.splits, n_jobs), problem)


def transformer(problem: Problem, n_jobs: int | None = None) -> Scores:
    """scikit-learn's documented way to keep neighbours: a cached `KNeighborsTransformer`."""
    with tempfile.TemporaryDirectory() as memory:
        parts = []
        for metric in METRICS:
            neighbors = KNeighborsTransformer(n_neighbors=NEIGHBORS[-1], metric=metric, algorithm="brute")
            classifier = KNeighborsClassifier(metric="precomputed", weights="distance")
            estimator = Pipeline([("neighbors", neighbors), ("knn", classifier)], memory=memory)
            grid = {"knn__n_neighbors": list(NEIGHBORS)}
            found = search(estimator, grid, problem, problem.splits, n_jobs)
            parts.append(fold_scores(found, len(problem.splits)))
    return {name: np.stack([part[name] for part in parts]) for name in SCORE_NAMES}


def _by_scikit_learn(train: FloatArray, test: FloatArray, metric: str) -> tuple[Float64Array, IndexArray]:
    model = NearestNeighbors(n_neighbors=NEIGHBORS[-1], metric=metric, algorithm="brute").fit(train)
    distances, indices = model.kneighbors(test)
    return distances, indices


def _by_faiss(train: FloatArray, test: FloatArray, metric: str) -> tuple[Float64Array, IndexArray]:
    import faiss  # noqa: PLC0415  a peer

    if metric == "euclidean":
        index = faiss.IndexFlatL2(train.shape[1])
        index.add(train)
        squares, indices = index.search(test, NEIGHBORS[-1])
        return np.sqrt(np.maximum(squares, 0)).astype(np.float64), indices
    by_angle = faiss.IndexFlatIP(train.shape[1])
    rows, queries = (part / np.linalg.norm(part, axis=1, keepdims=True) for part in (train, test))
    by_angle.add(rows)
    cosines, indices = by_angle.search(queries, NEIGHBORS[-1])
    return np.maximum(1 - cosines, 0).astype(np.float64), indices


def _loop(problem: Problem, find: FindNeighbors) -> Scores:
    """One query for each fold and distance, votes for all k from it, scikit-learn's scores."""
    classes, truth = np.unique(problem.labels, return_inverse=True)
    table = {name: np.zeros((len(METRICS), len(NEIGHBORS), len(problem.splits))) for name in SCORE_NAMES}
    for number, metric in enumerate(METRICS):
        for split, (train, test) in enumerate(problem.splits):
            distances, indices = find(problem.samples[train], problem.samples[test], metric)
            with np.errstate(divide="ignore"):
                weights = 1 / distances
            for place, k in enumerate(NEIGHBORS):
                votes = np.zeros((len(test), len(classes)))
                for rank in range(k):
                    votes[np.arange(len(test)), truth[train][indices[:, rank]]] += weights[:, rank]
                probabilities = votes / votes.sum(axis=1, keepdims=True)
                for name, value in _scikit_learn_scores(truth[test], probabilities).items():
                    table[name][number, place, split] = value
    return table


def _scikit_learn_scores(truth: IndexArray, probabilities: Float64Array) -> dict[str, float]:
    classes = np.arange(probabilities.shape[1])
    predicted = probabilities.argmax(axis=1)
    return {
        "roc_auc_ovr": roc_auc_score(truth, probabilities, multi_class="ovr", labels=classes),
        "f1_macro": f1_score(truth, predicted, average="macro"),
        "accuracy": accuracy_score(truth, predicted),
        "precision_macro": precision_score(truth, predicted, average="macro", zero_division=0),
        "recall_macro": recall_score(truth, predicted, average="macro", zero_division=0),
        "balanced_accuracy": balanced_accuracy_score(truth, predicted),
        "matthews_corrcoef": matthews_corrcoef(truth, predicted),
        "cohen_kappa": cohen_kappa_score(truth, predicted),
        **{
            f"top_{k}_accuracy": top_k_accuracy_score(truth, probabilities, k=k, labels=classes)
            for k in (1, 3, 5)
        },
    }


def loop(problem: Problem, n_jobs: int | None = None) -> Scores:  # noqa: ARG001
    """Loop over folds by hand, around scikit-learn's `kneighbors`."""
    return _loop(problem, _by_scikit_learn)


def faiss_loop(problem: Problem, n_jobs: int | None = None) -> Scores:  # noqa: ARG001
    """Loop over folds by hand, around faiss's flat indexes."""
    return _loop(problem, _by_faiss)


def sklearnex(problem: Problem, n_jobs: int | None = None) -> Scores:
    """Intel's replacement of scikit-learn's classifier in scikit-learn's search."""
    from sklearnex.neighbors import KNeighborsClassifier as Patched  # noqa: PLC0415  a peer

    grid = {"metric": list(METRICS), "n_neighbors": list(NEIGHBORS)}
    estimator = Patched(weights="distance", algorithm="brute")
    return _by_metric(search(estimator, grid, problem, problem.splits, n_jobs), problem)


def engine(problem: Problem, n_jobs: int | None = None) -> Scores:
    """Ours: a graph from nothing, and all candidates from it."""
    depth = engine_depth(NEIGHBORS[-1], problem.splits)
    graph = NeighborGraph.from_embeddings(problem.samples, metrics=METRICS, depth=depth, n_jobs=n_jobs)
    scores = score_grid(
        graph, problem.labels, problem.splits, metrics=METRICS, n_neighbors=NEIGHBORS, n_jobs=n_jobs
    )
    return {name: table[:, :, 0] for name, table in scores.items()}


def door(problem: Problem, n_jobs: int | None = None) -> Scores:
    """Ours: through scikit-learn's `GridSearchCV`."""
    grid = make_grid("", n_neighbors=NEIGHBORS, metrics=METRICS, weights=["distance"])
    splits = make_splits(problem.labels, None, cv=10, random_state=42)
    estimator = SyndromeKNNClassifier()
    found = run_search(
        estimator,
        grid,
        problem.samples,
        problem.labels,
        splits,
        refit="roc_auc_ovr",
        n_jobs=n_jobs,
        callbacks=(),
        source=make_source(estimator, grid, problem.samples, problem.labels, splits.as_cv(), n_jobs=n_jobs),
    )
    return _by_metric(found.cv_results_, problem)


CONTENDERS: Mapping[str, Contender] = {
    "plain": plain,
    "transformer": transformer,
    "loop": loop,
    "faiss": faiss_loop,
    "sklearnex": sklearnex,
    "search": door,
    "engine": engine,
}
