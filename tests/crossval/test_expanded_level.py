"""Levels of quantiles that make up for the narrowness of the bootstrap."""

import numpy as np
import pytest
from scipy.stats import norm, t

from skknn_syndrome.crossval.bootstrap import expanded_level


@pytest.mark.parametrize("n", [2, 6, 60, 941])
def test_one_class_is_hesterbergs_level(n: int) -> None:
    expected = 2 * norm.cdf(np.sqrt(n / (n - 1)) * t.ppf(0.975, n - 1)) - 1
    assert expanded_level(0.95, [n]) == pytest.approx(min(expected, 0.999))


def test_equal_classes_share_their_degrees_of_freedom() -> None:
    # Four classes of ten: sqrt(10 / 9) and 36 degrees of freedom.
    expected = 2 * norm.cdf(np.sqrt(10 / 9) * t.ppf(0.975, 36)) - 1
    assert expanded_level(0.95, [10] * 4) == pytest.approx(expected)


def test_two_unequal_classes_by_hand() -> None:
    # 1/5 + 1/20 = 0.25; 4/25 + 19/400 = 0.2075; 0.25 ** 2 / (1/100 + 1/7600) = 6.16883.
    expected = 2 * norm.cdf(np.sqrt(0.25 / 0.2075) * t.ppf(0.975, 0.0625 / (0.01 + 1 / 7600))) - 1
    assert expanded_level(0.95, [5, 20]) == pytest.approx(expected)


def test_the_level_lies_between_those_of_all_units_and_of_the_smallest_class() -> None:
    counts = [6, 20, 30, 90]
    assert expanded_level(0.95, [sum(counts)]) < expanded_level(0.95, counts) < expanded_level(0.95, [6])


def test_with_many_units_it_is_the_confidence() -> None:
    assert expanded_level(0.9, [10**7, 10**7]) == pytest.approx(0.9, abs=1e-6)


def test_a_class_of_one_unit_counts_as_one_of_two() -> None:
    assert expanded_level(0.95, [1, 40]) == expanded_level(0.95, [2, 40])


def test_the_wanted_variance_is_that_of_simulated_macro_means() -> None:
    # The factor: standard error of a macro mean over that which resampling within classes sees, on average.
    rng = np.random.default_rng(0)
    counts = [4, 10]
    draws = [rng.normal(size=(20_000, n)) for n in counts]
    true = np.mean([draw.mean(axis=1) for draw in draws], axis=0).var()
    seen = np.mean([sum(draw.var(axis=1) / draw.shape[1] for draw in draws) / 4])
    factor = np.sqrt(sum(1 / n for n in counts) / sum((n - 1) / n**2 for n in counts))
    assert np.sqrt(true / seen) == pytest.approx(factor, rel=0.02)
