"""`SyndromeKNNClassifier`: its rules, one by one."""

import re

import numpy as np
import pytest
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from skknn_syndrome.errors import ParameterError
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.weighting import Weights
from tests.neighbors.conftest import Gallery
from tests.refusing import refused


@pytest.mark.parametrize(
    "weights, temperature, expected",
    [
        ("uniform", 1, 2 / 3),
        ("distance", 1, (1 / 2 + 1 / 4) / (1 / 2 + 1 / 4 + 1)),
        (
            "softmax",
            2,
            (np.exp(-2 / 2) + np.exp(-4 / 2)) / (np.exp(-2 / 2) + np.exp(-4 / 2) + np.exp(-1 / 2)),
        ),
    ],
)
def test_hand_computed_votes(weights: Weights, temperature: float, expected: float) -> None:
    # The query 0 has rows of "a" at distances 2 and 4 and a row of "b" at distance 1; 9 is too far.
    classifier = SyndromeKNNClassifier(3, metric="euclidean", weights=weights, temperature=temperature)
    classifier.fit([[2], [-4], [1], [9]], ["a", "a", "b", "b"])
    np.testing.assert_allclose(classifier.predict_proba([[0]]), [[expected, 1 - expected]], rtol=1e-14)


def test_hand_computed_class_weights() -> None:
    rows, labels = [[1], [2], [3], [4]], ["a", "a", "a", "b"]
    classifier = SyndromeKNNClassifier(4, metric="euclidean", weights="uniform")
    # Counts 3 and 1: balanced weights 4 / (2 * 3) and 4 / (2 * 1), so that 3 votes and 1 weigh alike.
    balanced = clone(classifier).set_params(class_weight="balanced").fit(rows, labels)
    np.testing.assert_allclose(balanced.class_weight_, [2 / 3, 2], rtol=1e-15)
    np.testing.assert_allclose(balanced.predict_proba([[0]]), [[0.5, 0.5]], rtol=1e-15)
    # 3 votes of 1 against 1 vote of 9
    named = clone(classifier).set_params(class_weight={"b": 9}).fit(rows, labels)
    assert named.predict_proba([[0]]).tolist() == [[0.25, 0.75]]


def test_of_equally_voted_classes_the_first_is_predicted() -> None:
    classifier = SyndromeKNNClassifier(2, metric="euclidean").fit([[1], [-1]], ["b", "a"])
    assert classifier.predict_proba([[0]]).tolist() == [[0.5, 0.5]]
    assert classifier.predict([[0]]).tolist() == ["a"]


def test_rows_at_distance_0_decide_alone() -> None:
    classifier = SyndromeKNNClassifier(4, metric="euclidean")
    classifier.fit([[0], [0], [0], [1e-9]], ["a", "a", "b", "b"])
    np.testing.assert_allclose(classifier.predict_proba([[0]]), [[2 / 3, 1 / 3]], rtol=1e-15)


def test_duplicated_training_rows_vote_each() -> None:
    classifier = SyndromeKNNClassifier(3, weights="uniform")
    classifier.fit([[1, 0], [1, 0], [1, 0], [0, 1]], ["a", "b", "b", "a"])
    np.testing.assert_allclose(classifier.predict_proba([[1, 0]]), [[1 / 3, 2 / 3]], rtol=1e-15)


def test_under_cosine_a_zero_query_takes_the_first_training_rows(gallery: Gallery) -> None:
    classifier = SyndromeKNNClassifier(3).fit(gallery.rows, gallery.labels)
    distances, indices = classifier.kneighbors(np.zeros((1, 16)))
    assert distances.tolist() == [[1, 1, 1]]
    assert indices.tolist() == [[0, 1, 2]]


def test_a_single_class_gets_probability_1() -> None:
    classifier = SyndromeKNNClassifier(2).fit([[1, 2], [2, 1], [0, 1]], ["a", "a", "a"])
    assert classifier.predict_proba([[5, 5], [0, 0]]).tolist() == [[1], [1]]


def test_without_queries_each_training_row_is_classified_by_the_others(gallery: Gallery) -> None:
    rows, labels = gallery.rows[:20], gallery.labels[:20]
    classifier = SyndromeKNNClassifier(5)
    expected = [
        clone(classifier).fit(np.delete(rows, i, axis=0), np.delete(labels, i)).predict_proba(rows[[i]])[0]
        for i in range(20)
    ]
    np.testing.assert_array_equal(classifier.fit(rows, labels).predict_proba(None), expected)
    assert classifier.score(None, labels) == np.mean(classifier.predict(None) == labels)


@pytest.mark.parametrize("weight", [0, -1, np.nan, np.inf, 1e101])
def test_class_weights_that_could_undo_a_vote_are_refused(weight: float) -> None:
    classifier = SyndromeKNNClassifier(1, class_weight={"b": weight})
    with refused("weight_out_of_range", "class_weight", error=ParameterError):
        classifier.fit([[1], [2]], ["a", "b"])


def test_sparse_input_is_refused() -> None:
    with pytest.raises(TypeError, match="Sparse data was passed for X, but dense data is required"):
        SyndromeKNNClassifier().fit(csr_array(np.eye(3)), [0, 1, 2])


def test_several_outputs_are_refused() -> None:
    with pytest.raises(ValueError, match=re.escape("y should be a 1d array, got an array of shape (3, 2)")):
        SyndromeKNNClassifier().fit(np.eye(3), np.eye(3, 2))


def test_continuous_targets_are_refused() -> None:
    with pytest.raises(ValueError, match="Unknown label type: continuous"):
        SyndromeKNNClassifier().fit(np.eye(3), [0.1, 0.2, 0.3])


def test_parameters_set_after_the_fit_are_checked_too() -> None:
    classifier = SyndromeKNNClassifier(1).fit(np.eye(3), [0, 1, 2]).set_params(weights="nearest")
    with pytest.raises(ValueError, match="The 'weights' parameter of SyndromeKNNClassifier must be"):
        classifier.predict(np.eye(3))


def test_prediction_before_the_fit_is_refused() -> None:
    with pytest.raises(NotFittedError, match="This SyndromeKNNClassifier instance is not fitted yet"):
        SyndromeKNNClassifier().predict(np.eye(3))


def test_a_name_that_is_no_class_has_no_weight_unless_every_class_has_one() -> None:
    rows, labels = np.eye(4), np.array(["nevus", "nevus", "melanoma", "melanoma"])
    message = r"class_weight names 'nevuss', which is no class: there are 'melanoma', 'nevus'\.$"
    with pytest.raises(ParameterError, match=message) as caught:
        SyndromeKNNClassifier(1, class_weight={"nevuss": 5}).fit(rows, labels)
    assert (caught.value.code, caught.value.parameter) == ("unknown_class", "class_weight")
    weights = {"nevus": 5, "melanoma": 2, "keloid": 3}
    fitted = SyndromeKNNClassifier(1, class_weight=weights).fit(rows, labels)
    np.testing.assert_array_equal(fitted.class_weight_, [2, 5])


def test_a_class_weight_that_is_no_number_is_named() -> None:
    with refused("no_number", "class_weight", error=ParameterError):
        SyndromeKNNClassifier(1, class_weight={"a": "x"}).fit(np.eye(2), ["a", "b"])  # type: ignore[dict-item]
