"""Intervals of means over images that come in subjects."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, bootstrap, ttest_1samp, ttest_rel

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.results.intervals import MeanInterval
from skknn_syndrome.statistics.clustered import (
    clustered_mean,
    clustered_share,
    clustered_subset_difference,
    mean_of_shares,
)


def test_a_mean_of_four_images_of_three_subjects_by_hand() -> None:
    # Mean 3/4; sums of deviations -1/2, 1/4, 1/4; SE = sqrt(3/2 * 3/8) / 4 = 3/16; t(2; .975) = 4.3027.
    found = clustered_mean([1, 0, 1, 1], ["ann", "ann", "bob", "cid"])
    assert (found.low, found.high) == pytest.approx((0.75 - 4.302653 * 3 / 16, 0.75 + 4.302653 * 3 / 16))
    assert (found.unit, found.n_units, found.confidence) == ("subjects", 3, 0.95)


@given(st.lists(st.floats(-1, 1).map(lambda value: round(value, 3)), min_size=2, max_size=30))
def test_with_one_image_a_subject_it_is_scipys_t_interval(values: list[float]) -> None:
    found = clustered_mean(values, range(len(values)))
    if len(set(values)) > 1:
        expected = ttest_1samp(values, 0).confidence_interval(0.95)
        assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)
    else:
        assert (found.low, found.high, found.excludes_zero) == (None, None, False)
    alone = clustered_mean(values)
    assert (alone.low, alone.high, alone.unit) == (found.low, found.high, "images")


def test_a_share_of_independent_images_has_wilsons_interval() -> None:
    found = clustered_share([True] * 180 + [False] * 20)
    expected = binomtest(180, 200).proportion_ci(method="wilson")
    # Student's quantile of 199 degrees of freedom, and n - 1 in the standard error, are nearly the normal's.
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=2e-3)


def test_a_share_has_an_interval_within_0_and_1_wherever_there_are_two_subjects() -> None:
    certain, none = clustered_share([True] * 6, [0, 0, 1, 1, 2, 2]), clustered_share([False] * 3)
    assert (certain.estimate, certain.high, certain.n_units) == (1.0, 1.0, 3)
    assert certain.low is not None
    assert none.high == pytest.approx(1 - certain.low)  # three units both times, however many images
    assert clustered_share([True, True], [0, 0]).low is None
    alike = clustered_share([True, False] * 4, np.repeat(np.arange(4), 2))  # no variance among subjects
    assert alike.low is not None
    assert 0 < alike.low < 0.5


def test_subjects_of_many_images_agree_with_a_bootstrap_of_subjects() -> None:
    random = np.random.default_rng(0)
    subjects = np.repeat(np.arange(200), random.integers(1, 6, 200))
    values = (random.normal(size=200)[subjects] + random.normal(size=len(subjects)) > 0).astype(float)
    sums, sizes = np.bincount(subjects, values), np.bincount(subjects)

    def mean(chosen: IndexArray, axis: int = -1) -> Float64Array:
        return np.asarray(sums[chosen].sum(axis=axis) / sizes[chosen].sum(axis=axis))

    expected = bootstrap(
        (np.arange(200),), mean, n_resamples=4000, rng=random, method="percentile"
    ).confidence_interval
    found = clustered_mean(values, subjects)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=0.01)
    independent = clustered_mean(values)
    assert found.high is not None
    assert independent.high is not None
    assert found.high > independent.high + 0.01


def test_order_and_names_of_subjects_make_no_difference() -> None:
    random = np.random.default_rng(1)
    values, subjects = random.normal(size=40), random.integers(0, 15, 40)
    order = random.permutation(40)
    one, other = clustered_mean(values, subjects), clustered_mean(values[order], (99 - subjects)[order])
    assert (one.low, one.high) == pytest.approx((other.low, other.high))


@pytest.mark.parametrize(
    "values, subjects",
    [([0.1] * 7, None), ([1.0, 2.0], ["s", "s"]), ([3.0], None), ([1.0, -1.0, 1.0, -1.0], [0, 0, 1, 1])],
)
def test_where_units_do_not_vary_there_is_no_interval(
    values: list[float], subjects: list[int] | None
) -> None:
    found = clustered_mean(values, subjects)
    assert (found.low, found.high, found.sign) == (None, None, 0)


@pytest.mark.parametrize("low, high, sign", [(0.1, 0.2, 1), (-0.2, -0.1, -1), (-0.1, 0.1, 0), (0.0, 0.1, 0)])
def test_the_sign_is_that_of_the_whole_interval(low: float, high: float, sign: int) -> None:
    found = MeanInterval(estimate=(low + high) / 2, low=low, high=high, unit="images", n_units=9)
    assert (found.sign, found.excludes_zero) == (sign, bool(sign))


def test_of_100_simulated_intervals_about_95_hold_the_truth() -> None:
    random = np.random.default_rng(2)
    held = 0
    for _ in range(400):
        subjects = np.repeat(np.arange(30), random.integers(1, 5, 30))
        found = clustered_mean(random.normal(size=30)[subjects] + random.normal(size=len(subjects)), subjects)
        held += found.sign == 0
    assert 0.92 < held / 400 < 0.98


def test_a_part_is_held_against_the_whole_by_hand() -> None:
    found = clustered_subset_difference([1, 0, 0, 1], [True, True, True, False])
    assert found.estimate == pytest.approx(1 / 3 - 1 / 2)
    # z = 4/3 (g - 1/3) of the chosen, minus g - 1/2: 7/18, 1/18, 1/18, -1/2, about their mean 0.
    influence = np.array([7 / 18, 1 / 18, 1 / 18, -1 / 2])
    assert found.high is not None
    half = ttest_1samp(influence, 0).confidence_interval(0.95).high
    assert found.high - found.estimate == pytest.approx(half)


def test_a_part_that_is_the_whole_does_not_differ() -> None:
    found = clustered_subset_difference([1, 0, 1], [True, True, True])
    assert found.estimate == pytest.approx(0)
    assert found.sign == 0


def test_the_difference_agrees_with_a_bootstrap_of_subjects() -> None:
    random = np.random.default_rng(3)
    subjects = np.repeat(np.arange(150), 3)
    novelty = random.normal(size=150)[subjects] + random.normal(size=450)
    wrong = (random.normal(size=450) + 0.5 * novelty > 0.5).astype(float)
    chosen = novelty <= np.quantile(novelty, 0.8)
    drawn = random.integers(0, 150, (4000, 150))[..., None] * 3 + np.arange(3)
    rows = drawn.reshape(4000, -1)
    differences = (wrong[rows] * chosen[rows]).sum(1) / chosen[rows].sum(1) - wrong[rows].mean(1)
    found = clustered_subset_difference(wrong, chosen, subjects)
    assert (found.low, found.high) == pytest.approx(
        tuple(np.quantile(differences, [0.025, 0.975])), abs=0.006
    )
    assert found.sign == -1


def test_paired_differences_of_subjects_are_scipys_paired_t() -> None:
    random = np.random.default_rng(4)
    single, fused = random.random(50), random.random(50) + 0.1
    expected = ttest_rel(fused, single).confidence_interval(0.95)
    found = clustered_mean(fused - single, range(50))
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high))


def test_where_each_subject_counts_once_it_is_the_t_interval_of_their_means() -> None:
    random = np.random.default_rng(3)
    subjects = np.repeat(np.arange(40), random.integers(1, 7, 40))
    hits, sizes = random.random(len(subjects)) < 0.7, np.bincount(subjects)
    means = np.bincount(subjects, hits) / sizes
    expected = ttest_1samp(means, 0).confidence_interval(0.95)
    found = clustered_mean(hits, subjects, weights=1 / sizes[subjects])
    assert (found.estimate, found.low, found.high) == pytest.approx(
        (means.mean(), expected.low, expected.high)
    )
    share = clustered_share(hits, subjects, weights=1 / sizes[subjects])
    assert share.estimate == found.estimate
    twice = clustered_share(hits.repeat(2), subjects.repeat(2), weights=(1 / sizes[subjects]).repeat(2))
    assert (share.low, share.high) == pytest.approx((twice.low, twice.high), abs=0.01)
    assert clustered_share([True] * 3, [0, 0, 1], weights=[0.5, 0.5, 1.0]).estimate == 1.0


def test_shares_have_a_mean_within_0_and_1() -> None:
    found = mean_of_shares([0.9, 1.0], "syndromes")
    assert found.estimate == pytest.approx(0.95)
    assert (found.high, found.n_units) == (1.0, 2)
    same = mean_of_shares([1.0, 1.0], "syndromes")
    assert (same.low, same.high) == (None, None)
