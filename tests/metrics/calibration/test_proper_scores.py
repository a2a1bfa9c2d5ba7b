"""Brier score, log loss, and the probabilities that they take."""

from typing import Any

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from numpy.typing import ArrayLike

from skknn_syndrome.metrics.calibration import (
    multiclass_brier_score,
    multiclass_log_loss,
    zero_probability_share,
)
from skknn_syndrome.metrics.calibration.proper_scores import check_probabilities
from tests.metrics.builders import Problem, random_problem, tied_problems
from tests.refusing import refused

HALVES = [[0.5, 0.5], [0.5, 0.5]]


def test_labels_become_columns() -> None:
    checked = check_probabilities(["z", "a"], [[0.2, 0.3, 0.5]] * 2, labels=["a", "k", "z"])
    assert checked.truth.tolist() == [2, 0]
    assert checked.probabilities.dtype == np.float64


def test_single_precision_passes() -> None:
    thirds = np.full((4, 3), 1 / 3, dtype=np.float32)
    assert check_probabilities([0, 1, 2, 2], thirds).truth.tolist() == [0, 1, 2, 2]


@pytest.mark.parametrize(
    "labels, probabilities, options, code",
    [
        (["a", "a"], HALVES, {}, "columns_mismatch"),
        (["a", "b"], HALVES, {"labels": ["b", "a"]}, "unordered_labels"),
        (["a", "c"], HALVES, {"labels": ["a", "b"]}, "unknown_label"),
        (["a", "b"], [[0.5, 0.5], [1.25, -0.25]], {}, "not_probabilities"),
        (["a", "b"], [[3.0, 1.0], [0.5, 0.5]], {}, "not_probabilities"),
        (["a", "b"], [[0.5, 0.5], [0.5, 0.25]], {}, "not_probabilities"),
    ],
)
def test_labels_and_columns_that_do_not_fit_are_refused(
    labels: ArrayLike, probabilities: ArrayLike, options: dict[str, Any], code: str
) -> None:
    with refused(code):
        check_probabilities(labels, probabilities, **options)


@pytest.mark.parametrize(
    "labels, probabilities, options, fault",
    [
        (["a", "b", "a"], HALVES, {}, "inconsistent numbers of samples"),
        (["a", "b"], [[0.5, 0.5], [np.nan, 0.5]], {}, "y_proba contains NaN"),
        ([], np.empty((0, 2)), {}, "minimum of 1 is required"),
    ],
)
def test_what_does_not_fit_is_refused(
    labels: ArrayLike, probabilities: ArrayLike, options: dict[str, Any], fault: str
) -> None:
    with pytest.raises(ValueError, match=fault):
        check_probabilities(labels, probabilities, **options)


LABELS = ["a", "b", "c"]
PROBABILITIES = [[0.5, 0.25, 0.25], [0.5, 0.5, 0.0], [0.25, 0.75, 0.0]]


def test_certain_and_right_scores_nothing() -> None:
    assert multiclass_brier_score(LABELS, np.eye(3)) == 0
    # Clipped at 1 - 2^-52.
    assert 0 < multiclass_log_loss(LABELS, np.eye(3)) < 1e-15
    assert zero_probability_share(LABELS, np.eye(3)) == 0


def test_certain_and_wrong_scores_the_most() -> None:
    wrong = np.eye(3)[[1, 2, 0]]
    assert multiclass_brier_score(LABELS, wrong) == 2
    assert multiclass_brier_score(LABELS, wrong, scale_by_half=True) == 1
    # -ln 2^-52 = 52 ln 2 = 36.04
    assert multiclass_log_loss(LABELS, wrong) == pytest.approx(52 * np.log(2))
    assert zero_probability_share(LABELS, wrong) == 1


def test_worked_out_by_hand() -> None:
    # a: (1/2)^2 + (1/4)^2 + (1/4)^2 = 3/8. b: (1/2)^2 + (1/2)^2 = 1/2. c: (1/4)^2 + (3/4)^2 + 1 = 13/8.
    assert multiclass_brier_score(LABELS, PROBABILITIES) == pytest.approx((3 / 8 + 1 / 2 + 13 / 8) / 3)
    # True classes have 1/2, 1/2 and 0, which is clipped to 2^-52: 54 ln 2 / 3.
    assert multiclass_log_loss(LABELS, PROBABILITIES) == pytest.approx(18 * np.log(2))
    assert zero_probability_share(LABELS, PROBABILITIES) == pytest.approx(1 / 3)


def test_labels_name_the_columns_where_a_class_is_missing() -> None:
    assert multiclass_brier_score(["b"], [PROBABILITIES[1]], labels=LABELS) == 0.5
    assert multiclass_log_loss(["b"], [PROBABILITIES[1]], labels=LABELS) == pytest.approx(np.log(2))
    assert zero_probability_share(["c"], [PROBABILITIES[1]], labels=LABELS) == 1


@pytest.mark.parametrize("n_classes", [2, 3, 10])
@pytest.mark.parametrize("scale_by_half", [False, True])
def test_they_are_what_scikit_learn_computes(n_classes: int, *, scale_by_half: bool) -> None:
    truth, probabilities = random_problem(200, n_classes)
    expected = sklearn.metrics.brier_score_loss(truth, probabilities, scale_by_half=scale_by_half)
    found = multiclass_brier_score(truth, probabilities, scale_by_half=scale_by_half)
    assert found == pytest.approx(expected, rel=1e-12)
    expected = sklearn.metrics.log_loss(truth, probabilities)
    assert multiclass_log_loss(truth, probabilities) == pytest.approx(expected, rel=1e-12)


@settings(max_examples=25)
@given(problem=tied_problems())
def test_zeros_and_ones_are_clipped_as_scikit_learn_does(problem: Problem) -> None:
    truth, probabilities = problem
    labels = np.arange(probabilities.shape[1])
    expected = sklearn.metrics.log_loss(truth, probabilities, labels=labels)
    assert multiclass_log_loss(truth, probabilities, labels=labels) == pytest.approx(expected, abs=1e-12)
    expected = sklearn.metrics.brier_score_loss(truth, probabilities, labels=labels, scale_by_half=False)
    assert multiclass_brier_score(truth, probabilities, labels=labels) == pytest.approx(expected, abs=1e-12)


@settings(max_examples=25)
@given(problem=tied_problems())
def test_each_stays_in_its_range(problem: Problem) -> None:
    truth, probabilities = problem
    labels = np.arange(probabilities.shape[1])
    assert 0 <= multiclass_brier_score(truth, probabilities, labels=labels) <= 2
    loss = multiclass_log_loss(truth, probabilities, labels=labels)
    share = zero_probability_share(truth, probabilities, labels=labels)
    assert share * 52 * np.log(2) - 1e-12 <= loss <= 52 * np.log(2) + 1e-12


@settings(max_examples=25)
@given(problem=tied_problems())
def test_predicting_the_frequencies_is_best(problem: Problem) -> None:
    # Of equal probabilities for all samples, the frequencies score best: both scores are proper.
    truth, probabilities = problem
    labels = np.arange(probabilities.shape[1])
    frequencies = np.bincount(truth, minlength=len(labels)) / len(truth)
    calibrated, other = np.tile(frequencies, (len(truth), 1)), np.tile(probabilities[0], (len(truth), 1))
    for score in (multiclass_brier_score, multiclass_log_loss):
        assert score(truth, calibrated, labels=labels) <= score(truth, other, labels=labels) + 1e-12
