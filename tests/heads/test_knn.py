"""The grid, and what may be searched over."""

from typing import Any

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.knn import grid_prefix, make_grid
from skknn_syndrome.neighbors import SyndromeKNNClassifier


def test_parameters_are_those_of_the_classifier_wherever_it_stands() -> None:
    assert grid_prefix(SyndromeKNNClassifier()) == ""
    assert grid_prefix(make_pipeline(StandardScaler(), SyndromeKNNClassifier())) == "syndromeknnclassifier__"


@pytest.mark.parametrize(
    "estimator", [KNeighborsClassifier(), make_pipeline(SyndromeKNNClassifier(), KNeighborsClassifier())]
)
def test_another_classifier_is_refused(estimator: object) -> None:
    with pytest.raises(StudySettingsError, match="a SyndromeKNNClassifier or a Pipeline that ends in one"):
        grid_prefix(estimator)


def test_the_grid_has_each_value_once_and_k_in_rising_order() -> None:
    grid = make_grid("x__", n_neighbors=[5, 1, 5], metrics=("cosine", "cosine"), weights=("distance",))
    assert grid == {"x__metric": ["cosine"], "x__n_neighbors": [1, 5], "x__weights": ["distance"]}


def test_a_single_value_stands_for_its_list() -> None:
    grid = make_grid("", n_neighbors=5, metrics="cosine", weights=np.exp)
    assert grid == {"metric": ["cosine"], "n_neighbors": [5], "weights": [np.exp]}


@pytest.mark.parametrize(
    "n_neighbors, metrics, sentence",
    [
        ([], ["cosine"], "no value for n_neighbors"),
        ([5], [], "no value for metric"),
        ([0, 5], ["cosine"], "must be at least 1, the grid holds 0"),
        ([1, 2.5], ["cosine"], r"must be whole numbers, the grid holds 2\.5"),
    ],
)
def test_an_empty_or_impossible_grid_is_refused(
    n_neighbors: list[Any], metrics: list[str], sentence: str
) -> None:
    with pytest.raises(StudySettingsError, match=sentence):
        make_grid("", n_neighbors=n_neighbors, metrics=metrics, weights=["distance"])
