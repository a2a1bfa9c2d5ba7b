"""Scores of one set of predictions under many weights, and without each unit."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics.batch import lost_pairs, reweighting
from skknn_syndrome.metrics.batch.reweighting import Reweighting
from skknn_syndrome.metrics.score_table import SCORE_NAMES, score_probabilities


def votes_of_few(seed: int, n_classes: int) -> tuple[Float64Array, IndexArray, IndexArray]:
    """Return probabilities of few neighbours, with zeros and ties, the true classes, and units of up to five.

    Units of even seeds have images of several classes.
    """
    generator = np.random.default_rng(seed)
    votes = generator.integers(0, 3, (30, n_classes)) * (generator.random((30, n_classes)) < 0.6)
    votes[:, -1] += votes.sum(axis=1) == 0
    unit = np.concatenate([np.arange(10), generator.integers(0, 10, 20)])
    truth = generator.integers(0, n_classes, 30) if seed % 2 == 0 else unit % n_classes
    return votes / votes.sum(axis=1, keepdims=True), truth, unit


def assert_scores(
    found: Float64Array, probabilities: Float64Array, truth: IndexArray, weights: Float64Array
) -> None:
    """Assert that each column has the scores of one part with these sample weights."""
    n_classes = probabilities.shape[1]
    for number, row in enumerate(weights):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # classes without weight have no AUC
            expected = score_probabilities(truth, probabilities, np.arange(n_classes), row)
        for place, name in enumerate(SCORE_NAMES):
            np.testing.assert_allclose(found[place, number], expected[name], atol=1e-12, err_msg=name)


def test_a_perfect_classifier_scores_1_under_any_weights() -> None:
    again = Reweighting(np.eye(3)[[0, 1, 2, 0]], np.array([0, 1, 2, 0]))
    np.testing.assert_allclose(again(np.array([[1.0, 1, 1, 1], [3, 1, 2, 0]])), 1)


def test_by_hand() -> None:
    # Weights 1, 2, 1: the first image of class 1 is misclassified. Accuracy (1 + 1) / 4; F1 of class 0 is
    # 2 * 1 / (1 + 3), of class 1 2 * 1 / (3 + 1). Of the pairs (positive, negative) of class 1, the image
    # of weight 1 wins, that of weight 2 ties: (1 + 2 / 2) / 3; class 0 is the mirror image.
    again = Reweighting(np.array([[0.6, 0.4], [0.6, 0.4], [0.2, 0.8]]), np.array([0, 1, 1]))
    found = dict(zip(SCORE_NAMES, again(np.array([[1.0, 2.0, 1.0]]))[:, 0], strict=True))
    assert found["accuracy"] == found["f1_macro"] == 0.5
    assert found["roc_auc_ovr"] == pytest.approx(2 / 3)


@given(seed=st.integers(0, 10_000), n_classes=st.integers(2, 4))
@settings(max_examples=15)
def test_they_are_the_scores_of_the_study_with_sample_weights(seed: int, n_classes: int) -> None:
    generator = np.random.default_rng(seed)
    votes = generator.integers(0, 4, (30, n_classes)) + 1e-9  # many ties
    probabilities = votes / votes.sum(axis=1, keepdims=True)
    truth = generator.integers(0, n_classes, 30)
    truth[:n_classes] = np.arange(n_classes)
    weights = generator.integers(0, 3, (5, 30)).astype(float)
    weights[:, 0] = 1
    assert_scores(Reweighting(probabilities, truth)(weights), probabilities, truth, weights)


@given(seed=st.integers(0, 10_000), n_classes=st.integers(3, 5))
@settings(max_examples=10)
def test_images_of_a_unit_have_its_weight(seed: int, n_classes: int) -> None:
    probabilities, truth, unit = votes_of_few(seed, n_classes)
    weights = np.random.default_rng(seed).integers(0, 3, (4, 10)).astype(float)
    weights[:, 0] = 1
    found = Reweighting(probabilities, truth, unit)(weights)
    assert_scores(found, probabilities, truth, weights[:, unit])


@given(seed=st.integers(0, 10_000), n_classes=st.integers(3, 5))
@settings(max_examples=12)
def test_without_a_unit_they_are_those_of_all_other_rows(seed: int, n_classes: int) -> None:
    probabilities, truth, unit = votes_of_few(seed, n_classes)
    found = Reweighting(probabilities, truth, unit).without_each()
    assert_scores(found, probabilities, truth, (1 - np.eye(10))[:, unit])


def test_parts_that_fit_the_cache_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    again = Reweighting(*votes_of_few(0, 5))
    weights = np.random.default_rng(0).integers(0, 3, (6, 10)).astype(float)
    whole = again(weights), again.without_each()
    monkeypatch.setattr(lost_pairs, "STAGE_CELLS", 12)
    monkeypatch.setattr(reweighting, "TAKEN_CELLS", 15)
    for parts, expected in zip((again(weights), again.without_each()), whole, strict=True):
        np.testing.assert_array_equal(parts, expected)


def test_a_class_without_images_has_no_part_in_the_area() -> None:
    again = Reweighting(np.array([[0.5, 0.0, 0.5], [0.2, 0.8, 0.0]]), np.array([2, 0]))
    # Each of the two positives meets one negative, which scores less than class 2's and more than class 0's.
    assert again(np.ones((1, 2)))[0, 0] == 0.5


def test_a_multiplicity_is_a_repeated_row_to_scikit_learn() -> None:
    generator = np.random.default_rng(0)
    probabilities = generator.dirichlet(np.ones(3), 40)
    truth = np.arange(40) % 3
    counts = generator.integers(1, 4, 40)
    repeated = np.repeat(np.arange(40), counts)
    found = dict(
        zip(SCORE_NAMES, Reweighting(probabilities, truth)(counts[None].astype(float))[:, 0], strict=True)
    )
    said, so = probabilities[repeated], truth[repeated]
    assert found["roc_auc_ovr"] == pytest.approx(roc_auc_score(so, said, multi_class="ovr"))
    assert found["f1_macro"] == pytest.approx(f1_score(so, said.argmax(axis=1), average="macro"))
    assert found["top_1_accuracy"] == pytest.approx(accuracy_score(so, said.argmax(axis=1)))


def test_one_class_alone_has_no_area() -> None:
    again = Reweighting(np.array([[0.9, 0.1], [0.6, 0.4]]), np.array([0, 1]))
    assert np.isnan(again(np.array([[1.0, 0.0]]))[0, 0])


def test_a_model_may_predict_another_class_than_the_most_probable_one() -> None:
    probabilities = np.array([[0.9, 0.1], [0.7, 0.3], [0.6, 0.4], [0.2, 0.8]])
    truth, predicted = np.array([0, 0, 1, 1]), np.array([0, 1, 1, 1])
    found = Reweighting(probabilities, truth, predicted=predicted)
    of_all = dict(zip(found.names, found(np.ones((1, 4)))[:, 0], strict=True))
    assert of_all["f1_macro"] == pytest.approx(f1_score(truth, predicted, average="macro"))
    assert of_all["accuracy"] == 0.75
    assert found.without_each()[found.names.index("accuracy")].tolist() == [2 / 3, 1, 2 / 3, 2 / 3]
