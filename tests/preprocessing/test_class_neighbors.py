"""SMOTE's neighbours within a class: the same rows as by scikit-learn's search."""

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE, BorderlineSMOTE
from sklearn.base import clone

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.preprocessing.class_neighbors import ClassNeighbors, quick
from tests.problems import Problem
from tests.refusing import refused


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("offset", [0.0, 1e4])
def test_synthetic_rows_are_the_same(problem: Problem, dtype: type, offset: float) -> None:
    samples: FloatArray = (problem.samples + offset).astype(dtype)
    plain = SMOTE(sampling_strategy={"a": 50}, random_state=0)
    rows, labels = plain.fit_resample(samples, problem.labels)
    again = quick(clone(plain))
    assert isinstance(again.k_neighbors, ClassNeighbors)
    found, classes = again.fit_resample(samples, problem.labels)
    np.testing.assert_array_equal(found, rows)
    np.testing.assert_array_equal(classes, labels)


def test_each_row_finds_itself_before_its_copies() -> None:
    rows = np.ones((3, 2))
    neighbors = ClassNeighbors(2).fit(rows)
    assert neighbors.kneighbors(rows)[:, 0].tolist() == [0, 1, 2]
    np.testing.assert_array_equal(neighbors.kneighbors_graph(rows), neighbors.kneighbors(rows))


def test_a_class_that_is_too_small_is_refused() -> None:
    with refused("too_many_neighbors", "k_neighbors"):
        ClassNeighbors(4).fit(np.ones((3, 2)))


def test_other_samplers_stay_as_they_are() -> None:
    sampler = BorderlineSMOTE()
    assert quick(sampler) is sampler
    assert sampler.k_neighbors == 5
