"""Scorer objects in scikit-learn's hands."""

import copy
import pickle
import warnings
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import sklearn
import sklearn.metrics
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, clone
from sklearn.datasets import load_iris
from sklearn.exceptions import UndefinedMetricWarning, UnsetMetadataPassedError
from sklearn.model_selection import GridSearchCV, StratifiedKFold, cross_val_score, cross_validate
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics import scorers
from skknn_syndrome.metrics.scorers import SCORE_NAMES, Scorer, get_scorer, score_all
from tests.metrics.builders import scikit_learns_scorer
from tests.refusing import refused

X, SPECIES = load_iris(return_X_y=True)
Y = np.array(["setosa", "versicolor", "virginica"])[SPECIES]
WEIGHTS = np.random.default_rng(0).uniform(0.1, 2.0, len(Y))
TRAIN, TEST = slice(None, None, 2), slice(1, None, 2)
SCIKIT_LEARN = [name for name in SCORE_NAMES if not name.startswith("top_")]


def test_there_is_one_scorer_object_per_name() -> None:
    assert scorers.get_scorer_names() == list(SCORE_NAMES)
    for name in SCORE_NAMES:
        assert getattr(scorers, name) == get_scorer(name) == Scorer(name)
        assert name in scorers.__all__


def test_any_k_has_a_scorer() -> None:
    assert scorers.top_k_scorer(9) == get_scorer("top_9_accuracy")


@pytest.mark.parametrize(
    "name, hint", [("kappa", "cohen_kappa"), ("acuracy", "accuracy"), ("auc", "roc_auc_ovr"), ("xyz", None)]
)
def test_a_name_near_a_score_names_the_score(name: str, hint: str | None) -> None:
    with pytest.raises(AttributeError, match=f"has no attribute '{name}'") as caught:
        getattr(scorers, name)
    assert ("did you mean" in str(caught.value)) == (hint is not None)
    assert str(caught.value).endswith("'xyz'" if hint is None else f"did you mean {hint}?")


def test_what_is_no_score_has_no_scorer() -> None:
    with refused("unknown_score", "name"):
        get_scorer("auc")
    with refused("unknown_score", "name"):
        scorers.top_k_scorer(0)


@pytest.mark.parametrize("name", SCIKIT_LEARN)
def test_in_complete_folds_scores_are_those_of_scikit_learns_scorers(name: str) -> None:
    neighbours = KNeighborsClassifier(15, weights="distance")
    ours = cross_val_score(neighbours, X, Y, scoring=get_scorer(name), cv=5)
    theirs = cross_val_score(neighbours, X, Y, scoring=scikit_learns_scorer(name), cv=5)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


@pytest.mark.parametrize(
    "estimator",
    [
        GaussianNB(),
        make_pipeline(StandardScaler(), GaussianNB()),
        GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1, 5]}, scoring=scorers.f1_macro, cv=2),
    ],
    ids=["classifier", "pipeline", "search"],
)
def test_scorers_and_the_table_agree_for_every_estimator(estimator: BaseEstimator) -> None:
    estimator.fit(X[TRAIN], Y[TRAIN])
    table = score_all(estimator, X[TEST], Y[TEST])
    assert {name: get_scorer(name)(estimator, X[TEST], Y[TEST]) for name in table} == table
    weighted = score_all(estimator, X[TEST], Y[TEST], WEIGHTS[TEST])
    assert (
        scorers.accuracy(estimator, X[TEST], Y[TEST], WEIGHTS[TEST])
        == weighted["accuracy"]
        != table["accuracy"]
    )


def test_the_table_asks_for_probabilities_once() -> None:
    class Counting(GaussianNB):  # type: ignore[misc]
        calls = 0

        def predict_proba(self, X: ArrayLike) -> Float64Array:
            self.calls += 1
            probabilities: Float64Array = super().predict_proba(X)
            return probabilities

    estimator = Counting().fit(X, Y)
    score_all(estimator, X, Y)
    assert estimator.calls == 1


def test_a_search_takes_single_scorers_dictionaries_and_the_table() -> None:
    grid = {"n_neighbors": [1, 5, 15]}
    every = {name: get_scorer(name) for name in SCORE_NAMES}
    single, several, table = (
        GridSearchCV(KNeighborsClassifier(), grid, scoring=scoring, refit=refit, cv=3).fit(X, Y)
        for scoring, refit in (
            (scorers.roc_auc_ovr, True),
            (every, "roc_auc_ovr"),
            (score_all, "roc_auc_ovr"),
        )
    )
    assert single.best_params_ == several.best_params_ == table.best_params_
    assert single.best_score_ == several.best_score_ == table.best_score_
    for name in SCORE_NAMES:
        key = f"mean_test_{name}"
        np.testing.assert_array_equal(several.cv_results_[key], table.cv_results_[key])
    assert single.score(X, Y) == scorers.roc_auc_ovr(single, X, Y)


def test_folds_without_a_class_are_scored_where_scikit_learns_scorer_gives_nan() -> None:
    rare = np.append(np.flatnonzero(Y != "virginica"), [148, 149])  # two images: one fold of three has none
    folds = list(StratifiedKFold(3).split(X[rare], np.where(Y[rare] == "virginica", "setosa", Y[rare])))
    arguments = (KNeighborsClassifier(), X[rare], Y[rare])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = cross_val_score(*arguments, scoring="roc_auc_ovr", cv=folds)
    assert np.isnan(theirs).any()
    with pytest.warns(UndefinedMetricWarning, match=r"\(virginica\): the macro mean is over the other 2"):
        ours = cross_val_score(*arguments, scoring=scorers.roc_auc_ovr, cv=folds)
    assert np.isfinite(ours).all()


def test_an_undefined_score_reaches_scikit_learn_as_nan() -> None:
    estimator = GaussianNB().fit(X, Y)
    with pytest.warns(UndefinedMetricWarning, match="no class is left, so the mean is NaN"):
        assert np.isnan(scorers.roc_auc_ovr(estimator, X[:9], Y[:9]))


def test_more_places_than_classes_are_a_perfect_score_without_a_warning() -> None:
    assert scorers.top_5_accuracy(GaussianNB().fit(X, Y), X, Y) == 1
    assert scorers.top_3_accuracy(GaussianNB().fit(X[:100], Y[:100]), X[:100], Y[:100]) == 1


def test_without_routing_a_search_hands_its_weights_to_the_scorers() -> None:
    for scoring, key in (
        (scorers.accuracy, "score"),
        ({"accuracy": scorers.accuracy, "f1": scorers.f1_macro}, "accuracy"),
        (score_all, "accuracy"),
    ):
        search = GridSearchCV(GaussianNB(), {}, scoring=scoring, refit="accuracy", cv=3)
        search.fit(X, Y, sample_weight=WEIGHTS)
        train, test = next(StratifiedKFold(3).split(X, Y))
        estimator = GaussianNB().fit(X[train], Y[train], WEIGHTS[train])
        expected = scorers.accuracy(estimator, X[test], Y[test], WEIGHTS[test])
        assert search.cv_results_[f"split0_test_{key}"][0] == expected
        assert expected != scorers.accuracy(estimator, X[test], Y[test])


@pytest.mark.parametrize("several", [False, True], ids=["one scorer", "dictionary"])
@pytest.mark.parametrize(
    "request_, name, weighted",
    [(True, "sample_weight", True), ("importance", "importance", True), (False, "sample_weight", False)],
)
def test_with_routing_a_scorer_gets_the_weights_it_asks_for(
    *, request_: bool | str, name: str, weighted: bool, several: bool
) -> None:
    with sklearn.config_context(enable_metadata_routing=True):
        scorer = scorers.accuracy.set_score_request(sample_weight=request_)
        results = cross_validate(
            GaussianNB().set_fit_request(sample_weight=not weighted),
            X,
            Y,
            scoring={"score": scorer, "plain": scorers.f1_macro.set_score_request(sample_weight=False)}
            if several
            else scorer,
            cv=[(np.arange(0, 150, 2), np.arange(1, 150, 2))],
            params={name: WEIGHTS},
        )
    estimator = GaussianNB().fit(X[TRAIN], Y[TRAIN], None if weighted else WEIGHTS[TRAIN])
    expected = scorers.accuracy(estimator, X[TEST], Y[TEST], WEIGHTS[TEST] if weighted else None)
    assert results["test_score"][0] == expected


def test_with_routing_weights_that_nobody_asked_for_are_refused() -> None:
    with (
        sklearn.config_context(enable_metadata_routing=True),
        pytest.raises(UnsetMetadataPassedError, match="sample_weight"),
    ):
        cross_validate(
            GaussianNB().set_fit_request(sample_weight=True),
            X,
            Y,
            scoring=scorers.accuracy,
            params={"sample_weight": WEIGHTS},
        )


def test_the_table_serves_a_search_with_routing_on() -> None:
    with sklearn.config_context(enable_metadata_routing=True):
        search = GridSearchCV(
            KNeighborsClassifier(), {"n_neighbors": [5]}, scoring=score_all, refit="f1_macro"
        )
        search.fit(X, Y)
    assert search.best_score_ > 0.9


def test_a_request_makes_another_scorer() -> None:
    with sklearn.config_context(enable_metadata_routing=True):
        asking = scorers.accuracy.set_score_request(sample_weight=True)
    assert repr(asking) == "Scorer('accuracy', sample_weight=True)"
    assert repr(scorers.accuracy) == "Scorer('accuracy')"
    assert asking != scorers.accuracy


def test_a_request_without_routing_is_refused() -> None:
    with pytest.raises(RuntimeError, match="only available when metadata routing is enabled"):
        scorers.accuracy.set_score_request(sample_weight=True)


def test_scorers_are_frozen_and_survive_copies_pickles_and_clones() -> None:
    scorer = Scorer("f1_macro", sample_weight="importance")
    with pytest.raises(FrozenInstanceError, match="name"):
        scorer.name = "accuracy"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(scorer)) == copy.deepcopy(scorer) == scorer  # noqa: S301 (just made)
    search = GridSearchCV(KNeighborsClassifier(), {"n_neighbors": [1]}, scoring={"f1": scorer}, refit="f1")
    assert clone(clone(search)).scoring == {"f1": scorer}
    assert eval(repr(scorer)) == scorer  # noqa: S307 (the repr is the call that makes it)
