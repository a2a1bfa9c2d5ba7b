"""Discriminant analysis of many classes: scikit-learn's, up to rounding."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.heads.shrunken_lda import ShrunkenLDA, pooled_covariance

OPTIONS: dict[str, Any] = {"solver": "lsqr", "shrinkage": "auto"}


def fitted(samples: Float64Array, labels: object, **options: Any) -> tuple[Any, Any]:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Only one sample available", category=UserWarning)
        ours = ShrunkenLDA(**(options or OPTIONS)).fit(samples, labels)
        return ours, LinearDiscriminantAnalysis(**(options or OPTIONS)).fit(samples, labels)


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@settings(max_examples=30)
@given(st.integers(0, 2**16), st.integers(20, 30), st.integers(1, 12), st.booleans())
def test_it_is_scikit_learns(seed: int, n_classes: int, n_features: int, constant: bool) -> None:  # noqa: FBT001
    rng = np.random.default_rng(seed)
    labels = np.r_[np.arange(n_classes), rng.integers(0, n_classes, 60)]  # some of one image, others of many
    samples = rng.normal(size=(len(labels), n_features)) * 10 ** rng.uniform(-2, 2, n_features)
    samples[:, 0] = 7 if constant else samples[:, 0]
    ours, theirs = fitted(samples, labels)
    np.testing.assert_allclose(ours.covariance_, theirs.covariance_, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.means_, theirs.means_, rtol=1e-12, atol=1e-12)


def test_its_probabilities_are_scikit_learns() -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(300) % 30
    samples = rng.normal(size=(300, 40)) + 2 * np.eye(40)[labels]
    ours, theirs = fitted(samples, labels)
    np.testing.assert_allclose(ours.predict_proba(samples), theirs.predict_proba(samples), atol=1e-10)


@pytest.mark.parametrize("options", [OPTIONS, {"solver": "lsqr"}, {"solver": "lsqr", "shrinkage": 0}])
def test_of_few_classes_or_without_shrinkage_it_is_scikit_learns_to_the_bit(
    options: dict[str, Any],
) -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(60) % (3 if options == OPTIONS else 25)
    ours, theirs = fitted(rng.normal(size=(60, 4)), labels, **options)
    np.testing.assert_array_equal(ours.coef_, theirs.coef_)


@pytest.mark.parametrize("shrinkage", [0.01, 0.5, 1.0])
@pytest.mark.parametrize("n_classes", [2, 25])
def test_a_shrinkage_by_number_is_scikit_learns(shrinkage: float, n_classes: int) -> None:
    rng = np.random.default_rng(0)
    labels = np.arange(60) ** 2 % n_classes
    ours, theirs = fitted(rng.normal(size=(60, 4)), labels, solver="lsqr", shrinkage=shrinkage)
    np.testing.assert_allclose(ours.covariance_, theirs.covariance_, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-9, atol=1e-12)


def test_one_image_a_class_has_no_covariance() -> None:
    samples = np.random.default_rng(0).normal(size=(20, 3))
    covariance = pooled_covariance(samples, np.arange(20), np.full(20, 0.05))[1]
    assert not covariance.any()


def test_without_an_inverse_it_takes_least_squares() -> None:
    samples = np.repeat(np.random.default_rng(0).normal(size=(20, 3)), 2, axis=0)  # no spread in any class
    ours, theirs = fitted(samples, np.arange(20).repeat(2))
    np.testing.assert_allclose(ours.coef_, theirs.coef_, atol=1e-12)
