"""Out-of-fold predictions, syndrome by syndrome."""

import numpy as np
import pytest
from sklearn.metrics import (
    confusion_matrix,
    precision_recall_fscore_support,
    roc_auc_score,
    top_k_accuracy_score,
)
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome.results import Evaluation
from skknn_syndrome.study import cross_validate_study
from tests.study.conftest import Problem


def evaluate(problem: Problem, **settings: object) -> Evaluation:
    arguments = {"n_neighbors": [5], "metrics": ["euclidean"], "cv": 3, **settings}
    study = cross_validate_study(problem.samples, problem.labels, **arguments)  # type: ignore[arg-type]
    return study.headline.evaluations[0]


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
