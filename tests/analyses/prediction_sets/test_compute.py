"""Sets that are calibrated inside each training part: by loops, and on data where nothing can be told."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

from skknn_syndrome import SyndromeKNNClassifier, cross_validate_study, load_embeddings
from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.prediction_sets.compute import (
    OutOfFoldPValues,
    ask_inside,
    calibrate_inside,
    measure_coverage,
    measure_sets,
)
from skknn_syndrome.analyses.prediction_sets.result import PredictionSets, PredictionSetsAnalysis, SetCoverage
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.repeats import inner_folds
from skknn_syndrome.heads import Head
from skknn_syndrome.results.verdicts import SET_COVERAGES
from skknn_syndrome.statistics.conformal import Calibration, p_values, subject_weights
from tests.builders import analysis_of
from tests.problems import Problem
from tests.promise_builders import directions, searched
from tests.refusing import refused


@pytest.fixture(scope="module")
def run(problem: Problem) -> ProtocolRun:
    return searched(problem.samples, problem.labels, problem.subjects)


def by_loops(run: ProtocolRun, problem: Problem) -> Float64Array:
    """Return class-conditional p-values, each model fitted and each image compared by itself."""
    classes, parts = np.unique(problem.labels).tolist(), []
    for (train, test), within in zip(run.splits.as_cv(), inner_folds(run), strict=True):
        higher, total = np.ones((len(test), len(classes))), np.ones(len(classes))
        for inside, left_out in within:
            model = SyndromeKNNClassifier(5, metric="cosine")
            model.fit(problem.samples[inside], problem.labels[inside])
            known = 1 - model.predict_proba(problem.samples[left_out])
            new = 1 - model.predict_proba(problem.samples[test])
            for scores, row in zip(known, left_out, strict=True):
                own = classes.index(problem.labels[row])
                weight = 1 / np.sum(problem.subjects[train] == problem.subjects[row])
                higher[:, own] += weight * (scores[own] >= new[:, own])
                total[own] += weight
        parts.append(higher / total)
    return np.concatenate(parts)


def test_models_fitted_one_by_one_give_the_same_p_values(run: ProtocolRun, problem: Problem) -> None:
    inner, splits = inner_folds(run), run.splits.as_cv()
    tested = calibrate_inside(ask_inside(run, inner), splits, inner)
    expected = by_loops(run, problem)
    assert tested.class_conditional == pytest.approx(expected)
    rows = np.concatenate([test for _, test in splits])
    assert tested.rows.tolist() == rows.tolist()
    people = [len(np.unique(problem.subjects[train][problem.labels[train] == "a"])) for train, _ in splits]
    assert tested.n_subjects[:, 0] == pytest.approx(people)
    # Broken ties make sets smaller, and change nothing else.
    truth = np.searchsorted(np.unique(problem.labels), problem.labels[rows])
    for entry in measure_sets(run).prediction_sets.class_conditional:
        sets = expected > 1 - entry.coverage + 1e-12
        assert entry.mean_size <= sets.sum(axis=1).mean()
        weights = subject_weights(problem.subjects[rows])
        held = sets[np.arange(len(rows)), truth]
        assert entry.covered.estimate <= np.average(held, weights=weights) + 1e-12


def test_a_pipeline_that_changes_nothing_has_the_same_sets(run: ProtocolRun, problem: Problem) -> None:
    pipeline = make_pipeline(FunctionTransformer(), SyndromeKNNClassifier())
    fitted = searched(problem.samples, problem.labels, problem.subjects, estimator=pipeline)
    found, expected = (measure_sets(each).prediction_sets for each in (fitted, run))
    assert found.class_conditional == expected.class_conditional
    assert found.marginal == expected.marginal


def sets_of(samples: Any, labels: LabelArray, subjects: LabelArray | None, **options: Any) -> PredictionSets:
    return measure_sets(searched(samples, labels, subjects, **options)).prediction_sets


def at(found: PredictionSets, coverage: float) -> SetCoverage:
    return next(entry for entry in found.class_conditional if entry.coverage == coverage)


def test_classes_far_apart_have_single_sets_that_are_right() -> None:
    found = sets_of(*directions(120, 3, noise=0.05))
    for entry in found.class_conditional:
        assert entry.verdict != "below"
        assert entry.mean_size <= 1
        assert (entry.single_right, entry.full_share) == (1, 0)
    assert [entry.coverage for entry in found.class_conditional] == list(SET_COVERAGES)
    assert found.too_few == []


def of_one_class(random: np.random.Generator, n_subjects: int) -> tuple[Float64Array, IndexArray]:
    """Return scores and subjects: a fifth of the subjects are harder, and have six images in place of one."""
    hard = random.random(n_subjects) < 0.2
    subjects = np.repeat(np.arange(n_subjects), np.where(hard, 6, 1))
    low, high = np.where(hard, 0.3, 0.0)[subjects], np.where(hard, 1.0, 0.6)[subjects]
    return random.uniform(low, high), subjects


def test_subjects_that_are_harder_and_have_more_images_break_no_coverage() -> None:
    random, found = np.random.default_rng(1), []
    for _ in range(20):
        (known, people), (new, tested) = of_one_class(random, 150), of_one_class(random, 150)
        zeros = np.zeros(len(known), dtype=np.intp)
        found_p = p_values(Calibration(known, zeros, subject_weights(people), zeros), new[None, :, None])
        asked = OutOfFoldPValues(
            np.arange(len(new)), np.zeros(len(new), dtype=np.intp), found_p, found_p, np.array([[150.0]])
        )
        labels = np.full(len(new), "a")
        entry = measure_coverage(asked, labels, tested.astype(str), 0.9, marginal=False)
        assert entry.classes[0].covered == entry.covered
        found.append(entry)
    # Of the images they hold 70 %, for the harder subjects have most of these.
    assert np.mean([entry.covered.estimate for entry in found]) == pytest.approx(0.9, abs=0.02)
    assert np.mean([entry.verdict == "below" for entry in found]) < 0.2


@pytest.mark.parametrize("n_classes", [2, 4])
def test_of_shuffled_labels_coverage_holds_and_sets_have_nearly_all_classes(n_classes: int) -> None:
    samples, _, subjects = directions(240, n_classes, noise=0.3)
    of_people = np.random.default_rng(1).permutation(np.arange(240) % n_classes)
    found = sets_of(samples, of_people[subjects].astype(str), subjects)
    for entry in (*found.class_conditional, *found.marginal):
        # Of models that agree in nothing p-values are averages, and seldom small: more is covered.
        assert -0.05 < entry.covered.estimate - entry.coverage < 0.12
        assert entry.mean_size > (entry.coverage - 0.05) * n_classes


def test_forty_people_in_eight_classes_are_too_few_and_all_classes_are_in_all_sets() -> None:
    found = sets_of(*directions(40, 8, noise=0.2))
    assert at(found, 0.95).full_share == 1
    assert at(found, 0.95).covered.estimate == 1
    assert len(found.too_few) == 8


def test_without_subjects_images_are_the_unit_and_coverage_of_new_people_is_not_promised() -> None:
    # Each person's class is a coin's: what is known of their other images is all that can be known.
    random = np.random.default_rng(0)
    subjects = np.repeat(np.arange(60), 4)
    samples = random.normal(size=(60, 8))[subjects] + 0.01 * random.normal(size=(240, 8))
    labels = random.permutation(np.arange(60) % 2)[subjects].astype(str)
    by_image, by_subject = sets_of(samples, labels, None), sets_of(samples, labels, subjects)
    assert at(by_image, 0.9).covered.unit == "images"
    assert at(by_image, 0.9).mean_size < 1.05
    assert at(by_subject, 0.9).covered.unit == "subjects"
    assert at(by_subject, 0.9).mean_size > 1.6


def test_a_rare_class_is_covered_only_by_sets_that_are_calibrated_on_it() -> None:
    samples, labels, subjects = directions(400, 4, noise=0.35, seed=2)
    rare = (labels == "c0") & (subjects % 5 > 0)
    found = sets_of(samples[~rare], labels[~rare], subjects[~rare], n_neighbors=[15])
    (own,), (together,) = (
        [entry.covered.estimate for entry in kind[1].classes if entry.syndrome == "c0"]
        for kind in (found.class_conditional, found.marginal)
    )
    assert together < own - 0.1


def test_a_class_that_a_training_part_lacks_is_in_every_set() -> None:
    samples, labels, subjects = directions(60, 2, noise=0.1)
    labels = np.where(subjects == 0, "rare", labels)
    folds = [(np.flatnonzero(subjects % 2 == part), np.flatnonzero(subjects % 2 != part)) for part in (0, 1)]
    found = sets_of(samples, labels, subjects, cv=folds)
    (rare,) = (entry for entry in at(found, 0.9).classes if entry.syndrome == "rare")
    assert (rare.covered.estimate, rare.always_in) == (1, True)


def test_a_class_that_is_not_tested_is_not_judged() -> None:
    samples, labels, subjects = directions(60, 3, noise=0.1)
    tested = np.flatnonzero((subjects % 4 == 0) & (labels != "c2"))
    folds = [(np.flatnonzero(subjects % 4 > 0), tested)]
    found = sets_of(samples, labels, subjects, cv=folds)
    assert [entry.syndrome for entry in at(found, 0.9).classes] == ["c0", "c1"]


BAYES = Head(
    name="bayes",
    title="naive Bayes",
    estimator=GaussianNB,
    grid={"var_smoothing": (1e-9,)},
    gives=frozenset({"probabilities"}),
)


def test_other_heads_that_give_probabilities_have_sets_and_it_goes_to_json_and_back(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples,
        problem.labels,
        groups=problem.subjects,
        head=BAYES,
        cv=2,
        analyses=["prediction_sets"],
    )
    found = analysis_of(study, PredictionSetsAnalysis)
    assert found.prediction_sets.head == "bayes"
    assert PredictionSetsAnalysis.model_validate_json(found.model_dump_json()) == found


def test_training_parts_that_can_not_be_divided_again_are_refused() -> None:
    samples, labels = np.arange(6.0)[:, None] + 1, np.array(["a", "b"] * 3)
    with refused("too_many_folds"):
        measure_sets(searched(samples, labels, cv=2, n_neighbors=[1]))


def test_on_the_public_file_coverage_is_near_the_promise(real_file: Path) -> None:
    data = load_embeddings(real_file)
    found = sets_of(data.embeddings, data.syndromes, data.subjects, n_neighbors=[15], cv=10, random_state=0)
    for entry, size in zip(found.class_conditional, (1.20, 2.03, 3.21), strict=True):
        assert entry.covered.estimate == pytest.approx(entry.coverage, abs=0.025)
        assert entry.worst.covered.estimate > entry.coverage - 0.05
        assert entry.verdict != "below"
        assert entry.mean_size == pytest.approx(size, abs=0.02)
    assert found.marginal[0].worst.covered.estimate < 0.6
