"""`make_cv_results`: what `GridSearchCV` writes down when it is given the same scores."""

from typing import Any, Self

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.base import BaseEstimator
from sklearn.model_selection import GridSearchCV

from skknn_syndrome._typing import Float64Array, MatrixLike
from skknn_syndrome.crossval.search import make_cv_results

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
