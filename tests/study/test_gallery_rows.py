"""Which images stand behind gallery rows."""

from typing import Any

import numpy as np
import pytest
from imblearn import FunctionSampler
from imblearn.over_sampling import SMOTE, RandomOverSampler
from imblearn.pipeline import make_pipeline as make_sampling_pipeline
from imblearn.under_sampling import RandomUnderSampler
from sklearn.decomposition import PCA
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome._typing import Estimator, LabelArray
from skknn_syndrome.heads import NearestCentroidClassifier
from skknn_syndrome.neighbors.distances import cosine_distances
from skknn_syndrome.neighbors.neighbors import Neighbors
from skknn_syndrome.study.gallery_rows import RESAMPLED, find_neighbors
from tests.study.conftest import Problem

UNEVEN = np.r_[0:30, 30:50, 60:85]
"""Training rows with 30, 20 and 25 images of the three classes."""


def find(model: Estimator, problem: Problem, train: LabelArray = UNEVEN) -> Neighbors | str:
    training, labels = problem.samples[train], problem.labels[train]
    test = np.delete(problem.samples, UNEVEN, axis=0)
    return find_neighbors(model.fit(training, labels), training, labels, test)


def named(found: Neighbors | str) -> Neighbors:
    assert not isinstance(found, str)
    return found


def test_gallery_rows_are_training_rows_in_order(problem: Problem) -> None:
    model = SyndromeKNNClassifier(5)
    found = named(find(model, problem))
    distances, indices = model.kneighbors(np.delete(problem.samples, UNEVEN, axis=0))
    np.testing.assert_array_equal(found.indices, indices)
    np.testing.assert_array_equal(found.distances, distances)


def test_scaling_and_projecting_keep_the_order(problem: Problem) -> None:
    steps = StandardScaler(), PCA(3, random_state=0)
    found = named(
        find(make_pipeline(*steps, "passthrough", SyndromeKNNClassifier(5, metric="euclidean")), problem)
    )
    reference = make_pipeline(*steps, KNeighborsClassifier(5, algorithm="brute"))
    reference.fit(problem.samples[UNEVEN], problem.labels[UNEVEN])
    queries = reference[:-1].transform(np.delete(problem.samples, UNEVEN, axis=0))
    distances, indices = reference[-1].kneighbors(queries)
    np.testing.assert_array_equal(found.indices, indices)
    np.testing.assert_allclose(found.distances, distances)


@pytest.mark.parametrize("sampler", [RandomUnderSampler(random_state=0), RandomOverSampler(random_state=0)])
def test_rows_that_a_sampler_chose_are_traced_back(problem: Problem, sampler: Any) -> None:
    found = named(find(make_sampling_pipeline(sampler, SyndromeKNNClassifier(5)), problem))
    queries = np.delete(problem.samples, UNEVEN, axis=0)
    pairs = cosine_distances(queries, problem.samples[UNEVEN])
    np.testing.assert_array_equal(np.take_along_axis(pairs, found.indices, axis=1), found.distances)


def test_a_scaler_before_a_sampler_is_looked_through(problem: Problem) -> None:
    model = make_sampling_pipeline(
        StandardScaler(), RandomUnderSampler(random_state=0), SyndromeKNNClassifier(5, metric="euclidean")
    )
    found = named(find(model, problem))
    scaler = StandardScaler().fit(problem.samples[UNEVEN])
    queries, gallery = (
        scaler.transform(np.delete(problem.samples, UNEVEN, axis=0)),
        scaler.transform(problem.samples[UNEVEN]),
    )
    expected = np.linalg.norm(queries[:, None] - gallery[found.indices], axis=2)
    np.testing.assert_allclose(found.distances, expected)


def swap_labels(X: LabelArray, y: LabelArray) -> tuple[LabelArray, LabelArray]:
    return X, np.where(y == "a", "b", y)


@pytest.mark.parametrize("sampler", [SMOTE(random_state=0), FunctionSampler(func=swap_labels)])
def test_rows_or_labels_that_a_sampler_made_are_nobodys(problem: Problem, sampler: Any) -> None:
    assert find(make_sampling_pipeline(sampler, SyndromeKNNClassifier(5)), problem) == RESAMPLED


def test_of_two_equal_images_a_resampled_row_may_be_either(problem: Problem) -> None:
    twice = np.r_[UNEVEN, 0]
    sampler = RandomUnderSampler(random_state=0)
    assert find(make_sampling_pipeline(sampler, SyndromeKNNClassifier(5)), problem, twice) == RESAMPLED
    named(find(SyndromeKNNClassifier(5), problem, twice))


def test_a_derived_classifier_that_replaces_a_method_may_do_what_it_likes(problem: Problem) -> None:
    class Weird(SyndromeKNNClassifier):
        def predict_proba(self, X: Any) -> Any:
            return super().predict_proba(X)[:, ::-1]

    assert find(Weird(5), problem) == "Weird may let other rows vote than those that it says are near"


def test_a_derived_classifier_with_the_same_methods_names_its_neighbours(problem: Problem) -> None:
    class Plain(SyndromeKNNClassifier):
        """Votes as it always did."""

    np.testing.assert_array_equal(
        named(find(Plain(5), problem)).indices, named(find(SyndromeKNNClassifier(5), problem)).indices
    )


def test_another_classifier_has_no_neighbours_that_vote(problem: Problem) -> None:
    model = make_pipeline(StandardScaler(), NearestCentroidClassifier())
    assert find(model, problem) == "NearestCentroidClassifier does not let neighbours vote"
