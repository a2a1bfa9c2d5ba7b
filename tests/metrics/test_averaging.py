"""Means of a two-class metric over several classes."""

import numpy as np
import pytest

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.metrics.averaging import Average, one_vs_one_average, one_vs_rest_average

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
