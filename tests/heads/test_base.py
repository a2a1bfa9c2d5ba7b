"""What a head is: whom it owns, and when its shortcuts hold."""

import dataclasses
from typing import Any

import numpy as np
import pytest
from imblearn.over_sampling import RandomOverSampler
from imblearn.pipeline import make_pipeline as make_sampling_pipeline
from sklearn import config_context
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from skknn_syndrome import heads
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads import Head
from skknn_syndrome.heads.base import group_parameters, replaced_methods
from skknn_syndrome.heads.centroid import CENTROID
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.wording import head_title
from tests.refusing import refused

BAYES = Head(
    name="bayes",
    title="Gaussian naive Bayes",
    estimator=GaussianNB,
    grid={"var_smoothing": [1e-9, 1e-3]},
    gives=frozenset({"probabilities"}),
)


class OtherDefaults(SyndromeKNNClassifier):
    """Has other defaults and no other methods."""

    def __init__(self, n_neighbors: int = 3) -> None:
        super().__init__(n_neighbors)


class OtherVotes(SyndromeKNNClassifier):
    """Replaces a method."""

    def predict_proba(self, X: Any) -> Any:
        return super().predict_proba(X)[:, ::-1]


class Mixin:
    """Replaces a method from before the class in the order of look-up."""

    def kneighbors(self, X: Any = None, n_neighbors: Any = None) -> Any:
        return super().kneighbors(X, n_neighbors)  # type: ignore[misc]


class Mixed(Mixin, SyndromeKNNClassifier):  # type: ignore[misc] # on purpose
    """Gets a replaced method from a mixin."""


class WithProperty(SyndromeKNNClassifier):
    """Puts a property where a method was."""

    @property
    def fit(self) -> Any:
        return super().fit


def test_a_head_owns_its_class_and_those_derived_wherever_they_stand() -> None:
    assert KNN.owns(SyndromeKNNClassifier())
    assert KNN.owns(make_pipeline(StandardScaler(), OtherVotes()))
    assert not KNN.owns(GaussianNB())
    assert not CENTROID.owns(SyndromeKNNClassifier())


@pytest.mark.parametrize("estimator", [SyndromeKNNClassifier(), OtherDefaults()])
def test_it_fits_what_replaces_no_method(estimator: Any) -> None:
    assert KNN.fits(estimator)
    assert KNN.fits(make_pipeline(StandardScaler(), estimator))


@pytest.mark.parametrize("estimator", [OtherVotes(), Mixed(), WithProperty(), LogisticRegression()])
def test_it_does_not_fit_what_may_say_something_else(estimator: Any) -> None:
    assert not KNN.fits(estimator)
    assert not KNN.fits(make_pipeline(StandardScaler(), estimator))


def test_replaced_methods_are_named() -> None:
    assert replaced_methods(OtherVotes(), SyndromeKNNClassifier) == {"predict_proba"}
    assert replaced_methods(Mixed(), SyndromeKNNClassifier) == {"kneighbors"}
    assert replaced_methods(OtherDefaults(), SyndromeKNNClassifier) == set()


def test_a_grid_can_not_be_written_on() -> None:
    grid = {"var_smoothing": [1e-9]}
    head = Head("x", "x", GaussianNB, grid, frozenset())
    grid["var_smoothing"].append(1.0)
    assert head.grid == {"var_smoothing": (1e-9,)}
    with pytest.raises(TypeError):
        head.grid["var_smoothing"] = ()  # type: ignore[index]


def test_the_grid_of_neighbours_is_that_of_a_study() -> None:
    assert list(KNN.grid) == ["metric", "n_neighbors", "weights"]
    assert KNN.grid["n_neighbors"] == tuple(range(1, 16))
    assert KNN.gives == {"probabilities", "neighbors"}


def test_a_head_is_registered_under_its_name() -> None:
    heads.register(BAYES)
    try:
        assert heads.names()[:2] + heads.names()[-1:] == ("knn", "centroid", "bayes")
        assert heads.get("bayes") is BAYES
        assert heads.head_of(make_pipeline(StandardScaler(), GaussianNB())) is BAYES
        with refused("name_taken", "head"):
            heads.register(BAYES)
        assert heads.register(BAYES, replace=True) is BAYES
    finally:
        heads.unregister("bayes")
    assert heads.head_of(GaussianNB()) is None


def test_an_unknown_name_is_answered_with_those_that_there_are() -> None:
    for ask in (heads.get, heads.unregister):
        with refused("unknown_head", "head") as caught:
            ask("svm")
        assert "knn, centroid" in str(caught.value)


def test_subjects_go_to_a_fit_that_takes_them() -> None:
    subjects, lda = np.arange(4), heads.CalibratedLDA()
    pipeline = make_pipeline(StandardScaler(), lda)
    assert group_parameters(lda, subjects) == {"groups": subjects}
    assert group_parameters(pipeline, subjects) == {"calibratedlda__groups": subjects}
    assert group_parameters(make_pipeline(StandardScaler(), GaussianNB()), subjects) == {}
    assert group_parameters(lda, None) == {}
    assert group_parameters(make_sampling_pipeline(RandomOverSampler(), lda), subjects) == {}
    with config_context(enable_metadata_routing=True):
        assert group_parameters(lda, subjects) == {"groups": subjects}
        assert group_parameters(pipeline, subjects) == {}


def test_titles_of_heads_are_those_of_prose() -> None:
    for name in set(heads.names()) - {"knn"}:
        assert heads.get(name).title == head_title(name)


def test_every_registered_grid_can_be_set() -> None:
    for name in heads.names():
        head = heads.get(name)
        for parameter, values in head.grid.items():
            for value in values:
                model = head.estimator().set_params(**{parameter: value})
                if "inner_cv" in model.get_params():
                    model.set_params(inner_cv=None)  # each fit counts
                model.fit(np.eye(20), np.arange(20) % 2)


@pytest.mark.parametrize(
    "changed, code, parameter",
    [
        ({"gives": {"probability"}}, "unknown_word", "gives"),
        ({"gives": "probabilities"}, "not_a_set", "gives"),
        ({"gives": None}, "not_a_set", "gives"),
        ({"gives": {"neighbors"}}, "no_such_method", "gives"),
        ({"gives": {"decision"}}, "no_such_method", "gives"),
        ({"estimator": LinearSVC()}, "no_such_method", "gives"),
        ({"estimator": make_pipeline(StandardScaler(), LinearSVC())}, "no_such_method", "gives"),
        ({"estimator": "GaussianNB"}, "not_a_classifier", "estimator"),
        ({"tasks": {"multi"}}, "unknown_word", "tasks"),
        ({"name": "naive bayes"}, "not_a_name", "name"),
        ({"name": 3}, "not_a_name", "name"),
        ({"title": " "}, "no_title", "title"),
        ({"grid": [("var_smoothing", [1.0])]}, "not_a_grid", "grid"),
        ({"grid": {3: [1.0]}}, "not_a_grid", "grid"),
        ({"grid": {"var_smoothing": 1.0}}, "not_a_list", "grid"),
        ({"grid": {"var_smoothing": "all"}}, "not_a_list", "grid"),
        ({"grid": {"var_smoothing": []}}, "no_value", "grid"),
    ],
)
def test_a_head_is_checked_when_it_is_made(changed: dict[str, Any], code: str, parameter: str) -> None:
    fields: dict[str, Any] = {field.name: getattr(BAYES, field.name) for field in dataclasses.fields(BAYES)}
    with refused(code, parameter, error=StudySettingsError):
        Head(**fields | changed)


def test_a_word_that_is_nearly_right_is_answered_with_the_right_one() -> None:
    with refused("unknown_word", "gives") as caught:
        dataclasses.replace(BAYES, gives=frozenset({"probability"}))  # type: ignore[arg-type]
    assert "did you mean probabilities?" in str(caught.value)


def test_each_fit_gets_a_clone_of_an_instance() -> None:
    given = LogisticRegression(max_iter=500)
    head = Head("logistic", "logistic regression", given, {"C": [1.0]}, frozenset({"probabilities"}))
    first, second = head.estimator(), head.estimator()
    assert first.max_iter == second.max_iter == 500
    assert first is not second is not given
    assert head.owns(given)
    assert head.fits(LogisticRegression())


def test_what_a_function_returns_is_not_asked_before_it_is_called() -> None:
    head = Head("margin", "support vectors", lambda: LinearSVC(C=2), {}, frozenset({"probabilities"}))
    assert isinstance(head.estimator(), LinearSVC)


def test_words_may_come_as_any_collection() -> None:
    head = Head("bayes", "naive Bayes", GaussianNB, {}, ["probabilities"])  # type: ignore[arg-type]
    assert head.gives == frozenset({"probabilities"})


@pytest.mark.parametrize("head, code", [(LogisticRegression(), "not_a_head"), ("centriod", "unknown_head")])
def test_what_is_no_head_is_answered_with_what_is(head: Any, code: str) -> None:
    with refused(code, "head") as caught:
        heads.choose(head, None)
    assert f"{', '.join(heads.names())}, or a `heads.Head`." in str(caught.value)


def test_a_name_stands_for_one_head() -> None:
    own = dataclasses.replace(BAYES, name="centroid")
    with refused("name_taken", "head"):
        heads.choose(own, None)
    impostor = dataclasses.replace(BAYES, name="knn")
    with refused("name_taken", "head"):
        heads.choose(impostor, None)
    with refused("name_taken", "head"):
        heads.register(impostor, replace=True)
    with refused("head_and_estimator", "estimator"):
        heads.choose(CENTROID, GaussianNB())
    assert heads.choose(BAYES, None) is BAYES
    assert heads.choose(CENTROID, None) is CENTROID


def test_a_head_whose_factory_makes_a_pipeline_owns_it() -> None:
    head = Head(
        "scaled", "scaled", lambda: make_pipeline(StandardScaler(), LogisticRegression()), {}, frozenset()
    )
    assert head.kind is LogisticRegression
    assert head.owns(head.estimator())
    assert head.fits(head.estimator())
    assert not head.owns(make_pipeline(StandardScaler(), GaussianNB()))
    assert heads.choose(head, head.estimator()) is head
