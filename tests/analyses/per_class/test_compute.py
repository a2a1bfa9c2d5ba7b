"""Scores, curves and errors class by class, against scikit-learn and SciPy."""

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import fisher_exact, spearmanr
from sklearn.metrics import (
    confusion_matrix,
    precision_recall_fscore_support,
    roc_auc_score,
    top_k_accuracy_score,
)
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome._typing import IndexArray
from skknn_syndrome.analyses.per_class.compute import correlate_size_and_recall, find_confused_pairs
from skknn_syndrome.analyses.per_class.result import Evaluation, PerClassAnalysis, RankCorrelation
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.results.candidate import KNN, CandidateKey, knn_params
from skknn_syndrome.study import cross_validate_study
from tests.builders import analysis_of
from tests.problems import Problem


def evaluate(problem: Problem, **settings: object) -> Evaluation:
    arguments = {"n_neighbors": [5], "metrics": ["euclidean"], "cv": 3, "analyses": (), **settings}
    study = cross_validate_study(problem.samples, problem.labels, **arguments)  # type: ignore[arg-type]
    return analysis_of(study, PerClassAnalysis).evaluations[0]


def test_every_image_is_counted_once_and_as_scikit_learn_counts(problem: Problem) -> None:
    evaluation = evaluate(problem)
    model = KNeighborsClassifier(5, weights="distance", algorithm="brute")
    folds = StratifiedKFold(3, shuffle=True, random_state=42)
    taken = cross_val_predict(model, problem.samples, problem.labels, cv=folds)
    expected = confusion_matrix(problem.labels, taken)
    assert evaluation.syndromes == ("a", "b", "c")
    np.testing.assert_array_equal(evaluation.confusion, expected)
    precision, recall, f1, support = precision_recall_fscore_support(problem.labels, taken)
    for row, scores in enumerate(evaluation.per_syndrome):
        assert (scores.precision, scores.recall, scores.f1) == pytest.approx(
            (precision[row], recall[row], f1[row])
        )
        assert scores.n_images == support[row]


def test_curves_are_means_over_the_folds(problem: Problem) -> None:
    evaluation = evaluate(problem)
    model = KNeighborsClassifier(5, weights="distance", algorithm="brute")
    areas = []
    for train, test in StratifiedKFold(3, shuffle=True, random_state=42).split(
        problem.samples, problem.labels
    ):
        proba = model.fit(problem.samples[train], problem.labels[train]).predict_proba(problem.samples[test])
        areas.append(
            [roc_auc_score(problem.labels[test] == name, proba[:, i]) for i, name in enumerate("abc")]
        )
    for roc, scores, area in zip(
        evaluation.syndrome_rocs, evaluation.per_syndrome, np.mean(areas, axis=0), strict=True
    ):
        assert roc.curve is not None
        assert roc.curve.mean_auc == pytest.approx(area)
        assert scores.roc_auc == roc.curve.mean_auc
    assert evaluation.micro_roc.n_folds == 3
    assert evaluation.micro_roc.true_positive_rate[-1] == 1.0


def test_subjects_are_counted_where_there_are_any(problem: Problem) -> None:
    assert {row.n_subjects for row in evaluate(problem, groups=problem.subjects).per_syndrome} == {15}
    assert {row.n_subjects for row in evaluate(problem).per_syndrome} == {None}


def test_a_class_that_can_not_be_found_is_never_taken_and_has_no_curve(problem: Problem) -> None:
    # "d" is in one image alone: where that is tested, no classifier knows the name.
    rare = np.where(np.arange(90) == 60, "d", problem.labels)
    evaluation = evaluate(Problem(problem.samples, rare, problem.subjects))
    scores = evaluation.per_syndrome[3]
    assert (scores.syndrome, scores.precision, scores.recall, scores.f1) == ("d", None, 0.0, 0.0)
    assert scores.roc_auc is None
    assert evaluation.syndrome_rocs[3].curve is None
    assert sum(map(sum, evaluation.confusion)) == 90


def test_top_k_is_taken_within_each_syndrome_and_averaged_over_syndromes(problem: Problem) -> None:
    # Ten syndromes of nine images, drawn at random: hard, and with ties among those that nobody votes for.
    labels = np.array(list("abcdefghij"))[np.random.default_rng(1).permutation(90) % 10]
    evaluation = evaluate(Problem(problem.samples, labels, problem.subjects))
    model = KNeighborsClassifier(5, weights="distance", algorithm="brute")
    folds = StratifiedKFold(3, shuffle=True, random_state=42)
    proba = cross_val_predict(model, problem.samples, labels, cv=folds, method="predict_proba")
    for scores in evaluation.per_syndrome:
        own = labels == scores.syndrome
        for entry in scores.top_k:
            expected = top_k_accuracy_score(labels[own], proba[own], k=entry.k, labels=np.unique(labels))
            assert entry.accuracy == pytest.approx(expected)
            assert entry.lower <= entry.accuracy <= entry.upper
    for place, mean in enumerate(evaluation.mean_top_k):
        entries = [scores.top_k[place] for scores in evaluation.per_syndrome]
        assert mean.k == (1, 3, 5)[place] == entries[0].k
        assert mean.accuracy == pytest.approx(np.mean([entry.accuracy for entry in entries]))
        assert mean.lower == pytest.approx(np.mean([entry.lower for entry in entries]))
        assert mean.upper == pytest.approx(np.mean([entry.upper for entry in entries]))


def test_sensitivity_and_ppv_have_intervals_over_subjects(problem: Problem) -> None:
    evaluation = evaluate(problem, groups=problem.subjects)
    for scores in evaluation.per_syndrome:
        for share, interval in ((scores.recall, scores.sensitivity), (scores.precision, scores.ppv)):
            assert interval is not None
            assert interval.estimate == pytest.approx(share)
            assert interval.unit == "subjects"
            assert interval.low is not None
            assert interval.high is not None
            assert interval.low < interval.estimate < interval.high


def test_a_syndrome_that_is_never_predicted_has_no_ppv(problem: Problem) -> None:
    rows = np.arange(90)
    chosen = evaluate(problem, cv=[(rows[10:], rows[:10]), (rows[rows % 3 > 0], rows[:60:3])])
    assert chosen.per_syndrome[2].sensitivity is None


def test_each_syndrome_counts_the_same_in_the_mean(problem: Problem) -> None:
    # 2 of 2 images of "b" and none of 1 of "a": the share of all images is 2/3, the mean over syndromes 1/2.
    samples = np.array([[0.0], [1.0], [9.0], [10.0], [11.0], [12.0]])
    labels = np.array(["a", "a", "b", "b", "b", "a"])
    fold = np.array([0, 1, 2, 3]), np.array([4, 5])
    other = np.array([0, 1, 3, 4]), np.array([2])
    evaluation = evaluate(Problem(samples, labels, problem.subjects[:6]), n_neighbors=[1], cv=[fold, other])
    assert [row.top_k[0].accuracy for row in evaluation.per_syndrome] == [0.0, 1.0]
    assert evaluation.mean_top_k[0].accuracy == 0.5


def test_a_syndrome_that_is_never_tested_has_no_top_k_and_no_part_in_the_mean(problem: Problem) -> None:
    rows = np.arange(90)
    evaluation = evaluate(problem, cv=[(rows[10:], rows[:10]), (rows[rows % 3 > 0], rows[:60:3])])
    assert evaluation.per_syndrome[2].top_k == ()
    first, second = (row.top_k[0].accuracy for row in evaluation.per_syndrome[:2])
    assert evaluation.mean_top_k[0].accuracy == pytest.approx((first + second) / 2)


def said(truth: IndexArray, predicted: IndexArray, subjects: IndexArray | None = None) -> OutOfFoldRecord:
    """Return a record with these predictions, an image each."""
    n_classes = int(max(truth.max(), predicted.max())) + 1
    return OutOfFoldRecord(
        rows=np.arange(len(truth)),
        folds=np.zeros(len(truth), dtype=np.intp),
        probabilities=np.eye(n_classes)[predicted],
        protocol="image",
        n_folds=1,
        candidate=CandidateKey(head=KNN, params=knn_params("cosine", "distance", 3)),
        labels=truth,
        subjects=subjects,
        trained=np.ones((1, n_classes), dtype=np.bool_),
        neighbors=None,
    )


def confused(n_errors: int = 9) -> tuple[IndexArray, IndexArray]:
    """Return four classes of twenty; errors of the first fall on the second alone, others are even."""
    truth = np.repeat(np.arange(4), 20)
    predicted = truth.copy()
    predicted[:n_errors] = 1
    for one in (1, 2, 3):
        predicted[20 * one : 20 * one + 3] = [other for other in range(4) if other != one]
    return truth, predicted


def test_what_is_confused_beyond_chance_is_found_with_fishers_p_value() -> None:
    (pair,) = find_confused_pairs(said(*confused()))
    assert (pair.syndrome, pair.misclassified_as, pair.n_images) == ("0", "1", 9)
    assert (pair.share, pair.share_of_errors) == (9 / 20, 1)
    # Of the others 17 + 1 + 1 are predicted as 1; 60 less three are predicted as anything but 0.
    assert pair.expected_share == pytest.approx(19 / 57)
    expected = fisher_exact(np.array([[9, 0], [19, 38]]), alternative="greater").pvalue
    assert pair.p_value == pytest.approx(12 * expected)


def test_errors_that_are_spread_are_no_finding() -> None:
    truth, predicted = confused(0)
    predicted[:9] = np.tile([1, 2, 3], 3)
    assert find_confused_pairs(said(truth, predicted)) == ()


def test_without_errors_there_is_nothing_to_find() -> None:
    truth = np.repeat(np.arange(4), 20)
    assert find_confused_pairs(said(truth, truth)) == ()


def test_of_two_syndromes_all_errors_fall_on_the_other_one() -> None:
    truth = np.repeat(np.arange(2), 40)
    predicted = np.where(np.arange(80) % 40 < 30, 1 - truth, truth)
    assert find_confused_pairs(said(truth, predicted)) == ()


def test_a_subject_counts_once_however_many_images_it_has() -> None:
    truth, predicted = confused()
    # All nine errors are of one person: that may be chance.
    subjects = np.arange(80)
    subjects[:9] = 0
    assert find_confused_pairs(said(truth, predicted, subjects)) == ()


def test_a_subject_votes_by_its_most_frequent_error() -> None:
    # Thirty subjects of class 0 with four images: one right, two taken for 1 and one for 2.
    truth = np.concatenate([np.zeros(120, dtype=int), np.repeat([1, 2], 60)])
    predicted = np.concatenate([np.tile([0, 1, 1, 2], 30), np.repeat([1, 2], 60)])
    subjects = np.concatenate([np.repeat(np.arange(30), 4), 30 + np.arange(120)])
    (pair,) = find_confused_pairs(said(truth, predicted, subjects))
    assert (pair.misclassified_as, pair.share_of_errors, pair.share, pair.expected_share) == (
        "1",
        1,
        1 / 2,
        1 / 2,
    )


@pytest.mark.parametrize("seed", range(20))
def test_shuffled_labels_confuse_nothing_beyond_chance(seed: int) -> None:
    random = np.random.default_rng(seed)
    subjects = np.repeat(np.arange(150), random.integers(1, 4, 150))
    # Predictions are alike within a subject and have nothing to do with its class.
    truth = random.choice(6, 150, p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.1])[subjects]
    person = random.choice(6, 150, p=[0.5, 0.2, 0.1, 0.1, 0.05, 0.05])[subjects]
    predicted = np.where(random.random(len(subjects)) < 0.7, person, random.integers(0, 6, len(subjects)))
    assert find_confused_pairs(said(truth, predicted, subjects)) == ()


def correlated(sizes: list[int], recalls: list[float]) -> RankCorrelation:
    found = correlate_size_and_recall(sizes, recalls)
    assert found is not None
    return found


def test_the_p_value_counts_all_orders_of_few_syndromes() -> None:
    sizes, recalls = [10, 20, 30, 40, 50, 50], [0.5, 0.9, 0.6, 0.7, 0.8, 0.8]
    found = correlated(sizes, recalls)
    assert found.rho == pytest.approx(spearmanr(sizes, recalls).statistic)
    others = [spearmanr(sizes, order).statistic for order in permutations(recalls)]
    above, below = (np.mean(np.array(others) * sign >= found.rho * sign - 1e-9) for sign in (1, -1))
    assert found.p_value == pytest.approx(min(2 * min(above, below), 1))
    assert (found.exact, found.n_syndromes) == (True, 6)


@pytest.mark.parametrize(
    "recalls, verdict",
    [
        ([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], "small_harder"),
        ([0.6, 0.5, 0.4, 0.3, 0.2, 0.1], "large_harder"),
        ([0.3, 0.1, 0.5, 0.2, 0.6, 0.4], "inconclusive"),
    ],
)
def test_the_verdict_has_the_direction_of_a_significant_correlation(
    recalls: list[float], verdict: str
) -> None:
    assert correlated([10, 20, 30, 40, 50, 60], recalls).verdict == verdict


def test_from_eight_syndromes_on_permutations_are_drawn_with_a_fixed_seed() -> None:
    random = np.random.default_rng(0)
    sizes, recalls = random.integers(5, 100, 40).tolist(), random.random(40).tolist()
    found = correlated(sizes, recalls)
    assert not found.exact
    assert found == correlated(sizes, recalls)
    assert found.p_value == pytest.approx(spearmanr(sizes, recalls).pvalue, abs=0.02)


@pytest.mark.parametrize(
    "sizes, recalls",
    [
        ([1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4]),
        ([7] * 5, [0.1, 0.2, 0.3, 0.4, 0.5]),
        ([1, 2, 3, 4, 5], [1.0] * 5),
    ],
)
def test_of_few_or_equal_values_nothing_is_said(sizes: list[int], recalls: list[float]) -> None:
    assert correlate_size_and_recall(sizes, recalls) is None


def test_by_chance_one_in_twenty_is_significant_at_most() -> None:
    random = np.random.default_rng(1)
    found = [correlated([1, 2, 3, 4, 5], random.random(5).tolist()) for _ in range(100)]
    assert sum(entry.verdict != "inconclusive" for entry in found) <= 5
