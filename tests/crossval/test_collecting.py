"""Candidates as results name them."""

import numpy as np
import pytest
from sklearn.svm import SVC

from skknn_syndrome.crossval.collecting import candidate_key
from skknn_syndrome.heads import Head
from skknn_syndrome.heads.knn import KNN

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
