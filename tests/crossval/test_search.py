"""The search, and its `cv_results_`."""

from typing import Any, Self

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.base import BaseEstimator
from sklearn.model_selection import GridSearchCV
from sklearn.svm import SVC

from skknn_syndrome._typing import Float64Array, MatrixLike
from skknn_syndrome.crossval.collecting import candidate_key
from skknn_syndrome.crossval.search import make_cv_results
from skknn_syndrome.heads import Head
from skknn_syndrome.heads.knn import KNN

GRID: dict[str, list[Any]] = {
    "weights": ["uniform", np.square],
    "metric": ["b", "a", "c"],
    "n_neighbors": [5, 1],
}
AXES = [GRID[name] for name in ("metric", "n_neighbors", "weights")]
N_SPLITS = 2
SPLITS = [(np.array([1]), np.array([0])), (np.array([0]), np.array([1]))]


class Candidate(BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """Learns nothing."""

    def __init__(self, metric: object = None, n_neighbors: object = None, weights: object = None) -> None:
        self.metric = metric
        self.n_neighbors = n_neighbors
        self.weights = weights

    def fit(self, X: MatrixLike, y: object = None) -> Self:  # noqa: ARG002
        return self


def scikit_learns(scores: dict[str, Float64Array]) -> dict[str, Any]:
    def look_up(candidate: Candidate, X: Float64Array, y: object = None) -> dict[str, float]:  # noqa: ARG001
        chosen = candidate.metric, candidate.n_neighbors, candidate.weights
        place = tuple(values.index(value) for values, value in zip(AXES, chosen, strict=True))
        return {name: float(table[(*place, int(X[0, 0]))]) for name, table in scores.items()}

    search = GridSearchCV(Candidate(), GRID, scoring=look_up, cv=SPLITS, refit=False)
    results: dict[str, Any] = search.fit(np.array([[0.0], [1.0]])).cv_results_
    return {name: values for name, values in results.items() if not name.endswith("_time")}


@pytest.mark.filterwarnings("ignore:One or more of the test scores are non-finite:UserWarning")
@settings(max_examples=20)
@given(
    arrays(
        np.float64,
        (2, *map(len, AXES), N_SPLITS),
        elements=st.sampled_from([0.0, 0.5, 1.0]) | st.just(np.nan) | st.floats(0, 1),
    )
)
def test_the_same_as_a_grid_search_writes_down(tables: Float64Array) -> None:
    scores = {"f1_macro": tables[0], "accuracy": tables[1]}
    ours, theirs = make_cv_results(GRID, scores), scikit_learns(scores)
    assert list(ours) == list(theirs)
    assert ours.pop("params") == theirs.pop("params")
    for name, values in theirs.items():
        assert type(ours[name]) is type(values)
        assert ours[name].dtype == values.dtype
        np.testing.assert_array_equal(ours[name], values)
        if name.startswith("param_"):
            np.testing.assert_array_equal(ours[name].mask, values.mask)


def test_hand_computed() -> None:
    # Means (0.5 + 0.7) / 2 = 0.6 twice, NaN, and 0.7: ranks 2, 2, behind all, 1.
    table = np.array([[0.5, 0.7], [0.7, 0.5], [1.0, np.nan], [0.7, 0.7]])
    results = make_cv_results({"k": [1, 2, 3, 4]}, {"accuracy": table})
    np.testing.assert_allclose(results["mean_test_accuracy"], [0.6, 0.6, np.nan, 0.7])
    np.testing.assert_allclose(results["std_test_accuracy"], [0.1, 0.1, np.nan, 0], atol=1e-15)
    assert results["rank_test_accuracy"].tolist() == [2, 2, 4, 1]
    assert results["split1_test_accuracy"].tolist() == pytest.approx(table[:, 1].tolist(), nan_ok=True)


HEAD = Head(
    "svc", "support vector machine", SVC, {"kernel": ("linear",), "C": (1.0,)}, frozenset({"decision"})
)


@pytest.mark.parametrize(
    "value, kept",
    [
        (np.float64(0.5), 0.5),
        (np.int64(3), 3),
        (np.True_, True),
        (None, None),
        ("scale", "scale"),
        (np.exp, "exp"),
        ((1, 2), "(1, 2)"),
    ],
)
def test_parameters_are_kept_as_single_values(value: object, kept: object) -> None:
    found = candidate_key(HEAD, {"gamma": value}).params["gamma"]
    assert found == kept
    assert type(found) is type(kept)


def test_they_stand_in_the_order_of_the_grid() -> None:
    key = candidate_key(HEAD, {"C": 1.0, "gamma": "auto", "kernel": "rbf"})
    assert (key.head, list(key.params)) == ("svc", ["kernel", "C", "gamma"])


def test_those_of_neighbours_are_metric_weights_and_k() -> None:
    key = candidate_key(KNN, {"metric": "cosine", "n_neighbors": np.int64(5), "weights": np.square})
    assert dict(key.params) == {"metric": "cosine", "weights": "square", "n_neighbors": 5}
