"""What a candidate says of images that it was not trained on, and who voted."""

from typing import Any

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE
from imblearn.pipeline import make_pipeline as make_sampling_pipeline
from sklearn.model_selection import RepeatedStratifiedKFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome.neighbors.neighbors import Neighbors
from skknn_syndrome.study.gallery_rows import RESAMPLED
from tests.study.conftest import Problem
from tests.study.recorded import recorded


def known(neighbors: Neighbors | None) -> Neighbors:
    assert neighbors is not None
    return neighbors


@pytest.mark.parametrize(
    "model", [SyndromeKNNClassifier(5), make_pipeline(StandardScaler(), SyndromeKNNClassifier(5))]
)
def test_probabilities_are_those_of_a_plain_cross_validation(problem: Problem, model: Any) -> None:
    found = recorded(problem, model)
    folds = StratifiedKFold(3, shuffle=True, random_state=42)
    expected = cross_val_predict(model, problem.samples, problem.labels, cv=folds, method="predict_proba")
    np.testing.assert_array_equal(found.probabilities, expected[found.rows])
    assert sorted(found.rows) == list(range(90))
    for fold, (_, test) in enumerate(folds.split(problem.samples, problem.labels)):
        assert set(found.rows[found.folds == fold]) == set(test)


def test_the_neighbours_recorded_are_those_that_voted(problem: Problem) -> None:
    found = recorded(problem, by_subject=True)
    distances, rows = known(found.neighbors)
    for number in range(90):
        votes = dict.fromkeys("abc", 0.0)
        for row, distance in zip(rows[number], distances[number], strict=True):
            assert problem.subjects[row] != problem.subjects[found.rows[number]]
            votes[str(problem.labels[row])] += 1 / distance
        shares = np.array(list(votes.values())) / sum(votes.values())
        np.testing.assert_allclose(found.probabilities[number], shares)


def test_where_a_training_part_has_fewer_images_the_lists_are_filled_up(problem: Problem) -> None:
    rows = np.arange(90)
    small, large = (rows[:60:20], rows[60:62]), (rows[:60:10], rows[62:64])
    neighbors = known(recorded(problem, cv=[small, large]).neighbors)
    assert neighbors.indices.shape == (4, 5)
    assert (neighbors.indices[:2] >= 0).sum(axis=1).tolist() == [3, 3]
    np.testing.assert_array_equal(neighbors.indices < 0, np.isnan(neighbors.distances))
    assert set(neighbors.indices[0, :3]) == {0, 20, 40}


def test_in_repeats_each_image_comes_once_a_repeat(problem: Problem) -> None:
    found = recorded(problem, cv=RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=0))
    assert np.bincount(found.rows).tolist() == [2] * 90
    assert (found.n_folds, len(found.trained), found.folds.max()) == (3, 6, 5)


def test_precomputed_distances_are_cut_by_rows_and_columns(problem: Problem) -> None:
    distances = np.linalg.norm(problem.samples[:, None] - problem.samples, axis=2)
    model = SyndromeKNNClassifier(5, metric="precomputed")
    found = recorded(problem._replace(samples=distances), model)
    direct = recorded(problem, SyndromeKNNClassifier(5, metric="euclidean"))
    np.testing.assert_array_equal(known(found.neighbors).indices, known(direct.neighbors).indices)
    np.testing.assert_allclose(found.probabilities, direct.probabilities)


def test_without_certain_neighbours_the_record_says_so(problem: Problem) -> None:
    uneven = np.where(np.arange(90) < 10, "b", problem.labels)
    model = make_sampling_pipeline(SMOTE(random_state=0), SyndromeKNNClassifier(5))
    found = recorded(problem._replace(labels=uneven), model)
    assert found.neighbors is None
    assert found.neighbors_unknown == RESAMPLED
    np.testing.assert_allclose(found.probabilities.sum(axis=1), 1)
