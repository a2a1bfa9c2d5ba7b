"""Corrected t tests of methods on the same folds, and Holm's adjustment."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from scipy.stats import ttest_1samp

from skknn_syndrome.results.protocol import Fold, ProtocolResult
from skknn_syndrome.results.score import Score
from skknn_syndrome.statistics.paired_tests import compare_distances, compare_scores, corrected_t_test, holm
from tests.builders import make_candidate, make_run


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


def test_holm_by_hand() -> None:
    # In rising order .01 * 4, .02 * 3, .03 * 2, .9 * 1; none below the one before it.
    assert holm([0.02, 0.9, 0.01, 0.03]) == pytest.approx([0.06, 0.9, 0.04, 0.06])


def test_one_test_stays_as_it_is_and_none_are_none() -> None:
    assert holm([0.3]) == [0.3]
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_adjusted_ones_are_no_smaller_no_larger_than_bonferronis_and_in_the_same_order(
    raw: list[float],
) -> None:
    adjusted = holm(raw)
    for p_value, other in zip(raw, adjusted, strict=True):
        assert p_value <= other <= min(1, len(raw) * p_value) + 1e-12
    order = sorted(range(len(raw)), key=raw.__getitem__)
    assert [adjusted[place] for place in order] == sorted(adjusted)


NAN = float("nan")


def run(euclidean: list[float], cosine: list[float]) -> ProtocolResult:
    folds = [Fold(repeat=0, split=split, n_train=8, n_test=2) for split in range(len(cosine))]
    return make_run(
        make_candidate(euclidean, metric="euclidean"), make_candidate(cosine, metric="cosine"), folds=folds
    )


def test_hand_computed() -> None:
    # Differences .1 .3 .2 .2: mean .2, variance .02 / 3; factor 1/4 + 2/8 = 1/2; error sqrt(.01 / 3).
    (entry,) = compare_distances(run([0.5, 0.4, 0.6, 0.5], [0.6, 0.7, 0.8, 0.7]))
    assert (entry.first, entry.second, entry.n_folds) == ("cosine", "euclidean", 4)
    assert entry.mean_difference == pytest.approx(0.2)
    assert entry.standard_error == pytest.approx(np.sqrt(0.01 / 3))
    assert entry.t_statistic == pytest.approx(0.2 / np.sqrt(0.01 / 3))
    assert entry.p_value == pytest.approx(2 * stats.t.sf(0.2 / np.sqrt(0.01 / 3), 3))
    assert entry.confidence_low == pytest.approx(0.2 - stats.t.ppf(0.975, 3) * np.sqrt(0.01 / 3))
    assert entry.confidence_high == pytest.approx(0.2 + stats.t.ppf(0.975, 3) * np.sqrt(0.01 / 3))


def test_without_overlap_it_is_the_paired_t_test() -> None:
    pairs = run([0.5, 0.4, 0.6, 0.5], [0.6, 0.7, 0.8, 0.7])
    independent = pairs.model_copy(
        update={"folds": tuple(f.model_copy(update={"n_test": 0}) for f in pairs.folds)}
    )
    (entry,) = compare_distances(independent)
    expected = stats.ttest_rel([0.6, 0.7, 0.8, 0.7], [0.5, 0.4, 0.6, 0.5])
    assert (entry.t_statistic, entry.p_value) == pytest.approx((expected.statistic, expected.pvalue))


def test_the_distance_with_the_higher_mean_is_first() -> None:
    (entry,) = compare_distances(run([0.6, 0.8], [0.5, 0.6]))
    assert (entry.first, entry.second) == ("euclidean", "cosine")
    assert entry.mean_difference == pytest.approx(0.15)


def test_the_same_difference_in_every_fold_leaves_nothing_to_test() -> None:
    (entry,) = compare_distances(run([0.5, 0.5], [0.5, 0.5]))
    assert (entry.t_statistic, entry.p_value, entry.standard_error) == (None, None, 0.0)


def test_folds_without_a_value_are_left_out_and_two_are_needed() -> None:
    (entry,) = compare_distances(run([0.5, NAN, 0.5], [0.6, 0.9, 0.7]))
    assert entry.n_folds == 2
    assert compare_distances(run([0.5, NAN], [0.6, 0.7])) == ()


def test_one_distance_has_nothing_to_be_compared_with() -> None:
    assert compare_distances(make_run(make_candidate([0.5, 0.6]))) == ()


def scores_of(*values: tuple[str, list[float]]) -> dict[str, Score]:
    return {name: Score.from_values(name, list(found)) for name, found in values}


def test_scores_with_the_same_differences_are_one_test() -> None:
    first = scores_of(
        ("roc_auc_ovr", [0.61, 0.72, 0.83, 0.74]),
        ("accuracy", [0.6, 0.7, 0.8, 0.7]),
        ("top_1_accuracy", [0.7, 0.8, 0.9, 0.8 + 1e-15]),
        ("top_3_accuracy", [1.0, 1.0, 1.0, 1.0]),
    )
    second = scores_of(
        ("roc_auc_ovr", [0.6, 0.7, 0.8, 0.7]),
        ("accuracy", [0.5, 0.4, 0.6, 0.5]),
        ("top_1_accuracy", [0.6, 0.5, 0.7, 0.6]),
        ("top_3_accuracy", [1.0, 1.0, 1.0, 1.0]),
    )
    found = {entry.score: entry for entry in compare_scores("a", "b", first, second, 0.25)}
    assert found["top_3_accuracy"].p_holm is None
    assert found["top_1_accuracy"].p_holm == found["accuracy"].p_holm
    expected = holm([found["roc_auc_ovr"].p_value or 0.0, found["accuracy"].p_value or 0.0])
    assert [found["roc_auc_ovr"].p_holm, found["accuracy"].p_holm] == expected


def test_a_comparison_is_significant_by_the_adjusted_p_value() -> None:
    entry = compare_distances(run([0.5, 0.4, 0.6, 0.5], [0.6, 0.7, 0.8, 0.7]))[0]
    assert entry.significant == ((entry.p_holm or 1.0) < 0.05)
    adjusted = entry.model_copy(update={"p_value": 0.01, "p_holm": 0.06})
    assert not adjusted.significant
    assert adjusted.model_copy(update={"p_holm": None}).significant
    assert adjusted.model_copy(update={"p_holm": 0.049}).significant


def test_the_spread_over_repeats_is_of_the_paired_difference() -> None:
    first = scores_of(("accuracy", [0.6, 0.8, 0.5, 0.9]))
    second = scores_of(("accuracy", [0.5, 0.5, 0.5, 0.5]))
    (entry,) = compare_scores("a", "b", first, second, 0.5, n_repeats=2)
    assert entry.repeat_std == pytest.approx(0.0, abs=1e-12)
    (uneven,) = compare_scores(
        "a", "b", scores_of(("accuracy", [0.6, 0.8, 0.5, 0.5])), second, 0.5, n_repeats=2
    )
    assert uneven.repeat_std == pytest.approx(np.std([0.2, 0.0], ddof=1))
    gaps = scores_of(("accuracy", [NAN, NAN, 0.6, 0.7]))
    (gappy,) = compare_scores("a", "b", gaps, second, 0.5, n_repeats=2)
    assert gappy.repeat_std is None
