"""A search that is told its scores is a plain search, to the last digit that counts."""

import pickle
from typing import Any
from unittest.mock import Mock

import numpy as np
import pandas as pd
import pytest
from imblearn.over_sampling import RandomOverSampler
from imblearn.pipeline import Pipeline as SamplingPipeline
from sklearn.base import clone
from sklearn.impute import SimpleImputer
from sklearn.metrics import make_scorer, top_k_accuracy_score
from sklearn.model_selection import GridSearchCV
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome._typing import Estimator
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.crossval.protocol_run import run_search
from skknn_syndrome.crossval.search import TaskScorer
from skknn_syndrome.crossval.tasks import MULTICLASS
from skknn_syndrome.heads.graph_scores import sources
from skknn_syndrome.heads.knn import grid_prefix, make_grid
from skknn_syndrome.neighbors.exact import exact_neighbors
from tests.problems import Problem, Tied

SCIKIT_LEARNS = [
    "roc_auc_ovr",
    "f1_macro",
    "accuracy",
    "precision_macro",
    "recall_macro",
    "balanced_accuracy",
]


def searched(estimator: Estimator, samples: Any, problem: Problem | Tied, **options: Any) -> GridSearchCV:
    prefix = grid_prefix(estimator)
    grid = make_grid(
        prefix,
        n_neighbors=[1, 4, 9],
        metrics=["euclidean", "cosine"],
        weights=options.pop("weights", ["distance"]),
    )
    splits = make_splits(problem.labels, None, cv=3, random_state=0)
    source = sources.make_source(estimator, grid, samples, problem.labels, splits.as_cv(), n_jobs=None)
    return run_search(
        estimator,
        grid,
        samples,
        problem.labels,
        splits,
        refit="f1_macro",
        n_jobs=None,
        callbacks=options.pop("callbacks", ()),
        source=source,
        **options,
    )


def plain(
    estimator: Estimator, search: GridSearchCV, samples: Any, labels: Any, scoring: Any
) -> GridSearchCV:
    other = GridSearchCV(
        estimator, search.param_grid, scoring=scoring, refit="f1_macro", cv=search.cv, error_score="raise"
    )
    return other.fit(samples, labels)


def agree(search: GridSearchCV, other: GridSearchCV) -> None:
    assert search.cv_results_["params"] == other.cv_results_["params"]
    for name, values in other.cv_results_.items():
        if "_test_" in name:
            np.testing.assert_allclose(search.cv_results_[name], values, rtol=0, atol=1e-12, err_msg=name)
    assert search.best_params_ == other.best_params_


def test_it_agrees_with_scikit_learns_own_classifier_and_scorers(problem: Problem) -> None:
    search = searched(SyndromeKNNClassifier(), problem.samples, problem)
    scoring = {name: name for name in SCIKIT_LEARNS} | {
        "top_1_accuracy": make_scorer(
            top_k_accuracy_score, response_method="predict_proba", k=1, labels=np.unique(problem.labels)
        )
    }
    agree(
        search,
        plain(
            KNeighborsClassifier(weights="distance", algorithm="brute"),
            search,
            problem.samples,
            problem.labels,
            scoring,
        ),
    )


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@pytest.mark.filterwarnings("ignore:The one-vs-rest ROC AUC is not defined")  # the study says so in a notice
@pytest.mark.filterwarnings("ignore:The least populated class")
@pytest.mark.parametrize(
    "estimator",
    [
        SyndromeKNNClassifier(class_weight="balanced"),
        make_pipeline(StandardScaler(), SyndromeKNNClassifier(temperature=0.5)),
        Pipeline([("fill", SimpleImputer()), ("scale", StandardScaler()), ("knn", SyndromeKNNClassifier())]),
        Pipeline([("scale", "passthrough"), ("knn", SyndromeKNNClassifier(class_weight={"a": 2.0}))]),
        SamplingPipeline([("more", RandomOverSampler(random_state=0)), ("knn", SyndromeKNNClassifier())]),
    ],
    ids=["classifier", "scaler", "two steps", "no step", "resampling"],
)
def test_it_agrees_with_candidates_fitted_one_by_one(tied: Tied, estimator: Estimator) -> None:
    search = searched(estimator, tied.samples, tied, weights=["distance", "uniform", "softmax"])
    agree(search, plain(estimator, search, tied.samples, tied.labels, TaskScorer(MULTICLASS)))


def test_missing_values_are_filled_by_a_step_inside_the_folds(problem: Problem) -> None:
    samples = pd.DataFrame(problem.samples).mask(np.random.default_rng(0).random(problem.samples.shape) < 0.1)
    estimator = make_pipeline(SimpleImputer(), SyndromeKNNClassifier())
    search = searched(estimator, samples, problem)
    agree(search, plain(estimator, search, samples, problem.labels, TaskScorer(MULTICLASS)))


def test_behind_a_pipeline_neighbours_are_looked_for_once_a_fold(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    search = Mock(wraps=exact_neighbors)
    monkeypatch.setattr(sources, "exact_neighbors", search)
    searched(make_pipeline(StandardScaler(), SyndromeKNNClassifier()), problem.samples, problem)
    assert search.call_count == 3


def test_the_search_predicts_from_embeddings(problem: Problem) -> None:
    search = searched(SyndromeKNNClassifier(), problem.samples, problem)
    best = (
        clone(SyndromeKNNClassifier()).set_params(**search.best_params_).fit(problem.samples, problem.labels)
    )
    np.testing.assert_array_equal(search.predict(problem.samples), best.predict(problem.samples))
    assert search.score(problem.samples, problem.labels) == 1.0  # each image is its own nearest


class Contrarian(SyndromeKNNClassifier):
    """Says the opposite."""

    def predict_proba(self, X: Any) -> Any:
        return super().predict_proba(X)[:, ::-1]


def test_a_derived_class_is_asked_itself(problem: Problem) -> None:
    search = searched(Contrarian(), problem.samples, problem)
    agree(search, plain(Contrarian(), search, problem.samples, problem.labels, TaskScorer(MULTICLASS)))


def test_parameters_are_checked_before_anything_is_computed(problem: Problem) -> None:
    with pytest.raises(ValueError, match="weights names 'closest'"):
        searched(SyndromeKNNClassifier(), problem.samples, problem, weights=["closest"])


def test_a_clone_of_the_search_forgets_the_scores_and_fits(problem: Problem) -> None:
    search = searched(SyndromeKNNClassifier(), problem.samples, problem)
    agree(search, clone(search).fit(problem.samples + 0.0, problem.labels))


def test_the_search_survives_pickling_without_the_graph(problem: Problem) -> None:
    search = searched(SyndromeKNNClassifier(), problem.samples, problem)
    sent = pickle.loads(pickle.dumps(search))  # noqa: S301  made a moment ago
    np.testing.assert_array_equal(sent.predict(problem.samples), search.predict(problem.samples))
    assert not any("source" in name for name in vars(sent))


def test_results_have_the_columns_of_a_grid_search(problem: Problem) -> None:
    search = searched(SyndromeKNNClassifier(), problem.samples, problem)
    other = plain(SyndromeKNNClassifier(), search, problem.samples, problem.labels, TaskScorer(MULTICLASS))
    assert list(search.cv_results_) == list(other.cv_results_)
    public = {name for name in vars(other) if not name.startswith("_")}
    assert {name for name in vars(search) if not name.startswith("_")} == public
    assert search.cv_results_["mean_score_time"].min() > 0


def test_names_of_columns_are_kept(problem: Problem) -> None:
    frame = pd.DataFrame(problem.samples, columns=[*"uvwxyz"])
    assert searched(SyndromeKNNClassifier(), frame, problem).feature_names_in_.tolist() == [*"uvwxyz"]


def test_callbacks_are_told_of_each_fit_that_a_grid_search_would_make(problem: Problem) -> None:
    class Counter:
        def __init__(self) -> None:
            self.told: list[str] = []

        def setup(self, estimator: object, context: object) -> None:  # noqa: ARG002
            self.told.append("setup")

        def teardown(self, estimator: object, context: object) -> None:  # noqa: ARG002
            self.told.append("teardown")

        def on_fit_task_begin(self, estimator: object, context: Any) -> None: ...

        def on_fit_task_end(self, estimator: object, context: Any) -> None:  # noqa: ARG002
            self.told.append(context.task_name)

    counter = Counter()
    silent = searched(SyndromeKNNClassifier(), problem.samples, problem)
    reported = searched(SyndromeKNNClassifier(), problem.samples, problem, callbacks=[counter])
    fits = ["candidate-split-evaluation"] * (2 * 3 * 3)
    assert counter.told == ["setup", *fits, "search", "fit", "teardown"]
    agree(reported, silent)
