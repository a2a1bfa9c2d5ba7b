"""The whole comparison, on a small problem."""

from pathlib import Path

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE

from skknn_syndrome import AblationResult, SyndromeKNNClassifier, compare_preprocessing
from skknn_syndrome._typing import FloatArray, LabelArray
from skknn_syndrome.errors import StudyFileError, StudySettingsError
from skknn_syndrome.preprocessing import GaussianNoiseOverSampler
from skknn_syndrome.study.ablating import whole_rows
from tests.study.conftest import Problem


@pytest.fixture(scope="module")
def result(problem: Problem) -> AblationResult:
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
            ways=("leaky", "honest"),
            maps=True,
        )


def test_every_variant_is_there_twice(result: AblationResult) -> None:
    names = [(*variant.name, variant.way) for variant in result.variants]
    assert names == [
        (scaler, resampler, metric, way)
        for way in ("honest", "leaky")
        for scaler in ("none", "zscore")
        for resampler in ("none", "mixup")
        for metric in ("euclidean", "cosine")
    ]
    assert all(len(variant.scores[0].values) == 6 for variant in result.variants)


def test_splits_are_described_as_they_would_be_written(result: AblationResult) -> None:
    assert result.protocol == "subject"
    assert result.splitters == tuple(
        f"StratifiedGroupKFold(n_splits=3, random_state={seed}, shuffle=True)" for seed in (1, 0)
    )
    assert result.leaky_splitters == tuple(
        f"StratifiedKFold(n_splits=3, random_state={seed}, shuffle=True)" for seed in (1, 0)
    )


def test_mixing_before_the_split_inflates_what_it_does_not_improve(result: AblationResult) -> None:
    by_name = {
        (entry.scaler, entry.resampler, entry.metric): entry
        for entry in result.inflations
        if entry.score == "accuracy"
    }
    mixed = by_name["none", "mixup", "cosine"]
    assert mixed.difference > 0.1
    assert mixed.excludes_zero
    assert mixed.difference > by_name["none", "none", "cosine"].difference


def test_gains_are_over_untouched_embeddings(result: AblationResult) -> None:
    assert {(gain.scaler, gain.resampler) for gain in result.gains} == {
        ("none", "mixup"),
        ("zscore", "none"),
        ("zscore", "mixup"),
    }


def test_each_variant_has_a_map_and_counts(result: AblationResult) -> None:
    variants = {(shown.scaler, shown.resampler) for shown in result.maps}
    assert len(variants) == 4
    assert {(count.scaler, count.resampler) for count in result.class_counts} == variants


def test_the_ranking_is_by_the_composite_score(result: AblationResult) -> None:
    composites = [variant.composite for variant in result.ranking("leaky")]
    assert composites == sorted(composites, key=lambda value: value or 0.0, reverse=True)
    assert {variant.way for variant in result.ranking()} == {"honest"}


def test_scores_are_found_by_name(result: AblationResult) -> None:
    frame = result.to_frame()
    chosen = frame.query(
        "way == 'honest' and scaler == 'zscore' and resampler == 'mixup' and metric == 'cosine' "
        "and n_neighbors == 3 and score == 'f1_macro'"
    )
    mean = result.mean("f1_macro", scaler="zscore", resampler="mixup", metric="cosine", n_neighbors=3)
    assert chosen["mean"].tolist() == [mean]
    with pytest.raises(KeyError):
        result.mean("f1_macro", scaler="zscore", resampler="mixup", metric="cosine", n_neighbors=2)
    with pytest.raises(KeyError):
        result.variant("l2", "none", "cosine")


def test_it_goes_to_a_file_and_comes_back(result: AblationResult, tmp_path: Path) -> None:
    result.save(tmp_path / "ablation.json")
    assert AblationResult.load(tmp_path / "ablation.json") == result
    (tmp_path / "other.json").write_text("{}")
    with pytest.raises(StudyFileError, match="is no comparison"):
        AblationResult.load(tmp_path / "other.json")


def test_it_is_the_same_with_several_workers(result: AblationResult, problem: Problem) -> None:
    again = compare_preprocessing(
        problem.samples,
        problem.labels,
        groups=problem.subjects,
        scalers=["none", "zscore"],
        resamplers=["none", "mixup"],
        n_neighbors=[1, 3, 10],
        cv=3,
        random_states=(1, 0),
        ways=("leaky", "honest"),
        n_jobs=2,
    )
    assert again.variants == result.variants
    assert (again.gains, again.inflations, again.maps) == (result.gains, result.inflations, ())


def test_the_leaky_way_is_taken_where_it_is_asked_for(problem: Problem) -> None:
    honest = compare_preprocessing(
        problem.samples,
        problem.labels,
        scalers=["none"],
        resamplers=["mixup"],
        n_neighbors=3,
        cv=3,
        estimator=SyndromeKNNClassifier(weights=lambda distances: 1 / (1 + distances)),
    )
    assert {variant.way for variant in honest.variants} == {"honest"}
    assert (honest.inflations, honest.leaky_splitters, honest.gains) == ((), (), ())
    assert (honest.protocol, honest.weights) == ("image", "<lambda>")


def test_a_variant_that_is_cut_below_the_folds_has_no_leaky_scores_and_that_is_said(problem: Problem) -> None:
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
        ways=("honest", "leaky"),
    )
    assert [(variant.resampler, variant.way) for variant in result.variants] == [
        ("none", "honest"),
        ("balanced", "honest"),
        ("none", "leaky"),
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


def test_it_shows_itself_in_one_line(result: AblationResult) -> None:
    assert repr(result).startswith("AblationResult('arrays', 16 variants of preprocessing, best: ")
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
        ways=("honest", "leaky"),
    )
    assert {variant.resampler for variant in result.variants} == {"none"}
    assert [step.name for step in result.steps] == ["none", "none"]
    assert [entry.resampler for entry in result.left_out] == ["mine", "noise"]
    assert {entry.way for entry in result.left_out} == {"honest"}
    assert "takes 3 images of each syndrome in every training part, and the smallest has 1" in (
        result.left_out[0].reason
    )
    assert AblationResult.model_validate_json(result.model_dump_json()) == result


def test_where_no_variant_is_left_there_is_nothing_to_compare(problem: Problem) -> None:
    with pytest.raises(StudySettingsError, match="There is nothing to compare"):
        compare_preprocessing(*with_a_class_of_one(problem), resamplers=["smote"], cv=3)
