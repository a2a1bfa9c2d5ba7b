"""Power and false positives of tests on a given reference."""

import numpy as np
import pytest
from scipy.stats import pearsonr

from skknn_syndrome.statistics import mantel_power
from skknn_syndrome.statistics.mantel import mantel
from skknn_syndrome.statistics.mantel_power import naive_false_positives, naive_p_value, power
from tests.refusing import refused
from tests.statistics.test_mantel import point_distances, tree_distances

TREE = tree_distances(24, seed=1)


def test_power_rises_with_correlation_and_classes() -> None:
    few, many = power(TREE[:8, :8], 16), power(TREE, 16)
    assert few.rejections[0] < few.rejections[-1]
    assert few.rejections[2] < many.rejections[2]
    assert few.smallest is not None
    assert many.smallest is not None
    assert many.smallest < few.smallest
    assert many.rejections[many.correlations.index(many.smallest)] >= 0.8
    assert power(TREE[:8, :8], correlations=(0.0, 0.1)).smallest is None


def test_without_a_correlation_mantel_keeps_its_level_and_the_naive_test_does_not() -> None:
    found = naive_false_positives(TREE, 16, n_simulations=600, n_permutations=199)
    assert 0.025 < found.mantel < 0.08  # 99.9 % of binomial draws
    assert found.naive > 0.1
    assert found.naive > found.naive_strict > 0.01
    assert power(TREE, correlations=(0.0,), n_simulations=600).rejections[0] < 0.08


def test_power_is_that_of_mantel_s_test() -> None:
    # The same distances, put together and tested one by one.
    g = TREE[np.triu_indices(24, 1)]
    rejected = []
    for seed in range(60):
        e = point_distances(24, seed, n_features=8)
        above = e[np.triu_indices(24, 1)]
        visual = 0.3 * (TREE - g.mean()) / g.std() + np.sqrt(1 - 0.3**2) * (e - above.mean()) / above.std()
        np.fill_diagonal(visual, 0)
        rejected.append(mantel(visual, TREE, n_permutations=99, random_state=seed).p_value <= 0.05)
    expected = power(TREE, 8, correlations=(0.3,), n_permutations=99, n_simulations=600).rejections[0]
    assert np.mean(rejected) == pytest.approx(expected, abs=3.3 * np.sqrt(expected * (1 - expected) / 60))


def test_batches_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = naive_false_positives(TREE, 8, n_simulations=20, n_permutations=19)
    monkeypatch.setattr(mantel_power, "_BATCH", 1000)
    assert naive_false_positives(TREE, 8, n_simulations=20, n_permutations=19) == whole


def test_the_naive_p_is_pearson_s() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(2, 40))
    found = pearsonr(x, y)
    assert naive_p_value(found.statistic, 40) == pytest.approx(found.pvalue, rel=1e-10)
    assert naive_p_value(np.array([1.0, 0.0, -1.0]), 40).tolist() == [0, 1, 0]
    # The published r of 0.40, in four figures, and its p.
    assert naive_p_value(0.4032, 2775) == pytest.approx(5.7e-109, rel=0.05)


def test_what_cannot_be_simulated_is_refused() -> None:
    with refused("constant_distances"):
        power(1 - np.eye(5))
    with refused("not_positive", "n_simulations"):
        power(TREE, n_simulations=0)
    with refused("not_positive", "n_features"):
        naive_false_positives(TREE, 0)
