"""Analyses of a study, and chance."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import binom
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from benchmarks.false_positives import SCORES, Found, shuffle_labels
from skknn_syndrome import NeighborGraph, SyndromeKNNClassifier, make_syndrome_embeddings
from skknn_syndrome.analyses.calibration.result import CalibrationAnalysis
from skknn_syndrome.analyses.chance.result import ChanceAnalysis
from skknn_syndrome.analyses.embedding_space.result import EmbeddingSpaceAnalysis
from skknn_syndrome.analyses.nested_cv.result import NestedAnalysis
from skknn_syndrome.analyses.open_set.result import OpenSetAnalysis
from skknn_syndrome.analyses.per_class.result import PerClassAnalysis
from skknn_syndrome.analyses.subject_level.result import SubjectLevelAnalysis
from skknn_syndrome.analyses.uncertainty.result import UncertaintyAnalysis
from skknn_syndrome.checks.base import CheckContext
from skknn_syndrome.checks.running import rerun_checks
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.questions import computations
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study import analysing, cross_validate_study
from skknn_syndrome.study.analysing import RENAMED, check_analyses
from skknn_syndrome.study.cross_validation import run_study
from skknn_syndrome.study.whole_study import find_all, put_together
from tests.builders import analysis_of
from tests.problems import Problem
from tests.study.options import QUICK

SMALL: dict[str, Any] = {"n_neighbors": [3, 5, 7], "cv": 3}


@pytest.fixture(scope="module", name="study")
def _study(problem: Problem) -> StudyResult:
    return cross_validate_study(
        problem.samples, problem.labels, groups=problem.subjects, protocols=("subject", "image"), **SMALL
    )


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_all_of_it_is_done_unless_somebody_chooses(study: StudyResult) -> None:
    run = study.primary
    assert [entry.name for entry in study.analyses.gathered("baselines")][:2] == ["majority", "prior"]
    assert [
        (level.metric, level.n_neighbors) for level in analysis_of(study, SubjectLevelAnalysis).subject_levels
    ] == [(metric, best.n_neighbors) for metric, best in run.best.items()]
    pooled = analysis_of(study, NestedAnalysis).nested.pooled
    assert pooled is not None
    assert pooled.unit == "subjects"
    assert analysis_of(study, ChanceAnalysis).chance.significant
    calibration = analysis_of(study, CalibrationAnalysis)
    assert [(entry.metric, entry.weights) for entry in study.analyses.gathered("calibrations")] == [
        (metric, weights)
        for metric in ("euclidean", "cosine")
        for weights in ("uniform", "distance", "softmax")
    ]
    assert [selection.metric for selection in calibration.temperatures] == ["euclidean", "cosine"]
    assert [entry.metric for entry in study.analyses.gathered("open_sets")] == ["euclidean", "cosine"]
    assert study.find(EmbeddingSpaceAnalysis) is not None
    assert {timing.part for timing in study.provenance.timings} >= check_analyses(None)


def test_the_primary_protocol_alone_is_looked_into(study: StudyResult) -> None:
    beside = [analysis for analysis in study.analyses if analysis.protocol == "image"]
    assert [type(analysis) for analysis in beside] == [PerClassAnalysis]
    assert len(analysis_of(study, PerClassAnalysis, "image").evaluations) == 2
    assert analysis_of(study, PerClassAnalysis).protocol == "subject"
    assert study.find(CalibrationAnalysis, "image") is None


def test_nothing_is_done_that_nobody_asked_for(problem: Problem) -> None:
    study = cross_validate_study(problem.samples, problem.labels, analyses=["nested_cv"], **SMALL)
    assert study.find(NestedAnalysis) is not None
    assert not study.analyses.gathered("baselines")
    assert study.find(EmbeddingSpaceAnalysis) is None
    plain = cross_validate_study(problem.samples, problem.labels, analyses=(), **SMALL)
    assert plain.find(NestedAnalysis) is None
    assert plain.primary.candidates == study.primary.candidates


def test_one_analysis_takes_a_list_around_it(problem: Problem) -> None:
    with pytest.raises(StudySettingsError, match=r"give a list, \['nested_cv'\]"):
        cross_validate_study(problem.samples, problem.labels, analyses="nested_cv", **SMALL)


@pytest.mark.parametrize("analyses", ["nesting", ["nesting"]])
def test_an_unknown_analysis_is_refused(problem: Problem, analyses: Any) -> None:
    with pytest.raises(StudySettingsError, match="analyses names 'nest"):
        cross_validate_study(problem.samples, problem.labels, analyses=analyses, **SMALL)


def test_without_subjects_there_are_no_scores_of_subjects(problem: Problem) -> None:
    study = cross_validate_study(problem.samples, problem.labels, analyses=["subject_level"], **SMALL)
    assert study.find(SubjectLevelAnalysis) is None


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_a_pipeline_has_what_its_predictions_tell(problem: Problem) -> None:
    pipeline = make_pipeline(Normalizer(), SyndromeKNNClassifier())
    study = cross_validate_study(problem.samples, problem.labels, estimator=pipeline, **SMALL)
    assert study.find(NestedAnalysis) is not None
    found = analysis_of(study, CalibrationAnalysis).calibrations
    assert [(entry.metric, entry.weights) for entry in found] == [
        ("euclidean", "distance"),
        ("cosine", "distance"),
    ]
    assert not study.analyses.gathered("open_sets")
    assert study.find(ChanceAnalysis) is None
    assert study.find(EmbeddingSpaceAnalysis) is None


def test_weights_of_ones_own_are_calibrated_beside_the_others(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples, problem.labels, weights=[np.ones_like], metrics="cosine", analyses=["calibration"],
        **SMALL,
    )  # fmt: skip
    calibrations = analysis_of(study, CalibrationAnalysis).calibrations
    names = [entry.weights for entry in calibrations]
    assert names == ["uniform", "distance", "ones_like", "softmax"]
    uniform, _, own, _ = calibrations
    assert own.brier == uniform.brier


def test_distances_that_are_given_have_what_predictions_tell(problem: Problem) -> None:
    distances = np.linalg.norm(problem.samples[:, None] - problem.samples[None], axis=2)
    study = cross_validate_study(distances, problem.labels, metrics="precomputed", **SMALL)
    assert (study.repeats, study.find(NestedAnalysis), study.analyses.gathered("curves")) == (None, None, ())
    assert len(analysis_of(study, UncertaintyAnalysis).pooled) == 1
    assert len(analysis_of(study, CalibrationAnalysis).calibrations) == 1


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_folds_too_small_to_be_divided_again_are_no_obstacle() -> None:
    samples, labels = np.arange(6.0)[:, None], np.array(["a", "b"] * 3)
    study = cross_validate_study(samples, labels, n_neighbors=1, metrics="euclidean", cv=2)
    assert study.find(NestedAnalysis) is None
    assert len(analysis_of(study, CalibrationAnalysis).calibrations) == 1


def test_what_the_folds_do_not_allow_is_left_out_and_said() -> None:
    samples, labels = np.arange(4.0)[:, None], np.array(["a", "a", "b", "b"])
    folds = [(np.array([0, 1]), np.array([2, 3])), (np.array([2, 3]), np.array([0, 1]))]
    study = cross_validate_study(
        samples, labels, n_neighbors=1, metrics="euclidean", cv=folds, refit="accuracy", analyses=["open_set"]
    )
    assert not study.analyses.gathered("open_sets")
    assert study.checks["analysis_left_out"].message == (
        "The analysis 'open_set' was left out: No test image is of a syndrome that its training part has: "
        "give other folds."
    )


@pytest.mark.parametrize("before, now", RENAMED.items())
def test_an_old_name_is_taken_with_a_hint(before: str, now: str) -> None:
    with pytest.warns(FutureWarning, match=f"is called {now!r} now"):
        assert check_analyses([before]) == {now}


@pytest.fixture(scope="module", name="found")
def _found() -> Found:
    data = make_syndrome_embeddings(n_features=16)
    return shuffle_labels(NeighborGraph.from_embeddings(data.embeddings), data.syndromes, None, 60)


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_auc_of_shuffled_labels_is_a_half_within_noise(found: Found) -> None:
    assert abs(found.areas.mean() - 0.5) < 4 * found.areas.std(ddof=1) / np.sqrt(60)
    assert found.areas.std(ddof=1) < 0.03


@pytest.mark.parametrize("score", SCORES)
def test_the_corrected_test_calls_no_more_significant_than_it_says(found: Found, score: str) -> None:
    _, most = binom.interval(0.99, 60, 0.05)
    assert found.positives(score) <= most


def test_analyses_step_back_on_large_data_and_the_result_says_so(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        analysing,
        "computations",
        lambda: [
            replace(entry, cost=replace(entry.cost, sampled_above=45, withheld=None))
            if entry.question in {"chance", "open_set"}
            else entry
            for entry in computations()
        ],
    )
    run = run_study(
        problem.samples,
        problem.labels,
        groups=problem.subjects,
        **(QUICK | {"analyses": ["chance", "open_set", "calibration"]}),
    )
    run = replace(run, withheld={"calibration": "It is too much."})
    study = put_together(run, *find_all(run))
    chance = analysis_of(study, ChanceAnalysis)
    assert chance.sample is not None
    assert chance.sample == analysis_of(study, OpenSetAnalysis).sample
    assert chance.sample.n_used < chance.sample.n_images == 90
    assert study.find(CalibrationAnalysis) is None
    check = study.checks["stepped_back"]
    assert check.outcome == "tip"
    assert check.figures == {
        "n_images": 90,
        "chance.n_used": chance.sample.n_used,
        "open_set.n_used": chance.sample.n_used,
        "calibration.left_out": "for its cost",
    }
    assert "'calibration' was left out" in check.message
    assert chance.sample.sentence() in check.message
    again = rerun_checks(study.checks, CheckContext.of(study), "stepped_back")
    assert again["stepped_back"] == check
