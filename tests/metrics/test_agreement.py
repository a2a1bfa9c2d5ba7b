"""Matthews' correlation coefficient and Cohen's kappa."""

import warnings
from typing import Literal, TypeAlias

import numpy as np
import pytest
import scipy.stats
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import UndefinedMetricWarning
from sklearn.naive_bayes import GaussianNB

from skknn_syndrome import scorers
from skknn_syndrome.metrics import accuracy_score, cohen_kappa_score, matthews_corrcoef
from skknn_syndrome.metrics.batch import batch_scores
from skknn_syndrome.metrics.batch.reweighting import Reweighting
from skknn_syndrome.metrics.score_table import score_probabilities
from tests.metrics.builders import LabelPair, single_labels
from tests.refusing import refused

Weights: TypeAlias = Literal["linear", "quadratic"] | None
WEIGHTS: tuple[Weights, ...] = (None, "linear", "quadratic")
SCORES = (matthews_corrcoef, cohen_kappa_score)

# Rows are true, columns predicted: 3 0 1 / 1 2 0 / 0 0 3.
TRUE = ["a"] * 4 + ["b"] * 3 + ["c"] * 3
SAID = ["a", "a", "a", "c", "a", "b", "b", "c", "c", "c"]


@pytest.mark.parametrize("score", SCORES)
def test_perfect_labels_score_1(score: type) -> None:
    assert score(TRUE, TRUE) == 1


@pytest.mark.parametrize("score", SCORES)
def test_two_classes_exchanged_score_minus_1(score: type) -> None:
    assert score([0, 0, 1, 1], [1, 1, 0, 0]) == -1


@pytest.mark.parametrize("score", SCORES)
def test_a_constant_guess_scores_0(score: type) -> None:
    assert score(TRUE, ["a"] * 10) == 0


def test_by_hand() -> None:
    # 8 of 10 are right; true are 4, 3, 3, predicted 4, 2, 4: products sum to 16 + 6 + 12 = 34, squares to 34
    # and 36. The covariance is 80 - 34, the spreads are 64 and 66. Kappa is 0.8 - 0.34 of 1 - 0.34.
    assert matthews_corrcoef(TRUE, SAID) == pytest.approx(46 / np.sqrt(64 * 66))
    assert cohen_kappa_score(TRUE, SAID) == pytest.approx(0.46 / 0.66)


def test_linear_and_quadratic_disagreements_by_hand() -> None:
    # Disagreements: a said c (2 apart), b said a (1 apart). By chance, n_i. n_.j / 10 of cells 1 apart:
    # (4*2 + 3*4 + 3*4 + 3*2) / 10 = 3.8, 2 apart: (4*4 + 3*4) / 10 = 2.8.
    assert cohen_kappa_score(TRUE, SAID, weights="linear") == pytest.approx(1 - 3 / (3.8 + 5.6))
    assert cohen_kappa_score(TRUE, SAID, weights="quadratic") == pytest.approx(1 - 5 / (3.8 + 11.2))


def test_of_two_classes_it_is_pearsons_correlation() -> None:
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, 50)
    said = np.where(rng.random(50) < 0.7, truth, 1 - truth)
    assert matthews_corrcoef(truth, said) == pytest.approx(scipy.stats.pearsonr(truth, said).statistic)


@settings(max_examples=25)
@given(pair=single_labels())
def test_they_agree_with_scikit_learn(pair: LabelPair) -> None:
    truth, said, weights = pair
    for score in SCORES:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ours = score(truth, said, sample_weight=weights)
            theirs = getattr(sklearn.metrics, score.__name__)(truth, said, sample_weight=weights)
        np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


@settings(max_examples=20)
@given(pair=single_labels(), weights=st.sampled_from(WEIGHTS))
def test_kappa_is_symmetric_and_never_above_1(pair: LabelPair, weights: Weights) -> None:
    truth, said, sample_weight = pair
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        one, other = (
            cohen_kappa_score(*labels, weights=weights, sample_weight=sample_weight)
            for labels in ((truth, said), (said, truth))
        )
    np.testing.assert_allclose(one, other, atol=1e-12)
    assert np.isnan(one) or one <= 1 + 1e-12


@settings(max_examples=20)
@given(seed=st.integers(0, 1000))
def test_without_chance_kappa_is_accuracy_rescaled(seed: int) -> None:
    rng = np.random.default_rng(seed)
    truth, said = np.repeat(np.arange(4), 5), rng.permutation(np.repeat(np.arange(4), 5))
    chance = 1 / 4  # of equally frequent classes
    expected = (accuracy_score(truth, said) - chance) / (1 - chance)
    assert cohen_kappa_score(truth, said) == pytest.approx(expected, abs=1e-12)
    assert matthews_corrcoef(truth, said) == pytest.approx(expected, abs=1e-12)


def test_very_many_samples_do_not_overflow() -> None:
    weights = np.array([10**6, 10**6, 1, 1])
    assert matthews_corrcoef([0, 1, 0, 1], [0, 1, 1, 0], sample_weight=weights) == pytest.approx(1, abs=1e-5)


def test_labels_choose_samples() -> None:
    # Of b and c alone: 2 b, 3 c, all right.
    assert cohen_kappa_score(TRUE, SAID, labels=["b", "c"]) == 1


def test_kappa_of_one_label_is_not_defined() -> None:
    with pytest.warns(UndefinedMetricWarning, match="only one label in common"):
        assert np.isnan(cohen_kappa_score([1, 1], [1, 1], labels=[1, 2]))
    with pytest.warns(UndefinedMetricWarning, match="`y2` contains no labels"):
        assert cohen_kappa_score([1, 1], [2, 2], labels=[1, 3], replace_undefined_by=0.5) == 0.5


def test_what_does_not_fit_is_refused() -> None:
    with refused("labels_absent", "labels") as caught:
        cohen_kappa_score([1, 1], [2, 2], labels=[2])
    assert "must be present in `y1`" in str(caught.value)
    with refused("no_labels", "labels"):
        cohen_kappa_score([1, 1], [2, 2], labels=[])
    with pytest.raises(ValueError, match="inconsistent numbers of samples"):
        cohen_kappa_score([1, 1], [2])
    with refused("unsupported_labels", "y_true"):
        matthews_corrcoef([[1, 0], [1, 1]], [[1, 0], [0, 1]])


def test_one_class_on_both_sides_is_undefined_for_kappa_and_0_for_matthews_wherever_it_is_scored() -> None:
    probabilities, truth = np.array([[0.9, 0.1], [0.8, 0.2]]), np.array([0, 0])
    with (
        pytest.warns(UndefinedMetricWarning, match="no class is left"),
        pytest.warns(UndefinedMetricWarning, match="kappa is not defined: all images"),
    ):
        single = score_probabilities(truth, probabilities, [0, 1])
    batch = batch_scores(probabilities[None], truth, np.array([0]), np.ones((1, 2), np.bool_))
    again = Reweighting(probabilities, truth)
    resampled = dict(zip(again.names, again(np.array([[0.1, 0.2]]))[:, 0], strict=True))
    for scores in (single, {name: table.item() for name, table in batch.items()}, resampled):
        assert np.isnan(scores["cohen_kappa"])
        assert scores["matthews_corrcoef"] == 0


def test_a_resample_without_anybody_has_no_score() -> None:
    again = Reweighting(np.array([[0.9, 0.1], [0.2, 0.8]]), np.array([0, 1]))
    assert np.isnan(again(np.zeros((1, 2)))).all()


def test_a_class_without_weight_is_as_if_it_were_not_there() -> None:
    model = GaussianNB().fit([[0.0], [0.1], [1.0], [1.1], [5.0], [5.1]], list("aabbcc"))
    samples, truth = [[0.0], [1.0], [0.1], [0.0]], list("abbc")
    for name in ("matthews_corrcoef", "cohen_kappa", "f1_macro", "recall_macro"):
        scorer = scorers.get_scorer(name)
        assert scorer(model, samples, truth, [1, 1, 1, 0]) == scorer(model, samples[:3], truth[:3])
