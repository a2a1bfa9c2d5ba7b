"""ROC curves of two classes, and the area under a curve."""

from itertools import pairwise

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome.metrics.roc import auc, roc_curve, threshold_sweep

DECISIONS = st.lists(st.tuples(st.booleans(), st.integers(-4, 4)), min_size=2, max_size=40).filter(
    lambda decisions: {positive for positive, _ in decisions} == {True, False}
)


def test_perfect_scores_go_up_before_they_go_right() -> None:
    fpr, tpr, thresholds = roc_curve([0, 0, 1, 1], [0.1, 0.2, 0.8, 0.9])
    assert fpr.tolist() == [0, 0, 0, 1]
    assert tpr.tolist() == [0, 0.5, 1, 1]
    assert thresholds.tolist() == [np.inf, 0.9, 0.8, 0.1]
    assert auc(fpr, tpr) == 1


def test_inverted_scores_go_right_before_they_go_up() -> None:
    fpr, tpr, _ = roc_curve([1, 1, 0, 0], [0.1, 0.2, 0.8, 0.9])
    assert auc(fpr, tpr) == 0


def test_equal_scores_give_the_diagonal() -> None:
    fpr, tpr, thresholds = roc_curve([0, 1, 0, 1, 1], [3, 3, 3, 3, 3])
    assert (fpr.tolist(), tpr.tolist()) == ([0, 1], [0, 1])
    assert thresholds.tolist() == [np.inf, 3]


def test_curve_worked_out_by_hand() -> None:
    fpr, tpr, thresholds = roc_curve(
        ["n", "p", "n", "p", "p"], [0.1, 0.3, 0.3, 0.7, 0.9], pos_label="p", drop_intermediate=False
    )
    # at or above 0.9: 1 of 3 p; 0.7: 2 of 3; 0.3: 3 of 3 and 1 of 2 n; 0.1: all
    assert thresholds.tolist() == [np.inf, 0.9, 0.7, 0.3, 0.1]
    assert tpr.tolist() == pytest.approx([0, 1 / 3, 2 / 3, 1, 1])
    assert fpr.tolist() == [0, 0, 0, 0.5, 1]
    # area: from 0 to 0.5 a trapezoid of heights 2/3 and 1, then 0.5 at height 1
    assert auc(fpr, tpr) == pytest.approx(0.5 * (2 / 3 + 1) / 2 + 0.5)


def test_points_within_straight_stretches_are_left_out() -> None:
    labels, scores = [1, 1, 1, 0, 0, 0], [6, 5, 4, 3, 2, 1]
    assert roc_curve(labels, scores, drop_intermediate=False)[2].tolist() == [np.inf, 6, 5, 4, 3, 2, 1]
    assert roc_curve(labels, scores)[2].tolist() == [np.inf, 6, 4, 1]


def test_samples_of_weight_zero_set_no_threshold() -> None:
    weighted = roc_curve([0, 1, 1], [0.2, 0.5, 0.9], sample_weight=[1, 0, 1], drop_intermediate=False)
    assert weighted[2].tolist() == [np.inf, 0.9, 0.2]


@pytest.mark.parametrize(
    "label, missing, rate",
    [(1, "negative", 0), (0, "positive", 1)],
    ids=["no negatives", "no positives"],
)
def test_rate_of_a_missing_class_is_nan_with_a_warning(label: int, missing: str, rate: int) -> None:
    with pytest.warns(UndefinedMetricWarning, match=f"No {missing} samples in y_true"):
        curve = roc_curve([label] * 3, [1, 2, 3])
    assert np.isnan(curve[rate]).all()
    assert curve[1 - rate][-1] == 1


@pytest.mark.parametrize(
    "labels, fault",
    [([0, 1, 2], "multiclass format is not supported"), (["a", "b", "b"], "pos_label is not specified")],
)
def test_labels_that_do_not_tell_the_positive_class_are_refused(labels: list[object], fault: str) -> None:
    with pytest.raises(ValueError, match=fault):
        roc_curve(np.array(labels), [1, 2, 3])


def test_scores_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="contains NaN"):
        roc_curve([0, 1], [0.5, np.nan])


def test_one_class_of_many_can_be_the_positive_one() -> None:
    fpr, tpr, _ = roc_curve(["a", "b", "c"], [0.1, 0.9, 0.5], pos_label="b")
    assert auc(fpr, tpr) == 1


@settings(max_examples=60, deadline=None)
@given(decisions=DECISIONS, drop=st.booleans(), weighted=st.booleans())
def test_curve_is_the_one_scikit_learn_draws(
    decisions: list[tuple[bool, int]],
    *,
    drop: bool,
    weighted: bool,
) -> None:
    labels, scores = zip(*decisions, strict=True)
    weights = np.linspace(0.5, 2, len(labels)) if weighted else None
    options = {"sample_weight": weights, "drop_intermediate": drop}
    expected = sklearn.metrics.roc_curve(labels, scores, **options)
    for ours, theirs in zip(
        roc_curve(labels, scores, sample_weight=weights, drop_intermediate=drop), expected, strict=True
    ):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@settings(max_examples=60, deadline=None)
@given(decisions=DECISIONS)
def test_curve_rises_from_the_origin_to_one(decisions: list[tuple[bool, int]]) -> None:
    labels, scores = zip(*decisions, strict=True)
    fpr, tpr, thresholds = roc_curve(labels, scores)
    for rates in (fpr, tpr):
        assert rates[0] == 0
        assert rates[-1] == 1
        assert all(low <= high for low, high in pairwise(rates))
    assert all(high > low for high, low in pairwise(thresholds))


def test_area_of_a_falling_curve_is_positive() -> None:
    assert auc([1, 0.5, 0], [1, 1, 0]) == auc([0, 0.5, 1], [0, 1, 1]) == 0.75


def test_unsigned_abscissae_do_not_wrap_around() -> None:
    assert auc(np.array([3, 1], dtype=np.uint8), [1, 1]) == 2


def test_area_needs_two_points() -> None:
    with pytest.raises(ValueError, match="At least 2 points are needed"):
        auc([1], [1])


def test_area_needs_one_direction() -> None:
    with pytest.raises(ValueError, match="neither increasing nor decreasing"):
        auc([0, 1, 0.5], [0, 1, 1])


def test_area_refuses_what_is_no_array() -> None:
    with pytest.raises(ValueError, match="The 'x' parameter of auc must be an array-like"):
        auc(3, [1, 2])


def test_tied_scores_pass_a_threshold_together() -> None:
    false_positives, true_positives, thresholds = threshold_sweep(
        np.array([True, False, True, False]), np.array([2.0, 1.0, 1.0, 0.0])
    )
    # >= 2: one positive; >= 1: one more of each; >= 0: all
    assert false_positives.tolist() == [0, 1, 2]
    assert true_positives.tolist() == [1, 2, 2]
    assert thresholds.tolist() == [2, 1, 0]


def test_weights_count_instead_of_images() -> None:
    false_positives, true_positives, _ = threshold_sweep(
        np.array([True, False, True]), np.array([3.0, 2.0, 1.0]), np.array([0.5, 2.0, 4.0])
    )
    assert false_positives.tolist() == [0, 2, 2]
    assert true_positives.tolist() == [0.5, 0.5, 4.5]


def test_unsigned_and_boolean_scores_are_swept_downwards() -> None:
    positive = np.array([True, False])
    assert threshold_sweep(positive, np.array([7, 0], dtype=np.uint8))[2].tolist() == [7, 0]
    assert threshold_sweep(positive, np.array([False, True]))[2].tolist() == [True, False]


def test_counts_of_weighted_images_never_decrease() -> None:
    rng = np.random.default_rng(0)
    weights = rng.random(1000) * 10.0 ** rng.integers(-8, 8, 1000)
    sweep = threshold_sweep(rng.random(1000) < 0.5, rng.random(1000), weights)
    assert np.all(np.diff(sweep[0]) >= 0)
    assert np.all(np.diff(sweep[1]) >= 0)
