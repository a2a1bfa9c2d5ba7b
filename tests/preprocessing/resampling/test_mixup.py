"""Which rows a `MixupOverSampler` makes."""

import numpy as np
import pytest
from scipy.stats import beta, kstest

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.preprocessing import MixupOverSampler
from tests.preprocessing.resampling.conftest import Problem


def test_every_class_gets_the_size_of_the_largest_unless_told_otherwise(problem: Problem) -> None:
    _, labels = MixupOverSampler().fit_resample(*problem)
    assert np.unique(labels, return_counts=True)[1].tolist() == [40, 40, 40]
    _, labels = MixupOverSampler(sampling_strategy={"a": 41}).fit_resample(*problem)
    assert np.unique(labels, return_counts=True)[1].tolist() == [41, 12, 25]


def test_the_rows_given_come_first_and_each_is_both_its_parents(problem: Problem) -> None:
    sampler = MixupOverSampler(random_state=0)
    rows, labels = sampler.fit_resample(*problem)
    np.testing.assert_array_equal(rows[:77], problem.samples)
    np.testing.assert_array_equal(labels[:77], problem.labels)
    np.testing.assert_array_equal(sampler.sample_indices_[:77], np.arange(77)[:, None] * [1, 1])


def test_the_parents_of_a_synthetic_row_are_two_different_rows_of_its_class(problem: Problem) -> None:
    sampler = MixupOverSampler(sampling_strategy={"a": 500, "b": 500, "c": 25}, random_state=0)
    _, labels = sampler.fit_resample(*problem)
    assert sampler.sample_indices_.shape == (len(labels), 2)
    np.testing.assert_array_equal(problem.labels[sampler.sample_indices_], np.stack([labels, labels], axis=1))
    first, second = sampler.sample_indices_[77:].T
    assert (first != second).all()


def shares(alpha: float) -> Float64Array:
    """Return the first parent's share in many rows between 0 and 1."""
    sampler = MixupOverSampler(sampling_strategy={"a": 5002, "b": 1}, alpha=alpha, random_state=0)
    rows, _ = sampler.fit_resample([[0.0], [1.0], [5.0]], ["a", "a", "b"])
    made = np.array(rows)[3:, 0]
    return np.where(sampler.sample_indices_[3:, 0] == 1, made, 1 - made)


@pytest.mark.parametrize("alpha", [0.2, 1, 4])
def test_shares_follow_the_beta_distribution(alpha: float) -> None:
    assert kstest(shares(alpha), beta(alpha, alpha).cdf).pvalue > 0.01


def test_alpha_of_one_is_uniform() -> None:
    assert kstest(shares(1), "uniform").pvalue > 0.01


def test_a_synthetic_row_lies_on_the_line_between_its_parents(problem: Problem) -> None:
    sampler = MixupOverSampler(random_state=0)
    rows, _ = sampler.fit_resample(*problem)
    first, second = problem.samples[sampler.sample_indices_[77:]].swapaxes(0, 1)
    way = np.linalg.norm(first - second, axis=1)
    detour = np.linalg.norm(first - rows[77:], axis=1) + np.linalg.norm(rows[77:] - second, axis=1)
    np.testing.assert_allclose(detour, way, rtol=1e-12)


def test_every_pair_of_a_class_is_drawn_equally_often() -> None:
    sampler = MixupOverSampler(sampling_strategy={"a": 6003, "b": 1}, random_state=0)
    sampler.fit_resample([[0.0], [1.0], [2.0], [5.0]], ["a", "a", "a", "b"])
    pairs, counts = np.unique(sampler.sample_indices_[4:], axis=0, return_counts=True)
    assert len(pairs) == 6
    assert np.abs(counts - 1000).max() < 5 * np.sqrt(1000)


def test_a_class_of_one_row_can_not_grow() -> None:
    with pytest.raises(StudySettingsError, match="Class 'b' has one row, from which MixupOverSampler can"):
        MixupOverSampler().fit_resample([[0.0], [1.0], [2.0]], ["a", "a", "b"])
