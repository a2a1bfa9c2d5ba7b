"""Confidence intervals of pooled out-of-fold scores."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from scipy.stats import binomtest, bootstrap, norm, t
from sklearn.metrics import accuracy_score, f1_score, roc_auc_score

from skknn_syndrome import SyndromeKNNClassifier, cross_validate_study, load_embeddings
from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.analyses.uncertainty.compute import compare_discordant
from skknn_syndrome.analyses.uncertainty.result import UncertaintyAnalysis
from skknn_syndrome.crossval import resamples as resamples_room
from skknn_syndrome.crossval.bootstrap import (
    bca_tails,
    expanded_level,
    pool_difference,
    pool_predictions,
    pool_scores,
)
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.crossval.fused_subjects import fuse_subjects
from skknn_syndrome.crossval.out_of_fold import OutOfFold, OutOfFoldRecord
from skknn_syndrome.crossval.predicting import record_candidate
from skknn_syndrome.crossval.resamples import Resamples, units_of
from skknn_syndrome.results.candidate import KNN, Candidate, knn_params
from skknn_syndrome.results.intervals import PooledDifference, PooledScores
from tests.builders import analysis_of
from tests.problems import Problem


def record(
    problem: Problem, *, metric: Literal["cosine", "euclidean"] = "cosine", by_subject: bool = True
) -> OutOfFoldRecord:
    groups = problem.subjects if by_subject else None
    return record_candidate(
        SyndromeKNNClassifier(5, metric=metric),
        problem.samples,
        problem.labels,
        problem.subjects,
        make_splits(problem.labels, groups, cv=4, random_state=0),
        Candidate(head=KNN, params=knn_params(metric, "distance", 5), all_scores=()),
    )


@pytest.fixture(scope="module", name="pooled")
def _pooled(problem: Problem) -> PooledScores:
    return pool_scores(record(problem), Resamples(500))


def test_estimates_are_scikit_learns_scores_of_the_pooled_predictions(
    problem: Problem, pooled: PooledScores
) -> None:
    said = record(problem)
    truth, taken = problem.labels[said.rows], said.classes[said.predicted]
    for name, value in {
        "roc_auc_ovr": roc_auc_score(truth, said.probabilities, multi_class="ovr"),
        "f1_macro": f1_score(truth, taken, average="macro"),
        "accuracy": accuracy_score(truth, taken),
    }.items():
        assert pooled.scores[name].estimate == pytest.approx(value)
    assert (pooled.unit, pooled.n_units, pooled.confidence) == ("subjects", 45, 0.95)


def test_intervals_hold_the_estimate_and_are_quantiles_of_resampled_subjects(
    problem: Problem, pooled: PooledScores
) -> None:
    said = record(problem)
    right = (said.predicted == said.truth).astype(float)
    names = np.unique(problem.subjects)
    members = [np.flatnonzero(problem.subjects[said.rows] == name) for name in names]
    generator = np.random.default_rng(1)
    accuracies = []
    for _ in range(2000):
        rows = np.concatenate([members[one] for one in generator.integers(0, len(names), len(names))])
        accuracies.append(right[rows].mean())
    found = pooled.scores["accuracy"]
    assert found.level == expanded_level(0.95, [45])
    tail = (1 - found.level) / 2
    expected = tuple(np.quantile(accuracies, [tail, 1 - tail]))
    assert (found.percentile_low, found.percentile_high) == pytest.approx(expected, abs=0.03)
    assert found.low < found.estimate < found.high  # type: ignore[operator]


def test_the_same_seed_gives_the_same_interval(problem: Problem, pooled: PooledScores) -> None:
    assert pool_scores(record(problem), Resamples(500)) == pooled
    assert pool_scores(record(problem), Resamples(500, 1)) != pooled


def macro_area(truth: IndexArray, said: Float64Array) -> float:
    """Return the mean share of pairs in which an image of the class has more of it than another."""
    areas = []
    for column in range(3):
        own, others = said[truth == column, column], said[truth != column, column]
        ahead = own[:, None] - others
        areas.append(((ahead > 0) + (ahead == 0) / 2).mean())
    return float(np.mean(areas))


def macro_f1(truth: IndexArray, said: Float64Array) -> float:
    predicted = said.argmax(axis=1)
    own, given, hits = (np.bincount(of, minlength=3) for of in (truth, predicted, truth[truth == predicted]))
    return float((2 * hits / (own + given)).mean())


def share_right(truth: IndexArray, said: Float64Array) -> float:
    return float((said.argmax(axis=1) == truth).mean())


@pytest.mark.parametrize("name", ["roc_auc_ovr", "f1_macro", "accuracy"])
@pytest.mark.parametrize("kind", ["pooled", "difference"])
def test_intervals_are_scipys_of_each_resample_scored_by_itself(
    problem: Problem, kind: str, name: str
) -> None:
    one, other = record(problem), record(problem, metric="euclidean")
    score = {"roc_auc_ovr": macro_area, "f1_macro": macro_f1, "accuracy": share_right}[name]
    members = [
        np.flatnonzero(problem.subjects[one.rows] == subject) for subject in np.unique(problem.subjects)
    ]

    def figure(drawn: IndexArray) -> float:
        rows = np.concatenate([members[number] for number in drawn])
        first, second = (score(said.truth[rows], said.probabilities[rows]) for said in (one, other))
        return first if kind == "pooled" else first - second

    resamples = Resamples(40)
    found = pool_scores(one, resamples) if kind == "pooled" else pool_difference(one, other, resamples)
    entry = found.scores[name]
    again = partial(
        bootstrap, (np.arange(45),), figure, vectorized=False, confidence_level=entry.level or 0.0
    )
    drawn = again(n_resamples=40, method="percentile", rng=np.random.default_rng(0))
    accelerated = again(n_resamples=0, method="BCa", bootstrap_result=drawn)
    low, high = drawn.confidence_interval
    assert (entry.percentile_low, entry.percentile_high) == pytest.approx((low, high), abs=1e-12)
    low, high = accelerated.confidence_interval
    assert (entry.bca_low, entry.bca_high) == pytest.approx((low, high), abs=1e-12)


def test_a_record_is_scored_once_for_all_its_intervals(problem: Problem) -> None:
    resamples, said = Resamples(20), record(problem)
    assert resamples.of_record(said) is resamples.of_record(said)
    assert pool_scores(said, resamples) == pool_scores(said, Resamples(20))


def test_without_a_seed_two_records_still_meet_the_same_resamples(problem: Problem) -> None:
    said = record(problem)
    nothing = pool_difference(said, replace(said), Resamples(20, None))
    assert all((entry.estimate, entry.method) == (0, None) for entry in nothing.all_scores)
    assert pool_scores(said, Resamples(20, None)) != pool_scores(said, Resamples(20, None))


def test_resamples_in_batches_are_those_of_one(problem: Problem, monkeypatch: pytest.MonkeyPatch) -> None:
    said = record(problem)
    whole = pool_scores(said, Resamples(20))
    monkeypatch.setattr(resamples_room, "BATCH_CELLS", 45 * 3)
    assert pool_scores(said, Resamples(20)) == whole


def test_one_subject_alone_has_no_interval() -> None:
    said = OutOfFold(np.arange(3), np.zeros(3, dtype=np.intp), np.eye(3)[[0, 1, 1]])
    found = pool_predictions(said, np.array(["a", "b", "c"]), np.array(["ann"] * 3), Resamples(5))
    assert found.scores["accuracy"].estimate == pytest.approx(2 / 3)
    assert {entry.method for entry in found.all_scores} == {None}


@pytest.mark.parametrize(
    "estimate, without",
    [(9.0, [1.0, 2.0]), (2.0, [1.0, 1.0]), (2.0, [1.0, np.nan])],
    ids=["all resamples on one side", "no unit matters", "not defined without one"],
)
def test_bca_is_not_defined(estimate: float, without: list[float]) -> None:
    assert bca_tails(estimate, np.array([1.0, 2.0, 3.0]), np.array(without), 0.95) is None


def test_images_are_drawn_where_there_are_no_subjects() -> None:
    units = units_of(np.array(["a", "b", "a"]), None)
    assert (units.kind, units.n_units, units.of_image.tolist()) == ("images", 3, [0, 1, 2])
    assert units.by_class == (2, 1)


def test_the_level_follows_what_a_score_rests_on(pooled: PooledScores) -> None:
    shares = {"accuracy", "top_1_accuracy"}
    for name, entry in pooled.scores.items():
        if entry.method is not None:
            units = [45] if name in shares else [15, 15, 15]
            assert entry.level == expanded_level(0.95, units), name


def surely(said: OutOfFoldRecord, columns: IndexArray) -> OutOfFoldRecord:
    """Return a record that gives one class all probability."""
    return replace(said, probabilities=np.eye(len(said.classes))[columns])


@pytest.mark.parametrize("right", [True, False])
def test_a_proportion_of_none_or_of_all_has_the_exact_interval_on_subjects(
    problem: Problem, *, right: bool
) -> None:
    said = record(problem)
    found = pool_scores(surely(said, (said.truth + (not right)) % 3), Resamples(50))
    expected = binomtest(45 * right, 45).proportion_ci(confidence_level=0.95, method="exact")
    for name in ("accuracy", "top_1_accuracy"):
        entry = found.scores[name]
        assert (entry.method, entry.level, entry.percentile_low) == ("exact", None, None)
        assert (entry.low, entry.high) == pytest.approx((expected.low, expected.high))


def test_other_scores_that_never_vary_have_no_interval(problem: Problem) -> None:
    said = record(problem)
    found = pool_scores(surely(said, said.truth), Resamples(50))
    assert {name for name, entry in found.scores.items() if entry.method is None} == {
        *("roc_auc_ovr", "f1_macro", "precision_macro", "recall_macro", "balanced_accuracy"),
        *("matthews_corrcoef", "cohen_kappa"),
        # There are three classes: the true one is always among the first three.
        *("top_3_accuracy", "top_5_accuracy"),
    }
    assert found.scores["roc_auc_ovr"].estimate == 1
    assert found.scores["top_3_accuracy"].low is None


def test_160_people_without_an_error_may_still_have_two_in_a_hundred() -> None:
    subjects = np.concatenate([np.arange(160), np.arange(0, 160, 2)])
    labels = np.array(["a", "b", "c", "d"])[np.minimum(subjects // 40, 3)]
    truth = np.unique(labels, return_inverse=True)[1]
    said = OutOfFold(np.arange(240), np.zeros(240, dtype=np.intp), np.eye(4)[truth])
    entry = pool_predictions(said, labels, subjects, Resamples(20)).scores["accuracy"]
    assert entry.low == pytest.approx(0.9772, abs=5e-5)
    assert entry.high == 1


def test_images_that_no_fold_tests_are_no_units(problem: Problem) -> None:
    said = record(problem)
    part = said.rows % 4 < 2
    tested = OutOfFold(said.rows[part], said.folds[part], said.probabilities[part])
    found = pool_predictions(tested, said.labels, said.subjects, Resamples(20))
    assert found.n_units == len(np.unique(problem.subjects[said.rows[part]])) < 45


def test_a_difference_pairs_the_resamples(problem: Problem) -> None:
    cosine, euclidean = record(problem), record(problem, metric="euclidean")
    found = pool_difference(cosine, euclidean, Resamples(200))
    assert (found.kind, found.first, found.second) == ("distance", "cosine", "euclidean")
    one, other = (f1_score(said.truth, said.predicted, average="macro") for said in (cosine, euclidean))
    assert found.scores["f1_macro"].estimate == pytest.approx(one - other)
    nothing = pool_difference(cosine, cosine, Resamples(50)).scores["f1_macro"]
    assert (nothing.estimate, nothing.method, nothing.low) == (0, None, None)
    assert not nothing.excludes_zero


def test_two_protocols_of_one_candidate_show_the_inflation(problem: Problem) -> None:
    found = pool_difference(record(problem, by_subject=False), record(problem), Resamples(200))
    assert (found.kind, found.first, found.second, found.variant) == (
        "protocol",
        "image",
        "subject",
        "cosine",
    )
    assert PooledDifference.model_validate_json(found.model_dump_json()) == found


def test_mcnemar_by_hand(problem: Problem) -> None:
    first, second = record(problem, by_subject=False), record(problem, metric="euclidean", by_subject=False)
    one, other = first.predicted == first.truth, second.predicted == second.truth
    found = compare_discordant(first, second)
    assert (found.n_first_alone, found.n_second_alone) == ((one & ~other).sum(), (other & ~one).sum())
    assert (found.unit, found.n_units) == ("images", len(problem.labels))
    # Nobody disagrees with himself: nothing speaks against equality.
    assert compare_discordant(first, first).p_value == 1


def test_mcnemar_counts_a_subject_once(problem: Problem) -> None:
    first, second = record(problem), record(problem, metric="euclidean")
    found = compare_discordant(first, second)
    fused = [fuse_subjects(said) for said in (first, second)]
    one, other = (part.probabilities.argmax(axis=1) == part.truth for part in fused)
    assert (found.unit, found.n_units) == ("subjects", len(np.unique(problem.subjects)))
    assert (found.n_first_alone, found.n_second_alone) == ((one & ~other).sum(), (other & ~one).sum())


def test_the_public_file_has_the_known_intervals(real_file: Path) -> None:
    data = load_embeddings(real_file)
    study = cross_validate_study(
        data.embeddings, data.syndromes, groups=data.subjects, n_neighbors=15, analyses=["uncertainty"]
    )
    by_metric = {entry.metric: entry for entry in analysis_of(study, UncertaintyAnalysis).pooled}
    f1 = by_metric["cosine"].scores["f1_macro"]
    assert (f1.low, f1.high) == pytest.approx((0.73, 0.79), abs=0.008)
    assert by_metric["cosine"].scores["accuracy"].level == pytest.approx(0.95, abs=1e-3)
    difference = analysis_of(study, UncertaintyAnalysis).difference
    assert difference is not None
    assert difference.scores["f1_macro"].excludes_zero


@pytest.mark.parametrize("n", [2, 6, 60, 941])
def test_one_class_is_hesterbergs_level(n: int) -> None:
    expected = 2 * norm.cdf(np.sqrt(n / (n - 1)) * t.ppf(0.975, n - 1)) - 1
    assert expanded_level(0.95, [n]) == pytest.approx(min(expected, 0.999))


def test_equal_classes_share_their_degrees_of_freedom() -> None:
    # Four classes of ten: sqrt(10 / 9) and 36 degrees of freedom.
    expected = 2 * norm.cdf(np.sqrt(10 / 9) * t.ppf(0.975, 36)) - 1
    assert expanded_level(0.95, [10] * 4) == pytest.approx(expected)


def test_two_unequal_classes_by_hand() -> None:
    # 1/5 + 1/20 = 0.25; 4/25 + 19/400 = 0.2075; 0.25 ** 2 / (1/100 + 1/7600) = 6.16883.
    expected = 2 * norm.cdf(np.sqrt(0.25 / 0.2075) * t.ppf(0.975, 0.0625 / (0.01 + 1 / 7600))) - 1
    assert expanded_level(0.95, [5, 20]) == pytest.approx(expected)


def test_the_level_lies_between_those_of_all_units_and_of_the_smallest_class() -> None:
    counts = [6, 20, 30, 90]
    assert expanded_level(0.95, [sum(counts)]) < expanded_level(0.95, counts) < expanded_level(0.95, [6])


def test_with_many_units_it_is_the_confidence() -> None:
    assert expanded_level(0.9, [10**7, 10**7]) == pytest.approx(0.9, abs=1e-6)


def test_a_class_of_one_unit_counts_as_one_of_two() -> None:
    assert expanded_level(0.95, [1, 40]) == expanded_level(0.95, [2, 40])


def test_the_wanted_variance_is_that_of_simulated_macro_means() -> None:
    # The factor: standard error of a macro mean over that which resampling within classes sees, on average.
    rng = np.random.default_rng(0)
    counts = [4, 10]
    draws = [rng.normal(size=(20_000, n)) for n in counts]
    true = np.mean([draw.mean(axis=1) for draw in draws], axis=0).var()
    seen = np.mean([sum(draw.var(axis=1) / draw.shape[1] for draw in draws) / 4])
    factor = np.sqrt(sum(1 / n for n in counts) / sum((n - 1) / n**2 for n in counts))
    assert np.sqrt(true / seen) == pytest.approx(factor, rel=0.02)
