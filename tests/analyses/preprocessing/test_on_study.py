"""A study with a comparison of preprocessing."""

from typing import Any, Literal

import numpy as np
import pytest
from sklearn.model_selection import KFold

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome.analyses.preprocessing import whole_rows
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study import study_dataset
from skknn_syndrome.study.adding_preprocessing import add_preprocessing
from tests.problems import Problem


@pytest.fixture(name="dataset", scope="module")
def fixture_dataset(problem: Problem) -> EmbeddingDataset:
    """Return the problem as a data set."""
    return EmbeddingDataset.from_arrays(problem.samples, problem.labels, problem.subjects)


def studied(dataset: EmbeddingDataset, **options: Any) -> StudyResult:
    """Return a small study."""
    small: dict[str, Any] = {"n_neighbors": [3], "cv": 3, "metrics": "cosine", "analyses": ()}
    return study_dataset(dataset, with_map=False, **(small | options))


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_it_has_the_studys_own_folds_grid_and_data(dataset: EmbeddingDataset) -> None:
    study = studied(dataset, n_neighbors=[1, 3], metrics=("cosine", "manhattan"), random_state=7)
    compared = add_preprocessing(study, dataset, n_repeats=1)
    comparison = compared.find(PreprocessingComparison)
    assert comparison is not None
    assert comparison.splitters == (study.primary.splitter,)
    assert (comparison.n_neighbors, comparison.weights) == ((1, 3), "distance")
    assert {variant.metric for variant in comparison.variants} == {"cosine", "manhattan"}
    assert {variant.way for variant in comparison.variants} == {"within_folds", "before_splitting"}
    assert comparison.dataset == study.dataset
    assert comparison.maps == ()
    # Untouched embeddings are the study's own candidates.
    candidate = study.best["cosine"]
    assert comparison.mean(
        "f1_macro", scaler="none", resampler="none", metric="cosine", n_neighbors=candidate.n_neighbors
    ) == pytest.approx(candidate.scores["f1_macro"].mean, rel=1e-12)
    assert compared.provenance.timings[-1].part == "preprocessing"
    assert StudyResult.model_validate_json(compared.model_dump_json()) == compared


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_in_full_it_has_two_splits_and_maps(
    dataset: EmbeddingDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(whole_rows, "MOST_POINTS", 30)
    study = studied(dataset, random_state=7)
    compared = add_preprocessing(study, dataset, extent="full", n_repeats=1)
    comparison = compared.find(PreprocessingComparison)
    assert comparison is not None
    assert comparison.seeds == (7, 8)
    assert len(comparison.maps) == 18


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.parametrize("weights, class_weight", [("uniform", None), ("softmax", "balanced")])
def test_votes_are_those_of_the_studys_winner(
    problem: Problem, weights: str, class_weight: Literal["balanced"] | None
) -> None:
    dataset = EmbeddingDataset.from_arrays(problem.samples[10:], problem.labels[10:])
    estimator = SyndromeKNNClassifier(temperature=0.5, class_weight=class_weight)
    study = studied(dataset, weights=weights, estimator=estimator)
    comparison = add_preprocessing(study, dataset, estimator=estimator, n_repeats=1).find(
        PreprocessingComparison
    )
    assert comparison is not None
    assert (comparison.weights, comparison.protocol) == (weights, "image")
    untouched = comparison.variant("none", "none", "cosine").scores
    expected = [score.values for score in study.best["cosine"].all_scores]
    assert [score.values for score in untouched] == [pytest.approx(values, rel=1e-12) for values in expected]


def test_a_function_that_weighs_is_not_known_from_a_result(dataset: EmbeddingDataset) -> None:
    study = studied(dataset, weights=[np.exp])
    compared = add_preprocessing(study, dataset)
    assert compared.checks["preprocessing_left_out"].message == (
        "Preprocessing was not compared: the winner votes by 'exp', a function that results don't hold."
    )


def test_another_head_is_named_and_not_compared(dataset: EmbeddingDataset) -> None:
    study = study_dataset(dataset, with_map=False, head="centroid", preprocessing="scores", cv=3, analyses=())
    assert study.find(PreprocessingComparison) is None
    assert study.checks["preprocessing_left_out"].outcome == "tip"
    assert study.checks["preprocessing_left_out"].message == (
        "Preprocessing was not compared: the comparison takes k nearest neighbours (head='knn'), and the "
        "study's head is 'centroid'."
    )


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_a_resampler_that_needs_more_images_is_left_out_and_that_is_said(problem: Problem) -> None:
    chosen = np.r_[0:30, 30:60, 60:66]
    dataset = EmbeddingDataset.from_arrays(problem.samples[chosen], problem.labels[chosen])
    compared = add_preprocessing(studied(dataset), dataset, n_repeats=1)
    comparison = compared.find(PreprocessingComparison)
    assert comparison is not None
    assert "smote" not in {variant.resampler for variant in comparison.variants}
    assert compared.checks["preprocessing_left_out"].outcome == "passed"
    assert compared.checks["resampler_left_out"].outcome == "tip"
    assert compared.checks["resampler_left_out"].message == (
        "The resampler 'smote' was left out of the comparison: it takes 6 images of each syndrome in every "
        "training part, and the smallest has 4."
    )


def test_where_nothing_can_be_compared_a_check_says_why(dataset: EmbeddingDataset) -> None:
    halves = [(np.arange(0, 90, 2), np.arange(1, 90, 2))]
    study = studied(dataset.without_subjects(), cv=halves)
    compared = add_preprocessing(study, dataset.without_subjects())
    assert compared.find(PreprocessingComparison) is None
    check = compared.checks["preprocessing_left_out"]
    assert check.outcome == "tip"
    assert check.message.startswith("Preprocessing was not compared: cv=1 is too few folds")
    assert compared.checks["resampler_left_out"].outcome == "skipped"


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_people_that_the_study_took_for_one_stay_together(problem: Problem) -> None:
    samples = problem.samples.copy()
    samples[1] = samples[2]  # s0 and s1 share an image
    dataset = EmbeddingDataset.from_arrays(samples, problem.labels, problem.subjects)
    study = studied(dataset, group_near_duplicates=True)
    comparison = add_preprocessing(study, dataset, n_repeats=1).find(PreprocessingComparison)
    assert comparison is not None
    candidate = study.best["cosine"].scores["accuracy"]
    untouched = comparison.variant("none", "none", "cosine")
    assert untouched.scores[2].values == candidate.values


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_a_study_from_a_file_is_divided_by_its_subjects(dataset: EmbeddingDataset) -> None:
    study = StudyResult.model_validate_json(studied(dataset).model_dump_json())
    comparison = add_preprocessing(study, dataset, n_repeats=1).find(PreprocessingComparison)
    assert comparison is not None
    assert comparison.splitters == (study.primary.splitter,)


def test_folds_of_another_splitter_are_not_made_again(problem: Problem) -> None:
    dataset = EmbeddingDataset.from_arrays(problem.samples, problem.labels)
    study = studied(dataset, cv=KFold(3, shuffle=True, random_state=0))
    check = add_preprocessing(study, dataset).checks["preprocessing_left_out"]
    assert "are not made of a number and a seed" in check.message
