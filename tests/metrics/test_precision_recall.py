"""Precision, recall, F-score and support."""

import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome.metrics import f1_score, precision_recall_fscore_support, precision_score, recall_score
from skknn_syndrome.metrics.averaging import Average, ZeroDivision
from tests.metrics.builders import LabelPair, assert_agree, label_sets, single_labels

# ant: 2 hits, 3 predicted, 2 true; bee: 0, 0, 1; cat: 2, 3, 3
TRUE = ["cat", "ant", "cat", "cat", "ant", "bee"]
PREDICTED = ["ant", "ant", "cat", "cat", "ant", "cat"]
PRECISION = [2 / 3, 0, 2 / 3]
RECALL = [1, 0, 2 / 3]
F1 = [4 / 5, 0, 4 / 6]
SUPPORT = [2, 1, 3]

TAGS = [[1, 0, 1], [0, 0, 1]]
PREDICTED_TAGS = [[1, 1, 1], [0, 0, 1]]


def test_perfect_predictions_score_one() -> None:
    *scores, support = precision_recall_fscore_support(TRUE, TRUE)
    assert np.array_equal(scores, np.ones((3, 3)))
    assert support.tolist() == SUPPORT


def test_scores_of_each_class_worked_out_by_hand() -> None:
    precision, recall, fscore, support = precision_recall_fscore_support(TRUE, PREDICTED, zero_division=0)
    np.testing.assert_allclose([precision, recall, fscore], [PRECISION, RECALL, F1])
    assert support.tolist() == SUPPORT


@pytest.mark.parametrize(
    "average, expected",
    [
        ("macro", [np.mean(PRECISION), np.mean(RECALL), np.mean(F1)]),
        # weighted by 2, 1 and 3 of 6
        ("weighted", [(4 / 3 + 2) / 6, (2 + 2) / 6, (8 / 5 + 2) / 6]),
        ("micro", [4 / 6, 4 / 6, 4 / 6]),
    ],
)
def test_averages_worked_out_by_hand(average: Average, expected: list[float]) -> None:
    *scores, support = precision_recall_fscore_support(TRUE, PREDICTED, average=average, zero_division=0)
    np.testing.assert_allclose(scores, expected)
    assert support is None


def test_binary_is_the_value_of_the_positive_class() -> None:
    # of 1: 2 hits, 2 predicted, 3 true
    scores = precision_recall_fscore_support([0, 1, 1, 1], [0, 0, 1, 1], average="binary")
    assert scores[:3] == pytest.approx((1, 2 / 3, 4 / 5))


def test_samples_is_the_mean_over_rows() -> None:
    # rows: 2 hits of 3 predicted and 2 true; 1 of 1 and 1
    scores = precision_recall_fscore_support(TAGS, PREDICTED_TAGS, average="samples")
    assert scores[:3] == pytest.approx(((2 / 3 + 1) / 2, 1, (4 / 5 + 1) / 2))
    weighted = precision_recall_fscore_support(TAGS, PREDICTED_TAGS, average="samples", sample_weight=[3, 1])
    assert weighted[0] == pytest.approx((3 * 2 / 3 + 1) / 4)


@pytest.mark.parametrize(
    "beta, expected",
    [(0, 1 / 2), (float("inf"), 1 / 4), (2, 5 * 1 / (4 * 4 + 2)), (0.5, 1.25 * 1 / (0.25 * 4 + 2))],
)
def test_beta_leads_from_precision_to_recall(beta: float, expected: float) -> None:
    # 1 hit, 2 predicted, 4 true
    y_true, y_pred = [1, 1, 1, 1, 0], [1, 0, 0, 0, 1]
    fscore = precision_recall_fscore_support(y_true, y_pred, beta=beta, average="binary")[2]
    assert fscore == pytest.approx(expected)


def test_what_is_not_defined_is_zero_with_a_warning_for_each_metric() -> None:
    with pytest.warns(UndefinedMetricWarning, match="Precision is ill-defined .* no predicted samples"):
        precision_recall_fscore_support(TRUE, PREDICTED)
    with pytest.warns(
        UndefinedMetricWarning, match="F-score is ill-defined .* no true nor predicted samples"
    ):
        precision_recall_fscore_support(TRUE, TRUE, labels=["dog"], warn_for=("f-score",))


def test_nan_stays_out_of_the_average() -> None:
    another = float("nan")  # as it comes out of another process: no np.nan by identity
    for nan in (np.nan, another):
        precision = precision_recall_fscore_support(TRUE, PREDICTED, average="macro", zero_division=nan)[0]
        assert precision == pytest.approx(2 / 3)


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@given(
    pair=single_labels() | label_sets(),
    average=st.sampled_from(["binary", "micro", "macro", "weighted", "samples", None]),
    zero_division=st.sampled_from(["warn", 0, 1, np.nan]),
    beta=st.sampled_from([0, 0.5, 1, 2, float("inf")]),
    data=st.data(),
)
@settings(max_examples=60)
def test_agrees_with_scikit_learn(
    pair: LabelPair, average: Average, zero_division: ZeroDivision, beta: float, data: st.DataObject
) -> None:
    y_true, y_pred, weights = pair
    labels = data.draw(st.none() | st.permutations(range(2)))
    assert_agree(
        "precision_recall_fscore_support",
        y_true,
        y_pred,
        average=average,
        zero_division=zero_division,
        beta=beta,
        labels=None if y_true.dtype.kind in "UO" else labels,
        sample_weight=weights,
    )


@given(pair=single_labels())
@settings(max_examples=25)
def test_precision_and_recall_change_places_with_truth_and_prediction(pair: LabelPair) -> None:
    y_true, y_pred, weights = pair
    forth = precision_recall_fscore_support(y_true, y_pred, sample_weight=weights, zero_division=0)
    back = precision_recall_fscore_support(y_pred, y_true, sample_weight=weights, zero_division=0)
    np.testing.assert_allclose(forth[0], back[1])
    np.testing.assert_allclose(forth[2], back[2])


# of 1: 1 hit, 2 predicted, 4 true
TRUE_BINARY = [1, 1, 1, 1, 0]
PREDICTED_BINARY = [1, 0, 0, 0, 1]


def test_each_is_one_of_the_four() -> None:
    precision, recall, fscore, _ = precision_recall_fscore_support(TRUE_BINARY, PREDICTED_BINARY)
    assert np.array_equal(precision_score(TRUE_BINARY, PREDICTED_BINARY, average=None), precision)
    assert np.array_equal(recall_score(TRUE_BINARY, PREDICTED_BINARY, average=None), recall)
    assert np.array_equal(f1_score(TRUE_BINARY, PREDICTED_BINARY, average=None), fscore)


def test_binary_by_default() -> None:
    assert precision_score(TRUE_BINARY, PREDICTED_BINARY) == 1 / 2
    assert recall_score(TRUE_BINARY, PREDICTED_BINARY) == 1 / 4
    assert f1_score(TRUE_BINARY, PREDICTED_BINARY) == pytest.approx(2 * 1 / (2 + 4))


def test_f1_is_the_harmonic_mean() -> None:
    assert f1_score(TRUE_BINARY, PREDICTED_BINARY) == pytest.approx(2 / (1 / (1 / 2) + 1 / (1 / 4)))


def test_warnings_are_about_the_score_alone() -> None:
    never_true, never_predicted = [0, 0], [0, 1]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert precision_score(never_true, never_predicted) == 0
        assert f1_score(never_true, never_predicted) == 0
    with pytest.warns(UndefinedMetricWarning, match="Recall is ill-defined .* due to no true samples"):
        assert recall_score(never_true, never_predicted) == 0


@given(
    pair=single_labels() | label_sets(),
    average=st.sampled_from(["binary", "micro", "macro", "weighted", "samples", None]),
)
@settings(max_examples=25)
def test_each_agrees_with_scikit_learn(pair: LabelPair, average: Average) -> None:
    y_true, y_pred, weights = pair
    for name in ("precision_score", "recall_score", "f1_score"):
        assert_agree(name, y_true, y_pred, average=average, sample_weight=weights)
