"""The k-NN head: what may be searched over, and the values of its grid."""

import re
from typing import Any

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.knn import check_grid, grid_prefix, make_grid
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from tests.refusing import refused


def test_parameters_are_those_of_the_classifier_wherever_it_stands() -> None:
    assert grid_prefix(SyndromeKNNClassifier()) == ""
    assert grid_prefix(make_pipeline(StandardScaler(), SyndromeKNNClassifier())) == "syndromeknnclassifier__"


@pytest.mark.parametrize(
    "estimator", [KNeighborsClassifier(), make_pipeline(SyndromeKNNClassifier(), KNeighborsClassifier())]
)
def test_another_classifier_is_refused(estimator: object) -> None:
    with refused("not_knn", "estimator"):
        grid_prefix(estimator)


def test_a_classifier_that_may_not_predict_the_most_probable_class_is_refused() -> None:
    class Contrarian(SyndromeKNNClassifier):
        def predict(self, X: Any) -> Any:
            return super().predict(X)[::-1]

    with refused("own_predict", "estimator"):
        grid_prefix(Contrarian())


def test_the_grid_has_each_value_once_and_k_in_rising_order() -> None:
    grid = make_grid("x__", n_neighbors=[5, 1, 5], metrics=("cosine", "cosine"), weights=("distance",))
    assert grid == {"x__metric": ["cosine"], "x__n_neighbors": [1, 5], "x__weights": ["distance"]}


def test_a_single_value_stands_for_its_list() -> None:
    grid = make_grid("", n_neighbors=5, metrics="cosine", weights=np.exp)
    assert grid == {"metric": ["cosine"], "n_neighbors": [5], "weights": [np.exp]}


@pytest.mark.parametrize(
    "n_neighbors, metrics, code, parameter",
    [
        ([], ["cosine"], "no_value", "n_neighbors"),
        ([5], [], "no_value", "metrics"),
        ([0, 5], ["cosine"], "below_one", "n_neighbors"),
        ([1, 2.5], ["cosine"], "not_whole", "n_neighbors"),
        ([5], ["hamming"], "unknown_value", "metrics"),
    ],
)
def test_an_empty_or_impossible_grid_is_refused(
    n_neighbors: list[Any], metrics: list[str], code: str, parameter: str
) -> None:
    with refused(code, parameter, error=StudySettingsError):
        make_grid("", n_neighbors=n_neighbors, metrics=metrics, weights=["distance"])


GRID: dict[str, Any] = {"n_neighbors": (5, 1), "metrics": ("cosine",), "weights": ("distance",)}


def test_values_keep_their_order() -> None:
    assert check_grid(n_neighbors=np.array([5, 1]), metrics=["manhattan", "cosine"], weights=[np.square]) == {
        "metric": ["manhattan", "cosine"],
        "n_neighbors": [5, 1],
        "weights": [np.square],
    }


@pytest.mark.parametrize("weights", ["softmax", np.square])
def test_a_single_value_is_a_list_of_one(weights: Any) -> None:
    assert check_grid(n_neighbors=3, metrics="euclidean", weights=weights) == {
        "metric": ["euclidean"],
        "n_neighbors": [3],
        "weights": [weights],
    }


@pytest.mark.parametrize(
    "parameter, values, code",
    [("n_neighbors", (), "no_value"), ("metrics", [], "no_value"), ("metrics", "precomputed", "precomputed")],
)
def test_what_a_graph_cannot_serve_is_refused(parameter: str, values: object, code: str) -> None:
    with refused(code, parameter):
        check_grid(**GRID | {parameter: values})


@pytest.mark.parametrize(
    "parameter, values, message",
    [
        ("n_neighbors", (1, 0), "The 'n_neighbors' parameter of SyndromeKNNClassifier must be an int in"),
        ("n_neighbors", (1, 2.0), "The 'n_neighbors' parameter of SyndromeKNNClassifier must be an int in"),
        ("n_neighbors", np.ones((2, 2), int), "The 'n_neighbors' parameter of SyndromeKNNClassifier must be"),
        ("metrics", ("cosine", "hamming"), "The 'metric' parameter of SyndromeKNNClassifier must be a str"),
        ("weights", ["nearest"], "The 'weights' parameter of SyndromeKNNClassifier must be a str"),
    ],
)
def test_what_the_classifier_does_not_take_is_refused(parameter: str, values: object, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        check_grid(**GRID | {parameter: values})
