"""All rows through a variant: counted, and laid out in the plane."""

from typing import Any

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE, RandomOverSampler
from sklearn.decomposition import PCA

from skknn_syndrome.analyses.preprocessing import whole_rows
from skknn_syndrome.analyses.preprocessing.plan import Plan
from skknn_syndrome.analyses.preprocessing.variants import make_variants
from skknn_syndrome.analyses.preprocessing.whole_rows import (
    WholeRows,
    count_classes,
    map_rows,
    resample_whole,
)
from skknn_syndrome.preprocessing import MoreRows
from tests.analyses.preprocessing.conftest import MakePlan
from tests.problems import Problem


def resampled(plan: Plan, scaler: str, resampler: str) -> WholeRows:
    """Return all rows through one variant."""
    return resample_whole(plan, make_variants([scaler], [resampler]).all[0])


def test_images_come_first_then_synthetic_rows(make_plan: MakePlan, problem: Problem) -> None:
    whole = resampled(make_plan(), "none", "mixup")
    np.testing.assert_array_equal(whole.rows[whole.is_image], problem.samples)
    assert whole.is_image.tolist() == [True] * 90 + [False] * 1_000


def test_balancing_leaves_images_alone(make_plan: MakePlan) -> None:
    whole = resampled(make_plan(), "zscore", "balanced")
    assert whole.is_image.all()
    assert len(whole.rows) < 90


def test_classes_are_counted_before_and_after(make_plan: MakePlan) -> None:
    plan = make_plan()
    whole = resampled(plan, "none", "mixup")
    counts = count_classes(plan, whole.variant, whole.labels)
    # 1,000 rows for three classes: 334, 333 and 333.
    assert [(count.syndrome, count.before, count.after) for count in counts] == [
        ("a", 30, 364),
        ("b", 30, 363),
        ("c", 30, 363),
    ]


def test_clusters_are_described_in_the_plane(make_plan: MakePlan, problem: Problem) -> None:
    plan = make_plan()
    shown = map_rows(plan, resampled(plan, "none", "none"))
    assert shown is not None
    assert (len(shown.x), shown.n_images, shown.syndromes) == (90, 90, ("a", "b", "c"))
    assert [shown.syndromes[label] for label in shown.labels] == problem.labels.tolist()
    assert sum(cluster.n_points for cluster in shown.clusters) == 90
    # Nine in ten points of a cluster lie within its radius, rounding of coordinates aside.
    points = np.column_stack([shown.x, shown.y])
    centres = np.array([(cluster.x, cluster.y) for cluster in shown.clusters])
    away = np.linalg.norm(points[:, None] - centres, axis=2)
    nearest, radii = away.argmin(axis=1), np.array([cluster.radius for cluster in shown.clusters])
    within = away.min(axis=1) <= radii[nearest] + 0.05
    assert 0.85 <= within.mean() <= 0.95


def test_clusters_that_are_the_classes_agree_with_them(make_plan: MakePlan) -> None:
    plan = make_plan()
    whole = resampled(plan, "none", "none")
    centres = 100 * np.eye(6)[np.searchsorted(["a", "b", "c"], whole.labels)]
    apart = WholeRows(whole.variant, whole.rows + centres, whole.labels, whole.is_image)
    shown = map_rows(plan, apart)
    assert shown is not None
    for agreement in (shown.in_plane, shown.in_space):
        assert agreement.adjusted_rand == pytest.approx(1.0)
        assert agreement.normalized_mutual_information == pytest.approx(1.0)
    assert {cluster.syndrome for cluster in shown.clusters} == {"a", "b", "c"}


def test_many_rows_are_sampled(make_plan: MakePlan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole_rows, "MOST_POINTS", 60)
    plan = make_plan()
    shown = map_rows(plan, resampled(plan, "none", "mixup"))
    assert shown is not None
    assert len(shown.x) == 60
    # Images stay before synthetic rows.
    assert 0 < shown.n_images < 20


def test_few_rows_have_no_map(make_plan: MakePlan) -> None:
    plan = make_plan()
    whole = resampled(plan, "none", "none")
    few = WholeRows(whole.variant, whole.rows[:19], whole.labels[:19], whole.is_image[:19])
    assert map_rows(plan, few) is None
    equal = WholeRows(whole.variant, np.ones_like(whole.rows), whole.labels, whole.is_image)
    assert map_rows(plan, equal) is None


def test_one_feature_is_enough(make_plan: MakePlan) -> None:
    plan = make_plan()
    whole = resampled(plan, "none", "none")
    shown = map_rows(plan, WholeRows(whole.variant, whole.rows[:, :1], whole.labels, whole.is_image))
    assert shown is not None
    assert len(shown.y) == 90


@pytest.mark.parametrize(
    "scalers, resamplers, n_images",
    [
        ({"pca": PCA(2)}, ["none"], 90),
        (["none"], {"copies": RandomOverSampler(sampling_strategy=MoreRows(30))}, 90),
        (["none"], ["noise"], 90),
        (["none"], {"more": SMOTE(sampling_strategy=MoreRows(30))}, 90),
    ],
)
def test_each_image_counts_once(make_plan: MakePlan, scalers: Any, resamplers: Any, n_images: int) -> None:
    whole = resample_whole(make_plan(), make_variants(scalers, resamplers).all[0])
    assert whole.is_image.sum() == n_images
    assert whole.is_image[:n_images].all()
