"""Averages over classes, the classes that they are about, and undefined ratios."""

import warnings

import numpy as np
import pytest
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.metrics.averaging import (
    Average,
    PosLabel,
    UndefinedRule,
    ZeroDivision,
    chosen_labels,
    mean_of_defined,
    one_vs_one_average,
    one_vs_rest_average,
    ratios,
)
from skknn_syndrome.metrics.validation import LabelSets, SingleLabels, check_targets
from tests.refusing import refused

TRUTH = np.array([[1, 0], [1, 1], [1, 0]])
SCORES = np.array([[0.2, 0.4], [0.4, 0.6], [0.6, 0.2]])
WEIGHTS = np.array([1.0, 2.0, 3.0])


def weighted_score(truth: LabelArray, scores: Float64Array, weights: Float64Array | None) -> float:
    """Sum up the weighted scores of the positives: a metric easy to compute by hand."""
    return float(np.sum(truth * scores * (1 if weights is None else weights)))


@pytest.mark.parametrize(
    "average, plain, weighted",
    [
        # columns: 0.2 + 0.4 + 0.6 = 1.2 and 0.6; weighted 0.2 + 0.8 + 1.8 = 2.8 and 1.2
        ("macro", (1.2 + 0.6) / 2, (2.8 + 1.2) / 2),
        # positives: 3 and 1; their weight: 6 and 2
        ("weighted", (3 * 1.2 + 1 * 0.6) / 4, (6 * 2.8 + 2 * 1.2) / 8),
        ("micro", 1.8, 4.0),
        # rows: 0.2, 0.4 + 0.6 and 0.6, never weighted within
        ("samples", (0.2 + 1.0 + 0.6) / 3, (1 * 0.2 + 2 * 1.0 + 3 * 0.6) / 6),
    ],
)
def test_averages_worked_out_by_hand(average: Average, plain: float, weighted: float) -> None:
    assert one_vs_rest_average(weighted_score, TRUTH, SCORES, average) == pytest.approx(plain)
    assert one_vs_rest_average(weighted_score, TRUTH, SCORES, average, WEIGHTS) == pytest.approx(weighted)


def test_no_average_gives_one_value_per_class() -> None:
    by_class = one_vs_rest_average(weighted_score, TRUTH, SCORES, None)
    assert np.asarray(by_class).tolist() == pytest.approx([1.2, 0.6])


def nan_without_positives(truth: LabelArray, scores: Float64Array, weights: Float64Array | None) -> float:
    return weighted_score(truth, scores, weights) if truth.any() else float("nan")


def test_a_class_without_positives_does_not_make_the_weighted_mean_nan() -> None:
    truth = np.array([[1, 0], [1, 0], [1, 0]])
    assert one_vs_rest_average(nan_without_positives, truth, SCORES, "weighted") == pytest.approx(1.2)
    assert np.isnan(one_vs_rest_average(nan_without_positives, truth, SCORES, "macro"))


def test_weighted_mean_without_any_positive_is_zero() -> None:
    assert one_vs_rest_average(nan_without_positives, np.zeros_like(TRUTH), SCORES, "weighted") == 0


def test_pairs_of_classes_are_averaged_over_their_own_samples() -> None:
    classes = np.array([0, 1, 2, 2])
    scores = np.array([[0.8, 0.1, 0.1], [0.2, 0.6, 0.2], [0.1, 0.2, 0.7], [0.3, 0.2, 0.5]])
    # the sum of the positives' own scores: 0.8, 0.6, 0.7 + 0.5; a pair's value is the mean of its two
    pairs = [(0.8 + 0.6) / 2, (0.8 + 1.2) / 2, (0.6 + 1.2) / 2]
    plain = one_vs_one_average(weighted_score, classes, scores, weighted=False)
    assert plain == pytest.approx(sum(pairs) / 3)
    # shares of the samples: 2/4, 3/4, 3/4
    weighted = one_vs_one_average(weighted_score, classes, scores, weighted=True)
    assert weighted == pytest.approx((2 * pairs[0] + 3 * pairs[1] + 3 * pairs[2]) / 8)


TWO = check_targets(["ant", "bee"], ["ant", "ant"])
ONE = check_targets(["ant", "ant"], ["ant", "ant"])
THREE = check_targets([0, 1, 2], [0, 1, 1])
SETS = check_targets([[0, 1], [1, 1]], [[0, 1], [1, 0]])


def test_binary_is_about_the_positive_class_whatever_the_labels() -> None:
    assert np.array_equal(np.asarray(chosen_labels(TWO, ["ant"], "bee", "binary")), ["bee"])


def test_with_one_class_alone_any_other_may_be_the_positive_one() -> None:
    assert np.array_equal(np.asarray(chosen_labels(ONE, None, 1, "binary")), [1])


@pytest.mark.parametrize("labels", [None, [2, 1]])
def test_averages_are_about_the_labels_asked_for(labels: ArrayLike | None) -> None:
    assert chosen_labels(THREE, labels, 1, "macro") is labels
    assert chosen_labels(SETS, labels, 1, "samples") is labels


@pytest.mark.parametrize("targets", [TWO, ONE])
def test_binary_needs_a_positive_class(targets: SingleLabels | LabelSets) -> None:
    with refused("unknown_label", "pos_label"):
        chosen_labels(targets, None, None, "binary")


def test_the_positive_class_must_be_one_of_the_two() -> None:
    with refused("unknown_label", "pos_label"):
        chosen_labels(TWO, None, 1, "binary")


def test_binary_needs_two_classes() -> None:
    for targets in (THREE, SETS):
        with refused("not_binary", "average"):
            chosen_labels(targets, None, 1, "binary")


def test_samples_needs_sets_of_labels() -> None:
    with refused("samples_of_single_labels", "average"):
        chosen_labels(THREE, None, 1, "samples")


@pytest.mark.parametrize("pos_label", [0, "ant"])
def test_a_positive_class_without_effect_is_warned_of(pos_label: PosLabel) -> None:
    with pytest.warns(UserWarning, match=rf"pos_label \(set to {pos_label!r}\) is ignored"):
        chosen_labels(THREE, None, pos_label, "macro")


@pytest.mark.parametrize("zero_division, filled", [(0, 0.0), (1, 1.0), (float("nan"), float("nan"))])
def test_the_rule_fills_in_silently(zero_division: ZeroDivision, filled: float) -> None:
    rule = UndefinedRule(zero_division, warn_for=("recall",))
    result = ratios(np.array([1, 0]), np.array([4, 0]), rule, "recall", "true")
    np.testing.assert_array_equal(result, [0.25, filled])


@pytest.mark.parametrize(
    "totals, per_sample, message",
    [
        ([4, 0], False, "Recall is ill-defined and being set to 0.0 in labels with no true samples."),
        ([4, 0], True, "Recall is ill-defined and being set to 0.0 in samples with no true labels."),
        ([0], False, "Recall is ill-defined and being set to 0.0 due to no true samples."),
    ],
)
def test_the_warning_says_what_is_missing_where(totals: list[int], per_sample: bool, message: str) -> None:  # noqa: FBT001
    rule = UndefinedRule("warn", warn_for=("recall",), per_sample=per_sample)
    with pytest.warns(UndefinedMetricWarning, match=message):
        result = ratios(np.zeros(len(totals)), np.array(totals), rule, "recall", "true")
    assert result.tolist() == [0.0] * len(totals)


def test_no_warning_about_a_metric_that_was_not_asked_for() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        ratios(np.array([0]), np.array([0]), UndefinedRule("warn", warn_for=("recall",)), "precision", "true")


def test_mean_leaves_out_what_is_not_defined() -> None:
    values = np.array([1.0, np.nan, 0.5, 0.0])
    assert mean_of_defined(values) == 0.5  # (1 + 0.5 + 0) / 3
    assert mean_of_defined(values, np.array([2, 5, 1, 1])) == 0.625  # (2 * 1 + 1 * 0.5 + 0) / 4


def test_mean_without_weight_is_the_plain_one() -> None:
    assert mean_of_defined(np.array([1.0, 0.5, np.nan]), np.array([0, 0, 3])) == 0.75


def test_mean_of_nothing_is_nan() -> None:
    assert np.isnan(mean_of_defined(np.array([np.nan])))
    assert np.isnan(mean_of_defined(np.array([])))
