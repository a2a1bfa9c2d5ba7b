"""Tasks: what labels are, and how predictions of them are judged."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_array
from sklearn.linear_model import LogisticRegression, RidgeClassifier
from sklearn.metrics import (
    accuracy_score,
    average_precision_score,
    f1_score,
    hamming_loss,
    label_ranking_average_precision_score,
    precision_score,
    recall_score,
    roc_auc_score,
)
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import KNeighborsClassifier, NearestCentroid
from sklearn.svm import SVC, LinearSVC

from skknn_syndrome.crossval.search import TaskScorer
from skknn_syndrome.crossval.tasks import (
    BINARY,
    MULTICLASS,
    MULTILABEL,
    Answer,
    MulticlassTask,
    ask,
    ask_labels,
    register_task,
    scoped_tasks,
    task_of,
)
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.metrics.predictions import LabelSetPredictions
from skknn_syndrome.metrics.score_table import SCORE_NAMES
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from tests.crossval.builders import label_sets
from tests.problems import Problem
from tests.refusing import refused


@pytest.mark.parametrize(
    "y, name",
    [
        (["a", "b", "a"], "binary"),
        ([[1], [2]], "binary"),
        (["a", "b", "c"], "multiclass"),
        ([1, 1, 1], "multiclass"),
        (np.array(["a", 1], dtype=object), "multiclass"),
        (np.array([["a", "b"], ["a", "b"]]), "binary"),
        ([[0, 1], [1, 1]], "multilabel"),
        ([[0, -1], [1, np.nan]], "multilabel"),
        (csr_array([[0, 1], [1, 1]]), "multilabel"),
    ],
)
def test_labels_say_which_task_they_are_of(y: Any, name: str) -> None:
    assert task_of(y).name == name


def test_a_task_that_is_registered_is_asked_first_until_its_scope_ends() -> None:
    class Grades(MulticlassTask):
        def takes(self, y: Any) -> bool:
            return set(y) <= {"mild", "moderate", "severe"}

    with scoped_tasks():
        register_task(Grades())
        assert isinstance(task_of(["mild", "severe"]), Grades)
        assert task_of(["a", "b"]) is BINARY
    assert task_of(["mild", "severe"]) is BINARY


def test_single_labels_are_encoded_as_they_are() -> None:
    target = MULTICLASS.encode(["b", "a", "c"], 3)
    assert target.labels.tolist() == ["b", "a", "c"]
    assert target.classes.tolist() == ["a", "b", "c"]
    with refused("missing_value", "y"):
        BINARY.encode(["a", None], 2)


def test_single_labels_have_the_scores_of_a_study() -> None:
    assert tuple(BINARY.scores) == tuple(MULTICLASS.scores) == tuple(SCORE_NAMES)


@pytest.mark.parametrize("convert", [list, np.array, csr_array, pd.DataFrame])
def test_an_indicator_matrix_is_taken_in_any_form(convert: Any) -> None:
    target = MULTILABEL.encode(convert([[0, 1, 0], [1, 1, 0]]), 2)
    assert target.labels.tolist() == [[0, 1, 0], [1, 1, 0]]
    assert target.classes.tolist() == [0, 1, 2]


def test_columns_of_a_data_frame_name_the_labels() -> None:
    frame = pd.DataFrame({"cataract": [True, False], "glaucoma": [True, True]})
    assert MULTILABEL.encode(frame, 2).classes.tolist() == ["cataract", "glaucoma"]


@pytest.mark.parametrize(
    "y, code",
    [
        ([[0, 1]], "wrong_shape"),
        ([0, 1], "wrong_shape"),
        ([[0], [1]], "wrong_shape"),
        ([[0, 1], [-1, 1]], "not_an_indicator"),
        ([[0, 0], [0, 0]], "no_labels"),
    ],
)
def test_a_matrix_that_says_no_labels_is_refused(y: Any, code: str) -> None:
    with refused(code, "y", error=StudySettingsError):
        MULTILABEL.encode(y, 2)


def test_an_entry_that_says_neither_yes_nor_no_is_named_with_its_place() -> None:
    with refused("not_an_indicator", "y") as caught:
        MULTILABEL.encode([[0, np.nan], [0.5, 1]], 2)
    assert "'nan' for label '1' in row 0 (counted from 0), one of 2 entries" in str(caught.value)


@pytest.mark.parametrize(
    "y, code",
    [
        ([["a", "b"]] * 2, "wrong_shape"),
        (["a"], "wrong_length"),
        (["a", " "], "missing_value"),
        (["12", 12], "mixed_types"),
        (["a", "a"], "one_class"),
        (["a", "\ud800"], "invalid_unicode"),
    ],
)
def test_labels_that_can_not_be_told_apart_are_refused(y: Any, code: str) -> None:
    with refused(code, "y"):
        MULTICLASS.encode(y, 2)


def test_single_labels_are_divided_as_a_study_divides_them(problem: Problem) -> None:
    target = MULTICLASS.encode(problem.labels, 90)
    splits = MULTICLASS.folds(target, problem.subjects, cv=3, random_state=0)
    assert (splits.protocol, splits.n_folds) == ("subject", 3)


def halves(problem: Problem) -> tuple[Any, Any, Any, Any]:
    train, test = np.arange(0, 90, 2), np.arange(1, 90, 2)
    return problem.samples[train], problem.labels[train], problem.samples[test], problem.labels[test]


@pytest.mark.parametrize(
    "model, kind",
    [
        (SyndromeKNNClassifier(5), "probabilities"),
        (LogisticRegression(), "probabilities"),
        (LinearSVC(random_state=0), "decision"),
        (NearestCentroid(shrink_threshold=0.1), "probabilities"),
    ],
)
def test_every_kind_of_classifier_is_judged_by_what_it_predicts(
    problem: Problem, model: Any, kind: str
) -> None:
    X, y, test, truth = halves(problem)
    answer = MULTICLASS.ask(model.fit(X, y), test, MULTICLASS.encode(y, len(y)))
    found = MULTICLASS.judge(truth, answer)
    predicted = model.predict(test)
    assert answer.kind == kind
    assert found["accuracy"] == pytest.approx(accuracy_score(truth, predicted))
    assert found["f1_macro"] == pytest.approx(f1_score(truth, predicted, average="macro"))
    assert found == TaskScorer(MULTICLASS)(model, test, truth)


def test_labels_are_those_predicted_and_ranks_those_of_the_scores(problem: Problem) -> None:
    X, y, test, truth = halves(problem)
    model = SVC(decision_function_shape="ovr", C=0.01, kernel="poly").fit(X, y)
    answer = ask(model, test)
    areas = [roc_auc_score(truth == label, answer.scores[:, place]) for place, label in enumerate("abc")]
    found = MULTICLASS.judge(truth, answer)
    assert found["roc_auc_ovr"] == pytest.approx(np.mean(areas))
    assert found["balanced_accuracy"] == pytest.approx(
        np.mean([(model.predict(test) == label)[truth == label].mean() for label in "abc"])
    )


def test_decision_values_of_pairs_of_classes_are_refused(problem: Problem) -> None:
    X, y, test, _ = halves(problem)
    with refused("decisions_of_pairs", "estimator"):
        ask(SVC(decision_function_shape="ovo").fit(X, y), test)


def test_a_ranking_may_disagree_with_the_prediction() -> None:
    # Ranked a, a; predicted a, b: the ranking has one of two first, the prediction both right.
    scores, classes = np.array([[0.9, 0.1], [0.6, 0.4]]), np.array(["a", "b"])
    answer = Answer(scores, classes, "decision", np.array(["a", "b"]))
    found = MULTICLASS.judge(np.array(["a", "b"]), answer)
    assert (found["accuracy"], found["top_1_accuracy"], found["roc_auc_ovr"]) == (1.0, 0.5, 1.0)
    assert Answer(scores, classes, "probabilities").marks.tolist() == [[1, 0], [1, 0]]


def test_the_decision_of_two_classes_ranks_both(problem: Problem) -> None:
    two = problem.labels != "c"
    X, y = problem.samples[two], problem.labels[two]
    model = RidgeClassifier().fit(X[::2], y[::2])
    answer = ask(model, X[1::2])
    values = model.decision_function(X[1::2])
    np.testing.assert_array_equal(answer.scores, np.column_stack([-values, values]))
    assert BINARY.judge(y[1::2], answer)["roc_auc_ovr"] == pytest.approx(roc_auc_score(y[1::2], values))


def test_of_a_classifier_that_says_nothing_else_the_labels_are_known(problem: Problem) -> None:
    X, y, test, truth = halves(problem)

    class Silent(KNeighborsClassifier):  # type: ignore[misc] # scikit-learn is untyped
        predict_proba = property()  # as scikit-learn hides what there is not

    model = Silent(3).fit(X, y)
    answer = ask(model, test)
    assert answer.kind == "labels"
    np.testing.assert_array_equal(answer.scores, answer.marks)
    assert MULTICLASS.judge(truth, answer)["accuracy"] == accuracy_score(truth, model.predict(test))


@pytest.fixture(scope="module")
def several() -> tuple[Any, Any]:
    return label_sets(200, 4)


@pytest.mark.parametrize(
    "model, kind",
    [
        (KNeighborsClassifier(5), "probabilities"),
        (OneVsRestClassifier(LogisticRegression(max_iter=1000)), "probabilities"),
        (OneVsRestClassifier(LinearSVC(random_state=0)), "decision"),
    ],
)
def test_several_labels_are_judged_as_scikit_learn_does(several: Any, model: Any, kind: str) -> None:
    X, y = several
    target = MULTILABEL.encode(y, 200)
    answer = MULTILABEL.ask(model.fit(X[::2], y[::2]), X[1::2], target)
    found, truth, predicted = MULTILABEL.judge(y[1::2], answer), y[1::2], model.predict(X[1::2])
    assert answer.kind == kind
    assert list(found) == MULTILABEL.scores
    assert found["roc_auc_ovr"] == pytest.approx(roc_auc_score(truth, answer.scores))
    assert found["f1_macro"] == pytest.approx(f1_score(truth, predicted, average="macro", zero_division=0))
    assert found["f1_micro"] == pytest.approx(f1_score(truth, predicted, average="micro"))
    assert found["subset_accuracy"] == pytest.approx(accuracy_score(truth, predicted))
    assert found["hamming_loss"] == pytest.approx(hamming_loss(truth, predicted))
    for average in ("weighted", "samples"):
        expected = f1_score(truth, predicted, average=average, zero_division=0)
        assert found[f"f1_{average}"] == pytest.approx(expected)
    assert found["average_precision_macro"] == pytest.approx(average_precision_score(truth, answer.scores))
    assert found["label_ranking_average_precision"] == pytest.approx(
        label_ranking_average_precision_score(truth, answer.scores)
    )
    for name, score in (("precision_macro", precision_score), ("recall_macro", recall_score)):
        assert found[name] == pytest.approx(score(truth, predicted, average="macro", zero_division=0))
    assert TaskScorer(MULTILABEL)(model, X[1::2], y[1::2]) == found


def test_a_label_that_is_neither_true_nor_predicted_counts_as_in_scikit_learn() -> None:
    truth = np.array([[1, 0, 0, 0], [1, 0, 1, 0], [0, 0, 1, 0]])
    predicted = np.array([[1, 0, 0, 1], [0, 0, 0, 0], [0, 0, 0, 0]])
    answer = Answer(predicted.astype(float), np.arange(4), "labels", predicted)
    found = MULTILABEL.judge(truth, answer)
    for name, score in (
        ("f1_macro", f1_score),
        ("precision_macro", precision_score),
        ("recall_macro", recall_score),
    ):
        assert found[name] == pytest.approx(score(truth, predicted, average="macro", zero_division=0))
    assert found["f1_micro"] == pytest.approx(f1_score(truth, predicted, average="micro"))


def test_of_sets_of_labels_none_is_the_true_one() -> None:
    sets = LabelSetPredictions(np.eye(2) > 0, np.eye(2) > 0, np.eye(2))
    with pytest.raises(TypeError, match="any number of labels"):
        sets.ranking("by_rule").within(1)


def test_labels_that_training_has_on_all_images_or_on_none(several: Any) -> None:
    X, y = several
    y = y.copy()
    y[::2, 0], y[::2, 1] = 1, 0
    model = KNeighborsClassifier(3).fit(X[::2], y[::2])
    answer = ask_labels(model, X[1::2], np.arange(4))
    assert (answer.scores[:, 0] == 1).all()
    assert (answer.scores[:, 1] == 0).all()


def test_several_labels_that_are_all_that_is_said(several: Any) -> None:
    X, y = several
    model = OneVsRestClassifier(LinearSVC(random_state=0)).fit(X, csr_array(y))

    class Silent:
        def predict(self, rows: Any) -> Any:
            return model.predict(rows)  # sparse, as it was trained

    answer = ask_labels(Silent(), X, np.arange(4))
    assert answer.kind == "labels"
    np.testing.assert_array_equal(answer.scores, answer.marks)


def test_perfect_and_hopeless_several_labels() -> None:
    truth = np.array([[1, 0], [0, 1]])
    right = Answer(truth.astype(float), np.arange(2), "labels", truth)
    wrong = Answer(1.0 - truth, np.arange(2), "labels", 1 - truth)
    assert {name: value for name, value in MULTILABEL.judge(truth, right).items() if value != 1} == {
        "hamming_loss": 0
    }
    # A precision is never 0 where all labels are ranked: the true one comes second of two.
    assert {name: value for name, value in MULTILABEL.judge(truth, wrong).items() if value != 0} == {
        "average_precision_macro": 0.5,
        "label_ranking_average_precision": 0.5,
        "hamming_loss": 1,
    }


def test_an_area_takes_a_label_that_some_have_and_some_not() -> None:
    truth = np.array([[1, 0], [1, 0]])
    answer = Answer(truth.astype(float), np.arange(2), "labels", truth)
    assert np.isnan(MULTILABEL.judge(truth, answer)["roc_auc_ovr"])
