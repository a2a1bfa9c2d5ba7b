"""What the leaky way adds, from folds that are not the same."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import ttest_ind

from skknn_syndrome.study.ablating.inflations import corrected_welch, measure_inflations
from tests.study.ablating.conftest import MakePlan
from tests.study.ablating.test_gains import NAN, collected

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


def test_both_ways_are_compared_at_the_honest_ways_k(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=[1, 3])
    found = measure_inflations(plan, [collected("mixup", [0.5, 0.6])], [collected("mixup", [0.9, 0.8])])
    entry = next(inflation for inflation in found if inflation.score == "accuracy")
    assert (entry.n_neighbors, entry.honest, entry.leaky) == pytest.approx((3, 0.55, 0.85))
    assert entry.difference == pytest.approx(0.3)


def test_a_score_that_is_defined_once_is_left_out(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=[1, 3])
    pairs = [collected("mixup", [0.5, NAN])], [collected("mixup", [0.9, 0.8])]
    assert measure_inflations(plan, *pairs) == ()


def test_where_nobody_asked_there_is_none(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=[1, 3], ways="honest")
    assert measure_inflations(plan, [collected("mixup", [0.5, 0.6])], []) == ()
