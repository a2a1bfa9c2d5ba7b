"""Reliability curves, and the calibration errors that are read off them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics.calibration import (
    expected_calibration_error,
    maximum_calibration_error,
    reliability_curve,
)
from skknn_syndrome.metrics.calibration.reliability import Binning
from tests.metrics.builders import Problem, random_problem, tied_problems

BINNINGS: tuple[Binning, ...] = ("equal_width", "equal_mass")

LABELS = [0, 0, 1, 1, 0]
FIRST = [0.9, 0.8, 0.4, 0.7, 0.6]
"""Of class 0. Confidences 0.9, 0.8, 0.6, 0.7, 0.6; right, right, right, wrong, right."""


def two_columns(first: list[float] | Float64Array) -> Float64Array:
    return np.column_stack([first, 1 - np.asarray(first)])


def test_bins_of_equal_width_by_hand() -> None:
    curve = reliability_curve(LABELS, two_columns(FIRST), n_bins=4)
    # (0.5, 0.75] has 0.6, 0.7 and 0.6, two of them right; (0.75, 1] has 0.9 and 0.8, both right.
    assert curve.lower.tolist() == [0.5, 0.75]
    assert curve.upper.tolist() == [0.75, 1]
    assert curve.counts.tolist() == [3, 2]
    assert curve.confidence.tolist() == pytest.approx([1.9 / 3, 0.85])
    assert curve.accuracy.tolist() == pytest.approx([2 / 3, 1])


def test_bins_of_equal_mass_by_hand() -> None:
    curve = reliability_curve(LABELS, two_columns(FIRST), n_bins=2, binning="equal_mass")
    # In order 0.6, 0.6 | 0.7, 0.8, 0.9: the rank 3 of 5 is above one half.
    assert curve.lower.tolist() == pytest.approx([0.6, 0.7])
    assert curve.upper.tolist() == pytest.approx([0.6, 0.9])
    assert curve.counts.tolist() == [2, 3]
    assert curve.accuracy.tolist() == pytest.approx([1, 2 / 3])


def test_errors_by_hand() -> None:
    gaps = [abs(2 / 3 - 1.9 / 3), abs(1 - 0.85)]
    probabilities = two_columns(FIRST)
    assert expected_calibration_error(LABELS, probabilities, n_bins=4) == pytest.approx(
        (3 * gaps[0] + 2 * gaps[1]) / 5
    )
    assert maximum_calibration_error(LABELS, probabilities, n_bins=4) == pytest.approx(0.15)
    # 0.4 in the bin of 0.6 and 0.6, of which both are right; 2/3 against 2.4/3 in the other one.
    options: dict[str, Binning] = {"binning": "equal_mass"}
    expected = (2 * 0.4 + 3 * abs(2 / 3 - 0.8)) / 5
    assert expected_calibration_error(LABELS, probabilities, n_bins=2, **options) == pytest.approx(expected)
    assert maximum_calibration_error(LABELS, probabilities, n_bins=2, **options) == pytest.approx(0.4)


@pytest.mark.parametrize("binning", BINNINGS)
def test_certain_and_right_has_no_error_and_certain_and_wrong_all(binning: Binning) -> None:
    for probabilities, error in ((np.eye(3), 0), (np.eye(3)[[1, 2, 0]], 1)):
        assert expected_calibration_error([0, 1, 2], probabilities, binning=binning) == error
        assert maximum_calibration_error([0, 1, 2], probabilities, binning=binning) == error


@pytest.mark.parametrize("binning", BINNINGS)
def test_saying_the_accuracy_of_all_has_no_error(binning: Binning) -> None:
    probabilities = np.tile([0.75, 0.25], (4, 1))
    assert expected_calibration_error([0, 0, 1, 0], probabilities, binning=binning) == 0


@pytest.mark.parametrize("n_bins", [2, 3, 7, 10, 15, 49, 100])
def test_an_edge_belongs_to_the_bin_below_whatever_the_rounding(n_bins: int) -> None:
    # Votes of b in n_bins are exactly the edges.
    edges = np.arange((n_bins + 1) // 2, n_bins + 1) / n_bins
    curve = reliability_curve(np.arange(len(edges)) % 2, two_columns(edges), n_bins=n_bins)
    assert curve.upper.tolist() == edges[edges >= 0.5].tolist()


def test_equal_confidences_share_a_bin_of_equal_mass() -> None:
    curve = reliability_curve([0, 1] * 5, np.tile([0.6, 0.4], (10, 1)), n_bins=5, binning="equal_mass")
    assert curve.counts.tolist() == [10]


@pytest.mark.parametrize(
    "confidences, counts", [([0.6, 0.6, 0.6, 0.9], [3, 1]), ([0.6, 0.9, 0.9, 0.9], [1, 3])]
)
def test_they_go_to_the_bin_of_the_middle_of_their_ranks(confidences: list[float], counts: list[int]) -> None:
    # Three equals have the middle rank 2, which is half of 4, or 3, which is above it.
    curve = reliability_curve([0, 0, 0, 1], two_columns(confidences), n_bins=2, binning="equal_mass")
    assert curve.counts.tolist() == counts


@pytest.mark.parametrize("n_samples", [60, 100, 101])
def test_without_ties_bins_of_equal_mass_differ_by_one_at_most(n_samples: int) -> None:
    curve = reliability_curve(*random_problem(n_samples, 3), binning="equal_mass")
    assert len(curve.counts) == 15
    assert np.ptp(curve.counts) <= 1


def test_there_are_15_bins_unless_said_otherwise() -> None:
    truth, probabilities = random_problem(200, 3)
    default, said = (
        reliability_curve(truth, probabilities),
        reliability_curve(truth, probabilities, n_bins=15),
    )
    assert default.upper.tolist() == said.upper.tolist()


@pytest.mark.parametrize("n_classes", [2, 5])
def test_curves_are_scikit_learns_of_whether_the_prediction_is_right(n_classes: int) -> None:
    truth, probabilities = random_problem(300, n_classes)
    right = probabilities.argmax(axis=1) == truth
    confidence = probabilities.max(axis=1)
    for binning, strategy in zip(BINNINGS, ("uniform", "quantile"), strict=True):
        curve = reliability_curve(truth, probabilities, n_bins=10, binning=binning)
        accuracy, mean = calibration_curve(right, confidence, n_bins=10, strategy=strategy)
        np.testing.assert_allclose(curve.accuracy, accuracy)
        np.testing.assert_allclose(curve.confidence, mean)


def test_at_least_one_bin() -> None:
    with pytest.raises(ValueError, match="n_bins == 0, must be >= 1"):
        reliability_curve([0, 1], np.eye(2), n_bins=0)


@settings(max_examples=30)
@given(problem=tied_problems(), n_bins=st.integers(1, 20), binning=st.sampled_from(BINNINGS))
def test_the_expected_error_lies_between_the_gap_of_all_and_the_greatest(
    problem: Problem, n_bins: int, binning: Binning
) -> None:
    truth, probabilities = problem
    curve = reliability_curve(
        truth, probabilities, labels=np.arange(probabilities.shape[1]), n_bins=n_bins, binning=binning
    )
    gap = abs((probabilities.argmax(axis=1) == truth).mean() - probabilities.max(axis=1).mean())
    assert gap - 1e-12 <= curve.expected_error <= curve.maximum_error + 1e-12
    assert curve.maximum_error <= 1
    assert curve.counts.sum() == len(truth)
    assert (curve.lower <= curve.confidence + 1e-12).all()
    assert (curve.confidence <= curve.upper + 1e-12).all()


@settings(max_examples=25)
@given(problem=tied_problems(), binning=st.sampled_from(BINNINGS), seed=st.integers(0, 100))
def test_the_order_of_the_samples_changes_nothing(problem: Problem, binning: Binning, seed: int) -> None:
    truth, probabilities = problem
    labels = np.arange(probabilities.shape[1])
    order = np.random.default_rng(seed).permutation(len(truth))
    curve, other = (
        reliability_curve(truth[rows], probabilities[rows], labels=labels, n_bins=4, binning=binning)
        for rows in (np.arange(len(truth)), order)
    )
    assert curve.counts.tolist() == other.counts.tolist()
    np.testing.assert_allclose(curve.confidence, other.confidence, rtol=1e-12)
    np.testing.assert_allclose(curve.accuracy, other.accuracy, rtol=1e-12)
