"""The folds of a variant, put together."""

from dataclasses import replace

import numpy as np
import pytest

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics.batch import BATCH_NAMES
from skknn_syndrome.study.ablating.collecting import Collected, collect
from skknn_syndrome.study.ablating.measuring import FoldMeasure
from skknn_syndrome.study.ablating.plan import AblationPlan
from skknn_syndrome.study.ablating.variants import make_variants
from skknn_syndrome.study.ablating.ways import Fold, honest_folds, leaky_folds
from tests.study.ablating.conftest import MakePlan

CURVE = np.array([0.0, 1.0]), np.array([0.0, 1.0]), np.array([np.inf, 0.0])


def fold(scores: Float64Array, *, related: float | None = 0.0) -> Fold:
    """Return a fold of ten training and five test rows whose scores are all the same at a k."""
    measure = FoldMeasure(
        scores=dict.fromkeys(BATCH_NAMES, scores),
        hits=np.array([[2, 0, 0], [1, 1, 0]]),
        predicted=np.array([[5, 0, 0], [3, 2, 0]]),
        tested=np.array([3, 2, 0]),
        rocs={1: CURVE},
    )
    return Fold({"cosine": measure}, n_train=10, n_test=5, share_related=related)


@pytest.fixture(name="plan")
def fixture_plan(make_plan: MakePlan) -> AblationPlan:
    """Return a plan of two k."""
    return make_plan(metrics="cosine", n_neighbors=[1, 3])


def put_together(plan: AblationPlan, *folds: Fold) -> Collected:
    """Return two folds of untouched embeddings, honest."""
    return collect(plan, make_variants(["none"], ["none"]).all[0], "cosine", "honest", folds)


def test_means_are_over_all_folds(plan: AblationPlan) -> None:
    found = put_together(plan, fold(np.array([0.5, 0.8])), fold(np.array([0.7, 0.6])))
    curve = found.entry.by_score["f1_macro"]
    assert curve.means == pytest.approx((0.6, 0.7))
    assert curve.stds == pytest.approx((0.1, 0.1))
    # The composite of three equal means is that mean.
    assert found.entry.best_n_neighbors == 3
    assert found.entry.composite == pytest.approx(0.7)
    assert found.entry.scores[0].values == (0.8, 0.6)


def test_precision_recall_and_f1_come_from_pooled_counts(plan: AblationPlan) -> None:
    one = fold(np.array([0.5, 0.8]))
    first, second, third = put_together(plan, one, one).entry.syndromes
    # Twice 2 of 5 predictions and 3 rows, then 1 of 3.
    assert first.precision == pytest.approx((2 / 5, 1 / 3))
    assert first.recall == pytest.approx((2 / 3, 1 / 3))
    assert first.f1 == pytest.approx((4 / 8, 2 / 6))
    assert second.precision[0] is None
    assert (second.recall[0], second.f1[0]) == (0.0, 0.0)
    assert (third.precision, third.recall, third.f1) == ((None, None),) * 3


def test_a_score_that_no_fold_defines_has_no_composite(plan: AblationPlan) -> None:
    found = put_together(plan, fold(np.array([np.nan, np.nan])))
    assert found.entry.composite is None
    assert found.entry.by_score["accuracy"].means == (None, None)


def test_relatives_are_known_where_all_folds_know_them(plan: AblationPlan) -> None:
    scores = np.array([0.5, 0.8])
    shares = [
        put_together(plan, fold(scores, related=0.5), fold(scores, related=share)).entry.share_related
        for share in (1.0, None)
    ]
    assert shares == [0.75, None]


def test_the_share_tested_is_that_of_the_split_whatever_is_resampled(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine")
    (mixup,) = make_variants(["none"], ["mixup"]).all
    honest = collect(plan, mixup, "cosine", "honest", list(honest_folds(plan, mixup)))
    leaky = collect(plan, mixup, "cosine", "leaky", list(leaky_folds(plan, mixup)))
    assert honest.test_share == pytest.approx(0.5, abs=0.02)
    assert leaky.test_share == pytest.approx(0.5, abs=0.02)
    assert honest.entry.n_train_rows == pytest.approx(1_060)
    assert [roc.n_neighbors for roc in honest.entry.rocs] == [1, 10]
    assert leaky.entry.rocs == ()


def test_one_place_of_the_grid(plan: AblationPlan) -> None:
    found = put_together(plan, fold(np.array([0.5, 0.8])), replace(fold(np.array([0.7, 0.6]))))
    assert found.at("accuracy", 0).tolist() == [0.5, 0.7]
