"""Each calibrated head by itself: scikit-learn's estimators, formulas by hand, and limits."""

from typing import Any

import numpy as np
import pytest
from scipy.special import log_softmax, logsumexp
from scipy.stats import multivariate_normal
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.multiclass import OneVsRestClassifier
from sklearn.neighbors import NeighborhoodComponentsAnalysis
from sklearn.svm import SVC, LinearSVC

from skknn_syndrome import compare_models, cross_validate_study, heads
from skknn_syndrome.heads import nca_knn, svc
from skknn_syndrome.heads.calibrated_knn import CalibratedKNNClassifier
from skknn_syndrome.heads.lda import CalibratedLDA
from skknn_syndrome.heads.linear_svc import CalibratedLinearSVC
from skknn_syndrome.heads.logistic_regression import CalibratedLogisticRegression
from skknn_syndrome.heads.nca_knn import NCAKNNClassifier
from skknn_syndrome.heads.plda_knn import PLDAKNNClassifier
from skknn_syndrome.heads.pool import COMPOSITIONS, PooledClassifier, fit_weights
from skknn_syndrome.heads.random_forest import CalibratedRandomForest
from skknn_syndrome.heads.softmax_knn import SoftmaxKNNClassifier
from skknn_syndrome.heads.svc import CalibratedSVC
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from tests.problems import Problem
from tests.refusing import refused

AS_GIVEN: dict[str, Any] = {"scaling": None, "inner_cv": None}
"""Rows neither scaled nor sorted, and no temperature."""


def one_against_the_rest(**options: Any) -> Any:
    return OneVsRestClassifier(SVC(**options))


WRAPPED = {
    "logistic regression": (CalibratedLogisticRegression(0.5, **AS_GIVEN), LogisticRegression(C=0.5)),
    "hinge": (
        CalibratedLinearSVC(0.01, loss="hinge", max_iter=9999, **AS_GIVEN),
        LinearSVC(C=0.01, loss="hinge", max_iter=9999, random_state=42),
    ),
    "squared hinge": (
        CalibratedLinearSVC(0.5, max_iter=9999, **AS_GIVEN),
        LinearSVC(C=0.5, dual=False, random_state=42),
    ),
    "svc linear": (
        CalibratedSVC(2.0, kernel="linear", **AS_GIVEN),
        one_against_the_rest(C=2.0, kernel="linear"),
    ),
    "svc scale": (CalibratedSVC(2.0, **AS_GIVEN), one_against_the_rest(C=2.0, gamma="scale")),
    "svc auto": (
        CalibratedSVC(2.0, kernel="rbf-auto", **AS_GIVEN),
        one_against_the_rest(C=2.0, gamma="auto"),
    ),
    "lda": (CalibratedLDA(0.3, **AS_GIVEN), LinearDiscriminantAnalysis("lsqr", shrinkage=0.3)),
    "lda auto": (CalibratedLDA("auto", **AS_GIVEN), LinearDiscriminantAnalysis("lsqr", shrinkage="auto")),
}


@pytest.mark.parametrize("n_classes", [2, 3])
@pytest.mark.parametrize("name", WRAPPED)
def test_decision_values_are_scikit_learns(problem: Problem, name: str, n_classes: int) -> None:
    ours, theirs = WRAPPED[name]
    rows = slice(30 * n_classes)
    for model in (ours, theirs):
        model.fit(problem.samples[rows], problem.labels[rows])
    np.testing.assert_allclose(
        ours.decision_function(problem.samples),
        theirs.decision_function(problem.samples),
        rtol=1e-6,
        atol=1e-6,
    )


def test_many_rows_are_fitted_without_a_kernel_of_all(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kernel in ("linear", "rbf-scale"):
        whole = CalibratedSVC(kernel=kernel, inner_cv=None).fit(problem.samples, problem.labels)
        with monkeypatch.context() as patched:
            patched.setattr(svc, "LARGEST_KERNEL", 10)
            parts = CalibratedSVC(kernel=kernel, inner_cv=None).fit(problem.samples, problem.labels)
        found = parts.decision_function(problem.samples)
        np.testing.assert_allclose(found, whole.decision_function(problem.samples), atol=1e-2)


def test_shares_of_a_forest_are_scikit_learns_smoothed(problem: Problem) -> None:
    ours = CalibratedRandomForest(4, **AS_GIVEN).fit(problem.samples, problem.labels)
    theirs = RandomForestClassifier(4, random_state=42).fit(problem.samples, problem.labels)
    shares = np.exp(ours.decision_function(problem.samples)) * 7 - 1
    np.testing.assert_allclose(shares / 4, theirs.predict_proba(problem.samples), atol=1e-12)


def test_a_linear_machine_that_does_not_converge_says_so_by_its_steps(problem: Problem) -> None:
    model = CalibratedLinearSVC(100.0, loss="hinge", max_iter=2).fit(problem.samples, problem.labels)
    assert model.n_iter_ == 2


def test_softmax_votes_by_hand() -> None:
    # Squared distances from 1: 1, 0 and 4, 9; votes with T = 2 are exp(-d² / 2).
    model = SoftmaxKNNClassifier(2.0, **AS_GIVEN).fit([[0.0], [1.0], [3.0], [4.0]], ["a", "a", "b", "b"])
    a, b = np.exp(-0.5) + 1, np.exp(-2) + np.exp(-4.5)
    np.testing.assert_allclose(model.predict_proba([[1.0]]), [[a / (a + b), b / (a + b)]])


def test_a_cold_vote_is_that_of_the_nearest_row_and_a_hot_one_the_prior(problem: Problem) -> None:
    rows = np.r_[:30, 30:50, 60:70]
    samples, labels = problem.samples[rows], problem.labels[rows]
    cold = SoftmaxKNNClassifier(1e-9, **AS_GIVEN).fit(samples, labels)
    distances = ((problem.samples[:, None] - samples) ** 2).sum(axis=2)
    assert cold.predict(problem.samples).tolist() == labels[distances.argmin(axis=1)].tolist()
    hot = SoftmaxKNNClassifier(1e12, **AS_GIVEN).fit(samples, labels).predict_proba(problem.samples)
    np.testing.assert_allclose(hot, np.tile([30 / 60, 20 / 60, 10 / 60], (90, 1)), atol=1e-9)
    even = SoftmaxKNNClassifier(1e12, balance=1.0, **AS_GIVEN).fit(samples, labels)
    np.testing.assert_allclose(even.predict_proba(problem.samples), np.full((90, 3), 1 / 3), atol=1e-9)


def test_calibrated_votes_rank_classes_as_votes_of_the_cosine_do(problem: Problem) -> None:
    ours = CalibratedKNNClassifier(7, **AS_GIVEN).fit(problem.samples, problem.labels)
    theirs = SyndromeKNNClassifier(7, metric="cosine").fit(problem.samples, problem.labels)
    shares = (np.exp(ours.decision_function(problem.samples)) * 10 - 1) / 7
    np.testing.assert_allclose(shares, theirs.predict_proba(problem.samples), atol=1e-12)


def test_neighbourhood_components_are_scikit_learns(problem: Problem) -> None:
    ours = NCAKNNClassifier(2, max_iter=4, **AS_GIVEN).fit(problem.samples, problem.labels)
    theirs = NeighborhoodComponentsAnalysis(2, init="pca", max_iter=4, random_state=42)
    space = theirs.fit_transform(problem.samples, problem.labels)
    votes = np.exp(-((space[:, None] - space) ** 2).sum(axis=2)) @ (problem.labels[:, None] == [*"abc"])
    expected = votes / votes.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(ours.predict_proba(problem.samples), expected, atol=1e-9)


@pytest.mark.parametrize("between_shrinkage", [0.0, 0.3])
def test_ratios_of_plda_are_those_of_normal_densities(problem: Problem, between_shrinkage: float) -> None:
    samples, labels = problem.samples[:, :2], problem.labels
    model = PLDAKNNClassifier(0.2, between_shrinkage=between_shrinkage, T=1.5, **AS_GIVEN)
    model.fit(samples, labels, problem.subjects)
    within, between, mean = model.within_, model.between_, model.mean_
    total = within + between
    both = multivariate_normal(np.r_[mean, mean], np.block([[total, between], [between, total]]))
    single = multivariate_normal(mean, total)
    queries = samples[:5] + 0.5
    expected = np.array(
        [
            [both.logpdf(np.r_[query, row]) - single.logpdf(query) - single.logpdf(row) for row in samples]
            for query in queries
        ]
    )
    np.testing.assert_allclose(model.log_likelihood_ratios(queries), expected, atol=1e-6)
    scores = np.stack([logsumexp(expected[:, labels == label] / 1.5, axis=1) for label in "abc"], axis=1)
    np.testing.assert_allclose(model.decision_function(queries), scores, atol=1e-6)


def test_covariances_of_plda_by_hand_with_a_subject_counted_once() -> None:
    # Class means 1 and 6, of subjects that weigh 1 each: the two images of subject 2 weigh 1/2.
    X, y, groups = [[0.0], [2.0], [2.0], [5.0], [7.0]], [*"aaabb"], [1, 2, 2, 3, 4]
    model = PLDAKNNClassifier(0.0, between_shrinkage=0.0, **AS_GIVEN).fit(X, y, groups)
    assert model.mean_.tolist() == [3.5]
    np.testing.assert_allclose([model.within_, model.between_], [[[1.0]], [[6.25]]], rtol=1e-6)
    assert model.predict([[1.0], [6.0]]).tolist() == ["a", "b"]


def test_rows_that_are_all_alike_have_no_plda_but_an_answer() -> None:
    model = PLDAKNNClassifier().fit(np.ones((4, 2)), [*"aabb"])
    np.testing.assert_allclose(model.predict_proba([[1.0, 1.0]]), [[0.5, 0.5]])


def test_a_pool_of_one_head_is_that_head(problem: Problem) -> None:
    head = CalibratedLDA(0.5).fit(*problem)
    pool = PooledClassifier([("lda", CalibratedLDA(0.5))]).fit(*problem)
    assert pool.weights_ == pytest.approx([1.0], abs=1e-3)
    assert pool.temperatures_ == pytest.approx([head.temperature_])
    np.testing.assert_allclose(
        pool.predict_proba(problem.samples), head.predict_proba(problem.samples), atol=1e-3
    )


def test_a_useless_head_has_no_weight() -> None:
    rng = np.random.default_rng(0)
    codes = rng.integers(0, 3, size=300)
    good = log_softmax(rng.normal(size=(300, 3)) + np.eye(3)[codes], axis=1)
    bad = log_softmax(rng.normal(size=(300, 3)) - np.eye(3)[codes], axis=1)
    weights = fit_weights([good, bad], codes)
    assert weights[0] > 0.5
    assert weights[1] == 0


def test_a_pool_without_inner_folds_has_equal_weights(problem: Problem) -> None:
    pool = PooledClassifier(inner_cv=None).fit(problem.samples, problem.labels)
    assert (pool.temperature_source_, pool.weights_.tolist()) == ("none", [1 / 3] * 3)
    assert [type(each) for each in pool.estimators_] == [CalibratedLDA, CalibratedSVC, SoftmaxKNNClassifier]
    codes = np.searchsorted(pool.classes_, problem.labels)
    pool.fit_calibration(pool.uncalibrated(problem.samples), codes)
    assert pool.temperature_source_ == "inner folds"


def test_parameters_of_pooled_heads_can_be_searched() -> None:
    pool = PooledClassifier([("lda", CalibratedLDA()), ("votes", SoftmaxKNNClassifier())])
    pool.set_params(lda__shrinkage=0.1, votes__T=3.0)
    found = pool.get_params()
    assert (found["lda__shrinkage"], found["votes"].T) == (0.1, 3.0)


@pytest.mark.parametrize(
    "estimators, code", [([], "no_value"), ([("lda", LinearDiscriminantAnalysis())], "not_a_head")]
)
def test_what_no_pool_can_be_made_of_is_refused(estimators: Any, code: str) -> None:
    with refused(code, "estimators"):
        PooledClassifier(estimators).fit(np.eye(4), [*"aabb"])


def test_a_pool_is_chosen_by_calibrated_scores_of_inner_folds(problem: Problem) -> None:
    comparison = compare_models(
        problem.samples, problem.labels, groups=problem.subjects, heads=["best_pool"], cv=3, n_repeats=1
    )
    (model,) = comparison.models.models
    assert {choice.params["estimators"] for choice in model.choices} <= {*COMPOSITIONS}
    assert model.calibration is not None
    assert model.scores["roc_auc_ovr"].mean > 0.8


def test_rows_of_a_large_class_are_projected_block_by_block(
    problem: Problem, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = NCAKNNClassifier(2, max_iter=4, **AS_GIVEN).fit(problem.samples, problem.labels)
    monkeypatch.setattr(nca_knn, "BLOCK", 7)
    parts = NCAKNNClassifier(2, max_iter=4, **AS_GIVEN).fit(problem.samples, problem.labels)
    np.testing.assert_allclose(parts.components_, whole.components_, atol=1e-9)


@pytest.mark.parametrize("name", ["lda", "pool"])
def test_a_head_is_studied_by_its_name(problem: Problem, name: str) -> None:
    study = cross_validate_study(
        problem.samples, problem.labels, groups=problem.subjects, head=name, cv=3, analyses=()
    )
    assert len(study.primary.candidates) == np.prod([len(each) for each in heads.get(name).grid.values()])
    assert study.records[0].kind == "probabilities"
    reached = study.primary.winner.scores["roc_auc_ovr"].mean
    assert reached is not None
    assert reached > 0.7
