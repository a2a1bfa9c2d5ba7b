"""`NearestCentroidClassifier`: classes ranked by the distance to their centroids."""

from typing import Any

import numpy as np
import pytest
from sklearn.neighbors import NearestCentroid
from sklearn.utils.estimator_checks import check_estimator

from skknn_syndrome.heads import NearestCentroidClassifier
from tests.problems import Problem


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("metric", ["cosine", "manhattan"])
def test_scikit_learn_contract(metric: Any) -> None:
    check_estimator(NearestCentroidClassifier(metric), on_skip=None)


def test_by_hand() -> None:
    # Centroids (1, 0), (0, 2) and (5, 5): from (1, 2) the squares are 4, 1 and 25.
    X, y = [[0.0, 0.0], [2.0, 0.0], [0.0, 2.0], [5.0, 5.0]], ["a", "a", "b", "c"]
    model = NearestCentroidClassifier("euclidean").fit(X, y)
    np.testing.assert_allclose(model.decision_function([[1.0, 2.0]]), [[-2.0, -1.0, -5.0]])
    assert model.predict([[1.0, 2.0], [4.0, 4.0]]).tolist() == ["b", "c"]


def test_a_row_on_its_centroid_has_distance_0() -> None:
    model = NearestCentroidClassifier("euclidean").fit([[1.0], [3.0]], ["a", "b"])
    assert model.centroid_distances([[3.0]]).tolist() == [[2.0, 0.0]]


def test_of_equally_near_centroids_the_first_class_is_predicted() -> None:
    model = NearestCentroidClassifier("euclidean").fit([[1.0], [3.0]], ["b", "a"])
    assert model.predict([[2.0]]).tolist() == ["a"]
    assert model.decision_function([[2.0]]).tolist() == [0.0]


def test_of_two_classes_the_decision_is_how_much_nearer_the_second_is() -> None:
    model = NearestCentroidClassifier("euclidean").fit([[0.0], [4.0]], ["a", "b"])
    assert model.decision_function([[1.0], [4.0]]).tolist() == [-2.0, 4.0]


def test_distances_that_overflow_are_the_largest_there_are() -> None:
    model = NearestCentroidClassifier("manhattan").fit(
        [[1.7e308, 1.7e308], [0.0, 0.0], [1.0, 0.0]], [0, 1, 2]
    )
    found = model.decision_function([[-1.7e308, -1.7e308]])
    assert np.isfinite(found).all()
    assert found[0, 0] == -np.finfo(np.float64).max


@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
def test_it_predicts_as_scikit_learns(problem: Problem, metric: Any) -> None:
    train, test = np.arange(0, 90, 2), np.arange(1, 90, 2)
    ours = NearestCentroidClassifier(metric).fit(problem.samples[train], problem.labels[train])
    theirs = NearestCentroid(metric=metric).fit(problem.samples[train], problem.labels[train])
    np.testing.assert_allclose(ours.centroids_, theirs.centroids_)
    assert ours.predict(problem.samples[test]).tolist() == theirs.predict(problem.samples[test]).tolist()


def test_by_angle_centroids_are_the_directions_of_the_means_of_unit_rows(problem: Problem) -> None:
    model = NearestCentroidClassifier().fit(problem.samples, problem.labels)
    unit = problem.samples / np.linalg.norm(problem.samples, axis=1, keepdims=True)
    means = np.array([unit[problem.labels == label].mean(axis=0) for label in "abc"])
    cosines = unit @ (means / np.linalg.norm(means, axis=1, keepdims=True)).T
    np.testing.assert_allclose(model.decision_function(problem.samples), cosines - 1, atol=1e-12)


@pytest.mark.parametrize("factor", [1e-150, 0.01, 3.7, 1e150])
def test_by_angle_the_length_of_a_row_does_not_matter(factor: float) -> None:
    model = NearestCentroidClassifier().fit(np.eye(3), [0, 1, 2])
    row = np.array([[1.0, 2.0, 3.0]])
    np.testing.assert_allclose(
        model.decision_function(factor * row), model.decision_function(row), atol=1e-12
    )
