"""Confident errors and label errors of small studies."""

from typing import Any

import numpy as np
import pytest

from skknn_syndrome import cross_validate_study, study_dataset
from skknn_syndrome.analyses.label_errors.result import MOST_LISTED, LabelErrorsAnalysis
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.results.study import StudyResult
from tests.builders import analysis_of
from tests.problems import Problem
from tests.problems import problem as problem

OPTIONS: dict[str, Any] = {
    "n_neighbors": [11],
    "metrics": "cosine",
    "weights": "uniform",
    "cv": 3,
    "analyses": ["label_errors"],
}


@pytest.fixture(scope="module", name="planted")
def _planted() -> Problem:
    """Return classes far from one another, and subjects of whom two are mislabelled."""
    rng = np.random.default_rng(3)
    labels = np.repeat(["a", "b", "c"], 20)
    samples = 6 * np.repeat(np.eye(3), 20, axis=0) + 0.3 * rng.normal(size=(60, 3)) + 1
    labels[[0, 1, 22]] = ["b", "b", "c"]
    subjects = np.repeat([f"s{number}" for number in range(30)], 2)
    subjects[23] = "t11"
    return Problem(samples, labels, subjects)


@pytest.fixture(scope="module", name="study")
def _study(planted: Problem) -> StudyResult:
    dataset = EmbeddingDataset.from_arrays(
        planted.samples, planted.labels, planted.subjects, images=[f"i{number}" for number in range(60)]
    )
    return study_dataset(dataset, with_map=False, protocols="subject", **OPTIONS)


def test_planted_label_errors_are_found_by_their_ids(study: StudyResult) -> None:
    found = analysis_of(study, LabelErrorsAnalysis)
    assert (found.n_images, found.n_errors, found.n_suspected, found.informative) == (60, 3, 3, True)
    assert {(error.image, error.syndrome, error.predicted) for error in found.errors} == {
        ("i0", "b", "a"),
        ("i1", "b", "a"),
        ("i22", "c", "b"),
    }
    assert found.noise_rate == pytest.approx(3 / 60, abs=0.01)
    assert found.accuracy == pytest.approx(57 / 60)
    assert not found.calibrated
    assert [(entry.syndrome, entry.n_suspected, entry.most_likely) for entry in found.classes] == [
        ("a", 0, None),
        ("b", 2, "a"),
        ("c", 1, "b"),
    ]


def test_an_image_is_seen_with_the_others_of_its_subject(study: StudyResult) -> None:
    by_image = {error.image: error for error in analysis_of(study, LabelErrorsAnalysis).errors}
    assert (by_image["i0"].n_others, by_image["i0"].n_others_alike) == (1, 1)
    assert (by_image["i22"].n_others, by_image["i22"].n_others_alike) == (0, 0)


def test_classes_that_are_left_out_of_a_figure_are_left_out_of_it(study: StudyResult) -> None:
    some = analysis_of(study, LabelErrorsAnalysis).of_classes({"c"})
    assert [entry.syndrome for entry in some.classes] == [error.syndrome for error in some.errors] == ["c"]


def test_shuffled_labels_are_not_suspected(problem: Problem) -> None:
    labels = np.random.default_rng(0).permutation(problem.labels)
    study = cross_validate_study(problem.samples, labels, **OPTIONS)
    found = analysis_of(study, LabelErrorsAnalysis)
    assert (found.informative, found.n_suspected, found.noise_rate) == (False, 0, None)
    assert len(found.errors) == MOST_LISTED < found.n_errors
    assert not any(error.suspected for error in found.errors)
    assert {(error.image, error.n_others) for error in found.errors} == {(None, None)}


def test_what_is_never_wrong_is_not_suspected(planted: Problem) -> None:
    labels = np.repeat(["a", "b", "c"], 20)
    found = analysis_of(cross_validate_study(planted.samples, labels, **OPTIONS), LabelErrorsAnalysis)
    assert (found.n_errors, found.informative, found.noise_rate, found.errors) == (0, True, 0.0, ())


def test_a_class_that_no_test_part_has_has_no_threshold(planted: Problem) -> None:
    rows = np.arange(60)
    folds = [(np.setdiff1d(rows, test), test) for test in (rows[:10], rows[20:30])]
    study = cross_validate_study(planted.samples, planted.labels, **(OPTIONS | {"cv": folds}))
    noise = analysis_of(study, LabelErrorsAnalysis).classes
    assert [(entry.n_images > 0, entry.threshold is None) for entry in noise] == 2 * [(True, False)] + [
        (noise[2].n_images > 0, noise[2].n_images == 0)
    ]
