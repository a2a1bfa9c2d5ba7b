"""Gains within folds, and inflation by preprocessing before splitting."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student_t
from scipy.stats import ttest_1samp, ttest_ind

from skknn_syndrome.analyses.preprocessing.collecting import Collected
from skknn_syndrome.analyses.preprocessing.gains import corrected_welch, measure_gains, measure_inflations
from skknn_syndrome.metrics.score_table import SCORE_NAMES
from tests.analyses.preprocessing.conftest import MakePlan
from tests.analyses.preprocessing.make import make_variant

NAN = float("nan")


def collected(
    resampler: str, folds: Sequence[float], *, metric: str = "cosine", test_share: float = 0.5
) -> Collected:
    """Return a variant with these scores at k = 3, and 0 elsewhere."""
    values = np.zeros((2, len(folds)))
    values[1] = folds
    entry = make_variant("none", resampler, metric)
    return Collected(entry, dict.fromkeys(SCORE_NAMES, values), test_share)


def test_the_difference_is_tested_fold_by_fold(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=[1, 3])
    found = measure_gains(plan, [collected("none", [0.5, 0.6, 0.7]), collected("mixup", [0.4, 0.5, 0.3])])
    assert [gain.score for gain in found] == list(SCORE_NAMES)
    gain = found[0]
    # Differences -0.1, -0.1, -0.4: mean -0.2, variance 0.03; (1/3 + 1/2) 0.03 = 0.025, t = -0.2 / 0.1581.
    assert gain.mean_difference == pytest.approx(-0.2)
    assert gain.p_value == pytest.approx(0.3333, abs=1e-3)
    # t with two degrees of freedom at 0.975: 4.303.
    assert (gain.low, gain.high) == pytest.approx((-0.2 - 4.303 * 0.1581, -0.2 + 4.303 * 0.1581), abs=1e-3)
    assert (gain.n_neighbors, gain.baseline_n_neighbors) == (3, 3)


def test_without_the_correction_it_is_students_test(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=[1, 3])
    pair = [
        collected("none", [0.5, 0.6, 0.7], test_share=0.0),
        collected("mixup", [0.6, 0.8, 0.7], test_share=0.0),
    ]
    gain = measure_gains(plan, pair)[0]
    expected = ttest_1samp([0.1, 0.2, 0.0], 0.0)
    assert gain.p_value == pytest.approx(expected.pvalue)
    assert (gain.low, gain.high) == pytest.approx(tuple(expected.confidence_interval()))


def test_p_values_are_adjusted_for_all_variants_of_a_distance(make_plan: MakePlan) -> None:
    plan = make_plan(metrics=("cosine", "euclidean"), n_neighbors=[1, 3])
    entries = [
        collected(resampler, folds, metric=metric)
        for metric in plan.metrics
        for resampler, folds in (
            ("none", [0.5, 0.6, 0.7]),
            ("mixup", [0.4, 0.5, 0.3]),
            ("noise", [0.9, 0.9, 0.8]),
        )
    ]
    found = [gain for gain in measure_gains(plan, entries) if gain.score == "f1_macro"]
    assert [(gain.metric, gain.resampler) for gain in found] == [
        ("cosine", "mixup"),
        ("cosine", "noise"),
        ("euclidean", "mixup"),
        ("euclidean", "noise"),
    ]
    raw = [gain.p_value for gain in found[:2] if gain.p_value is not None]
    assert sorted(gain.p_holm for gain in found[:2] if gain.p_holm is not None) == pytest.approx(
        sorted([min(1.0, 2 * min(raw)), max(2 * min(raw), *raw)])
    )


def test_the_same_scores_have_no_p_value(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=[1, 3])
    gain = measure_gains(plan, [collected("none", [0.5, 0.6]), collected("mixup", [0.5, 0.6])])[0]
    assert (gain.mean_difference, gain.p_value, gain.p_holm) == (0.0, None, None)
    assert not gain.significant


def test_folds_without_the_score_are_left_out(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=[1, 3])
    pair = [collected("none", [0.5, NAN, 0.7]), collected("mixup", [0.6, 0.9, 0.9])]
    assert measure_gains(plan, pair)[0].mean_difference == pytest.approx(0.15)
    assert measure_gains(plan, [pair[0], collected("mixup", [0.6, 0.9, NAN])]) == ()


def test_only_shared_folds_are_compared(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=[1, 3], cv=2)
    further = dict.fromkeys(SCORE_NAMES, np.array([0.4, 0.2]))
    baseline = replace(collected("none", [0.5, 0.7]), further=further)
    repeated = replace(
        collected("mixup", [0.6, 0.9]), further={name: more + 0.3 for name, more in further.items()}
    )
    both, once = (
        measure_gains(plan, [baseline, entry])[0] for entry in (repeated, collected("mixup", [0.6, 0.9]))
    )
    # Differences 0.1, 0.2, 0.3 and 0.3 over two splits; the first two alone where the other was not repeated.
    assert both.mean_difference == pytest.approx(0.225)
    assert (both.n_folds, both.n_splits) == (4, 2)
    assert once.mean_difference == pytest.approx(0.15)
    assert (once.n_folds, once.n_splits) == (2, 1)
    expected = ttest_1samp([0.1, 0.2, 0.3, 0.3], 0.0)
    # The corrected statistic is Student's with 1/4 + 1/2 instead of 1/4 in the variance.
    assert both.p_value == pytest.approx(2 * student_t.sf(expected.statistic / np.sqrt(3), 3))


def test_without_untouched_embeddings_there_is_nothing_to_gain_over(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=[1, 3])
    assert measure_gains(plan, [collected("mixup", [0.5, 0.6]), collected("noise", [0.5, 0.6])]) == ()


def test_the_k_may_be_asked_for(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=[1, 3], compare_at=1)
    gain = measure_gains(plan, [collected("none", [0.5, 0.6]), collected("mixup", [0.9, 0.7])])[0]
    # At k = 1 all scores are 0.
    assert (gain.n_neighbors, gain.baseline_n_neighbors, gain.mean_difference) == (1, 1, 0.0)


SCORES = st.lists(st.floats(0, 1), min_size=2, max_size=8)


def test_a_case_by_hand() -> None:
    # Variances 0.02 and 0.02, each times (1/2 + 1/2): 0.04 together. Degrees: 0.04^2 / (2 x 0.02^2) = 2.
    found = corrected_welch(np.array([0.8, 1.0]), np.array([0.4, 0.6]), first_share=0.5, second_share=0.5)
    assert found.estimate == pytest.approx(0.4)
    # t with two degrees of freedom at 0.975: 4.303.
    assert found.high == pytest.approx(0.4 + 4.303 * 0.2, abs=1e-3)


def test_scores_that_never_vary_have_an_interval_of_no_width() -> None:
    found = corrected_welch(np.ones(3), np.zeros(4), first_share=0.1, second_share=0.1)
    assert found == (1.0, 1.0, 1.0)


@given(SCORES, SCORES)
def test_without_the_correction_it_is_welchs(first: list[float], second: list[float]) -> None:
    a, b = np.array(first), np.array(second)
    if a.std() < 1e-6 or b.std() < 1e-6:
        return
    found = corrected_welch(a, b, first_share=0.0, second_share=0.0)
    expected = ttest_ind(a, b, equal_var=False).confidence_interval()
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-6, abs=1e-9)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=2, max_size=8), st.floats(0, 1))
def test_of_equally_many_folds_the_correction_never_narrows(
    pairs: list[tuple[float, float]], share: float
) -> None:
    # Of unequally many it may: it shifts weight to the way with more folds, and so adds degrees of freedom.
    first, second = np.array(pairs).T
    plain = corrected_welch(first, second, first_share=0.0, second_share=0.0)
    wide = corrected_welch(first, second, first_share=share, second_share=share)
    assert wide.low <= plain.low + 1e-9
    assert wide.high >= plain.high - 1e-9


def test_both_ways_are_compared_at_the_k_within_folds(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=[1, 3])
    found = measure_inflations(plan, [collected("mixup", [0.5, 0.6])], [collected("mixup", [0.9, 0.8])])
    entry = next(inflation for inflation in found if inflation.score == "accuracy")
    assert (entry.n_neighbors, entry.within_folds, entry.before_splitting) == pytest.approx((3, 0.55, 0.85))
    assert entry.difference == pytest.approx(0.3)


def test_a_score_that_is_defined_once_is_left_out(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=[1, 3])
    pairs = [collected("mixup", [0.5, NAN])], [collected("mixup", [0.9, 0.8])]
    assert measure_inflations(plan, *pairs) == ()


def test_where_nobody_asked_there_is_none(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=[1, 3], ways="within_folds")
    assert measure_inflations(plan, [collected("mixup", [0.5, 0.6])], []) == ()
