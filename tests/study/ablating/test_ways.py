"""What samplers see: training rows in the honest way, everything in the leaky one."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest
from imblearn import FunctionSampler
from imblearn.over_sampling import SMOTE
from sklearn.metrics import f1_score  # the independent implementation
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import StandardScaler

from skknn_syndrome._typing import Float64Array, StringArray
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.preprocessing import MoreRows
from skknn_syndrome.study.ablating.plan import AblationPlan
from skknn_syndrome.study.ablating.variants import Variant, make_variants
from skknn_syndrome.study.ablating.ways import Fold, honest_folds, leaky_folds
from tests.study.ablating.conftest import MakePlan
from tests.study.conftest import Problem


def variant(scaler: str = "none", resampler: str = "none") -> Variant:
    """Return one variant."""
    return make_variants([scaler], [resampler]).all[0]


def recording(seen: list[set[bytes]]) -> Variant:
    """Return a variant that passes rows on and notes which it was given."""

    def record(rows: Float64Array, labels: StringArray) -> tuple[Float64Array, StringArray]:
        seen.append({row.tobytes() for row in rows})
        return rows, labels

    return make_variants(["none"], {"record": FunctionSampler(func=record)}).all[0]


def test_a_sampler_never_sees_a_row_that_is_tested(make_plan: MakePlan, problem: Problem) -> None:
    plan = make_plan(random_states=(0, 1))
    seen: list[set[bytes]] = []
    assert len(list(honest_folds(plan, recording(seen)))) == 6
    parts = [part for splits in plan.honest for part in splits.parts]
    assert seen == [{row.tobytes() for row in problem.samples[part.train]} for part in parts]
    for rows, part in zip(seen, parts, strict=True):
        assert not rows & {row.tobytes() for row in problem.samples[part.test]}


def test_in_the_leaky_way_it_sees_all_of_them(make_plan: MakePlan, problem: Problem) -> None:
    seen: list[set[bytes]] = []
    assert len(list(leaky_folds(make_plan(random_states=(0, 1)), recording(seen)))) == 6
    assert seen == [{row.tobytes() for row in problem.samples}] * 2


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("scaler", ["none", "zscore"])
def test_untouched_scores_are_scikit_learns(
    make_plan: MakePlan, problem: Problem, metric: str, scaler: str
) -> None:
    plan = make_plan()
    folds = list(honest_folds(plan, variant(scaler)))
    for place, k in enumerate(plan.n_neighbors):
        pipeline = variant(scaler).pipeline(0, KNeighborsClassifier(k, metric=metric, weights="distance"))
        expected = cross_val_score(
            pipeline, problem.samples, problem.labels, cv=plan.honest[0].as_cv(), scoring="f1_macro"
        )
        found = [fold.by_metric[metric].scores["f1_macro"][place] for fold in folds]
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_counts_of_syndromes_give_the_same_f1(make_plan: MakePlan, problem: Problem) -> None:
    plan = make_plan(metrics="euclidean", n_neighbors=3)
    part = plan.honest[0].parts[0]
    fold = next(iter(honest_folds(plan, variant())))
    measure = fold.by_metric["euclidean"]
    model = KNeighborsClassifier(3, weights="distance").fit(
        problem.samples[part.train], problem.labels[part.train]
    )
    truth, named = problem.labels[part.test], model.predict(problem.samples[part.test])
    np.testing.assert_allclose(
        2 * measure.hits[0] / (measure.predicted[0] + measure.tested),
        f1_score(truth, named, average=None),
        rtol=1e-12,
    )


@pytest.mark.parametrize("resampler", ["none", "balanced", "noise", "mixup", "balanced+mixup"])
def test_honest_folds_have_no_relatives_on_the_other_side(make_plan: MakePlan, resampler: str) -> None:
    assert {fold.share_related for fold in honest_folds(make_plan(), variant(resampler=resampler))} == {0.0}


def test_leaky_folds_have_many(make_plan: MakePlan) -> None:
    plan = make_plan()
    untouched = np.mean([fold.share_related or 0.0 for fold in leaky_folds(plan, variant())])
    mixed = np.mean([fold.share_related or 0.0 for fold in leaky_folds(plan, variant(resampler="mixup"))])
    # Every subject has two images; of 1,090 rows nearly all are children of somebody on the other side.
    assert 0.3 < untouched < 0.9 < mixed


@pytest.mark.parametrize("way", [honest_folds, leaky_folds])
def test_where_smotes_rows_come_from_is_not_known(
    make_plan: MakePlan, way: Callable[[AblationPlan, Variant], Iterator[Fold]]
) -> None:
    assert {fold.share_related for fold in way(make_plan(), variant(resampler="smote"))} == {None}


def test_images_without_subjects_are_their_own(make_plan: MakePlan) -> None:
    plan = make_plan(subjects=False)
    assert {fold.share_related for fold in honest_folds(plan, variant(resampler="mixup"))} == {0.0}


def test_training_rows_are_counted_after_resampling(make_plan: MakePlan) -> None:
    plan = make_plan()
    sizes = [len(part.train) for part in plan.honest[0].parts]
    assert [fold.n_train for fold in honest_folds(plan, variant(resampler="mixup"))] == [
        size + 1_000 for size in sizes
    ]


def test_the_guard_looks_at_every_fold(make_plan: MakePlan) -> None:
    plan = make_plan()
    # A split that the study itself would refuse: the same subject on both sides.
    parted = plan.honest[0].parts[0].__class__(np.arange(0, 90, 2), np.arange(1, 90, 2))
    splits = type(plan.honest[0])("subject", "parted", (parted,), 1)
    with pytest.raises(StudySettingsError, match="came from subject 's0' in training and test part"):
        list(honest_folds(replace(plan, honest=(splits,)), variant(resampler="mixup")))


def test_a_gallery_may_be_smaller_than_k(make_plan: MakePlan) -> None:
    plan = make_plan(n_neighbors=[5, 80], metrics="cosine")
    for way in (honest_folds, leaky_folds):
        fold = next(iter(way(plan, variant())))
        # Sixty rows at most vote.
        assert fold.by_metric["cosine"].scores["accuracy"].shape == (2,)


@pytest.mark.parametrize("way", [honest_folds, leaky_folds])
def test_a_variant_that_cannot_be_fitted_is_named(
    make_plan: MakePlan, way: Callable[[AblationPlan, Variant], Iterator[Fold]]
) -> None:
    greedy = make_variants(["l2"], {"greedy": SMOTE(sampling_strategy=MoreRows(6), k_neighbors=80)}).all[0]
    with pytest.raises(StudySettingsError, match="The variant 'l2' with 'greedy' can't be fitted"):
        list(way(make_plan(), greedy))


def test_a_class_that_a_sampler_drops_is_tested_and_not_found(make_plan: MakePlan) -> None:
    def drop(rows: Float64Array, labels: StringArray) -> tuple[Float64Array, StringArray]:
        return rows[labels != "c"], labels[labels != "c"]

    dropping = make_variants(["none"], {"drop": FunctionSampler(func=drop)}).all[0]
    plan = make_plan()
    for way in (honest_folds, leaky_folds):
        for fold in way(plan, dropping):
            assert fold.by_metric["cosine"].hits[:, 2].tolist() == [0, 0, 0]


def test_a_scaler_may_make_data_frames(make_plan: MakePlan) -> None:
    framed = make_variants({"framed": StandardScaler().set_output(transform="pandas")}, ["none"]).all[0]
    plan = make_plan()
    assert [len(list(way(plan, framed))) for way in (honest_folds, leaky_folds)] == [3, 3]
