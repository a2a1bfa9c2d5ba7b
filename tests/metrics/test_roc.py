"""ROC curves of two classes, micro-averaged over classes, and averaged over folds."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome.metrics.roc import (
    auc,
    mean_roc_curve,
    micro_average_roc_curve,
    roc_curve,
    threshold_sweep,
)
from tests.refusing import refused

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


def test_labels_that_do_not_tell_the_positive_class_are_refused() -> None:
    with refused("unsupported_labels", "y_true"):
        roc_curve([0, 1, 2], [1, 2, 3])
    with pytest.raises(ValueError, match="pos_label is not specified"):
        roc_curve(["a", "b", "b"], [1, 2, 3])


def test_scores_that_are_not_finite_are_refused() -> None:
    with pytest.raises(ValueError, match="contains NaN"):
        roc_curve([0, 1], [0.5, np.nan])


def test_one_class_of_many_can_be_the_positive_one() -> None:
    fpr, tpr, _ = roc_curve(["a", "b", "c"], [0.1, 0.9, 0.5], pos_label="b")
    assert auc(fpr, tpr) == 1


@settings(max_examples=20)
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


@settings(max_examples=20)
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
    with refused("too_few_points", "x"):
        auc([1], [1])


def test_area_needs_one_direction() -> None:
    with refused("not_monotone", "x"):
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


PROBABILITIES = np.array([[0.7, 0.2, 0.1], [0.3, 0.4, 0.3], [0.5, 0.2, 0.3]])


def test_perfect_decisions_have_an_area_of_one() -> None:
    fpr, tpr, _ = micro_average_roc_curve(["a", "b", "c"], np.eye(3), labels=["a", "b", "c"])
    assert auc(fpr, tpr) == 1


def test_pooled_decisions_by_hand() -> None:
    fpr, tpr, thresholds = micro_average_roc_curve(["a", "b", "c"], PROBABILITIES, labels=["a", "b", "c"])
    # positives 0.7, 0.4, 0.3; negatives 0.5, 0.3, 0.3, 0.2, 0.2, 0.1
    # >= 0.7: 1 and 0; >= 0.5: 1 and 1; >= 0.4: 2 and 1; >= 0.3: 3 and 3; >= 0.2: 3 and 5; >= 0.1: 3 and 6
    assert thresholds.tolist() == [np.inf, 0.7, 0.5, 0.4, 0.3, 0.2, 0.1]
    assert (6 * fpr).tolist() == pytest.approx([0, 0, 1, 1, 3, 5, 6])
    assert (3 * tpr).tolist() == pytest.approx([0, 1, 1, 2, 3, 3, 3])


def test_area_is_scikit_learns_micro_average() -> None:
    rng = np.random.default_rng(1)
    labels, weights = rng.integers(4, size=60), rng.random(60)
    probabilities = rng.dirichlet(np.ones(4), size=60)
    fpr, tpr, _ = micro_average_roc_curve(labels, probabilities, labels=range(4), sample_weight=weights)
    expected = sklearn.metrics.roc_auc_score(
        labels, probabilities, average="micro", multi_class="ovr", sample_weight=weights
    )
    assert auc(fpr, tpr) == pytest.approx(expected, rel=1e-12)


def test_an_unknown_label_is_a_negative_for_every_class() -> None:
    fpr, tpr, _ = micro_average_roc_curve(["a", "z"], [[0.6, 0.4], [0.8, 0.2]], labels=["a", "b"])
    # the positive 0.6 against the negatives 0.4, 0.8 and 0.2
    assert auc(fpr, tpr) == pytest.approx(2 / 3)


def test_without_a_known_label_the_curve_is_nan_with_a_warning() -> None:
    with pytest.warns(UndefinedMetricWarning, match="No positive samples"):
        _, tpr, _ = micro_average_roc_curve(["y", "z"], [[0.6, 0.4], [0.8, 0.2]], labels=["a", "b"])
    assert np.isnan(tpr).all()


def test_columns_and_labels_must_fit() -> None:
    with refused("columns_mismatch", "labels"):
        micro_average_roc_curve(["a", "b", "b"], PROBABILITIES, labels=["a", "b"])


def test_mean_of_one_curve_is_that_curve_with_its_steps() -> None:
    # steps up at 0, at 0.25 (0.5 to 0.75) and, from 0.75 on, a slope to (1, 1)
    fpr, tpr = [0, 0, 0.25, 0.25, 0.75, 1], [0, 0.5, 0.5, 0.75, 0.75, 1]
    mean = mean_roc_curve([(fpr, tpr)], n_points=9)
    assert mean.fpr.tolist() == [0, 0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1]
    assert mean.tpr.tolist() == [0, 0.5, 0.5, 0.75, 0.75, 0.75, 0.75, 0.75, 0.875, 1]
    assert mean.tpr_std.tolist() == [0] * 10
    # 0.25 * 0.5 + 0.5 * 0.75 + 0.25 * 0.875
    assert mean.auc == 0.71875
    assert (mean.auc_std, mean.n_curves) == (0, 1)


def test_mean_of_two_curves_by_hand() -> None:
    perfect, guessing = ([0, 0, 1], [0, 1, 1]), ([0, 1], [0, 1])
    mean = mean_roc_curve([perfect, guessing], n_points=5)
    assert mean.fpr.tolist() == [0, 0, 0.25, 0.5, 0.75, 1]
    assert mean.tpr.tolist() == [0, 0.5, 0.625, 0.75, 0.875, 1]
    # half the distance of the two: 1 and 0, 1 and 0.25, ...
    assert mean.tpr_std.tolist() == [0, 0.5, 0.375, 0.25, 0.125, 0]
    assert (mean.auc, mean.auc_std, mean.n_curves) == (0.75, 0.25, 2)


def test_a_step_at_a_grid_point_is_taken_at_its_top_whatever_the_last_bit() -> None:
    # a share of 3 in 5 and the grid's 0.6 differ in the last bit on one side, 1 - 2/5 on the other
    for rate in (3 / 5, np.nextafter(0.6, 1), np.nextafter(0.6, 0), 1 - 2 / 5):
        mean = mean_roc_curve([([0, rate, rate, 1], [0, 0, 1, 1])], n_points=6)
        assert mean.tpr.tolist() == [0, 0, 0, 0, 1, 1, 1]


def test_a_perfect_curve_keeps_its_area() -> None:
    mean = mean_roc_curve([([0, 0, 1], [0, 1, 1])], n_points=2)
    assert auc(mean.fpr, mean.tpr) == 1


@pytest.mark.parametrize(
    "curve",
    [
        ([0, 1], [0, np.nan]),
        ([np.nan, np.nan], [0, 1]),
        ([0, 0.5], [0, 1]),
        ([0.1, 1], [0, 1]),
        ([0, 1], [0.5, 1]),
        ([0, 0.6, 0.4, 1], [0, 0, 1, 1]),
        ([0, 1], [0, 0.5, 1]),
        ([], []),
        ([[0, 1]], [[0, 1]]),
    ],
)
def test_what_is_no_roc_curve_is_refused_by_its_number(curve: tuple[ArrayLike, ArrayLike]) -> None:
    with refused("not_a_roc_curve", "curves") as caught:
        mean_roc_curve([([0, 1], [0, 1]), curve])
    assert str(caught.value).startswith("Curve 1 (counted from 0)")


def test_no_curve_at_all_is_refused() -> None:
    with refused("no_curves", "curves"):
        mean_roc_curve([])


def test_the_grid_needs_two_points() -> None:
    with pytest.raises(ValueError, match="The 'n_points' parameter of mean_roc_curve must be"):
        mean_roc_curve([([0, 1], [0, 1])], n_points=1)


FOLD = st.lists(st.tuples(st.booleans(), st.integers(-4, 4)), min_size=2, max_size=20).filter(
    lambda decisions: {positive for positive, _ in decisions} == {True, False}
)


@settings(max_examples=20)
@given(folds=st.lists(FOLD, min_size=1, max_size=5), n_points=st.integers(2, 40))
def test_mean_curve_rises_from_the_origin_to_one(folds: list[list[tuple[bool, int]]], n_points: int) -> None:
    curves: list[Any] = [roc_curve(*zip(*fold, strict=True)) for fold in folds]
    mean = mean_roc_curve(curves, n_points=n_points)
    assert mean.fpr.shape == mean.tpr.shape == mean.tpr_std.shape == (n_points + 1,)
    for rates in (mean.fpr, mean.tpr):
        assert rates[0] == 0
        assert rates[-1] == 1
        assert np.all(np.diff(rates) >= 0)
    assert np.all((mean.tpr_std >= 0) & (mean.tpr_std <= 0.5))
    assert mean.auc == pytest.approx(np.mean([auc(fpr, tpr) for fpr, tpr, _ in curves]))


def test_area_of_the_mean_curve_comes_near_the_mean_area_on_a_fine_grid() -> None:
    rng = np.random.default_rng(3)
    curves = [roc_curve(rng.integers(2, size=80), rng.random(80)) for _ in range(10)]
    mean = mean_roc_curve(curves, n_points=2001)
    assert auc(mean.fpr, mean.tpr) == pytest.approx(mean.auc, abs=1e-3)
