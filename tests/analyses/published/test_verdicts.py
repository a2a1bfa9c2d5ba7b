"""Verdicts on figures."""

import numpy as np
import pytest

from skknn_syndrome.analyses.published.result import Verdict
from skknn_syndrome.analyses.published.verdicts import judge_draws, judge_run, worst_verdict


@pytest.mark.parametrize(
    "value, verdict",
    [
        (0.7706, "reproduced"),
        (0.7705, "reproduced"),
        (0.7715, "reproduced"),
        (0.77049, "not_reproducible"),
        (0.7716, "not_reproducible"),
    ],
)
def test_a_figure_is_reproduced_where_the_value_rounds_to_it(value: float, verdict: Verdict) -> None:
    assert judge_run("accuracy", 0.771, value, ties=None, decimals=3).verdict == verdict


@pytest.mark.parametrize(
    "published, verdict",
    [
        (0.9758, "reproduced"),
        (0.9740, "within_ties"),
        (0.9794, "within_ties"),
        (0.9739, "not_reproducible"),
        (0.9795, "not_reproducible"),
    ],
)
def test_another_figure_may_lie_between_the_bounds_over_ties(published: float, verdict: Verdict) -> None:
    judged = judge_run("top_5_accuracy", published, 0.9758, ties=(0.9740, 0.9794), decimals=4)
    assert judged.verdict == verdict
    assert (judged.low, judged.high) == (0.9740, 0.9794)
    assert judged.difference == pytest.approx(0.9758 - published)


def test_hand_computed_interval_of_three_draws() -> None:
    # Mean 0.75, SD 0.01; the 0.995 quantile of Student's distribution with 2 degrees of freedom is 9.9248.
    # The margin is 9.9248 * 0.01 * sqrt(4 / 3) = 0.1146.
    judged = judge_draws("f1_macro", 0.86, np.array([0.74, 0.75, 0.76]), decimals=2)
    assert judged.reproduced == pytest.approx(0.75)
    assert judged.std == pytest.approx(0.01)
    assert judged.low == pytest.approx(0.6354, abs=5e-5)
    assert judged.high == pytest.approx(0.8646, abs=5e-5)
    assert judged.verdict == "within_draws"
    assert (
        judge_draws("f1_macro", 0.87, np.array([0.74, 0.75, 0.76]), decimals=2).verdict == "not_reproducible"
    )


def test_a_further_draw_lies_within_in_99_of_100_cases() -> None:
    draws = np.random.default_rng(0).normal(0.5, 0.01, size=(4000, 11))
    judged = [judge_draws("accuracy", row[0], row[1:], decimals=12) for row in draws]
    share = np.mean([entry.verdict == "within_draws" for entry in judged])
    assert share == pytest.approx(0.99, abs=0.005)  # three standard errors


def test_no_interval_leaves_the_range_of_a_score() -> None:
    assert judge_draws("accuracy", 0.5, np.array([0.0, 1.0]), decimals=3).model_dump(
        include={"low", "high"}
    ) == {
        "low": 0.0,
        "high": 1.0,
    }


def test_draws_that_never_differ_leave_room_for_rounding_alone() -> None:
    same = np.full(5, 0.9999)
    assert judge_draws("top_9_accuracy", 1.0, same, decimals=3).verdict == "within_draws"
    assert judge_draws("top_9_accuracy", 0.999, same, decimals=3).verdict == "not_reproducible"


def test_a_row_is_as_good_as_its_worst_figure() -> None:
    reproduced = judge_run("accuracy", 0.5, 0.5, ties=None, decimals=1)
    tied = judge_run("top_5_accuracy", 0.5, 0.7, ties=(0.4, 0.8), decimals=1)
    drawn = judge_draws("f1_macro", 0.5, np.array([0.4, 0.6]), decimals=1)
    lost = judge_run("accuracy", 0.5, 0.9, ties=None, decimals=1)
    assert worst_verdict([reproduced, reproduced]) == "reproduced"
    assert worst_verdict([reproduced, tied]) == "within_ties"
    assert worst_verdict([tied, drawn, reproduced]) == "within_draws"
    assert worst_verdict([tied, drawn, reproduced, lost]) == "not_reproducible"
