"""What image-level folds add, over repeated splits."""

from typing import Any

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome.analyses.inflation.present import find_inflation, protocol_inflations
from skknn_syndrome.analyses.inflation.result import InflationAnalysis, ProtocolInflation
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study import cross_validate_study
from tests.builders import analysis_of, make_study, with_analyses
from tests.comparison_builders import make_protocol_inflation
from tests.problems import Problem
from tests.rendering.facts_builders import study_with

BOTH: dict[str, Any] = {
    "n_neighbors": [1, 3],
    "cv": 3,
    "n_repeats": 4,
    "protocols": ("subject", "image"),
    "analyses": ["repeats"],
}


def study_of(problem: Problem, **options: Any) -> StudyResult:
    return cross_validate_study(problem.samples, problem.labels, groups=problem.subjects, **BOTH | options)


@pytest.fixture(scope="module", name="study")
def _study(problem: Problem) -> StudyResult:
    return study_of(problem)


def find(study: StudyResult, score: str) -> ProtocolInflation:
    return next(
        entry
        for entry in analysis_of(study, InflationAnalysis).protocol_inflations
        if (entry.metric, entry.score) == (study.primary.winner.metric, score)
    )


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_the_figure_is_the_mean_over_the_splits_of_the_difference_of_both_means(
    problem: Problem, study: StudyResult
) -> None:
    found, best = find(study, "f1_macro"), study.primary.winner
    differences = []
    for seed in (42, 43, 44, 45):
        other = study_of(problem, random_state=seed, analyses=())
        means = {
            run.protocol: entry.scores["f1_macro"].mean
            for run in other.protocols
            for entry in run.candidates
            if (entry.metric, entry.n_neighbors) == (best.metric, best.n_neighbors)
        }
        differences.append((means["image"] or 0.0) - (means["subject"] or 0.0))
    assert found.n_splits == 4
    assert found.difference == pytest.approx(np.mean(differences))
    assert found.image_mean - found.subject_mean == pytest.approx(found.difference)
    assert found.split_std == pytest.approx(np.std(differences, ddof=1))


def test_people_seen_before_are_found_out(study: StudyResult) -> None:
    # A subject's two images are nearly the same: the nearest other image is its own.
    found = find(study, "accuracy")
    assert found.low is not None
    assert found.excludes_zero
    assert found.low > 0.1


def test_images_that_tell_nothing_of_their_subject_inflate_nothing(problem: Problem) -> None:
    rng = np.random.default_rng(5)
    samples = (problem.labels == "a")[:, None] + rng.normal(size=(90, 4))
    found = find(study_of(problem._replace(samples=samples)), "accuracy")
    assert not found.excludes_zero


def test_one_figure_has_one_interval_under_both_its_names(study: StudyResult) -> None:
    recall, balanced = find(study, "recall_macro"), find(study, "balanced_accuracy")
    assert (recall.difference, recall.low, recall.high) == (balanced.difference, balanced.low, balanced.high)


def test_behind_a_pipeline_the_studys_own_split_stands_alone(problem: Problem) -> None:
    pipeline = make_pipeline(Normalizer(), SyndromeKNNClassifier())
    study = study_of(problem, estimator=pipeline, n_repeats=None)
    found = find(study, "accuracy")
    assert (found.n_splits, found.split_std) == (1, None)
    assert found.difference == pytest.approx(
        next(
            entry.inflation
            for entry in analysis_of(study, InflationAnalysis).differences
            if (entry.metric, entry.score) == (found.metric, "accuracy")
        )
    )
    assert found.low is not None


def test_a_difference_that_never_varies_has_no_interval() -> None:
    labels = np.repeat(["a", "b"], 12)
    subjects = np.repeat(np.arange(12), 2)
    samples = 100.0 * (labels == "a")[:, None] + np.arange(24.0)[:, None] / 100
    study = cross_validate_study(samples, labels, groups=subjects, **BOTH | {"metrics": "euclidean"})
    found = find(study, "accuracy")
    assert (found.difference, found.low, found.high) == (0.0, None, None)
    assert not found.excludes_zero


def test_a_score_that_a_split_does_not_define_is_left_out() -> None:
    # One subject a fold: no subject-level test part has two classes.
    labels, subjects = np.repeat(["a", "a", "b"], 6), np.repeat([0, 1, 2], 6)
    samples = np.random.default_rng(0).normal(size=(18, 3))
    study = cross_validate_study(samples, labels, groups=subjects, **BOTH | {"refit": "accuracy"})
    scores = {entry.score for entry in analysis_of(study, InflationAnalysis).protocol_inflations}
    assert "accuracy" in scores
    assert "roc_auc_ovr" not in scores


def test_on_one_split_the_candidate_may_be_the_best_of_one_protocol_alone(problem: Problem) -> None:
    study = study_of(problem, n_repeats=1, n_neighbors=[1, 9], refit="accuracy")
    subject, image = study.protocols
    assert subject.winner.n_neighbors != image.best[subject.winner.metric].n_neighbors
    found = find(study, "accuracy")
    assert (found.n_splits, found.split_std) == (1, None)
    assert found.n_neighbors == subject.winner.n_neighbors


def test_where_folds_lack_a_class_recall_and_balanced_accuracy_have_intervals_of_their_own() -> None:
    rng = np.random.default_rng(4)
    subjects = np.repeat(np.arange(26), 2)
    labels = np.array(["a"] * 24 + ["b"] * 24 + ["c"] * 4)
    samples = rng.normal(size=(52, 3)) + rng.normal(size=(26, 3))[subjects]
    study = cross_validate_study(samples, labels, groups=subjects, **BOTH | {"cv": 4})
    recall, balanced = find(study, "recall_macro"), find(study, "balanced_accuracy")
    assert recall.difference != balanced.difference
    assert recall.low != balanced.low


def test_a_row_is_a_score_with_its_interval() -> None:
    study = with_analyses(make_study(), InflationAnalysis(protocol_inflations=(make_protocol_inflation(),)))
    table = protocol_inflations(study)
    assert table.to_text()[0][:5] == ["cosine", "roc_auc_ovr", "0.750", "0.700", "0.050"]
    assert "mean over 2 splits" in table.caption


def test_one_protocol_has_nothing_to_compare() -> None:
    assert not protocol_inflations(make_study()).rows


def test_inflation_is_that_of_the_winner_on_the_deciding_score() -> None:
    entry, other = make_protocol_inflation(), make_protocol_inflation(metric="euclidean")
    study = with_analyses(study_with(), InflationAnalysis(protocol_inflations=(other, entry)))
    found = find_inflation(study)
    assert found is not None
    assert found.of_winner is entry
    assert find_inflation(study_with()) is None


def test_differences_on_one_split_have_no_interval() -> None:
    found = find_inflation(with_analyses(study_with(), InflationAnalysis()))
    assert found is not None
    assert (found.over_splits, found.of_winner, found.is_overestimate) == (False, None, False)
