"""Which rows a `CentroidBalancer` keeps."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome.data import load_embeddings
from skknn_syndrome.preprocessing import CentroidBalancer
from tests.preprocessing.conftest import Problem


def kept(values: list[float], **parameters: float) -> list[float]:
    """Return what is kept of a class that stands beside one of two equal rows."""
    rows = [[value] for value in [*values, 0.0, 0.0]]
    sampler = CentroidBalancer(**parameters)
    sampler.fit_resample(rows, ["large"] * len(values) + ["small"] * 2)
    return [values[row] for row in sampler.sample_indices_ if row < len(values)]


def test_rows_beyond_the_outlier_quantile_of_their_distances_are_dropped() -> None:
    # The mean is 0, the sorted distances are 1, 1, 2, 2, 8, 8, of which place 0.6 * 5 = 3 holds 2.
    assert kept([-8, -1, 1, -2, 2, 8], outlier_quantile=0.6, keep_quantile=1, max_factor=9) == [-1, 1, -2, 2]


def test_of_what_remains_a_large_class_keeps_the_quantile_nearest_to_its_centroid() -> None:
    # Sorted distances 1, 1, 2, 2, 8, 8: place 0.3 * 5 = 1.5 lies half way between 1 and 2.
    assert kept([-8, -1, 1, -2, 2, 8], outlier_quantile=1, keep_quantile=0.3, max_factor=9) == [-1, 1]


def test_the_second_quantile_is_of_the_distances_that_the_first_left() -> None:
    # 1, 1, 2, 2 remain: place 0.5 * 3 = 1.5 lies between 1 and 2. Of all six it would be 2.
    assert kept([-8, -1, 1, -2, 2, 8], outlier_quantile=0.6, keep_quantile=0.5, max_factor=9) == [-1, 1]


def test_a_large_class_keeps_as_many_rows_as_the_smallest_class_has() -> None:
    # The mean is 0; the 0.1 quantile alone would leave the first row, the smallest class has two.
    assert kept([0, -1, 2, -3, 2], outlier_quantile=1, keep_quantile=0.1) == [0, -1]


def test_outliers_may_bring_a_class_down_to_the_size_of_the_smallest_and_no_second_cut_follows() -> None:
    # The mean is 2, the distances are 2, 1, 3: two rows remain, as many as the smallest class has.
    assert kept([0, 1, 5], outlier_quantile=0.9, keep_quantile=0.1) == [0, 1]


def test_no_class_keeps_more_than_the_factor_allows_and_the_nearest_stay() -> None:
    # 1.5 times 2 rows.
    assert kept([4, -4, 3, -3, 2, -2], outlier_quantile=1, keep_quantile=1, max_factor=1.5) == [3, 2, -2]


def test_of_equally_near_rows_the_first_stay() -> None:
    assert kept([1, -1, 1, -1, 1, -1], outlier_quantile=1, keep_quantile=0.5, max_factor=1.5) == [1, -1, 1]


@pytest.mark.parametrize("seed", range(5))
def test_two_rows_are_equally_far_from_their_mean_whatever_rounding_says(seed: int) -> None:
    samples = np.random.default_rng(seed).normal(size=(4, 3))
    sampler = CentroidBalancer()
    sampler.fit_resample(samples, ["a", "a", "b", "b"])
    assert sampler.sample_indices_.tolist() == [0, 1, 2, 3]


def test_the_smallest_class_loses_its_outliers_too_unless_it_is_left_out() -> None:
    rows = [[0.0], [0.0], [9.0]] + [[0.0]] * 5
    labels = np.array(["a"] * 3 + ["b"] * 5)
    counts = {
        strategy: np.unique(
            CentroidBalancer(sampling_strategy=strategy).fit_resample(rows, labels)[1], return_counts=True
        )[1].tolist()
        for strategy in ("all", "auto")
    }
    assert counts == {"all": [2, 5], "auto": [3, 5]}


@settings(max_examples=50, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 30), min_size=2, max_size=4),
    quantiles=st.tuples(*[st.floats(0.05, 1)] * 2),
    max_factor=st.floats(1, 4),
    seed=st.integers(0, 2**32 - 1),
)
def test_it_keeps_what_the_rule_says_in_other_words(
    sizes: list[int], quantiles: tuple[float, float], max_factor: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(len(sizes)), sizes)
    samples = rng.normal(size=(len(labels), 3)) ** 3
    sampler = CentroidBalancer(
        outlier_quantile=quantiles[0], keep_quantile=quantiles[1], max_factor=max_factor
    )
    sampler.fit_resample(samples, labels)
    expected: set[int] = set()
    for label in range(len(sizes)):
        members = np.flatnonzero(labels == label)
        centroid = samples[members].sum(axis=0) / len(members)
        far = {int(row): float(np.sqrt(((samples[row] - centroid) ** 2).sum())) for row in members}
        limit = np.quantile(list(far.values()), quantiles[0])
        stay = [row for row in far if far[row] <= limit * (1 + 1e-9)]
        if len(stay) > min(sizes):
            limit = np.quantile([far[row] for row in stay], quantiles[1])
            wanted = sum(far[row] <= limit * (1 + 1e-9) for row in stay)
            stay = sorted(stay, key=far.__getitem__)[
                : min(max(wanted, min(sizes)), int(max_factor * min(sizes)))
            ]
        expected |= set(stay)
    assert set(sampler.sample_indices_.tolist()) == expected


def test_rows_and_labels_are_those_that_were_kept_in_their_order(problem: Problem) -> None:
    sampler = CentroidBalancer()
    rows, labels = sampler.fit_resample(*problem)
    assert (np.diff(sampler.sample_indices_) > 0).all()
    np.testing.assert_array_equal(rows, problem.samples[sampler.sample_indices_])
    np.testing.assert_array_equal(labels, problem.labels[sampler.sample_indices_])


def test_the_public_embeddings_end_with_the_published_numbers(real_file: Path) -> None:
    dataset = load_embeddings(real_file)
    _, labels = CentroidBalancer().fit_resample(dataset.embeddings, dataset.syndromes)
    _, counts = np.unique(labels, return_counts=True)
    assert counts.tolist() == [63, 90, 64, 61, 76, 64, 128, 128, 65, 60]
