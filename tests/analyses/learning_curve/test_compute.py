"""Learning curves of small studies."""

from collections.abc import Iterator
from typing import Any
from unittest import mock

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skknn_syndrome import SyndromeKNNClassifier, cross_validate_study
from skknn_syndrome.analyses.learning_curve import compute
from skknn_syndrome.analyses.learning_curve.compute import COST, MOST_IMAGES
from skknn_syndrome.analyses.learning_curve.result import LearningCurveAnalysis
from skknn_syndrome.analyses.uncertainty.result import UncertaintyAnalysis
from skknn_syndrome.crossval.costs import Sizes
from skknn_syndrome.results.study import StudyResult
from tests.builders import analysis_of
from tests.problems import Problem
from tests.problems import problem as problem
from tests.refusing import refused

OPTIONS: dict[str, Any] = {"n_neighbors": [5], "metrics": "cosine", "cv": 3}


def _study(problem: Problem, **options: Any) -> StudyResult:
    given = {"groups": problem.subjects} | OPTIONS | options
    return cross_validate_study(problem.samples, problem.labels, **given)


@pytest.fixture(scope="module", autouse=True)
def _few() -> Iterator[None]:
    """Take few orders of the subjects, and few resamples."""
    with mock.patch.multiple(compute, N_REPEATS=2, N_RESAMPLES=100):
        yield


@pytest.fixture(scope="module", name="study")
def _both(problem: Problem) -> StudyResult:
    return _study(problem, analyses=["uncertainty"], learning_curve=["knn", "centroid"])


def test_with_all_subjects_the_scores_are_those_of_the_study(study: StudyResult) -> None:
    found = analysis_of(study, LearningCurveAnalysis)
    knn, other = found.heads
    assert (knn.head, knn.chosen, dict(knn.params)) == ("knn", "study", dict(study.primary.winner.params))
    assert (other.head, other.chosen) == ("centroid", "inside")
    (pooled,) = analysis_of(study, UncertaintyAnalysis).pooled
    for curve in knn.scores:
        assert curve.now.estimate == pooled.scores[curve.score].estimate


def test_sizes_rise_and_are_told_apart(study: StudyResult) -> None:
    found = analysis_of(study, LearningCurveAnalysis)
    assert (found.unit, found.n_units, found.n_classes, found.n_folds) == ("subjects", 45, 3, 3)
    for head in found.heads:
        for curve in head.scores:
            sizes = [point.n_per_class for point in curve.points]
            assert sizes == sorted(set(sizes))
            assert (sizes[0], sizes[-1], curve.now.n_images) == (2, 10, 60)
            assert [point.std is None for point in curve.points] == [*(len(sizes) - 1) * [False], True]
    areas = [point.estimate or 0 for point in found.heads[0].curve("roc_auc_ovr").points]
    assert areas[0] < areas[-1]


def test_each_class_has_the_subjects_that_its_sensitivity_takes(study: StudyResult) -> None:
    found = analysis_of(study, LearningCurveAnalysis)
    assert [(entry.syndrome, entry.n_subjects) for entry in found.classes] == [
        ("a", 15),
        ("b", 15),
        ("c", 15),
    ]
    assert [entry.syndrome for entry in found.of_classes({"b"}).classes] == ["b"]
    for entry in found.classes:
        low, high = entry.sensitivity.low, entry.sensitivity.high
        assert low is not None
        assert high is not None
        assert entry.subjects_for((high - low) / 2) == 60
    fixed = found.classes[0].revised(sensitivity=found.classes[0].sensitivity.revised(low=None, high=None))
    assert fixed.subjects_for(0.1) is None


def test_shuffled_labels_are_not_extrapolated(problem: Problem) -> None:
    people = np.random.default_rng(1).permutation(np.repeat(list("abc"), 15))
    shuffled = problem._replace(labels=np.repeat(people, 2))
    found = analysis_of(_study(shuffled, analyses=["learning_curve"]), LearningCurveAnalysis)
    assert {curve.no_fit for curve in found.heads[0].scores} <= {"chance", "flat"}


def test_forty_people_of_two_classes(problem: Problem) -> None:
    rows = np.flatnonzero(problem.labels != "c")[::-1][:58]
    found = analysis_of(
        cross_validate_study(
            problem.samples[rows], problem.labels[rows], analyses=["learning_curve"], **(OPTIONS | {"cv": 2})
        ),
        LearningCurveAnalysis,
    )
    assert (found.unit, found.n_units, found.n_classes) == ("images", 58, 2)
    assert all(curve.now.estimate is not None for curve in found.heads[0].scores)


def test_fits_are_made_where_somebody_asks(problem: Problem) -> None:
    pipeline = make_pipeline(StandardScaler(), SyndromeKNNClassifier())
    unasked = _study(problem, estimator=pipeline, analyses=["learning_curve"])
    assert unasked.find(LearningCurveAnalysis) is None
    piped = _study(problem, estimator=pipeline, analyses=(), learning_curve="knn")
    (own,) = analysis_of(piped, LearningCurveAnalysis).heads
    assert (own.chosen, dict(own.params)) == ("study", dict(piped.primary.winner.params))


def test_a_head_that_is_none_is_refused(problem: Problem) -> None:
    with refused("unknown_head", "learning_curve"):
        _study(problem, learning_curve=["ldaa"])


def test_very_many_images_have_none() -> None:
    sizes = Sizes(images=MOST_IMAGES, features=2, classes=2, subjects=MOST_IMAGES)
    assert COST.why_withheld(sizes) is None
    larger = Sizes(images=MOST_IMAGES + 1, features=2, classes=2, subjects=2)
    assert "study a part of the subjects" in (COST.why_withheld(larger) or "")


def test_a_class_that_is_never_tested_has_no_sensitivity(problem: Problem) -> None:
    rows = np.arange(90)
    folds = [(np.setdiff1d(rows, test), test) for test in (rows[10:40], rows[40:60])]
    study = _study(problem, cv=folds, groups=None, analyses=["learning_curve"])
    found = analysis_of(study, LearningCurveAnalysis)
    assert (found.n_folds, found.n_units) == (2, 50)
    assert [(entry.syndrome, entry.n_subjects) for entry in found.classes] == [("a", 20), ("b", 30)]
