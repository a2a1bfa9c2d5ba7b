"""`check_grid`: what a search on one graph can be asked for."""

import re
from typing import Any

import numpy as np
import pytest

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.knn import check_grid

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
    "parameter, values, message",
    [
        ("n_neighbors", (), "The grid has no value for n_neighbors: name at least one."),
        ("metrics", [], "The grid has no value for metrics: name at least one."),
        (
            "metrics",
            "precomputed",
            "A neighbour graph can't be made of precomputed distances: search with GridSearchCV",
        ),
    ],
)
def test_what_a_graph_cannot_serve_is_refused(parameter: str, values: object, message: str) -> None:
    with pytest.raises(StudySettingsError, match=re.escape(message)):
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
