"""A search over row numbers is a plain search, to the last digit that counts."""

import copy
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
from skknn_syndrome.heads.knn import grid_prefix, make_grid
from skknn_syndrome.neighbors.exact import exact_neighbors
from skknn_syndrome.study.engine import sources
from skknn_syndrome.study.engine.row_classifier import SharedScores
from skknn_syndrome.study.scoring import score_every_way
from skknn_syndrome.study.search import run_search
from skknn_syndrome.study.splitting import make_splits
from tests.study.conftest import Problem
from tests.study.engine.conftest import Tied

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
        callbacks=(),
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
    agree(search, plain(estimator, search, tied.samples, tied.labels, score_every_way))


def test_missing_values_are_filled_by_a_step_inside_the_folds(problem: Problem) -> None:
    samples = pd.DataFrame(problem.samples).mask(np.random.default_rng(0).random(problem.samples.shape) < 0.1)
    estimator = make_pipeline(SimpleImputer(), SyndromeKNNClassifier())
    search = searched(estimator, samples, problem)
    agree(search, plain(estimator, search, samples, problem.labels, score_every_way))


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
    agree(search, plain(Contrarian(), search, problem.samples, problem.labels, score_every_way))


def test_parameters_are_checked_before_anything_is_computed(problem: Problem) -> None:
    with pytest.raises(ValueError, match="weights names 'closest'"):
        searched(SyndromeKNNClassifier(), problem.samples, problem, weights=["closest"])


def test_what_is_remembered_stays_in_its_process(problem: Problem) -> None:
    source = sources.make_source(
        SyndromeKNNClassifier(),
        {"metric": ["cosine"], "n_neighbors": [1, 3], "weights": ["distance"]},
        problem.samples,
        problem.labels,
        [(np.arange(10, len(problem.labels)), np.arange(10))],
        n_jobs=None,
    )
    assert source is not None
    shared = SharedScores(source)
    size = len(pickle.dumps(shared))
    train, test = np.arange(10, len(problem.labels)), np.arange(10)
    expected = shared.score(train, test, "cosine", "distance", 3)
    assert copy.deepcopy(shared) is shared
    assert clone(shared) is shared
    sent = pickle.loads(pickle.dumps(shared))  # noqa: S301  made a moment ago
    assert len(pickle.dumps(shared)) == size
    np.testing.assert_equal(sent.score(train, test, "cosine", "distance", 3), expected)
