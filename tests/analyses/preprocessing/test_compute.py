"""The whole comparison, on a small problem."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE

from skknn_syndrome import PreprocessingComparison, SyndromeKNNClassifier, compare_preprocessing
from skknn_syndrome._typing import Float64Array, FloatArray, LabelArray
from skknn_syndrome.analyses.preprocessing import whole_rows
from skknn_syndrome.analyses.preprocessing.collecting import Collected, collect
from skknn_syndrome.analyses.preprocessing.folds import (
    Fold,
    fit_before_splitting,
    fit_within_folds,
)
from skknn_syndrome.analyses.preprocessing.plan import Plan
from skknn_syndrome.analyses.preprocessing.scoring import FoldMeasure
from skknn_syndrome.analyses.preprocessing.variants import make_variants
from skknn_syndrome.errors import StudyFileError, StudySettingsError
from skknn_syndrome.metrics.batch import BATCH_NAMES
from skknn_syndrome.preprocessing import GaussianNoiseOverSampler
from tests.analyses.preprocessing.conftest import MakePlan
from tests.problems import Problem


@pytest.fixture(scope="module")
def result(problem: Problem) -> PreprocessingComparison:
    """Return two scalers, two resamplers and two distances, in both ways and with maps."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole_rows, "MOST_POINTS", 30)
        return compare_preprocessing(
            problem.samples,
            problem.labels,
            groups=problem.subjects,
            scalers=["none", "zscore"],
            resamplers=["none", "mixup"],
            n_neighbors=[1, 3, 10],
            cv=3,
            random_states=(1, 0),
            ways=("before_splitting", "within_folds"),
            maps=True,
        )


def test_every_variant_is_there_twice(result: PreprocessingComparison) -> None:
    names = [(*variant.name, variant.way) for variant in result.variants]
    assert names == [
        (scaler, resampler, metric, way)
        for way in ("within_folds", "before_splitting")
        for scaler in ("none", "zscore")
        for resampler in ("none", "mixup")
        for metric in ("euclidean", "cosine")
    ]
    assert all(len(variant.scores[0].values) == 6 for variant in result.variants)


def test_splits_are_described_as_they_would_be_written(result: PreprocessingComparison) -> None:
    assert result.protocol == "subject"
    assert result.splitters == tuple(
        f"StratifiedGroupKFold(n_splits=3, random_state={seed}, shuffle=True)" for seed in (1, 0)
    )
    assert result.row_splitters == tuple(
        f"StratifiedKFold(n_splits=3, random_state={seed}, shuffle=True)" for seed in (1, 0)
    )


def test_mixing_before_the_split_inflates_what_it_does_not_improve(result: PreprocessingComparison) -> None:
    by_name = {
        (entry.scaler, entry.resampler, entry.metric): entry
        for entry in result.inflations
        if entry.score == "accuracy"
    }
    mixed = by_name["none", "mixup", "cosine"]
    assert mixed.difference > 0.1
    assert mixed.excludes_zero
    assert mixed.difference > by_name["none", "none", "cosine"].difference


def test_gains_are_over_untouched_embeddings(result: PreprocessingComparison) -> None:
    assert {(gain.scaler, gain.resampler) for gain in result.gains} == {
        ("none", "mixup"),
        ("zscore", "none"),
        ("zscore", "mixup"),
    }


def test_each_variant_has_a_map_and_counts(result: PreprocessingComparison) -> None:
    variants = {(shown.scaler, shown.resampler) for shown in result.maps}
    assert len(variants) == 4
    assert {(count.scaler, count.resampler) for count in result.class_counts} == variants


def test_the_ranking_is_by_the_composite_score(result: PreprocessingComparison) -> None:
    composites = [variant.composite for variant in result.ranking("before_splitting")]
    assert composites == sorted(composites, key=lambda value: value or 0.0, reverse=True)
    assert {variant.way for variant in result.ranking()} == {"within_folds"}


def test_scores_are_found_by_name(result: PreprocessingComparison) -> None:
    frame = result.to_frame()
    chosen = frame.query(
        "way == 'within_folds' and scaler == 'zscore' and resampler == 'mixup' and metric == 'cosine' "
        "and n_neighbors == 3 and score == 'f1_macro'"
    )
    mean = result.mean("f1_macro", scaler="zscore", resampler="mixup", metric="cosine", n_neighbors=3)
    assert chosen["mean"].tolist() == [mean]
    with pytest.raises(KeyError):
        result.mean("f1_macro", scaler="zscore", resampler="mixup", metric="cosine", n_neighbors=2)
    with pytest.raises(KeyError):
        result.variant("l2", "none", "cosine")


def test_it_goes_to_a_file_and_comes_back(result: PreprocessingComparison, tmp_path: Path) -> None:
    result.save(tmp_path / "comparison.json")
    assert PreprocessingComparison.load(tmp_path / "comparison.json") == result
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(StudyFileError, match="is no comparison"):
        PreprocessingComparison.load(tmp_path / "other.json")


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_it_is_the_same_with_several_workers(result: PreprocessingComparison, problem: Problem) -> None:
    again = compare_preprocessing(
        problem.samples,
        problem.labels,
        groups=problem.subjects,
        scalers=["none", "zscore"],
        resamplers=["none", "mixup"],
        n_neighbors=[1, 3, 10],
        cv=3,
        random_states=(1, 0),
        ways=("before_splitting", "within_folds"),
        n_jobs=2,
    )
    assert again.variants == result.variants
    assert (again.gains, again.inflations, again.maps) == (result.gains, result.inflations, ())


def test_preprocessing_before_splitting_is_done_where_it_is_asked_for(problem: Problem) -> None:
    within_folds = compare_preprocessing(
        problem.samples,
        problem.labels,
        scalers=["none"],
        resamplers=["mixup"],
        n_neighbors=3,
        cv=3,
        estimator=SyndromeKNNClassifier(weights=lambda distances: 1 / (1 + distances)),
    )
    assert {variant.way for variant in within_folds.variants} == {"within_folds"}
    assert (within_folds.inflations, within_folds.row_splitters, within_folds.gains) == ((), (), ())
    assert (within_folds.protocol, within_folds.weights) == ("image", "<lambda>")


def test_a_variant_that_is_cut_below_the_folds_has_no_scores_before_splitting_and_that_is_said(
    problem: Problem,
) -> None:
    # Six rows of the smallest class: balancing keeps at most twelve of each, of which outliers go first.
    chosen = np.r_[0:30, 30:60, 60:66]
    result = compare_preprocessing(
        problem.samples[chosen],
        problem.labels[chosen],
        scalers=["none"],
        resamplers=["none", "balanced"],
        metrics="cosine",
        n_neighbors=3,
        cv=14,
        ways=("within_folds", "before_splitting"),
    )
    assert [(variant.resampler, variant.way) for variant in result.variants] == [
        ("none", "within_folds"),
        ("balanced", "within_folds"),
        ("none", "before_splitting"),
    ]
    assert {entry.resampler for entry in result.inflations} == {"none"}
    assert [(entry.resampler, entry.reason) for entry in result.left_out] == [
        (
            "balanced",
            (
                "Prepared by 'none' with 'balanced', the largest syndrome has 12 rows and 'c' has 5: not "
                "enough for 14 folds after resampling."
            ),
        )
    ]


def test_it_shows_itself_in_one_line(result: PreprocessingComparison) -> None:
    assert repr(result).startswith("PreprocessingComparison('arrays', 16 variants of preprocessing, best: ")
    assert len(str(result)) < 200


def with_a_class_of_one(problem: Problem) -> tuple[FloatArray, LabelArray]:
    labels = problem.labels.copy()
    labels[-1] = "d"
    return problem.samples, labels


def test_what_a_class_of_one_image_does_not_allow_is_left_out_by_name(problem: Problem) -> None:
    result = compare_preprocessing(
        *with_a_class_of_one(problem),
        scalers=["none"],
        resamplers={"none": "passthrough", "mine": SMOTE(k_neighbors=2), "noise": GaussianNoiseOverSampler()},
        metrics="cosine",
        n_neighbors=3,
        cv=3,
        ways=("within_folds", "before_splitting"),
    )
    assert {variant.resampler for variant in result.variants} == {"none"}
    assert [step.name for step in result.steps] == ["none", "none"]
    assert [entry.resampler for entry in result.left_out] == ["mine", "noise"]
    assert {entry.way for entry in result.left_out} == {"within_folds"}
    assert "takes 3 images of each syndrome in every training part, and the smallest has 1" in (
        result.left_out[0].reason
    )
    assert PreprocessingComparison.model_validate_json(result.model_dump_json()) == result


def test_where_no_variant_is_left_there_is_nothing_to_compare(problem: Problem) -> None:
    with pytest.raises(StudySettingsError, match="There is nothing to compare"):
        compare_preprocessing(*with_a_class_of_one(problem), resamplers=["smote"], cv=3)


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
def fixture_plan(make_plan: MakePlan) -> Plan:
    """Return a plan of two k."""
    return make_plan(metrics="cosine", n_neighbors=[1, 3])


def put_together(plan: Plan, *folds: Fold) -> Collected:
    """Return two folds of untouched embeddings, within_folds."""
    return collect(plan, make_variants(["none"], ["none"]).all[0], "cosine", "within_folds", folds)


def test_means_are_over_all_folds(plan: Plan) -> None:
    found = put_together(plan, fold(np.array([0.5, 0.8])), fold(np.array([0.7, 0.6])))
    curve = found.entry.by_score["f1_macro"]
    assert curve.means == pytest.approx((0.6, 0.7))
    assert curve.stds == pytest.approx((0.1, 0.1))
    # The composite of three equal means is that mean.
    assert found.entry.best_n_neighbors == 3
    assert found.entry.composite == pytest.approx(0.7)
    assert found.entry.scores[0].values == (0.8, 0.6)


def test_precision_recall_and_f1_come_from_pooled_counts(plan: Plan) -> None:
    one = fold(np.array([0.5, 0.8]))
    first, second, third = put_together(plan, one, one).entry.syndromes
    # Twice 2 of 5 predictions and 3 rows, then 1 of 3.
    assert first.precision == pytest.approx((2 / 5, 1 / 3))
    assert first.recall == pytest.approx((2 / 3, 1 / 3))
    assert first.f1 == pytest.approx((4 / 8, 2 / 6))
    assert second.precision[0] is None
    assert (second.recall[0], second.f1[0]) == (0.0, 0.0)
    assert (third.precision, third.recall, third.f1) == ((None, None),) * 3


def test_a_score_that_no_fold_defines_has_no_composite(plan: Plan) -> None:
    found = put_together(plan, fold(np.array([np.nan, np.nan])))
    assert found.entry.composite is None
    assert found.entry.by_score["accuracy"].means == (None, None)


def test_relatives_are_known_where_all_folds_know_them(plan: Plan) -> None:
    scores = np.array([0.5, 0.8])
    shares = [
        put_together(plan, fold(scores, related=0.5), fold(scores, related=share)).entry.share_related
        for share in (1.0, None)
    ]
    assert shares == [0.75, None]


def test_the_share_tested_is_that_of_the_split_whatever_is_resampled(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine")
    (mixup,) = make_variants(["none"], ["mixup"]).all
    within_folds = collect(plan, mixup, "cosine", "within_folds", fit_within_folds(plan, [mixup])[0])
    before_splitting = collect(plan, mixup, "cosine", "before_splitting", fit_before_splitting(plan, mixup))
    assert within_folds.test_share == pytest.approx(0.5, abs=0.02)
    assert before_splitting.test_share == pytest.approx(0.5, abs=0.02)
    assert within_folds.entry.n_train_rows == pytest.approx(1_060)
    assert [roc.n_neighbors for roc in within_folds.entry.rocs] == [1, 10]
    assert before_splitting.entry.rocs == ()


def test_one_place_of_the_grid(plan: Plan) -> None:
    found = put_together(plan, fold(np.array([0.5, 0.8])), replace(fold(np.array([0.7, 0.6]))))
    assert found.at("accuracy", 0).tolist() == [0.5, 0.7]
