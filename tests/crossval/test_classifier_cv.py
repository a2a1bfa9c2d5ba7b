"""`SyndromeKNNClassifierCV`: a scikit-learn classifier that chooses its own parameters."""

import pickle
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sklearn
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.exceptions import NotFittedError, UndefinedMetricWarning
from sklearn.model_selection import GridSearchCV, StratifiedGroupKFold, cross_val_score, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import (
    check_dataframe_column_names_consistency,
    check_estimator,
    check_param_validation,
)

from skknn_syndrome.crossval.classifier_cv import SyndromeKNNClassifierCV
from skknn_syndrome.errors import FewerFoldsWarning, FewerNeighborsWarning, StudySettingsError
from skknn_syndrome.metrics import scorers
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from tests.problems import Problem
from tests.refusing import refused

VARIANTS = [
    SyndromeKNNClassifierCV(),
    SyndromeKNNClassifierCV(15, metrics="manhattan", weights=("softmax", "uniform"), cv=3, temperature=10),
    SyndromeKNNClassifierCV((5, 15), class_weight="balanced", scoring="f1_macro", n_jobs=2),
]


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
# scikit-learn's checks train on a few rows as well; the default asks for 10 folds and 15 neighbours.
@pytest.mark.filterwarnings("ignore::skknn_syndrome.errors.FewerNeighborsWarning")
@pytest.mark.filterwarnings("ignore::skknn_syndrome.errors.FewerFoldsWarning")
@pytest.mark.parametrize("classifier", VARIANTS)
def test_scikit_learn_contract(classifier: SyndromeKNNClassifierCV) -> None:
    check_estimator(classifier, on_skip=None)


@pytest.mark.parametrize("classifier", VARIANTS)
@pytest.mark.parametrize("check", [check_param_validation, check_dataframe_column_names_consistency])
def test_scikit_learn_contract_for_its_own_estimators(
    classifier: SyndromeKNNClassifierCV, check: Callable[[str, SyndromeKNNClassifierCV], None]
) -> None:
    check("SyndromeKNNClassifierCV", classifier)


@pytest.fixture(scope="module")
def model(problem: Problem) -> SyndromeKNNClassifierCV:
    unfitted = SyndromeKNNClassifierCV((1, 5), cv=3, scoring="f1_macro")
    fitted: SyndromeKNNClassifierCV = unfitted.fit(problem.samples, problem.labels)
    return fitted


def test_the_best_candidate_is_refitted_on_all_rows(problem: Problem, model: SyndromeKNNClassifierCV) -> None:
    plain = SyndromeKNNClassifier(**model.best_params_).fit(problem.samples, problem.labels)
    assert model.best_estimator_.get_params() == plain.get_params()
    queries = problem.samples + 0.1
    np.testing.assert_array_equal(model.predict_proba(queries), plain.predict_proba(queries))
    np.testing.assert_array_equal(model.predict(queries), plain.predict(queries))
    np.testing.assert_array_equal(model.kneighbors(queries), plain.kneighbors(queries))
    np.testing.assert_array_equal(model.kneighbors(queries, 2), plain.kneighbors(queries, 2))
    np.testing.assert_array_equal(model.predict_proba(None), plain.predict_proba(None))


def test_one_graph_of_all_rows_serves_all_candidates(model: SyndromeKNNClassifierCV) -> None:
    assert model.graph_.metrics == ("euclidean", "cosine")
    assert model.graph_.n_samples == 90


def test_of_equally_good_candidates_the_first_is_best() -> None:
    samples, labels = np.repeat(np.eye(2), 20, axis=0), np.repeat(["a", "b"], 20)
    model = SyndromeKNNClassifierCV((3, 1), metrics=("cosine", "euclidean"), cv=5).fit(samples, labels)
    assert set(model.cv_results_["rank_test_roc_auc_ovr"]) == {1}
    assert model.best_params_ == {"metric": "cosine", "n_neighbors": 3, "weights": "distance"}
    assert (model.best_index_, model.best_score_, model.n_splits_) == (0, 1.0, 5)


def test_the_score_is_the_one_it_was_chosen_by(problem: Problem, model: SyndromeKNNClassifierCV) -> None:
    queries = problem.samples + 3 * np.random.default_rng(0).normal(size=(90, 6))
    weights = np.arange(90)
    assert model.scorer_ == scorers.f1_macro
    expected = scorers.f1_macro(model.best_estimator_, queries, problem.labels)
    assert model.score(queries, problem.labels) == expected
    weighted = scorers.f1_macro(model.best_estimator_, queries, problem.labels, weights)
    assert model.score(queries, problem.labels, weights) == weighted != expected


def test_single_precision_is_searched_as_it_is(problem: Problem) -> None:
    single = problem.samples.astype(np.float32)
    rounded = SyndromeKNNClassifierCV((1, 5), cv=3).fit(single.astype(np.float64), problem.labels)
    model = SyndromeKNNClassifierCV((1, 5), cv=3).fit(single, problem.labels)
    assert model.best_score_ == rounded.best_score_


def test_too_few_training_rows_vote_all_of_them_with_one_warning(problem: Problem) -> None:
    message = "n_neighbors goes up to 99, but there are 60 training rows in the smallest split: all of them"
    model = SyndromeKNNClassifierCV((99, 95), metrics="cosine", cv=3)
    with pytest.warns(FewerNeighborsWarning, match=re.escape(message)) as caught:
        model.fit(problem.samples, problem.labels)
    assert [warning.filename for warning in caught] == [__file__]
    model.predict(problem.samples)
    assert model.cv_results_["rank_test_accuracy"].tolist() == [1, 1]


def test_too_few_rows_in_all_classes_make_fewer_folds(problem: Problem) -> None:
    rows = np.r_[:4, 30:34]
    model = SyndromeKNNClassifierCV(1)
    with pytest.warns(FewerFoldsWarning, match="cv is 10, but the number of rows in the") as caught:
        model.fit(problem.samples[rows], problem.labels[rows])
    assert [warning.filename for warning in caught] == [__file__]
    assert model.n_splits_ == 4


def test_a_score_that_is_not_defined_chooses_the_first_candidate_with_a_warning(problem: Problem) -> None:
    rows = np.arange(90)
    model = SyndromeKNNClassifierCV((5, 1), cv=[(rows[:80], rows[80:])])
    message = "roc_auc_ovr is not defined on every split, so the first candidate is taken: use fewer folds"
    with pytest.warns(UndefinedMetricWarning, match=re.escape(message)) as caught:
        model.fit(problem.samples, problem.labels)
    assert [warning.filename for warning in caught] == [__file__]
    assert model.best_params_["n_neighbors"] == 5
    assert np.isnan(model.best_score_)


@pytest.mark.parametrize(
    "options, message",
    [
        ({"scoring": "roc_auc"}, "The 'scoring' parameter of SyndromeKNNClassifierCV must be a str among"),
        ({"temperature": 0}, "The 'temperature' parameter of SyndromeKNNClassifierCV must be a float in"),
        ({"n_neighbors": 1.5}, "The 'n_neighbors' parameter of SyndromeKNNClassifierCV must be"),
        ({"n_neighbors": ()}, "The grid has no value for n_neighbors: name at least one."),
        ({"metrics": "precomputed"}, "A neighbour graph can't be made of precomputed distances"),
        ({"cv": 1}, "The 'cv' parameter of SyndromeKNNClassifierCV must be an int in the range [2, inf)"),
        ({"class_weight": {"a": -1}}, "The class_weight of class a is -1.0; it must lie between"),
    ],
)
def test_parameters_that_cannot_be_used_are_refused(
    problem: Problem, options: dict[str, Any], message: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        SyndromeKNNClassifierCV(**options).fit(problem.samples, problem.labels)


def test_data_that_cannot_be_used_are_refused(problem: Problem) -> None:
    model = SyndromeKNNClassifierCV()
    with refused("one_class", "y"):
        model.fit(problem.samples[:30], problem.labels[:30])
    with pytest.raises(StudySettingsError, match=re.escape("groups has no value in row 1 (counted from 0)")):
        model.fit(problem.samples, problem.labels, groups=["s", None, *problem.subjects[2:]])
    with pytest.raises(TypeError, match="Sparse data was passed for X, but dense data is required"):
        model.fit(csr_array(problem.samples), problem.labels)


@pytest.mark.parametrize("method", ["predict", "predict_proba", "kneighbors"])
def test_nothing_is_predicted_before_the_fit(method: str) -> None:
    with pytest.raises(NotFittedError, match="This SyndromeKNNClassifierCV instance is not fitted yet"):
        getattr(SyndromeKNNClassifierCV(), method)([[1.0]])
    with pytest.raises(NotFittedError, match="This SyndromeKNNClassifierCV instance is not fitted yet"):
        SyndromeKNNClassifierCV().score([[1.0]], ["a"])


def test_survives_pickle_with_the_same_bits(problem: Problem, model: SyndromeKNNClassifierCV) -> None:
    revived = pickle.loads(pickle.dumps(model))  # noqa: S301 # our own bytes
    np.testing.assert_array_equal(
        revived.predict_proba(problem.samples), model.predict_proba(problem.samples)
    )
    assert revived.best_params_ == model.best_params_


def test_clone_keeps_parameters_and_drops_the_fit(model: SyndromeKNNClassifierCV) -> None:
    copy = clone(model)
    assert copy.get_params() == model.get_params()
    assert not hasattr(copy, "graph_")


def test_data_frames_keep_their_names(problem: Problem, model: SyndromeKNNClassifierCV) -> None:
    frame = pd.DataFrame(problem.samples, columns=[*"uvwxyz"])
    framed = clone(model).fit(frame, pd.Series(problem.labels))
    assert (
        framed.feature_names_in_.tolist() == framed.best_estimator_.feature_names_in_.tolist() == [*"uvwxyz"]
    )
    assert framed.predict(frame).tolist() == model.predict(problem.samples).tolist()


def test_results_make_a_data_frame(model: SyndromeKNNClassifierCV) -> None:
    table = pd.DataFrame(model.cv_results_)
    assert table["param_n_neighbors"].tolist() == [1, 5, 1, 5]
    assert table.loc[model.best_index_, "mean_test_f1_macro"] == model.best_score_


def test_nested_it_is_scored_on_rows_that_it_did_not_choose_by(problem: Problem) -> None:
    model = make_pipeline(StandardScaler(), SyndromeKNNClassifierCV((1, 5), cv=3))
    outer = StratifiedGroupKFold(3)
    scores = cross_val_score(model, problem.samples, problem.labels, groups=problem.subjects, cv=outer)
    by_hand = [
        clone(model)
        .fit(problem.samples[train], problem.labels[train])
        .score(problem.samples[test], problem.labels[test])
        for train, test in outer.split(problem.samples, problem.labels, problem.subjects)
    ]
    assert scores.tolist() == by_hand


def test_groups_reach_it_through_a_pipeline_and_outer_searches(problem: Problem) -> None:
    model = SyndromeKNNClassifierCV((1, 5), cv=3)
    outer, groups = StratifiedGroupKFold(3), {"groups": problem.subjects}
    with sklearn.config_context(enable_metadata_routing=True):
        routed = make_pipeline(StandardScaler(), clone(model).set_fit_request(groups=True))
        nested = cross_validate(
            routed, problem.samples, problem.labels, params=groups, cv=outer, return_estimator=True
        )
        search = GridSearchCV(routed, {"syndromeknnclassifiercv__temperature": [1.0]}, cv=outer)
        search.fit(problem.samples, problem.labels, **groups)
    scaled = StandardScaler().fit_transform(problem.samples)
    by_hand = clone(model).fit(scaled, problem.labels, groups=problem.subjects)
    assert search.best_estimator_[-1].best_score_ == by_hand.best_score_
    train, _ = next(outer.split(problem.samples, problem.labels, problem.subjects))
    scaled = StandardScaler().fit_transform(problem.samples[train])
    by_hand.fit(scaled, problem.labels[train], groups=problem.subjects[train])
    assert nested["estimator"][0][-1].best_score_ == by_hand.best_score_


def test_a_random_state_of_numpys_seeds_the_folds(problem: Problem) -> None:
    first, second = (
        SyndromeKNNClassifierCV((3,), cv=3, random_state=np.random.RandomState(0)).fit(
            problem.samples, problem.labels, groups=problem.subjects
        )
        for _ in range(2)
    )
    assert first.best_score_ == second.best_score_


def test_a_generator_is_no_random_state(problem: Problem) -> None:
    generator: Any = np.random.default_rng(0)
    with pytest.raises(ValueError, match="'random_state' parameter"):
        SyndromeKNNClassifierCV(random_state=generator).fit(problem.samples, problem.labels)
