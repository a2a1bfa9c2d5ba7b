"""ROC curves pooled over classes, and averaged over folds."""

from typing import Any

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome.metrics.micro_average import mean_roc_curve, micro_average_roc_curve
from skknn_syndrome.metrics.roc import auc, roc_curve

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
    with pytest.raises(ValueError, match="y_score has 3 columns for 2 labels"):
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
    with pytest.raises(ValueError, match=r"Curve 1 \(counted from 0\) does not rise from"):
        mean_roc_curve([([0, 1], [0, 1]), curve])


def test_no_curve_at_all_is_refused() -> None:
    with pytest.raises(ValueError, match="There is no ROC curve to average"):
        mean_roc_curve([])


def test_the_grid_needs_two_points() -> None:
    with pytest.raises(ValueError, match="The 'n_points' parameter of mean_roc_curve must be"):
        mean_roc_curve([([0, 1], [0, 1])], n_points=1)


FOLD = st.lists(st.tuples(st.booleans(), st.integers(-4, 4)), min_size=2, max_size=20).filter(
    lambda decisions: {positive for positive, _ in decisions} == {True, False}
)


@settings(max_examples=60, deadline=None)
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
