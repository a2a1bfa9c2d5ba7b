"""Scores from one graph are those of plain classifiers, fitted one by one."""

from collections.abc import Mapping
from itertools import product
from typing import Any, Literal

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import (
    LeaveOneGroupOut,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedGroupKFold,
    StratifiedKFold,
)

from skknn_syndrome import NeighborGraph, SyndromeKNNClassifier
from skknn_syndrome._typing import Float64Array
from skknn_syndrome.heads.graph_scores import batches
from skknn_syndrome.heads.graph_scores.batches import engine_depth
from skknn_syndrome.heads.graph_scores.grid import score_grid
from skknn_syndrome.metrics.scorers import score_all
from tests.problems import Tied

METRICS: tuple[Literal["euclidean", "cosine"], ...] = ("euclidean", "cosine")
NEIGHBORS = (7, 1, 3, 30)
SPLITTERS = {
    "k-fold": StratifiedKFold(4, shuffle=True, random_state=0),
    "groups": StratifiedGroupKFold(3, shuffle=True, random_state=0),
    "repeats": RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=0),
    "overlapping, and not all rows": ShuffleSplit(3, train_size=0.4, test_size=0.3, random_state=0),
    "parts of two": LeaveOneGroupOut(),
}


def one_by_one(tied: Tied, splits: list[Any], **options: Any) -> Mapping[str, Float64Array]:
    """Score plain classifiers."""
    weights = options.pop("weights")
    shape = (len(METRICS), len(NEIGHBORS), len(weights), len(splits))
    scores: dict[str, Float64Array] = {}
    for cell in product(*map(range, shape)):
        metric, k, scheme, split = cell
        train, test = splits[split]
        model = SyndromeKNNClassifier(
            min(NEIGHBORS[k], len(train)), metric=METRICS[metric], weights=weights[scheme], **options
        )
        found = score_all(
            clone(model).fit(tied.samples[train], tied.labels[train]), tied.samples[test], tied.labels[test]
        )
        for name, value in found.items():
            scores.setdefault(name, np.empty(shape))[cell] = value
    return scores


def softer(distances: Float64Array) -> Float64Array:
    weights: Float64Array = 1 / (1 + distances / (1 + distances.max(axis=1, keepdims=True)))
    return weights


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.filterwarnings("ignore:The one-vs-rest ROC AUC is not defined")  # the engine says NaN
@pytest.mark.filterwarnings("ignore:Cohen's kappa is not defined")  # likewise
@pytest.mark.filterwarnings("ignore:The groups parameter is ignored")  # one call for all splitters
@pytest.mark.parametrize("splitter", SPLITTERS)
@pytest.mark.parametrize(
    "options",
    [
        {"weights": ("distance", "uniform")},
        {"weights": ("softmax",), "temperature": 0.5},
        {"weights": (softer,), "class_weight": "balanced"},
        {"weights": ("distance",), "class_weight": {"a": 0.5, "b": 3.0}},
    ],
    ids=["distance and uniform", "softmax", "a function, balanced", "class weights"],
)
def test_scores_are_those_of_classifiers_fitted_one_by_one(
    tied: Tied, splitter: str, options: dict[str, Any]
) -> None:
    splits = [
        (np.sort(train), test)
        for train, test in SPLITTERS[splitter].split(tied.samples, tied.labels, tied.subjects)
    ][:6]  # plain classifiers take their time
    graph = NeighborGraph.from_embeddings(tied.samples, metrics=METRICS, depth=6)  # many lists run short
    found = score_grid(graph, tied.labels, splits, metrics=METRICS, n_neighbors=NEIGHBORS, **options)
    expected = one_by_one(tied, splits, **options)
    assert list(found) == list(expected)
    for name, values in expected.items():
        np.testing.assert_allclose(found[name], values, rtol=0, atol=1e-12, err_msg=name)


def test_batches_change_nothing(tied: Tied, monkeypatch: pytest.MonkeyPatch) -> None:
    splits = list(SPLITTERS["k-fold"].split(tied.samples, tied.labels))
    graph = NeighborGraph.from_embeddings(tied.samples)

    def scores() -> Mapping[str, Float64Array]:
        return score_grid(graph, tied.labels, splits, metrics=METRICS, n_neighbors=NEIGHBORS)

    expected = scores()
    monkeypatch.setattr(batches, "BATCH_BYTES", 1)
    for name, values in scores().items():
        np.testing.assert_array_equal(values, expected[name])


def test_the_depth_that_suits_leaves_hardly_a_list_short(tied: Tied, monkeypatch: pytest.MonkeyPatch) -> None:
    splits = list(StratifiedKFold(4, shuffle=True, random_state=1).split(tied.samples, tied.labels))
    graph = NeighborGraph.from_embeddings(tied.samples, depth=engine_depth(9, splits))

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("a list ran short")

    monkeypatch.setattr(NeighborGraph, "_ask_again", refuse)
    score_grid(graph, tied.labels, splits, metrics=METRICS, n_neighbors=range(1, 10))
