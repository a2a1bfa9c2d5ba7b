"""Folds within which variants are fitted, and splits of rows that were prepared before."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal

import numpy as np
import pytest
from imblearn import FunctionSampler
from imblearn.over_sampling import SMOTE
from sklearn.decomposition import PCA
from sklearn.metrics import f1_score  # the independent implementation
from sklearn.model_selection import cross_val_score
from sklearn.neighbors import KNeighborsClassifier
from sklearn.preprocessing import Normalizer, RobustScaler, StandardScaler

from skknn_syndrome import PreprocessingComparison, SyndromeKNNClassifier, compare_preprocessing
from skknn_syndrome._typing import Float64Array, StringArray
from skknn_syndrome.analyses.preprocessing.effects import Gain
from skknn_syndrome.analyses.preprocessing.folds import (
    Fold,
    fit_before_splitting,
    fit_within_folds,
    follow_subjects,
    share_related,
)
from skknn_syndrome.analyses.preprocessing.plan import Plan
from skknn_syndrome.analyses.preprocessing.variants import Variant, make_variants
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.preprocessing import MixupOverSampler, MoreRows, make_resampler, make_scaler
from tests.analyses.preprocessing.conftest import MakePlan
from tests.problems import Problem


def variant(scaler: str = "none", resampler: str = "none") -> Variant:
    """Return one variant."""
    return make_variants([scaler], [resampler]).all[0]


def fit_within(plan: Plan, one: Variant) -> list[Fold]:
    """Return the folds of one variant."""
    return fit_within_folds(plan, [one])[0]


def recording(seen: list[set[bytes]]) -> Variant:
    """Return a variant that passes rows on and notes which it was given."""

    def record(rows: Float64Array, labels: StringArray) -> tuple[Float64Array, StringArray]:
        seen.append({row.tobytes() for row in rows})
        return rows, labels

    return make_variants(["none"], {"record": FunctionSampler(func=record)}).all[0]


def test_a_sampler_never_sees_a_row_that_is_tested(make_plan: MakePlan, problem: Problem) -> None:
    plan = make_plan(random_states=(0, 1))
    seen: list[set[bytes]] = []
    assert len(fit_within(plan, recording(seen))) == 6
    parts = [part for splits in plan.splits for part in splits.parts]
    assert seen == [{row.tobytes() for row in problem.samples[part.train]} for part in parts]
    for rows, part in zip(seen, parts, strict=True):
        assert not rows & {row.tobytes() for row in problem.samples[part.test]}


def test_in_the_way_before_splitting_it_sees_all_of_them(make_plan: MakePlan, problem: Problem) -> None:
    seen: list[set[bytes]] = []
    assert len(fit_before_splitting(make_plan(random_states=(0, 1)), recording(seen))) == 6
    assert seen == [{row.tobytes() for row in problem.samples}] * 2


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize("scaler", ["none", "zscore"])
def test_untouched_scores_are_scikit_learns(
    make_plan: MakePlan, problem: Problem, metric: str, scaler: str
) -> None:
    plan = make_plan()
    folds = fit_within(plan, variant(scaler))
    for place, k in enumerate(plan.n_neighbors):
        pipeline = variant(scaler).pipeline(0, KNeighborsClassifier(k, metric=metric, weights="distance"))
        expected = cross_val_score(
            pipeline, problem.samples, problem.labels, cv=plan.splits[0].as_cv(), scoring="f1_macro"
        )
        found = [fold.by_metric[metric].scores["f1_macro"][place] for fold in folds]
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_counts_of_syndromes_give_the_same_f1(make_plan: MakePlan, problem: Problem) -> None:
    plan = make_plan(metrics="euclidean", n_neighbors=3)
    part = plan.splits[0].parts[0]
    fold = fit_within(plan, variant())[0]
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
def test_folds_have_no_relatives_on_the_other_side(make_plan: MakePlan, resampler: str) -> None:
    assert {fold.share_related for fold in fit_within(make_plan(), variant(resampler=resampler))} == {0.0}


def test_folds_split_afterwards_have_many(make_plan: MakePlan) -> None:
    plan = make_plan()
    untouched = np.mean([fold.share_related or 0.0 for fold in fit_before_splitting(plan, variant())])
    mixed = np.mean(
        [fold.share_related or 0.0 for fold in fit_before_splitting(plan, variant(resampler="mixup"))]
    )
    # Every subject has two images; of 1,090 rows nearly all are children of somebody on the other side.
    assert 0.3 < untouched < 0.9 < mixed


@pytest.mark.parametrize("way", [fit_within, fit_before_splitting])
def test_where_smotes_rows_come_from_is_not_known(
    make_plan: MakePlan, way: Callable[[Plan, Variant], list[Fold]]
) -> None:
    assert {fold.share_related for fold in way(make_plan(), variant(resampler="smote"))} == {None}


def test_images_without_subjects_are_their_own(make_plan: MakePlan) -> None:
    plan = make_plan(subjects=False)
    assert {fold.share_related for fold in fit_within(plan, variant(resampler="mixup"))} == {0.0}


def test_training_rows_are_counted_after_resampling(make_plan: MakePlan) -> None:
    plan = make_plan()
    sizes = [len(part.train) for part in plan.splits[0].parts]
    assert [fold.n_train for fold in fit_within(plan, variant(resampler="mixup"))] == [
        size + 1_000 for size in sizes
    ]


def test_the_guard_looks_at_every_fold(make_plan: MakePlan) -> None:
    plan = make_plan()
    # A split that the study itself would refuse: the same subject on both sides.
    parted = plan.splits[0].parts[0].__class__(np.arange(0, 90, 2), np.arange(1, 90, 2))
    splits = type(plan.splits[0])("subject", "parted", (parted,), 1)
    with pytest.raises(StudySettingsError, match="came from subject 's0' in training and test part"):
        fit_within(replace(plan, splits=(splits,)), variant(resampler="mixup"))


def test_a_gallery_may_be_smaller_than_k(make_plan: MakePlan) -> None:
    plan = make_plan(n_neighbors=[5, 80], metrics="cosine")
    for way in (fit_within, fit_before_splitting):
        fold = way(plan, variant())[0]
        # Sixty rows at most vote.
        assert fold.by_metric["cosine"].scores["accuracy"].shape == (2,)


@pytest.mark.parametrize("way", [fit_within, fit_before_splitting])
def test_a_variant_that_cannot_be_fitted_is_named(
    make_plan: MakePlan, way: Callable[[Plan, Variant], list[Fold]]
) -> None:
    greedy = make_variants(["l2"], {"greedy": SMOTE(sampling_strategy=MoreRows(6), k_neighbors=80)}).all[0]
    with pytest.raises(StudySettingsError, match="The variant 'l2' with 'greedy' can't be fitted"):
        way(make_plan(), greedy)


def test_a_class_that_a_sampler_drops_is_tested_and_not_found(make_plan: MakePlan) -> None:
    def drop(rows: Float64Array, labels: StringArray) -> tuple[Float64Array, StringArray]:
        return rows[labels != "c"], labels[labels != "c"]

    dropping = make_variants(["none"], {"drop": FunctionSampler(func=drop)}).all[0]
    plan = make_plan()
    for way in (fit_within, fit_before_splitting):
        for fold in way(plan, dropping):
            assert fold.by_metric["cosine"].hits[:, 2].tolist() == [0, 0, 0]


def test_a_scaler_may_make_data_frames(make_plan: MakePlan) -> None:
    framed = make_variants({"framed": StandardScaler().set_output(transform="pandas")}, ["none"]).all[0]
    plan = make_plan()
    assert [len(way(plan, framed)) for way in (fit_within, fit_before_splitting)] == [3, 3]


def test_a_synthetic_row_has_the_subjects_of_both_parents(problem: Problem) -> None:
    sampler = MixupOverSampler(sampling_strategy={"a": 33}, random_state=0)
    sampler.fit_resample(problem.samples, problem.labels)
    followed = follow_subjects([make_scaler("zscore"), sampler], problem.subjects)
    assert followed is not None
    assert followed.shape == (93, 2)
    np.testing.assert_array_equal(followed[:90, 0], problem.subjects)
    np.testing.assert_array_equal(followed[90:], problem.subjects[sampler.sample_indices_[90:]])


def test_rows_that_nothing_resampled_stay_their_own(problem: Problem) -> None:
    followed = follow_subjects(["passthrough"], problem.subjects)
    assert followed is not None
    np.testing.assert_array_equal(followed[:, 0], problem.subjects)


def test_smote_makes_them_unknown(problem: Problem) -> None:
    smote = make_resampler("smote", random_state=0)
    smote.fit_resample(problem.samples, problem.labels)
    assert follow_subjects([smote], problem.subjects) is None


@pytest.mark.parametrize("test, share", [([2, 3], 1.0), ([3, 4], 0.5), ([4, 5], 0.0)])
def test_one_parent_in_common_is_enough(test: list[int], share: float) -> None:
    subjects = np.array([["s1", "s1"], ["s2", "s2"], ["s1", "s3"], ["s4", "s2"], ["s5", "s6"], ["s7", "s7"]])
    assert share_related(subjects, np.array([0, 1]), np.array(test)) == share


SCALERS = ["none", "l2", "zscore"]


def compare(
    problem: Problem,
    *,
    samples: Float64Array | None = None,
    labels: StringArray | None = None,
    scalers: list[str] = SCALERS,
    resamplers: tuple[str, ...] = ("none",),
    random_states: tuple[int, ...] = (0,),
    n_repeats: int = 10,
    compare_at: int | None = 3,
    estimator: SyndromeKNNClassifier | None = None,
) -> PreprocessingComparison:
    return compare_preprocessing(
        problem.samples if samples is None else samples,
        problem.labels if labels is None else labels,
        groups=problem.subjects,
        scalers=scalers,
        resamplers=resamplers,
        n_neighbors=[3, 7],
        cv=3,
        random_states=random_states,
        n_repeats=n_repeats,
        compare_at=compare_at,
        estimator=estimator,
    )


def figures(gains: tuple[Gain, ...]) -> Float64Array:
    rows = [(gain.mean_difference, gain.low, gain.high, gain.p_value, gain.p_holm) for gain in gains]
    return np.array(rows, dtype=np.float64)


@pytest.mark.parametrize("class_weight", [None, "balanced"])
def test_repeats_are_what_every_fold_fitted_by_itself_gives(
    problem: Problem, class_weight: Literal["balanced"] | None
) -> None:
    estimator = SyndromeKNNClassifier(class_weight=class_weight)
    quick = compare(problem, random_states=(4,), n_repeats=4, estimator=estimator)
    slow = compare(problem, random_states=(4, 5, 6, 7), n_repeats=1, estimator=estimator)
    np.testing.assert_allclose(figures(quick.gains), figures(slow.gains), rtol=1e-7, atol=1e-9)
    assert {(gain.n_folds, gain.n_splits) for gain in quick.gains} == {(12, 4)}
    assert (quick.repeat_seeds, slow.repeat_seeds) == ((4, 5, 6, 7), ())


def test_all_but_gains_is_of_the_splits_asked_for(problem: Problem) -> None:
    once, repeated = (compare(problem, n_repeats=number, compare_at=None) for number in (1, 3))
    assert (once.variants, once.seeds, once.class_counts) == (
        repeated.variants,
        repeated.seeds,
        repeated.class_counts,
    )
    assert {gain.n_splits for gain in once.gains} == {1}


def test_resampled_variants_stay_on_the_splits_asked_for(problem: Problem) -> None:
    repeated = compare(problem, scalers=["none", "l2"], resamplers=("none", "noise"), n_repeats=3)
    once = compare(problem, scalers=["none", "l2"], resamplers=("none", "noise"), n_repeats=1)
    splits = {(gain.scaler, gain.resampler): (gain.n_folds, gain.n_splits) for gain in repeated.gains}
    assert splits == {("l2", "none"): (9, 3), ("none", "noise"): (3, 1), ("l2", "noise"): (3, 1)}
    pairs = zip(once.gains, repeated.gains, strict=True)
    assert all(
        (before.low, before.p_value) == (after.low, after.p_value)
        for before, after in pairs
        if before.resampler == "noise"
    )


@pytest.mark.parametrize(
    "random_states, n_repeats, seeds",
    [
        ((0,), 3, (0, 1, 2)),
        ((5, 6), 4, (5, 6, 7, 8)),
        ((5, 0), 3, (5, 0, 6)),
        ((2**32 - 1,), 2, (2**32 - 1, 0)),
        ((0, 1), 2, ()),
        ((0,), 1, ()),
    ],
)
def test_seeds_follow_the_first(
    problem: Problem, random_states: tuple[int, ...], n_repeats: int, seeds: tuple[int, ...]
) -> None:
    found = compare(problem, scalers=["none", "l2"], random_states=random_states, n_repeats=n_repeats)
    assert found.repeat_seeds == seeds


@pytest.mark.parametrize(
    "scalers, resamplers", [(["none"], ("none", "noise")), (["l2", "zscore"], ("none",))]
)
def test_without_two_cheap_variants_nothing_is_repeated(
    problem: Problem, scalers: list[str], resamplers: tuple[str, ...]
) -> None:
    assert compare(problem, scalers=scalers, resamplers=resamplers).repeat_seeds == ()


def test_what_is_cheap_is_known_by_its_steps() -> None:
    scalers = {
        "none": "passthrough",
        "max": Normalizer("max"),
        "own": StandardScaler(with_std=False),
        "robust": RobustScaler(),
        "pca": PCA(2),
    }
    variants = make_variants(scalers, ["none", "mixup"])
    assert variants.repeatable
    assert [entry.scaler for entry in variants.all if entry.is_cheap] == ["none", "max", "own"]
    assert [entry.scaler for entry in variants.all if entry.row_wise] == ["none", "max"]


def test_of_cosine_lengths_change_nothing_on_any_split(problem: Problem) -> None:
    result = compare(problem, scalers=["none", "l2"])
    assert not any(gain.differs for gain in result.gains if gain.metric == "cosine")
    assert [judged.metric for judged in result.verdicts] == ["euclidean"]


def directions() -> Problem:
    """Return eight classes, each in a direction of its own."""
    random = np.random.default_rng(1)
    labels = np.repeat(list("abcdefgh"), 24)
    samples = 3 * np.repeat(np.eye(8), 24, axis=0) + random.normal(size=(192, 8))
    return Problem(samples, labels, np.repeat([f"s{number}" for number in range(96)], 2))


def test_lengths_that_vary_wildly_make_unit_length_help_the_euclidean_distance() -> None:
    clean = directions()
    lengths = np.exp(np.random.default_rng(2).normal(scale=2, size=(192, 1)))
    result = compare(clean, samples=clean.samples * lengths, scalers=["none", "l2"])
    judged = result.verdict("euclidean")
    assert judged.verdict == "helps"
    assert [entry.name for entry in judged.helping] == [("l2", "none")]
    assert result.orders_as_cosine("l2", "none", "euclidean")


def test_a_rescaling_that_tells_classes_apart_helps() -> None:
    clean = directions()
    noise = np.random.default_rng(3).normal(scale=100, size=(192, 1))
    result = compare(clean, samples=np.hstack([clean.samples, noise]), scalers=["none", "zscore"])
    judged = result.verdict("euclidean")
    assert judged.verdict == "helps"
    assert [entry.name for entry in judged.helping] == [("zscore", "none")]
    assert not result.orders_as_cosine("zscore", "none", "euclidean")


def test_of_shuffled_labels_the_comparison_is_inconclusive(problem: Problem) -> None:
    # Whole subjects are shuffled: their images keep one label.
    order = np.random.default_rng(3).permutation(45)
    labels = np.repeat(problem.labels[::2][order], 2)
    result = compare(problem, labels=labels, resamplers=("none", "noise"))
    assert {judged.verdict for judged in result.verdicts} == {"inconclusive"}
    assert all(judged.widest is not None for judged in result.verdicts)
