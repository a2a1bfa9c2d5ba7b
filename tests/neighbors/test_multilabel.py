"""Nearest neighbours for several labels an image: shares of votes, and ML-kNN by hand and by a plain loop."""

from typing import Any
from unittest import SkipTest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_matrix, csr_array
from sklearn.base import clone
from sklearn.model_selection import cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils.estimator_checks import estimator_checks_generator

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.errors import FewerNeighborsWarning
from skknn_syndrome.neighbors import SyndromeKNNClassifier, multilabel
from skknn_syndrome.neighbors.multilabel import MultilabelKNNClassifier
from tests.crossval.builders import label_sets
from tests.refusing import refused

LINE: dict[str, Any] = {"metric": "euclidean", "weights": "uniform"}


def of_sklearn(model: KNeighborsClassifier, X: Any) -> Float64Array:
    return np.column_stack([part[:, 1] for part in model.predict_proba(X)])


@pytest.mark.parametrize("metric", ["euclidean", "manhattan", "cosine"])
@pytest.mark.parametrize("weights", ["uniform", "distance"])
def test_shares_are_scikit_learns(metric: Any, weights: Any) -> None:
    X, y = label_sets(150, 5)
    ours = MultilabelKNNClassifier(7, metric=metric, weights=weights).fit(X[:100], y[:100])
    theirs = KNeighborsClassifier(7, metric=metric, weights=weights, algorithm="brute").fit(X[:100], y[:100])
    np.testing.assert_allclose(ours.predict_proba(X[100:]), of_sklearn(theirs, X[100:]), atol=1e-9)
    np.testing.assert_array_equal(ours.predict(X[100:]), theirs.predict(X[100:]))


def test_each_label_by_itself_is_that_of_the_classifier_of_single_labels() -> None:
    X, y = label_sets(120, 4)
    for weights in ("uniform", "distance", "softmax"):
        several = MultilabelKNNClassifier(9, weights=weights).fit(X[:90], y[:90]).predict_proba(X[90:])
        for label in range(4):
            single = SyndromeKNNClassifier(9, weights=weights).fit(X[:90], y[:90, label])
            np.testing.assert_allclose(several[:, label], single.predict_proba(X[90:])[:, 1], atol=1e-12)


@settings(max_examples=30)
@given(seed=st.integers(0, 10_000), k=st.integers(1, 9), n_labels=st.integers(2, 6))
def test_what_all_or_none_of_the_neighbours_have_is_certain(seed: int, k: int, n_labels: int) -> None:
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, (30, n_labels))
    y[:, 0], y[:, 1] = 1, 0
    model = MultilabelKNNClassifier(k, metric="euclidean").fit(rng.random((30, 3)), y)
    shares = model.predict_proba(rng.random((20, 3)))
    assert (shares[:, 0] == 1).all()
    assert (shares[:, 1] == 0).all()
    assert (shares >= 0).all()
    assert (shares <= 1 + 1e-15).all()


@pytest.mark.parametrize("rule", ["votes", "mlknn"])
def test_neither_blocks_nor_sparse_labels_change_anything(rule: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    X, y = label_sets(80, 4)
    model = MultilabelKNNClassifier(5, rule=rule)
    whole = clone(model).fit(X, y).predict_proba(X)
    monkeypatch.setattr(multilabel, "BLOCK_ROWS", 7)
    for given_labels in (y, y.astype(bool), y.astype(float), y.tolist(), csr_array(y), csc_matrix(y)):
        np.testing.assert_array_equal(clone(model).fit(X, given_labels).predict_proba(X), whole)


def test_the_order_of_training_rows_has_no_influence_where_no_distances_tie() -> None:
    X, y = label_sets(80, 3)
    order = np.random.default_rng(0).permutation(60)
    for rule in ("votes", "mlknn"):
        model = MultilabelKNNClassifier(5, rule=rule, weights="uniform")
        plain = clone(model).fit(X[:60], y[:60]).predict_proba(X[60:])
        np.testing.assert_allclose(clone(model).fit(X[order], y[order]).predict_proba(X[60:]), plain)


def test_training_rows_are_predicted_without_their_own_vote() -> None:
    X, y = [[0.0], [1.0], [3.0]], np.array([[1, 0], [0, 1], [0, 0]])
    model = MultilabelKNNClassifier(1, **LINE).fit(X, y)
    assert model.predict(None).tolist() == [[0, 1], [1, 0], [0, 1]]


def test_half_of_the_votes_is_too_few_as_in_scikit_learn() -> None:
    X, y = [[0.0], [1.0]], np.array([[1, 1], [0, 1]])
    model = MultilabelKNNClassifier(2, **LINE).fit(X, y)
    assert model.predict([[0.5]]).tolist() == [[0, 1]]
    assert KNeighborsClassifier(2).fit(X, y).predict([[0.5]]).tolist() == [[0, 1]]


def test_ml_knn_by_hand() -> None:
    # On a line at 0, 1, 3, 7, 8: the nearest others are 1, 0, 1, 8, 7. The first label is at 0, 1 and 7. Of
    # these, two have a neighbour with it (0 and 1), one has not (7). Of 3 and 8 both have one. So P(1) = 4/7,
    # P(C=0|1) = 2/5, P(C=1|1) = 3/5, P(C=0|0) = 1/4, P(C=1|0) = 3/4.
    X = [[0.0], [1.0], [3.0], [7.0], [8.0]]
    y = [[1, 0], [1, 0], [0, 0], [1, 0], [0, 0]]
    model = MultilabelKNNClassifier(1, rule="mlknn", **LINE).fit(X, y)
    without, with_one = 4 / 7 * 2 / 5, 4 / 7 * 3 / 5
    expected = [without / (without + 3 / 7 * 1 / 4), with_one / (with_one + 3 / 7 * 3 / 4)]
    np.testing.assert_allclose(model.posterior_[0], expected)
    # The second label is nowhere: P(1) = 1/7, P(C|1) = 1/2, P(C=0|0) = 6/7, P(C=1|0) = 1/7.
    np.testing.assert_allclose(model.posterior_[1], [0.5 / (0.5 + 6 * 6 / 7), 0.5 / (0.5 + 6 / 7)])
    (first_without, first_with), (second, _) = model.posterior_
    found = model.predict_proba([[0.9], [8.5]])
    np.testing.assert_allclose(found, [[first_with, second], [first_without, second]])
    assert model.predict([[0.9], [8.5]]).tolist() == [[1, 0], [1, 0]]


def ml_knn_by_loops(
    X: Float64Array, y: LabelArray, queries: Float64Array, k: int, s: float, subjects: LabelArray
) -> Float64Array:
    """Follow the figure of Zhang and Zhou (2007), step by step."""
    (n, n_labels), found = y.shape, np.empty((len(queries), y.shape[1]))
    for label in range(n_labels):
        prior = (s + sum(y[:, label])) / (2 * s + n)
        c, c_not = [0] * (k + 1), [0] * (k + 1)
        for i in range(n):
            others = [j for j in range(n) if subjects[j] != subjects[i]]
            near = sorted(others, key=lambda j: (np.linalg.norm(X[i] - X[j]), j))[:k]
            delta = sum(y[j, label] for j in near)
            if y[i, label]:
                c[delta] += 1
            else:
                c_not[delta] += 1
        for q, row in enumerate(queries):
            near = sorted(range(n), key=lambda j: (np.linalg.norm(row - X[j]), j))[:k]
            delta = sum(y[j, label] for j in near)
            yes = prior * (s + c[delta]) / (s * (k + 1) + sum(c))
            no = (1 - prior) * (s + c_not[delta]) / (s * (k + 1) + sum(c_not))
            found[q, label] = yes / (yes + no)
    return found


@pytest.mark.parametrize("size", [1, 3])
@pytest.mark.parametrize("s", [1.0, 0.3])
def test_ml_knn_is_that_of_its_authors(s: float, size: int) -> None:
    X, y = label_sets(60, 3)
    subjects = np.arange(50) // size
    model = MultilabelKNNClassifier(4, rule="mlknn", smoothing=s, metric="euclidean")
    model.fit(X[:50], y[:50], groups=None if size == 1 else subjects)
    expected = ml_knn_by_loops(X[:50], y[:50], X[50:], 4, s, subjects)
    np.testing.assert_allclose(model.predict_proba(X[50:]), expected)


def test_ml_knn_counts_no_more_neighbours_than_each_training_row_has() -> None:
    X, y = label_sets(6, 2)
    y[0] = 1
    assert MultilabelKNNClassifier(5, rule="mlknn").fit(X, y).posterior_.shape == (2, 6)
    grouped = MultilabelKNNClassifier(5, rule="mlknn").fit(X, y, groups=[1, 1, 1, 2, 3, 4])
    assert grouped.posterior_.shape == (2, 4)
    assert grouped.predict_proba(X).shape == (6, 2)
    with pytest.warns(FewerNeighborsWarning):
        assert MultilabelKNNClassifier(9, rule="mlknn").fit(X, y).posterior_.shape == (2, 6)


@pytest.mark.parametrize(
    "groups, said", [(None, "no other one (n_samples=1): take"), ([1, 1], "of another subject")]
)
def test_ml_knn_without_another_row_is_refused(groups: Any, said: str) -> None:
    n_rows = 1 if groups is None else 2
    with refused("no_other_rows", "rule") as caught:
        MultilabelKNNClassifier(1, rule="mlknn").fit([[1.0]] * n_rows, [[1, 0]] * n_rows, groups)
    assert said in str(caught.value)


def test_what_ml_knn_counted_can_not_be_changed_after_the_fit() -> None:
    X, y = label_sets(30, 2)
    model = MultilabelKNNClassifier(3, rule="mlknn").fit(X, y).set_params(n_neighbors=5)
    with refused("not_fitted_for", "rule"):
        model.predict(X)
    votes = MultilabelKNNClassifier(3).fit(X, y).set_params(n_neighbors=5)
    np.testing.assert_array_equal(
        votes.predict_proba(X), MultilabelKNNClassifier(5).fit(X, y).predict_proba(X)
    )


@pytest.mark.parametrize(
    "y, code",
    [
        ([1, 0], "not_a_matrix"),
        ([[1, 2], [0, 1]], "not_an_indicator"),
        ([[1, -1], [0, 1]], "not_an_indicator"),
        (csr_array([[1.0, 0.5], [0.0, 1.0]]), "not_an_indicator"),
        ([["a", "b"], ["a", "b"]], "not_an_indicator"),
    ],
)
def test_labels_that_are_no_indicators_are_refused(y: Any, code: str) -> None:
    with refused(code, "y"):
        MultilabelKNNClassifier(1).fit([[1.0], [2.0]], y)


def test_numbers_in_an_array_of_objects_are_numbers() -> None:
    model = MultilabelKNNClassifier(1, **LINE).fit([[1.0], [2.0]], np.array([[1, 0], [0, 1]], dtype=object))
    assert model.predict([[1.1]]).tolist() == [[1, 0]]


def test_scikit_learns_tools_take_it() -> None:
    X, y = label_sets(60, 3)
    model = make_pipeline(StandardScaler(), MultilabelKNNClassifier(5))
    assert cross_val_predict(model, X, y, cv=3, method="predict_proba").shape == (60, 3)


OF_CLASSES = {
    "check_estimators_dtypes",
    "check_classifier_data_not_an_array",
    "check_classifiers_one_label",
    "check_classifiers_classes",
    "check_classifiers_train",
    "check_classifier_not_supporting_multiclass",
    "check_fit2d_1feature",
}
"""Checks that train on a column of two classes, such as 1 and 2 or texts, and not on an indicator matrix."""


@pytest.mark.no_cover
@pytest.mark.filterwarnings("ignore::skknn_syndrome.errors.FewerNeighborsWarning")
@pytest.mark.parametrize("rule", ["votes", "mlknn"])
def test_scikit_learn_contract(rule: Any) -> None:
    failed, passed = set(), set()
    for estimator, check in estimator_checks_generator(MultilabelKNNClassifier(rule=rule)):
        name = getattr(check, "func", check).__name__
        try:
            check(estimator)
        except SkipTest:
            continue
        except (AssertionError, ValueError):
            failed.add(name)
        else:
            passed.add(name)
    # Shares of votes may be 0 and 1, which that check takes for no probabilities.
    certain = {"check_classifiers_multilabel_output_format_predict_proba"} if rule == "votes" else set()
    assert failed == OF_CLASSES | certain
    assert len(passed) > 40
