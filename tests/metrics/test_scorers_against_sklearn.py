"""Scorers ask what scikit-learn's ask: labels of `predict`, and scores of classes for rankings."""

import warnings
from itertools import product
from typing import Any

import numpy as np
import pytest
import sklearn
import sklearn.metrics
from sklearn.base import BaseEstimator, ClassifierMixin, clone
from sklearn.datasets import load_iris
from sklearn.ensemble import VotingClassifier
from sklearn.feature_selection import RFE
from sklearn.linear_model import RidgeClassifier
from sklearn.metrics import (
    roc_auc_score,
    top_k_accuracy_score,
)
from sklearn.model_selection import (
    FixedThresholdClassifier,
    GridSearchCV,
    TunedThresholdClassifierCV,
    cross_validate,
)
from sklearn.naive_bayes import GaussianNB
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, LinearSVC

from skknn_syndrome import SyndromeKNNClassifier, SyndromeKNNClassifierCV
from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics import scorers
from skknn_syndrome.metrics.registry import SCORE_NAMES, definitions
from skknn_syndrome.metrics.scorers import get_scorer, score_all
from tests.metrics.builders import scikit_learns_scorer
from tests.refusing import refused

X, SPECIES = load_iris(return_X_y=True)
X = X + np.random.default_rng(0).normal(size=X.shape)
Y = np.array(["setosa", "versicolor", "virginica"])[SPECIES]
WEIGHTS = np.random.default_rng(1).uniform(0.1, 2.0, len(Y))
TRAIN, TEST = slice(None, None, 2), slice(1, None, 2)
ANSWERED = [score.name for score in definitions("multiclass") if score.needs == "labels"]
"""Scores of what `predict` answers."""


class Wrapped(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Hands everything on to another classifier, under names of its own."""

    def __init__(self, inside: Any = None) -> None:
        self.inside = inside

    def fit(self, X: Any, y: Any) -> "Wrapped":
        self.hidden_ = clone(self.inside).fit(X, y)
        self.classes_ = self.hidden_.classes_
        return self

    def predict(self, X: Any) -> Any:
        return self.hidden_.predict(X)

    def decision_function(self, X: Any) -> Any:
        return self.hidden_.decision_function(X)


def thresholded(threshold: float) -> FixedThresholdClassifier:
    return FixedThresholdClassifier(
        SyndromeKNNClassifier(5), threshold=threshold, pos_label="versicolor", response_method="predict_proba"
    )


def of_two(model: Any, labels: Any = Y) -> tuple[Any, Any, Any]:
    """Return a model fitted on two classes, with a test part."""
    two = labels != "virginica"
    return model.fit(X[two][TRAIN], labels[two][TRAIN]), X[two][TEST], labels[two][TEST]


@pytest.mark.parametrize(
    "model",
    [
        LinearSVC(),
        RidgeClassifier(),
        SyndromeKNNClassifier(5),
        SyndromeKNNClassifierCV((1, 5), cv=3),
        VotingClassifier([("ridge", RidgeClassifier()), ("bayes", GaussianNB())]),
        make_pipeline(StandardScaler(), LinearSVC()),
        GridSearchCV(LinearSVC(), {"C": [0.1, 1]}, cv=2),
    ],
    ids=lambda model: type(model).__name__,
)
def test_scores_of_labels_are_those_of_scikit_learns_scorers(model: Any) -> None:
    model.fit(X[TRAIN], Y[TRAIN])
    for name, weights in product(ANSWERED, (None, WEIGHTS[TEST])):
        expected = scikit_learns_scorer(name)(model, X[TEST], Y[TEST], sample_weight=weights)
        found = get_scorer(name)(model, X[TEST], Y[TEST], weights)
        assert found == pytest.approx(expected, rel=1e-12), name


@pytest.mark.parametrize(
    "model",
    [
        thresholded(0.1),
        thresholded(0.9),
        TunedThresholdClassifierCV(
            SyndromeKNNClassifier(5), scoring="balanced_accuracy", cv=2, thresholds=10
        ),
    ],
    ids=["low", "high", "tuned"],
)
def test_a_threshold_counts(model: Any) -> None:
    fitted, samples, truth = of_two(model)
    table = score_all(fitted, samples, truth)
    for name in ANSWERED:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of scikit-learn's, on classes that are never predicted
            expected = scikit_learns_scorer(name)(fitted, samples, truth)
        assert get_scorer(name)(fitted, samples, truth) == pytest.approx(expected, rel=1e-12), name
        assert table[name] == get_scorer(name)(fitted, samples, truth)


def test_the_area_is_of_probabilities_whatever_the_threshold() -> None:
    areas = {threshold: scorers.roc_auc_ovr(*of_two(thresholded(threshold))) for threshold in (0.1, 0.5, 0.9)}
    assert len(set(areas.values())) == 1


@pytest.mark.parametrize(
    "model", [LinearSVC(), RidgeClassifier(), SVC()], ids=lambda model: type(model).__name__
)
def test_without_probabilities_decision_values_rank_the_classes(model: Any) -> None:
    model.fit(X[TRAIN], Y[TRAIN])
    values = model.decision_function(X[TEST])
    truth = Y[TEST]
    areas = [roc_auc_score(truth == label, values[:, place]) for place, label in enumerate(model.classes_)]
    assert scorers.roc_auc_ovr(model, X[TEST], truth) == pytest.approx(np.mean(areas), rel=1e-12)
    for k in (1, 2):
        assert get_scorer(f"top_{k}_accuracy")(model, X[TEST], truth) == pytest.approx(
            top_k_accuracy_score(truth, values, k=k, labels=model.classes_), rel=1e-12
        )
    # Order alone counts: softmax would change nothing.
    shares = np.exp(values) / np.exp(values).sum(axis=1, keepdims=True)
    assert scorers.top_1_accuracy(model, X[TEST], truth) == np.mean(model.classes_[shares.argmax(1)] == truth)


@pytest.mark.parametrize("model", [LinearSVC(), RidgeClassifier()], ids=lambda model: type(model).__name__)
def test_one_decision_value_is_that_of_the_second_of_two_classes(model: Any) -> None:
    fitted, samples, truth = of_two(model)
    values = fitted.decision_function(samples)
    expected = roc_auc_score(truth == "versicolor", values)
    assert scorers.roc_auc_ovr(fitted, samples, truth) == pytest.approx(expected, rel=1e-12)
    assert scorers.top_1_accuracy(fitted, samples, truth) == scorers.accuracy(fitted, samples, truth)


def test_equal_decision_values_count_half_in_the_area_and_are_a_tie_in_top_k() -> None:
    class Undecided(RidgeClassifier):  # type: ignore[misc]
        def decision_function(self, X: Any) -> Float64Array:
            return np.zeros((len(X), 1))

    fitted, samples, truth = of_two(Undecided())
    assert scorers.roc_auc_ovr(fitted, samples, truth) == 0.5
    table = score_all(fitted, samples, truth)
    assert (table["top_1_accuracy_lower"], table["top_1_accuracy_upper"]) == (0, 1)
    assert table["top_1_accuracy"] == np.mean(truth == "versicolor")  # of equals, the later class


@pytest.mark.parametrize(
    "wrap",
    [
        lambda model: model,
        lambda model: make_pipeline(StandardScaler(), model),
        lambda model: GridSearchCV(model, {}, cv=2),
        lambda model: RFE(model.set_params(kernel="linear")),
        Wrapped,
    ],
    ids=["classifier", "pipeline", "search", "selection of features", "unknown"],
)
def test_values_of_pairs_of_classes_do_not_rank_classes(wrap: Any) -> None:
    model = wrap(SVC(decision_function_shape="ovo")).fit(X[TRAIN], Y[TRAIN])
    with refused("decisions_of_pairs", "estimator"):
        scorers.roc_auc_ovr(model, X[TEST], Y[TEST])
    assert scorers.accuracy(model, X[TEST], Y[TEST]) == np.mean(model.predict(X[TEST]) == Y[TEST])


@pytest.mark.parametrize("wrap", [RFE, Wrapped], ids=["selection of features", "unknown"])
def test_values_of_classes_rank_them_in_whatever_they_are_wrapped(wrap: Any) -> None:
    model = wrap(SVC(kernel="linear")).fit(X[TRAIN], Y[TRAIN])
    values = model.decision_function(X[TEST])
    expected = top_k_accuracy_score(Y[TEST], values, k=1, labels=model.classes_)
    assert scorers.top_1_accuracy(model, X[TEST], Y[TEST]) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("label", ["setosa", "versicolor", "virginica"])
def test_values_of_pairs_are_known_from_samples_of_one_class_too(label: str) -> None:
    model = Wrapped(SVC(decision_function_shape="ovo")).fit(X[TRAIN], Y[TRAIN])
    with refused("decisions_of_pairs", "estimator"):
        scorers.top_1_accuracy(model, X[TEST][Y[TEST] == label], Y[TEST][Y[TEST] == label])


def test_what_predicts_nothing_but_ranks_is_taken_at_its_word() -> None:
    class Ranking(BaseEstimator):  # type: ignore[misc]
        classes_ = np.unique(Y)

        def decision_function(self, X: Any) -> Float64Array:
            return np.asarray(X[:, :3])

    areas = [roc_auc_score(label == Y, X[:, place]) for place, label in enumerate(Ranking.classes_)]
    assert scorers.roc_auc_ovr(Ranking(), X, Y) == pytest.approx(np.mean(areas), rel=1e-12)


def test_a_classifier_that_ranks_nothing_lacks_both_methods() -> None:
    model = VotingClassifier([("ridge", RidgeClassifier()), ("bayes", GaussianNB())]).fit(X[TRAIN], Y[TRAIN])
    with pytest.raises(AttributeError, match="predict_proba, decision_function"):
        scorers.roc_auc_ovr(model, X[TEST], Y[TEST])


@pytest.mark.parametrize("weights", ["uniform", "distance"])
def test_our_classifier_predicts_the_most_probable_class_also_of_equals(weights: Any) -> None:
    whole = np.random.default_rng(2).integers(0, 2, (90, 3))
    labels = np.tile(["c", "a", "b"], 30)
    model = SyndromeKNNClassifier(6, metric="manhattan", weights=weights).fit(whole[:60], labels[:60])
    probabilities = model.predict_proba(whole[60:])
    ties = (probabilities == probabilities.max(axis=1, keepdims=True)).sum(axis=1)
    assert (ties > 1).any()
    np.testing.assert_array_equal(model.predict(whole[60:]), model.classes_[probabilities.argmax(axis=1)])


def test_they_go_into_searches_and_cross_validation_with_weights_routed() -> None:
    scoring = {name: get_scorer(name) for name in SCORE_NAMES}
    plain = cross_validate(LinearSVC(), X, Y, scoring=scoring, cv=3)
    for name in ANSWERED:
        theirs = cross_validate(LinearSVC(), X, Y, scoring=scikit_learns_scorer(name), cv=3)
        np.testing.assert_allclose(plain[f"test_{name}"], theirs["test_score"], rtol=1e-12)
    with sklearn.config_context(enable_metadata_routing=True):
        model = RidgeClassifier().set_fit_request(sample_weight=True)
        routed = {
            "ours": scorers.f1_macro.set_score_request(sample_weight=True),
            "theirs": sklearn.metrics.get_scorer("f1_macro").set_score_request(sample_weight=True),
        }
        found = cross_validate(model, X, Y, scoring=routed, cv=3, params={"sample_weight": WEIGHTS})
    np.testing.assert_allclose(found["test_ours"], found["test_theirs"], rtol=1e-12)


def test_labels_that_were_never_trained_on_are_misses() -> None:
    model = LinearSVC().fit(X[TRAIN][Y[TRAIN] != "setosa"], Y[TRAIN][Y[TRAIN] != "setosa"])
    expected = np.mean(model.predict(X[TEST]) == Y[TEST])
    assert scorers.accuracy(model, X[TEST], Y[TEST]) == expected
