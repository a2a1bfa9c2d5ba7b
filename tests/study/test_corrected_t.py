"""The t test for folds that share training images."""

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from skknn_syndrome.study.corrected_t import corrected_t_test


def test_by_hand() -> None:
    # Differences 1, 2, 3: mean 2, variance 1; with n_test / n_train = 1/9, t = 2 / sqrt(1/3 + 1/9) = 3.
    found = corrected_t_test("f1_macro", "cosine", "euclidean", np.array([1.0, 2.0, 3.0]), 1 / 9)
    assert found.t_statistic == pytest.approx(3)
    assert found.standard_error == pytest.approx(2 / 3)
    assert found.n_folds == 3


def test_without_overlap_it_is_the_plain_t_test() -> None:
    differences = np.random.default_rng(0).normal(0.3, 1, 12)
    found = corrected_t_test("f1_macro", "a", "b", differences, 0)
    plain = ttest_1samp(differences, 0)
    assert found.t_statistic == pytest.approx(abs(plain.statistic))
    assert found.p_value == pytest.approx(plain.pvalue)
    ends = plain.confidence_interval()
    assert (found.confidence_low, found.confidence_high) == pytest.approx((ends.low, ends.high))


def test_the_higher_one_comes_first() -> None:
    found = corrected_t_test("f1_macro", "a", "b", np.array([-0.1, -0.3]), 0.1)
    assert (found.first, found.second, found.mean_difference) == ("b", "a", 0.2)


def test_more_repeats_do_not_make_it_ever_surer() -> None:
    once = np.array([0.0, 0.1, 0.2, 0.3])
    few = corrected_t_test("f1_macro", "a", "b", once, 1 / 3)
    many = corrected_t_test("f1_macro", "a", "b", np.tile(once, 1000), 1 / 3)
    # 1/n vanishes, n_test / n_train stays; the variance is by n - 1, so 3/4 as large.
    assert many.standard_error == pytest.approx(
        np.sqrt((1 / 3) * few.standard_error**2 / (7 / 12) * 0.75), rel=1e-3
    )


def test_the_same_difference_everywhere_leaves_nothing_to_divide_by() -> None:
    found = corrected_t_test("f1_macro", "a", "b", np.array([0.25, 0.25]), 0.1)
    assert (found.t_statistic, found.p_value) == (None, None)
