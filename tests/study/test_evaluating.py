"""Out-of-fold predictions, syndrome by syndrome."""

import numpy as np
import pytest
from sklearn.metrics import confusion_matrix, precision_recall_fscore_support, roc_auc_score
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
