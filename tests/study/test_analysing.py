"""What a study looks into beside the scores of its candidates."""

from typing import Any, get_args

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome._typing import AnalysisName
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.results import StudyResult
from skknn_syndrome.study import cross_validate_study
from tests.study.conftest import Problem

SMALL: dict[str, Any] = {"n_neighbors": [3, 5, 7], "cv": 3}


@pytest.fixture(scope="module", name="study")
def _study(problem: Problem) -> StudyResult:
    return cross_validate_study(
        problem.samples, problem.labels, groups=problem.subjects, protocols=("subject", "image"), **SMALL
    )


def test_all_of_it_is_done_unless_somebody_chooses(study: StudyResult) -> None:
    run = study.headline
    assert [entry.name for entry in run.baselines][:2] == ["majority", "prior"]
    assert [(level.metric, level.n_neighbors) for level in run.subject_levels] == [
        (metric, best.n_neighbors) for metric, best in run.best.items()
    ]
    assert run.nested is not None
    assert run.nested.pooled is not None
    assert run.nested.pooled.unit == "subjects"
    assert run.chance is not None
    assert run.chance.significant
    assert [(entry.metric, entry.weights) for entry in run.calibrations] == [
        (metric, weights)
        for metric in ("euclidean", "cosine")
        for weights in ("uniform", "distance", "softmax")
    ]
    assert [selection.metric for selection in run.temperatures] == ["euclidean", "cosine"]
    assert [entry.metric for entry in run.open_sets] == ["euclidean", "cosine"]
    assert study.hubness is not None
    assert {timing.part for timing in study.provenance.timings} >= set(get_args(AnalysisName))


def test_the_headline_alone_is_looked_into(study: StudyResult) -> None:
    beside = study.protocols[1]
    assert beside.nested is None
    assert not beside.calibrations
    assert len(beside.evaluations) == 2


def test_nothing_is_done_that_nobody_asked_for(problem: Problem) -> None:
    study = cross_validate_study(problem.samples, problem.labels, analyses=["nested"], **SMALL)
    assert study.headline.nested is not None
    assert not study.headline.baselines
    assert study.hubness is None
    plain = cross_validate_study(problem.samples, problem.labels, analyses=(), **SMALL)
    assert plain.headline.nested is None
    assert plain.headline.candidates == study.headline.candidates


def test_one_analysis_takes_a_list_around_it(problem: Problem) -> None:
    with pytest.raises(StudySettingsError, match=r"give a list, \['nested'\]"):
        cross_validate_study(problem.samples, problem.labels, analyses="nested", **SMALL)  # type: ignore[arg-type]


@pytest.mark.parametrize("analyses", ["nesting", ["nesting"]])
def test_an_unknown_analysis_is_refused(problem: Problem, analyses: Any) -> None:
    with pytest.raises(StudySettingsError, match="analyses names 'nest"):
        cross_validate_study(problem.samples, problem.labels, analyses=analyses, **SMALL)


def test_without_subjects_there_are_no_scores_of_subjects(problem: Problem) -> None:
    study = cross_validate_study(problem.samples, problem.labels, analyses=["subjects"], **SMALL)
    assert not study.headline.subject_levels


def test_a_pipeline_has_what_its_predictions_tell(problem: Problem) -> None:
    pipeline = make_pipeline(Normalizer(), SyndromeKNNClassifier())
    study = cross_validate_study(problem.samples, problem.labels, estimator=pipeline, **SMALL)
    run = study.headline
    assert run.nested is not None
    assert [(entry.metric, entry.weights) for entry in run.calibrations] == [
        ("euclidean", "distance"),
        ("cosine", "distance"),
    ]
    assert not run.open_sets
    assert run.chance is None
    assert study.hubness is None


def test_weights_of_ones_own_are_calibrated_beside_the_others(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples, problem.labels, weights=[np.ones_like], metrics="cosine", analyses=["calibration"],
        **SMALL,
    )  # fmt: skip
    names = [entry.weights for entry in study.headline.calibrations]
    assert names == ["uniform", "distance", "ones_like", "softmax"]
    uniform, _, own, _ = study.headline.calibrations
    assert own.brier == uniform.brier


def test_distances_that_are_given_have_what_predictions_tell(problem: Problem) -> None:
    distances = np.linalg.norm(problem.samples[:, None] - problem.samples[None], axis=2)
    study = cross_validate_study(distances, problem.labels, metrics="precomputed", **SMALL)
    run = study.headline
    assert (run.repeats, run.nested, run.curves) == (None, None, ())
    assert len(run.pooled) == len(run.calibrations) == 1


def test_folds_too_small_to_be_divided_again_are_no_obstacle() -> None:
    samples, labels = np.arange(6.0)[:, None], np.array(["a", "b"] * 3)
    study = cross_validate_study(samples, labels, n_neighbors=1, metrics="euclidean", cv=2)
    assert study.headline.nested is None
    assert len(study.headline.calibrations) == 1


def test_what_the_folds_do_not_allow_is_left_out_and_said() -> None:
    samples, labels = np.arange(4.0)[:, None], np.array(["a", "a", "b", "b"])
    folds = [(np.array([0, 1]), np.array([2, 3])), (np.array([2, 3]), np.array([0, 1]))]
    study = cross_validate_study(
        samples, labels, n_neighbors=1, metrics="euclidean", cv=folds, refit="accuracy", analyses=["unseen"]
    )
    assert not study.headline.open_sets
    assert study.checks["analysis_left_out"].message == (
        "The analysis 'unseen' was left out: No test image is of a syndrome that its training part has: "
        "give other folds."
    )
