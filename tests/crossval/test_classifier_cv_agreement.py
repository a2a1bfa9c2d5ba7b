"""`SyndromeKNNClassifierCV` gives the numbers of a `GridSearchCV` that fits candidate by candidate."""

from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.metrics import make_scorer, precision_score, top_k_accuracy_score
from sklearn.model_selection import (
    GridSearchCV,
    RepeatedStratifiedKFold,
    StratifiedGroupKFold,
    StratifiedKFold,
)
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome._typing import Estimator, Float64Array, LabelArray
from skknn_syndrome.crossval.classifier_cv import SyndromeKNNClassifierCV
from skknn_syndrome.crossval.folds import CrossValidation
from skknn_syndrome.crossval.search import TaskScorer
from skknn_syndrome.crossval.tasks import MULTICLASS
from skknn_syndrome.heads.knn import check_grid
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from tests.problems import Problem

pytestmark = pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time

SHUFFLED = StratifiedKFold(4, shuffle=True, random_state=42)
GROUPED = StratifiedGroupKFold(4, shuffle=True, random_state=42)


def closeness(distances: Float64Array) -> Float64Array:
    return np.asarray(1 / (1 + distances))


def assert_agreement(ours: SyndromeKNNClassifierCV, theirs: GridSearchCV) -> None:
    assert ours.best_params_ == theirs.best_params_
    assert ours.best_index_ == theirs.best_index_
    assert ours.n_splits_ == theirs.n_splits_
    np.testing.assert_allclose(ours.best_score_, theirs.best_score_, rtol=0, atol=1e-12)
    assert ours.cv_results_["params"] == theirs.cv_results_["params"]
    compared = [name for name in theirs.cv_results_ if "_test_" in name]
    assert set(compared) <= set(ours.cv_results_)
    for name in compared:
        np.testing.assert_allclose(
            ours.cv_results_[name], theirs.cv_results_[name], rtol=0, atol=1e-12, err_msg=name
        )


def search(
    problem: Problem,
    ours: SyndromeKNNClassifierCV,
    cv: CrossValidation,
    groups: LabelArray | None = None,
) -> GridSearchCV:
    """Return the search that fits each candidate on each fold."""
    plain = SyndromeKNNClassifier(temperature=ours.temperature, class_weight=ours.class_weight)
    grid = check_grid(n_neighbors=ours.n_neighbors, metrics=ours.metrics, weights=ours.weights)
    searched = GridSearchCV(
        plain,
        grid,
        scoring=TaskScorer(MULTICLASS),
        refit=ours.scoring,
        cv=cv,
        error_score="raise",
    )
    return searched.fit(problem.samples, problem.labels, groups=groups)


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"n_neighbors": (9, 1, 4), "metrics": ("manhattan", "cosine")},
        {"n_neighbors": (2, 7), "weights": ("uniform", "softmax", "distance", closeness), "temperature": 0.5},
        {"n_neighbors": (2, 7), "class_weight": "balanced"},
        {"n_neighbors": (2, 7), "class_weight": {"b": 3.0}},
        {"n_neighbors": (5, 200)},
    ],
)
@pytest.mark.filterwarnings("ignore::skknn_syndrome.errors.FewerNeighborsWarning")
def test_with_the_same_classifier(problem: Problem, options: dict[str, Any]) -> None:
    ours = SyndromeKNNClassifierCV(cv=4, scoring="roc_auc_ovr", **options)
    theirs = search(problem, ours.fit(problem.samples, problem.labels), SHUFFLED)
    assert_agreement(ours, theirs)
    # By another score the same search chooses the candidate of that score's first rank.
    for scoring in ("f1_macro", "top_1_accuracy"):
        other = clone(ours).set_params(scoring=scoring).fit(problem.samples, problem.labels)
        theirs.best_index_ = theirs.cv_results_[f"rank_test_{scoring}"].argmin()
        theirs.best_params_ = theirs.cv_results_["params"][theirs.best_index_]
        theirs.best_score_ = theirs.cv_results_[f"mean_test_{scoring}"][theirs.best_index_]
        assert_agreement(other, theirs)


@pytest.mark.parametrize("cv", [4, GROUPED])
def test_with_groups(problem: Problem, cv: CrossValidation) -> None:
    ours = SyndromeKNNClassifierCV(cv=cv)
    ours.fit(problem.samples, problem.labels, groups=problem.subjects)
    assert_agreement(ours, search(problem, ours, GROUPED, problem.subjects))


def test_with_rows_that_are_equally_near(problem: Problem) -> None:
    gridded = problem._replace(samples=np.round(problem.samples[:, :2]))
    ours = SyndromeKNNClassifierCV(weights=("uniform", "distance"), cv=4)
    ours.fit(gridded.samples, gridded.labels)
    assert_agreement(ours, search(gridded, ours, SHUFFLED))


@pytest.mark.parametrize("labels", [[3, 1, 2], ["z", "y", "x"], [True, False, True]])
def test_with_labels_of_any_type(problem: Problem, labels: list[Any]) -> None:
    named = problem._replace(labels=np.repeat(labels, 30))
    ours = SyndromeKNNClassifierCV((1, 5), cv=4).fit(named.samples, named.labels)
    assert ours.predict(named.samples).dtype == named.labels.dtype
    assert_agreement(ours, search(named, ours, SHUFFLED))


def test_with_folds_of_any_kind(problem: Problem) -> None:
    repeated = RepeatedStratifiedKFold(n_splits=3, n_repeats=2, random_state=1)
    listed = list(repeated.split(problem.samples, problem.labels))
    by_splitter = SyndromeKNNClassifierCV((1, 5), cv=repeated).fit(problem.samples, problem.labels)
    assert_agreement(by_splitter, search(problem, by_splitter, listed))
    by_list = SyndromeKNNClassifierCV((1, 5), cv=listed).fit(problem.samples, problem.labels)
    assert_agreement(by_list, search(problem, by_list, repeated))


@pytest.mark.parametrize("class_weight", [None, "balanced", {"a": 2.0, "b": 1.0, "c": 5.0}])
def test_with_a_class_that_a_training_part_lacks(problem: Problem, class_weight: Any) -> None:
    rows = np.arange(90)
    without_a = (rows[30:70], np.r_[rows[:30], rows[70:]])
    without_c_and_few = (rows[::9][:6], rows[1::9])
    ours = SyndromeKNNClassifierCV((1, 5), cv=[without_a, without_c_and_few], class_weight=class_weight)
    ours.fit(problem.samples, problem.labels)
    assert_agreement(ours, search(problem, ours, [without_a, without_c_and_few]))


@pytest.mark.filterwarnings("ignore:One or more of the test scores are non-finite:UserWarning")
@pytest.mark.filterwarnings("ignore::sklearn.exceptions.UndefinedMetricWarning")
def test_where_the_score_is_not_defined(problem: Problem) -> None:
    rows = np.arange(90)
    of_one_class = [(rows[10:], rows[:10]), (rows[:60], rows[60:])]
    ours = SyndromeKNNClassifierCV((3, 1), cv=of_one_class).fit(problem.samples, problem.labels)
    assert ours.best_params_ == {"metric": "euclidean", "n_neighbors": 3, "weights": "distance"}
    assert_agreement(ours, search(problem, ours, of_one_class))


def sklearns_scorers(n_classes: int) -> dict[str, Any]:
    scorers: dict[str, Any] = {
        name: name for name in ("roc_auc_ovr", "f1_macro", "accuracy", "recall_macro", "balanced_accuracy")
    }
    scorers["precision_macro"] = make_scorer(precision_score, average="macro", zero_division=0)
    for k in (1, 3, 5):
        scorers[f"top_{k}_accuracy"] = make_scorer(
            top_k_accuracy_score, k=k, labels=np.arange(n_classes), response_method="predict_proba"
        )
    return scorers


@pytest.mark.parametrize("grouped", [False, True])
def test_with_scikit_learns_classifier_and_scorers(*, grouped: bool) -> None:
    rng = np.random.default_rng(3)
    labels = rng.permutation(np.repeat(np.arange(6), 40))
    centres = 1.2 * rng.normal(size=(6, 12))
    samples = centres[labels] + rng.normal(size=(240, 12))
    groups = rng.integers(100, size=240) + 1000 * labels if grouped else None
    # On no training row: there scikit-learn's distance is 0 or some 2e-8, as the matrix product is rounded.
    unseen = np.repeat(centres, 10, axis=0) + rng.normal(size=(60, 12))
    theirs: Estimator = GridSearchCV(
        KNeighborsClassifier(algorithm="brute"),
        {
            "n_neighbors": [1, 2, 5, 15],
            "metric": ["euclidean", "cosine"],
            "weights": ["distance", "uniform"],
        },
        scoring=sklearns_scorers(6),
        refit="roc_auc_ovr",
        cv=GROUPED if grouped else SHUFFLED,
    ).fit(samples, labels, groups=groups)
    ours = SyndromeKNNClassifierCV((1, 2, 5, 15), weights=("distance", "uniform"), cv=4).fit(
        samples, labels, groups=groups
    )
    assert_agreement(ours, theirs)
    np.testing.assert_allclose(ours.predict_proba(unseen), theirs.predict_proba(unseen), rtol=0, atol=1e-12)
