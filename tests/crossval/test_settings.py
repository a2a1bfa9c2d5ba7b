"""What a study refuses before anything is computed."""

from typing import Any

import numpy as np
import pytest
from sklearn.model_selection import LeaveOneGroupOut
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome.analyses.uncertainty.result import UncertaintyAnalysis
from skknn_syndrome.crossval.refit_rules import RuleName
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.study import cross_validate_study
from tests.builders import analysis_of
from tests.problems import Problem

SMALL: dict[str, Any] = {"n_neighbors": [3], "metrics": "cosine", "cv": 3, "analyses": ()}


@pytest.mark.parametrize(
    "options, fragment",
    [
        ({"random_state": np.random.RandomState(0)}, "random_state is a RandomState, .* pass an int"),
        ({"random_state": np.random.default_rng(0)}, "random_state is a Generator, .* pass an int"),
        ({"random_state": True}, "random_state is a bool"),
        ({"random_state": -1}, "random_state=-1 must lie between 0 and 4294967286"),
        ({"random_state": 2**32 - 1}, "must lie between 0 and 4294967286"),
        ({"n_repeats": 0}, "n_repeats=0 must be a whole number"),
        ({"n_repeats": 2.0}, "n_repeats=2.0 must be"),
        ({"metrics": "foo"}, "metrics names 'foo': take some of euclidean, cosine"),
        ({"metrics": ["cosine", None]}, "metrics names None"),
        ({"metrics": None}, "metrics names None"),
        ({"metrics": []}, "no value for metrics"),
        ({"weights": "foo"}, "weights names 'foo': take some of uniform"),
        ({"n_neighbors": 5.0}, "n_neighbors must be whole numbers, the grid holds 5.0"),
        ({"n_neighbors": None}, "n_neighbors must be whole numbers, the grid holds None"),
        ({"n_neighbors": [True]}, "n_neighbors must be whole numbers, the grid holds True"),
        ({"cv": 500}, "cv=500 is too many folds for 30 images of the largest class: take from 2 to 30"),
        ({"cv": True}, "cv=True is no number of folds"),
        ({"cv": 3.0}, "cv=3.0 is no number of folds"),
        ({"callbacks": print}, r"callbacks=<built-in function print> can't be used: .* \[sklearn.callback"),
        ({"callbacks": [None]}, r"callbacks=\[None\] can't be used"),
        ({"protocols": "person"}, r"protocols=\('person',\) must name 'subject', 'image' or both"),
        (
            {"groups": ["one"] * 90},
            r"for 1 subject: all images have the id 'one'\. .* protocols=\('image',\)",
        ),
        ({"groups": ["one", "two"] * 45}, "cv=3 is too many folds for 2 subjects: take cv=2"),
        ({"groups": np.arange(80)}, "groups has 80 entries for 90 images"),
        ({"groups": np.ones((90, 2))}, r"groups has the shape \(90, 2\): give one subject id"),
        ({"groups": ["s", " "] * 45}, "groups has no value in row 1"),
        ({"groups": [("a", None)] + [("a", 1)] * 89}, "groups has no value in row 0"),
        ({"groups": np.array(["12", 12] * 45, dtype=object)}, r"groups mixes '12' \(str\) and '12' \(int\)"),
        (
            {"estimator": SyndromeKNNClassifier(class_weight={"a": 2.0, "d": 3.0})},
            "class_weight names 'd', which is no class: there are 'a', 'b', 'c'",
        ),
        (
            {"estimator": Pipeline([("knn", SyndromeKNNClassifier(class_weight={1: 2.0}))])},
            "class_weight names 1, which is no class",
        ),
        (
            {"estimator": SyndromeKNNClassifier(class_weight={"a": "heavy"})},  # type: ignore[dict-item]
            r"class_weight\['a'\] is 'heavy': give a number",
        ),
        ({"estimator": SyndromeKNNClassifier(class_weight={"a": -1})}, "class_weight of class a is -1.0"),
        (
            {"estimator": Pipeline([("scale", StandardScaler()), ("svc", LinearSVC())])},
            "The estimator is a Pipeline that ends in a LinearSVC",
        ),
        ({"estimator": LinearSVC()}, "The estimator is a LinearSVC; a study takes"),
    ],
)
def test_what_can_not_be_used_is_refused_with_its_name_before_the_computing(
    problem: Problem, options: dict[str, Any], fragment: str
) -> None:
    with pytest.raises(StudySettingsError, match=fragment):
        cross_validate_study(problem.samples, problem.labels, **(SMALL | options))


def test_a_protocol_is_named_with_or_without_a_list(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples, problem.labels, groups=problem.subjects, **(SMALL | {"protocols": "image"})
    )
    assert [run.protocol for run in study.protocols] == ["image"]


@pytest.mark.parametrize("number", [np.nan, np.inf])
def test_embeddings_that_are_not_finite_are_named_by_their_place(problem: Problem, number: float) -> None:
    samples = problem.samples.copy()
    samples[[7, 9], 2] = number
    with pytest.raises(
        StudySettingsError, match=r"in 2 of 90 rows, first in row 7, column 2 \(counted from 0\)"
    ):
        cross_validate_study(samples, problem.labels, **SMALL)


def test_labels_that_are_too_few_are_named_with_both_lengths(problem: Problem) -> None:
    with pytest.raises(StudySettingsError, match="y has 80 entries for 90 images"):
        cross_validate_study(problem.samples, problem.labels[:80], **SMALL)


def test_of_many_classes_an_error_names_ten() -> None:
    labels = np.repeat(np.arange(12), 3)
    weighted = SyndromeKNNClassifier(class_weight={"x": 1.0})
    with pytest.raises(StudySettingsError, match=r"there are '0', .* and 2 more"):
        cross_validate_study(np.eye(36), labels, estimator=weighted, **SMALL)


@pytest.mark.parametrize("steps", [[], [("scale", StandardScaler())]])
def test_a_class_with_a_weight_may_be_missing_from_a_training_part(
    problem: Problem, steps: list[tuple[str, Any]]
) -> None:
    weighted = SyndromeKNNClassifier(class_weight={"a": 2.0})
    estimator = Pipeline([*steps, ("knn", weighted)]) if steps else weighted
    rows = np.arange(90)
    without_a = rows[problem.labels != "a"]
    folds = [(without_a[::2], np.setdiff1d(rows, without_a[::2])), (rows[::2], rows[1::2])]
    study = cross_validate_study(
        problem.samples, problem.labels, estimator=estimator, **(SMALL | {"cv": folds, "refit": "accuracy"})
    )
    assert study.primary.folds[0].absent_from_train == ("a",)
    assert "class_weight={'a': 2.0}" in study.provenance.estimator


def test_one_image_of_each_class_can_not_be_divided() -> None:
    with pytest.raises(StudySettingsError, match="Each class has one image"):
        cross_validate_study(np.eye(4), list("abcd"), **SMALL)


def test_a_predict_of_its_own_need_not_name_the_most_probable_class(problem: Problem) -> None:
    class Stubborn(SyndromeKNNClassifier):
        def predict(self, X: Any) -> Any:
            return np.full(len(X), "a")

    with pytest.raises(StudySettingsError, match="Stubborn has a predict of its own"):
        cross_validate_study(problem.samples, problem.labels, estimator=Stubborn(), **SMALL)


def test_a_seed_may_be_a_number_of_numpys(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples, problem.labels, **(SMALL | {"random_state": np.int64(7), "n_repeats": np.int64(2)})
    )
    assert study.provenance.random_state == 7
    assert type(study.provenance.random_state) is int


def test_a_distance_or_score_that_there_is_not_is_answered_with_those_that_there_are(
    problem: Problem,
) -> None:
    study = cross_validate_study(
        problem.samples, problem.labels, **(SMALL | {"metrics": ["cosine", "euclidean"]})
    )
    with pytest.raises(KeyError, match="no 'cos', but 'cosine', 'euclidean'"):
        study.best["cos"]
    with pytest.raises(KeyError, match="no 'auc', but 'roc_auc_ovr', 'f1_macro'"):
        study.best["cosine"].scores["auc"]
    assert study.best.get("cos") is None
    assert "cos" not in study.best


@pytest.mark.parametrize("rule", ["best", "one_standard_error", "composite"])
def test_nothing_is_chosen_by_a_score_that_most_folds_leave_undefined(
    problem: Problem, rule: RuleName
) -> None:
    with pytest.raises(StudySettingsError, match="defined in 0 of 45 folds"):
        cross_validate_study(
            problem.samples, problem.labels, groups=problem.subjects, cv=LeaveOneGroupOut(), refit_rule=rule
        )


def test_another_score_chooses_and_the_pooled_predictions_have_an_area(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples,
        problem.labels,
        groups=problem.subjects,
        cv=LeaveOneGroupOut(),
        refit="accuracy",
        n_neighbors=[3],
        analyses=["uncertainty"],
    )
    area = study.primary.winner.scores["roc_auc_ovr"]
    assert not area.rests_on_most_folds
    assert study.primary.winner.scores["accuracy"].rests_on_most_folds
    pooled = analysis_of(study, UncertaintyAnalysis).pooled[0].scores["roc_auc_ovr"]
    assert pooled.estimate is not None
    assert pooled.estimate > 0.5
    assert "defined in 45 of 45 folds" in repr(study)


def test_half_of_the_folds_are_enough(problem: Problem) -> None:
    rows = np.arange(90)
    folds = [(np.r_[10:90], rows[:10]), (np.r_[:25, 35:90], rows[25:35])]  # one class tested, then two
    study = cross_validate_study(
        problem.samples, problem.labels, cv=folds, n_neighbors=[3], metrics="euclidean", analyses=()
    )
    assert study.primary.winner.scores["roc_auc_ovr"].n_defined == 1
