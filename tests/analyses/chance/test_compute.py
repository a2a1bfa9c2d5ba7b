"""The whole search against chance, and among which images labels are permuted."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import LeaveOneOut, ShuffleSplit

from skknn_syndrome import NeighborGraph, SyndromeKNNClassifier, cross_validate_study, load_embeddings
from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.chance import compute as chance
from skknn_syndrome.analyses.chance.compute import RepeatedSearch, compare_with_chance, find_units
from skknn_syndrome.analyses.chance.result import ChanceAnalysis, ChanceTest
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.heads.graph_scores.batches import IndexSplit
from skknn_syndrome.heads.graph_scores.grid import score_grid
from skknn_syndrome.heads.graph_scores.sources import GraphSource
from skknn_syndrome.metrics.score_table import SCORE_NAMES
from skknn_syndrome.results.study import StudyResult
from tests.builders import analysis_of
from tests.problems import Problem
from tests.refusing import refused

KS = [1, 3, 7]


def source_of(samples: Float64Array, labels: LabelArray, **options: Any) -> GraphSource:
    return GraphSource(NeighborGraph.from_embeddings(samples), labels, KS, SyndromeKNNClassifier(**options))


def brute_force(
    source: GraphSource, splits: list[IndexSplit], subjects: LabelArray | None, weights: list[Any]
) -> dict[str, Float64Array]:
    """Return the best mean of each of 19 permutations, one `score_grid` each, by every score."""
    classes, truth = np.unique(source.labels, return_inverse=True)
    units, generator = find_units(truth, subjects, splits), np.random.default_rng(3)
    found: dict[str, list[float]] = {name: [] for name in SCORE_NAMES}
    for _ in range(19):
        scores = score_grid(
            source.graph,
            classes[units.permute(generator)],
            splits,
            metrics=["euclidean", "cosine"],
            n_neighbors=KS,
            weights=weights,
            temperature=source.classifier.temperature,
            class_weight=source.classifier.class_weight,
        )
        for name, best in found.items():
            best.append(np.nanmax(np.nanmean(scores[name], axis=-1)))
    return {name: np.array(best) for name, best in found.items()}


@pytest.mark.parametrize(
    "options, weights",
    [({}, ["distance", "uniform"]), ({"class_weight": "balanced"}, [np.ones_like])],
    ids=["two schemes", "a function, balanced"],
)
@pytest.mark.parametrize("grouped", [True, False])
def test_it_is_the_whole_search_under_the_same_permutations(
    problem: Problem, options: dict[str, Any], weights: list[Any], *, grouped: bool
) -> None:
    subjects = problem.subjects if grouped else None
    splits = make_splits(problem.labels, subjects, cv=3, random_state=0).as_cv()
    source = source_of(problem.samples, problem.labels, **options)
    for refit, expected in brute_force(source, splits, subjects, weights).items():
        observed = float(np.median(expected))
        found = compare_with_chance(
            source,
            splits,
            metrics=["euclidean", "cosine"],
            weights=weights,
            refit=refit,
            observed=observed,
            subjects=subjects,
            n_permutations=19,
            random_state=3,
            n_jobs=2,
        )
        assert found.p_value == (1 + np.count_nonzero(expected >= observed - 1e-12)) / 20, refit
        assert found.null_mean == pytest.approx(expected.mean(), abs=1e-12), refit
        assert found.null_high == pytest.approx(np.quantile(expected, 0.95), abs=1e-12), refit
        assert found.unit == ("subjects" if grouped else "images")


@pytest.mark.parametrize("cells", [1, 2**18])
@pytest.mark.filterwarnings("ignore:Mean of empty slice")  # NumPy's of the brute force
def test_splits_may_overlap_and_permutations_be_put_together(
    problem: Problem, monkeypatch: pytest.MonkeyPatch, cells: int
) -> None:
    monkeypatch.setattr(chance, "BATCH_CELLS", cells)
    samples, labels = problem.samples[::2], problem.labels[::2]
    # The second training part is smaller than the largest k: splits fall into several batches.
    splits = [
        *ShuffleSplit(2, train_size=0.4, test_size=0.3, random_state=0).split(samples),
        (np.array([0, 20, 40]), np.array([1, 2, 21, 22, 41, 42])),
        *ShuffleSplit(1, train_size=0.4, test_size=0.3, random_state=1).split(samples),
    ]
    source = source_of(samples, labels)
    expected = brute_force(source, splits, None, ["distance"])["roc_auc_ovr"]
    units, generator = (
        find_units(np.unique(labels, return_inverse=True)[1], None, splits),
        np.random.default_rng(3),
    )
    search = RepeatedSearch(source, splits, ["euclidean", "cosine"], ["distance"], "roc_auc_ovr")
    found = search([units.permute(generator) for _ in range(19)])
    assert found == pytest.approx(expected, abs=1e-12)


def test_undefined_permutations_count_against_the_search() -> None:
    # One test part of two images: half of the permutations put one label into it, and AUC is not defined.
    samples, labels = np.arange(8.0)[:, None] ** 2 + 1, np.array(["a", "b"] * 4)
    splits = [(np.arange(2, 8), np.array([0, 1])), (np.arange(2), np.array([2]))]
    units = find_units(np.array([0, 1] * 4), None, [splits[0], splits[1]])
    assert units.within == "part_and_size"
    search = RepeatedSearch(source_of(samples, labels), splits, ["cosine"], ["uniform"], "roc_auc_ovr")
    best = search([np.array([0, 1] * 4), np.array([0, 0, 1, 1, 0, 1, 1, 0])])
    assert np.isnan(best).tolist() == [False, True]


def study_of(samples: Float64Array, labels: LabelArray, **options: Any) -> StudyResult:
    options = {"n_neighbors": KS, "cv": 4, "analyses": ["chance"], **options}
    return cross_validate_study(samples, labels, **options)


def chance_of(*arguments: Any, **options: Any) -> ChanceTest:
    return analysis_of(study_of(*arguments, **options), ChanceAnalysis).chance


def test_separable_classes_are_better_than_every_permutation() -> None:
    labels = np.repeat(["a", "b", "c"], 20)
    samples = 10 * np.eye(3)[np.repeat([0, 1, 2], 20)] + np.random.default_rng(0).normal(size=(60, 3))
    found = chance_of(samples, labels)
    assert (found.observed, found.p_value, found.n_permutations) == (1, 1 / 200, 199)
    assert found.significant
    assert 0.4 < found.null_mean < found.null_high < 0.8


def test_p_is_uniform_where_labels_mean_nothing() -> None:
    p_values = []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        labels = rng.permutation(np.repeat(["a", "b"], 16))
        subjects = np.arange(32) // 2
        labels = labels[subjects]  # a subject's two images have one label, and are alike
        if len(np.unique(labels)) < 2:
            continue
        samples = rng.normal(size=(16, 4))[subjects] + 0.1 * rng.normal(size=(32, 4))
        splits = make_splits(labels, subjects, cv=2, random_state=seed).as_cv()
        source = source_of(samples, labels)
        search = RepeatedSearch(source, splits, ["euclidean", "cosine"], ["distance"], "roc_auc_ovr")
        truth = np.unique(labels, return_inverse=True)[1]
        found = compare_with_chance(
            source,
            splits,
            metrics=["euclidean", "cosine"],
            weights=["distance"],
            refit="roc_auc_ovr",
            observed=float(search([truth])[0]),
            subjects=subjects,
            n_permutations=39,
            random_state=seed,
        )
        p_values.append(found.p_value)
    assert 0.38 < np.mean(p_values) < 0.65  # of uniform ones 0.51, with a standard error of 0.046
    assert np.mean(np.array(p_values) <= 0.1) < 0.25


def test_a_class_of_many_images_is_no_evidence() -> None:
    # Accuracy of the largest class: half of its subjects have four images each, others have one.
    rng = np.random.default_rng(1)
    sizes = np.where(np.arange(40) < 20, 4, 1)
    subjects = np.repeat(np.arange(40), sizes)
    labels = np.where((subjects < 16) | (subjects >= 36), "many", "few")
    samples = rng.normal(size=(40, 3))[subjects]
    found = chance_of(samples, labels, groups=subjects, refit="accuracy")
    assert found.within == "part_and_size"
    assert found.null_mean > 0.55
    assert not found.significant


@pytest.mark.parametrize("rule", ["composite", "one_standard_error"])
def test_other_rules_are_held_against_the_highest_mean(problem: Problem, rule: Any) -> None:
    options = {"groups": problem.subjects, "refit": "f1_macro", "refit_rule": rule}
    study = study_of(problem.samples, problem.labels, **options)
    found = analysis_of(study, ChanceAnalysis).chance
    assert found.observed == study.primary.winner.scores["f1_macro"].mean
    assert found.score == "f1_macro"


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_the_same_seed_gives_the_same_test(problem: Problem) -> None:
    noise = np.random.default_rng(5).normal(size=(90, 3))
    first, again = (chance_of(noise, problem.labels, groups=problem.subjects) for _ in range(2))
    assert first == again
    assert not first.significant
    assert chance_of(noise, problem.labels, groups=problem.subjects, n_jobs=2) == first
    few = slice(None, None, 6)
    unseeded = chance_of(
        noise[few], problem.labels[few], cv=LeaveOneOut(), refit="accuracy", random_state=None
    )
    assert unseeded.within == "all"
    assert ChanceTest.model_validate_json(unseeded.model_dump_json()) == unseeded


def test_a_score_that_is_not_defined_is_no_observation(problem: Problem) -> None:
    splits = make_splits(problem.labels, None, cv=3, random_state=0).as_cv()
    with refused("score_not_defined"):
        compare_with_chance(
            source_of(problem.samples, problem.labels),
            splits,
            metrics=["cosine"],
            weights=["distance"],
            refit="roc_auc_ovr",
            observed=float("-inf"),
            subjects=None,
        )


def test_a_large_search_is_refused(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chance, "MAX_CELLS", 1)
    with refused("search_too_large"):
        compare_with_chance(
            source_of(problem.samples, problem.labels),
            make_splits(problem.labels, None, cv=3, random_state=0).as_cv(),
            metrics=["cosine"],
            weights=["distance"],
            refit="roc_auc_ovr",
            observed=0.5,
            subjects=None,
        )


def test_a_large_search_is_left_out_and_that_is_said(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chance, "MAX_CELLS", 90 * 3 * 6 - 1)
    study = cross_validate_study(problem.samples, problem.labels, n_neighbors=KS, cv=3, analyses=["chance"])
    assert study.find(ChanceAnalysis) is None
    check = study.checks["analysis_left_out"]
    assert check.outcome == "tip"
    assert "'chance' was left out: Each search makes 1,620 probabilities" in check.message


def test_the_public_file_is_better_than_chance(real_file: Path) -> None:
    data = load_embeddings(real_file)
    study = cross_validate_study(data.embeddings, data.syndromes, groups=data.subjects, analyses=())
    run = study.primary
    source = GraphSource(
        NeighborGraph.from_embeddings(data.embeddings),
        data.syndromes,
        range(1, 16),
        SyndromeKNNClassifier(),
    )
    splits = make_splits(data.syndromes, data.subjects, cv=10, random_state=42).as_cv()
    found = compare_with_chance(
        source,
        splits,
        metrics=["euclidean", "cosine"],
        weights=["distance"],
        refit="roc_auc_ovr",
        observed=run.refit_mean(run.winner),
        subjects=data.subjects,
    )
    assert (found.p_value, found.within) == (1 / 200, "part_and_size")
    assert found.null_mean == pytest.approx(0.525, abs=0.01)


def folds(*tests: list[int]) -> list[IndexSplit]:
    rows = np.arange(1 + max(max(test) for test in tests))
    return [(np.setdiff1d(rows, test), np.array(test)) for test in tests]


@pytest.mark.parametrize("seed", range(3))
def test_a_subject_keeps_one_label_and_each_test_part_its_labels(problem: Problem, seed: int) -> None:
    truth = np.unique(problem.labels, return_inverse=True)[1]
    splits = make_splits(problem.labels, problem.subjects, cv=4, random_state=0).as_cv()
    units = find_units(truth, problem.subjects, splits)
    permuted = units.permute(np.random.default_rng(seed))
    assert units.within == "part_and_size"
    assert (permuted != truth).any()
    for _, test in splits:
        assert sorted(permuted[test]) == sorted(truth[test])
    for subject in np.unique(problem.subjects):
        assert len(np.unique(permuted[problem.subjects == subject])) == 1


def test_all_arrangements_within_a_part_are_equally_likely() -> None:
    units = find_units(np.array([0, 0, 1, 1, 1, 0]), None, folds([0, 1, 2], [3, 4, 5]))
    generator = np.random.default_rng(0)
    drawn = np.array([units.permute(generator) for _ in range(3000)])
    arrangements, counts = np.unique(drawn, axis=0, return_counts=True)
    assert len(arrangements) == 9
    assert counts.min() > 3000 / 9 - 80
    assert counts.max() < 3000 / 9 + 80


def test_subjects_are_exchanged_for_those_of_equally_many_images() -> None:
    # Two subjects of two images and four of one, in one test part each half.
    subjects = np.array([0, 0, 1, 1, 2, 3, 4, 5])
    truth = np.array([0, 0, 1, 1, 0, 1, 0, 1])
    units = find_units(truth, subjects, folds(list(range(8))))
    generator = np.random.default_rng(0)
    assert units.within == "part_and_size"
    for _ in range(20):
        assert np.bincount(units.permute(generator)).tolist() == [4, 4]


def permutations(truth: IndexArray, subjects: IndexArray | None, splits: list[IndexSplit]) -> str:
    return find_units(truth, subjects, splits).within


def test_where_sizes_differ_too_much_they_are_disregarded() -> None:
    subjects, truth = np.array([0, 1, 1, 2, 2, 2]), np.array([0, 1, 1, 0, 0, 0])
    assert permutations(truth, subjects, folds(list(range(6)))) == "part"


def test_where_a_part_holds_one_unit_parts_are_disregarded() -> None:
    assert permutations(np.array([0, 1, 0, 1]), None, folds([0], [1], [2], [3])) == "all"


def test_where_folds_overlap_units_of_the_same_parts_are_exchanged() -> None:
    truth, splits = np.array([0, 1, 0, 1, 0, 1]), folds([0, 1, 2, 3], [2, 3])
    units = find_units(truth, None, splits)
    assert units.within == "part_and_size"
    assert len(np.unique(units.strata)) == 3  # tested once, twice, never
    assert units.strata[4] == units.strata[5] != units.strata[0]


def test_a_subject_with_two_labels_is_two_units() -> None:
    units = find_units(np.array([0, 0, 1, 1]), np.array(["x", "x", "x", "y"]), folds([0, 1, 2, 3]))
    assert len(units.labels) == 3
    assert units.of_image[0] == units.of_image[1] != units.of_image[2]
