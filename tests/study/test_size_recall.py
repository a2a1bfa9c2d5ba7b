"""Whether small syndromes are the hard ones."""

from itertools import permutations

import numpy as np
import pytest
from scipy.stats import spearmanr

from skknn_syndrome.results.evaluation import RankCorrelation
from skknn_syndrome.study.size_recall import correlate_size_and_recall


def correlated(sizes: list[int], recalls: list[float]) -> RankCorrelation:
    found = correlate_size_and_recall(sizes, recalls)
    assert found is not None
    return found


def test_the_p_value_counts_all_orders_of_few_syndromes() -> None:
    sizes, recalls = [10, 20, 30, 40, 50, 50], [0.5, 0.9, 0.6, 0.7, 0.8, 0.8]
    found = correlated(sizes, recalls)
    assert found.rho == pytest.approx(spearmanr(sizes, recalls).statistic)
    others = [spearmanr(sizes, order).statistic for order in permutations(recalls)]
    above, below = (np.mean(np.array(others) * sign >= found.rho * sign - 1e-9) for sign in (1, -1))
    assert found.p_value == pytest.approx(min(2 * min(above, below), 1))
    assert (found.exact, found.n_syndromes) == (True, 6)


@pytest.mark.parametrize(
    "recalls, verdict",
    [
        ([0.1, 0.2, 0.3, 0.4, 0.5, 0.6], "small_harder"),
        ([0.6, 0.5, 0.4, 0.3, 0.2, 0.1], "large_harder"),
        ([0.3, 0.1, 0.5, 0.2, 0.6, 0.4], "inconclusive"),
    ],
)
def test_the_verdict_has_the_direction_of_a_significant_correlation(
    recalls: list[float], verdict: str
) -> None:
    assert correlated([10, 20, 30, 40, 50, 60], recalls).verdict == verdict


def test_from_eight_syndromes_on_permutations_are_drawn_with_a_fixed_seed() -> None:
    random = np.random.default_rng(0)
    sizes, recalls = random.integers(5, 100, 40).tolist(), random.random(40).tolist()
    found = correlated(sizes, recalls)
    assert not found.exact
    assert found == correlated(sizes, recalls)
    assert found.p_value == pytest.approx(spearmanr(sizes, recalls).pvalue, abs=0.02)


@pytest.mark.parametrize(
    "sizes, recalls",
    [
        ([1, 2, 3, 4], [0.1, 0.2, 0.3, 0.4]),
        ([7] * 5, [0.1, 0.2, 0.3, 0.4, 0.5]),
        ([1, 2, 3, 4, 5], [1.0] * 5),
    ],
)
def test_of_few_or_equal_values_nothing_is_said(sizes: list[int], recalls: list[float]) -> None:
    assert correlate_size_and_recall(sizes, recalls) is None


def test_by_chance_one_in_twenty_is_significant_at_most() -> None:
    random = np.random.default_rng(1)
    found = [correlated([1, 2, 3, 4, 5], random.random(5).tolist()) for _ in range(100)]
    assert sum(entry.verdict != "inconclusive" for entry in found) <= 5
