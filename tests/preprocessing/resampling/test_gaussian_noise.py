"""Which rows a `GaussianNoiseOverSampler` makes."""

import numpy as np
import pytest

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.preprocessing import GaussianNoiseOverSampler
from tests.preprocessing.resampling.conftest import Problem


def test_every_class_gets_the_size_of_the_largest_unless_told_otherwise(problem: Problem) -> None:
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


def test_a_class_of_one_row_can_not_grow() -> None:
    with pytest.raises(StudySettingsError, match="Class 'b' has one row, from which GaussianNoiseOverSamp"):
        GaussianNoiseOverSampler().fit_resample([[0.0], [1.0], [2.0]], ["a", "a", "b"])


def test_a_class_of_one_row_may_stay_as_it_is() -> None:
    sampler = GaussianNoiseOverSampler(sampling_strategy={"a": 4, "b": 1}, random_state=0)
    _, labels = sampler.fit_resample([[0.0], [1.0], [2.0]], ["a", "a", "b"])
    assert labels == ["a", "a", "b", "a", "a"]
