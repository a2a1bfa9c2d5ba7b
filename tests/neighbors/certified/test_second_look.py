"""Lists that a first pass could not certify are certified by a second, or left alone."""

import numpy as np
import pytest

from skknn_syndrome._typing import BoolArray, FloatArray
from skknn_syndrome.neighbors.certified.frames import choose_frames
from skknn_syndrome.neighbors.certified.second_look import look_again
from skknn_syndrome.neighbors.exact import search_all
from skknn_syndrome.neighbors.neighbors import Neighbors

METRICS = pytest.mark.parametrize("metric", ["euclidean", "cosine"])


def looked_at_again(rows: FloatArray, found: Neighbors, metric: str) -> BoolArray:
    (frame,) = choose_frames(rows, [metric])
    assert frame is not None
    operand = frame.operand(rows)
    complete = np.zeros(len(rows), dtype=np.bool_)
    look_again(frame, metric, (operand, operand), (rows, rows), found, complete)
    return complete


@METRICS
def test_any_list_of_rows_leads_to_the_nearest(metric: str) -> None:
    rows = np.random.default_rng(0).standard_normal((300, 20))
    expected = search_all(rows, rows, 6, metric, own=np.arange(300))
    # The list that is known begins with the nearest, and ends with a row that is too far.
    farther = search_all(rows, rows, 12, metric, own=np.arange(300))
    known = [0, 1, 2, 3, 4, 11]
    found = Neighbors(farther.distances[:, known], farther.indices[:, known])
    assert looked_at_again(rows, found, metric).all()
    np.testing.assert_array_equal(found.indices, expected.indices)
    np.testing.assert_array_equal(found.distances, expected.distances)


@METRICS
def test_what_has_too_many_rows_within_reach_stays_uncertain(metric: str) -> None:
    rows = np.random.default_rng(0).standard_normal((100, 5))
    rows[:40] = rows[0]
    found = Neighbors(np.zeros((100, 2)), np.zeros((100, 2), dtype=np.intp))
    found.distances[40:] = 1e9 if metric == "euclidean" else 2
    assert not looked_at_again(rows, found, metric).any()
    assert (found.indices == 0).all()


@METRICS
def test_a_list_that_is_short_is_made_anew(metric: str) -> None:
    rows = np.random.default_rng(0).standard_normal((50, 5))
    found = Neighbors(np.full((50, 2), np.inf), np.zeros((50, 2), dtype=np.intp))
    assert looked_at_again(rows, found, metric).all()
    expected = search_all(rows, rows, 2, metric, own=np.arange(50))
    np.testing.assert_array_equal(found.indices, expected.indices)


def test_a_row_without_a_direction_stays_uncertain() -> None:
    rows = np.random.default_rng(0).standard_normal((50, 5))
    rows[7] = 0  # has no direction
    found = search_all(rows, rows, 2, "cosine", own=np.arange(50))
    complete = looked_at_again(rows, found, "cosine")
    assert np.flatnonzero(~complete).tolist() == [7]
