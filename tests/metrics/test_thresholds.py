"""The score from which on the positive class is called."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome.metrics.thresholds import youden_threshold


def test_perfect_scores_are_parted_half_way() -> None:
    assert youden_threshold(np.array([False, False, True]), np.array([0.1, 0.3, 0.7])) == 0.5


def test_equal_scores_call_all() -> None:
    assert youden_threshold(np.array([False, True]), np.array([0.4, 0.4])) == 0.4


def test_of_equally_good_ones_the_highest() -> None:
    truth, scores = np.array([True, False, True, False]), np.array([4.0, 3.0, 2.0, 1.0])
    assert youden_threshold(truth, scores) == 3.5


def test_what_is_upside_down_calls_all() -> None:
    assert youden_threshold(np.array([True, False]), np.array([0.1, 0.9])) == pytest.approx(0.1)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 6)), min_size=2, max_size=30))
def test_no_other_threshold_is_better(images: list[tuple[bool, int]]) -> None:
    truth, scores = (np.array(column) for column in zip(*images, strict=True))
    if truth.all() or not truth.any():
        return

    def index(threshold: float) -> float:
        called = scores >= threshold
        return float(called[truth].mean() - called[~truth].mean())

    found = index(youden_threshold(truth, scores.astype(np.float64)))
    assert found >= max(map(index, [*scores.tolist(), 7.0])) - 1e-12


@pytest.mark.parametrize(
    "below, lowest", [(1.0, 1 + 2**-52), (-np.inf, 0.7), (0.0, 5e-324), (1.7e308, 1.75e308)]
)
def test_the_threshold_parts_two_scores_however_near_or_far(below: float, lowest: float) -> None:
    found = youden_threshold(np.array([False, True]), np.array([below, lowest]))
    assert below < found <= lowest
    assert np.isfinite(found)
