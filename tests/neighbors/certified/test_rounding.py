"""A list is complete only if no row that was passed over can belong into it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome.neighbors.certified.rounding import Frame, choose_frames, score_limits, unit_frame
from skknn_syndrome.neighbors.distances import PAIRWISE, prepare_rows, row_lengths, unit_rows


@given(
    seed=st.integers(0, 10_000),
    exponent=st.integers(-8, 8),
    n_features=st.integers(1, 40),
    offset=st.sampled_from([0.0, 1.0, 50.0]),
    metric=st.sampled_from(["euclidean", "cosine"]),
)
@settings(deadline=None, max_examples=150)
def test_a_bound_taken_from_rounded_scores_never_hides_a_nearer_row(
    seed: int, exponent: int, n_features: int, offset: float, metric: str
) -> None:
    generator = np.random.default_rng(seed)
    rows = np.ldexp(generator.standard_normal((40, n_features)) + offset, exponent)
    rows[30:] = rows[:10] * (1 + 1e-7 * generator.standard_normal((10, 1)))  # nearly ties
    (frame, *others) = choose_frames(rows, [metric])
    assert not others
    source = rows if frame is not None else unit_rows(rows)
    frame = unit_frame(source) if frame is None else frame
    operand = frame.operand(source)
    products = operand.rows @ operand.rows.T
    scores = -products * operand.inverses if frame.by_angle(metric) else operand.halves - products
    prepared = prepare_rows(rows, metric)
    distances = PAIRWISE[metric](prepared, prepared)
    ranks = np.argsort(scores, axis=1)
    for n_kept in (3, 8):
        kept, passed_over = ranks[:, :n_kept], ranks[:, n_kept:]
        last = np.take_along_axis(distances, kept, 1).max(axis=1)
        bounds = np.take_along_axis(scores, passed_over, 1).min(axis=1)
        complete = score_limits(frame, metric, operand.lengths, last, n_features) < bounds
        nearest_passed_over = np.take_along_axis(distances, passed_over, 1).min(axis=1)
        assert (nearest_passed_over[complete] > last[complete]).all()


@pytest.mark.parametrize("metric", ["euclidean", "cosine"])
@pytest.mark.parametrize(
    "length, distance, bound",
    [
        (1.0, 0.5, np.nan),
        (1.0, np.inf, np.inf),
        (np.inf, 0.5, np.inf),
        (1e200, 0.5, np.inf),
        (1.0, 0.5, -np.inf),
    ],
)
def test_what_overflowed_or_is_not_known_is_never_complete(
    metric: str, length: float, distance: float, bound: float
) -> None:
    limits = score_limits(Frame((metric,)), metric, np.array([length]), np.array([distance]), n_features=4)
    assert not (limits < np.array([bound], dtype=np.float32)).any()


def test_what_lies_within_the_error_of_the_bound_is_not_complete() -> None:
    # |x| = 3 and d = 1: the score is (1 - 9) / 2 = -4, and its error some 1e-5.
    bounds = np.array([-4.0, -3.999], dtype=np.float32)
    limits = score_limits(Frame(("euclidean",)), "euclidean", np.full(2, 3.0), np.ones(2), n_features=4)
    assert (limits < bounds).tolist() == [False, True]


def test_lengths_of_any_size_are_norms() -> None:
    rows = np.array([[3e-320, 4e-320], [3e300, 4e300], [0.0, 0.0], [3.0, 4.0]])
    np.testing.assert_allclose(row_lengths(rows), [5e-320, 5e300, 0, 5], rtol=1e-3)
