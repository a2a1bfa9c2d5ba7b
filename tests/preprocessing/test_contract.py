"""The samplers keep imbalanced-learn's contract: every check of every variant, none of them excused."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from imblearn.utils.estimator_checks import check_param_validation, parametrize_with_checks
from scipy.sparse import csc_array, csr_matrix
from sklearn.base import clone

from skknn_syndrome._typing import Estimator
from skknn_syndrome.preprocessing import CentroidBalancer, GaussianNoiseOverSampler, MixupOverSampler
from tests.preprocessing.conftest import Problem

VARIANTS = [
    CentroidBalancer(),
    CentroidBalancer(sampling_strategy="auto", outlier_quantile=0.8, keep_quantile=0.5, max_factor=1),
    GaussianNoiseOverSampler(random_state=0),
    GaussianNoiseOverSampler(random_state=0, sigma=0),
    MixupOverSampler(random_state=0),
    MixupOverSampler(random_state=0, alpha=0.2),
]


CHECKS = parametrize_with_checks(VARIANTS)


# The same pairs in a list: imbalanced-learn gives a generator, which pytest takes no more.
@pytest.mark.parametrize(CHECKS.args[0], list(CHECKS.args[1]), **CHECKS.kwargs)
def test_imbalanced_learn_contract(estimator: Estimator, check: Callable[[Estimator], None]) -> None:
    check(estimator)


@pytest.mark.parametrize("sampler", VARIANTS)
def test_parameters_are_checked_as_imbalanced_learn_checks_its_own(sampler: Estimator) -> None:
    check_param_validation(type(sampler).__name__, sampler)


@pytest.mark.parametrize("sampler", VARIANTS)
def test_a_seed_gives_the_same_rows_again(sampler: Estimator, problem: Problem) -> None:
    first, second = (clone(sampler).fit_resample(*problem)[0] for _ in range(2))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("sampler", VARIANTS)
@pytest.mark.parametrize("kind", [csc_array, csr_matrix])
def test_sparse_rows_come_back_in_their_own_format(
    sampler: Estimator, kind: Callable[[Any], Any], problem: Problem
) -> None:
    dense, _ = clone(sampler).fit_resample(*problem)
    sparse, _ = clone(sampler).fit_resample(kind(problem.samples), problem.labels)
    assert type(sparse) is kind
    np.testing.assert_array_equal(sparse.toarray(), dense)


@pytest.mark.parametrize("sampler", VARIANTS)
def test_nothing_that_was_given_is_changed(sampler: Estimator, problem: Problem) -> None:
    samples, labels = problem.samples.copy(), problem.labels.copy()
    samples.flags.writeable = labels.flags.writeable = False
    clone(sampler).fit_resample(samples, labels)
    np.testing.assert_array_equal(samples, problem.samples)
