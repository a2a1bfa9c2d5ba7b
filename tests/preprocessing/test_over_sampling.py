"""Which rows over-samplers make."""

from typing import Any

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE, RandomOverSampler
from scipy.stats import beta, kstest
from sklearn.base import clone

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.preprocessing import GaussianNoiseOverSampler, MixupOverSampler, MoreRows
from tests.preprocessing.conftest import Problem
from tests.refusing import refused


def test_what_cannot_be_shared_goes_to_the_first_classes() -> None:
    # 7 rows for 3 classes: 2 each, and one more for the first.
    assert MoreRows(7)(np.array(["c", "a", "b", "a"])) == {"a": 5, "b": 3, "c": 3}


@pytest.mark.parametrize("kind", [MixupOverSampler, RandomOverSampler, SMOTE])
def test_samplers_take_it_and_keep_it_when_they_are_cloned(kind: type) -> None:
    rows = np.random.default_rng(0).normal(size=(30, 2))
    labels = np.repeat([0, 1], [20, 10])
    sampler = clone(kind(sampling_strategy=MoreRows(8), random_state=0))
    _, resampled = sampler.fit_resample(rows, labels)
    assert np.bincount(resampled).tolist() == [24, 14]
    assert "MoreRows(n_rows=8)" in repr(sampler)


@pytest.mark.parametrize("n_rows", [0, 2.5, "x"])
def test_what_is_no_number_of_rows_is_refused(n_rows: Any) -> None:
    with refused("no_whole_number", "n_rows", error=StudySettingsError):
        MoreRows(n_rows)


def test_noise_brings_every_class_to_the_size_of_the_largest_unless_told_otherwise(problem: Problem) -> None:
    _, labels = GaussianNoiseOverSampler().fit_resample(*problem)
    assert np.unique(labels, return_counts=True)[1].tolist() == [40, 40, 40]
    _, labels = GaussianNoiseOverSampler(sampling_strategy={"b": 20}).fit_resample(*problem)
    assert np.unique(labels, return_counts=True)[1].tolist() == [40, 20, 25]


def test_the_rows_given_come_first_and_each_has_itself_for_a_parent(problem: Problem) -> None:
    sampler = GaussianNoiseOverSampler(random_state=0)
    rows, labels = sampler.fit_resample(*problem)
    np.testing.assert_array_equal(rows[:77], problem.samples)
    np.testing.assert_array_equal(labels[:77], problem.labels)
    np.testing.assert_array_equal(sampler.sample_indices_[:77], np.arange(77))


def test_a_synthetic_row_has_its_parents_class(problem: Problem) -> None:
    sampler = GaussianNoiseOverSampler(random_state=0)
    _, labels = sampler.fit_resample(*problem)
    assert sampler.sample_indices_.shape == labels.shape
    np.testing.assert_array_equal(labels, problem.labels[sampler.sample_indices_])


def test_the_noise_has_the_share_of_its_class_spread_that_was_asked_for(problem: Problem) -> None:
    sampler = GaussianNoiseOverSampler(sampling_strategy={"b": 20_000}, sigma=0.25, random_state=0)
    rows, _ = sampler.fit_resample(*problem)
    noise = (rows - problem.samples[sampler.sample_indices_])[77:]
    expected = 0.25 * problem.samples[problem.labels == "b"].std(axis=0)
    np.testing.assert_allclose(noise.std(axis=0), expected, rtol=0.03)
    np.testing.assert_allclose(noise.mean(axis=0), 0, atol=0.03 * expected.max())
    # Independent from feature to feature.
    np.testing.assert_allclose(np.corrcoef(noise.T), np.eye(4), atol=0.03)


def test_without_sigma_rows_are_repeated(problem: Problem) -> None:
    sampler = GaussianNoiseOverSampler(sigma=0, random_state=0)
    rows, _ = sampler.fit_resample(*problem)
    np.testing.assert_array_equal(rows, problem.samples[sampler.sample_indices_])


def test_every_row_of_a_class_is_drawn_equally_often(problem: Problem) -> None:
    sampler = GaussianNoiseOverSampler(sampling_strategy={"b": 12_012}, random_state=0)
    sampler.fit_resample(*problem)
    drawn = np.unique(sampler.sample_indices_[77:], return_counts=True)[1]
    assert len(drawn) == 12
    assert np.abs(drawn - 1000).max() < 5 * np.sqrt(1000)


def test_integers_become_floats_so_that_noise_is_not_cut_off() -> None:
    rows, _ = GaussianNoiseOverSampler(random_state=0).fit_resample(
        np.array([[0], [4], [8], [1], [5]]), ["a", "a", "a", "b", "b"]
    )
    assert rows.dtype == np.float64
    assert rows[5, 0] % 1 != 0


def test_a_class_of_one_row_can_not_grow_by_noise() -> None:
    with pytest.raises(StudySettingsError, match="Class 'b' has one row, from which GaussianNoiseOverSamp"):
        GaussianNoiseOverSampler().fit_resample([[0.0], [1.0], [2.0]], ["a", "a", "b"])


def test_a_class_of_one_row_may_stay_as_it_is() -> None:
    sampler = GaussianNoiseOverSampler(sampling_strategy={"a": 4, "b": 1}, random_state=0)
    _, labels = sampler.fit_resample([[0.0], [1.0], [2.0]], ["a", "a", "b"])
    assert labels == ["a", "a", "b", "a", "a"]


def test_mixup_brings_every_class_to_the_size_of_the_largest_unless_told_otherwise(problem: Problem) -> None:
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


def test_a_class_of_one_row_can_not_grow_by_mixup() -> None:
    with refused("one_row", "sampling_strategy", error=StudySettingsError):
        MixupOverSampler().fit_resample([[0.0], [1.0], [2.0]], ["a", "a", "b"])
