"""Distances are right, keep their digits, and depend on nothing but the pair."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import pairwise_distances

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.neighbors import distances
from skknn_syndrome.neighbors.distances import (
    Pairwise,
    cosine_distances,
    euclidean_distances,
    manhattan_distances,
    unit_rows,
)

EVERY_METRIC = pytest.mark.parametrize(
    "pairwise", [euclidean_distances, cosine_distances, manhattan_distances]
)
moderate = st.floats(-1e3, 1e3, allow_subnormal=False)


def random_rows(n_rows: int, n_features: int, seed: int = 0) -> Float64Array:
    return np.random.default_rng(seed).normal(size=(n_rows, n_features))


def test_hand_computed_distances() -> None:
    x, y = np.array([[1.0, 2.0]]), np.array([[4.0, 6.0]])
    assert euclidean_distances(x, y) == 5  # sqrt(3^2 + 4^2)
    assert manhattan_distances(x, y) == 7  # 3 + 4
    cosine = (1 * 4 + 2 * 6) / math.sqrt((1 + 4) * (16 + 36))
    assert cosine_distances(x, y).item() == pytest.approx(1 - cosine, rel=1e-14)


def test_cosine_runs_from_0_to_2() -> None:
    x = np.array([[1.0, 0.0]])
    directions = np.array([[3.0, 0.0], [0.0, 1.0], [-7.0, 0.0]])
    assert cosine_distances(x, directions).tolist() == [[0, 1, 2]]


@given(arrays(np.float64, (1, 5), elements=moderate).filter(np.any))
@settings(max_examples=50, deadline=None)
def test_opposite_directions_never_exceed_2(x: Float64Array) -> None:
    distance = cosine_distances(x, -x).item()
    assert 2 - 1e-15 <= distance <= 2


def test_cosine_keeps_its_digits_for_near_duplicates() -> None:
    # 1 - cos(t) = 2 sin^2(t / 2), 5e-19 here: subtracting a cosine from 1 would give 0.
    angle = 1e-9
    near = np.array([[math.cos(angle), math.sin(angle)]])
    assert cosine_distances(np.array([[1.0, 0.0]]), near).item() == pytest.approx(5e-19, rel=1e-9)


def test_a_zero_row_has_cosine_distance_1_to_every_row_zero_rows_included() -> None:
    rows = np.array([[0.0, 0.0], [3.0, 1.0], [-0.0, 0.0]])
    assert cosine_distances(rows, rows).tolist() == [[1, 1, 1], [1, 0, 1], [1, 1, 1]]


@EVERY_METRIC
def test_agrees_with_scikit_learn(pairwise: Pairwise) -> None:
    x, y = random_rows(7, 320), random_rows(11, 320, seed=1)
    name = pairwise.__name__.removesuffix("_distances")
    np.testing.assert_allclose(pairwise(x, y), pairwise_distances(x, y, metric=name), rtol=1e-12)


@EVERY_METRIC
@pytest.mark.parametrize("n_features", [1, 3, 320])
def test_a_pairs_value_is_the_same_bits_in_any_batch_and_place(pairwise: Pairwise, n_features: int) -> None:
    x, y = random_rows(23, n_features), random_rows(41, n_features, seed=1)
    whole = pairwise(x, y)
    for size in (1, 2, 3, 7):
        blocks = [pairwise(x[start : start + size], y) for start in range(0, len(x), size)]
        np.testing.assert_array_equal(np.concatenate(blocks), whole)
        np.testing.assert_array_equal(pairwise(x, y[5 : 5 + size]), whole[:, 5 : 5 + size])
    np.testing.assert_array_equal(pairwise(x[::-1], y[::-2]), whole[::-1, ::-2])


@EVERY_METRIC
def test_swapped_roles_give_the_same_bits(pairwise: Pairwise) -> None:
    x, y = random_rows(23, 17), random_rows(41, 17, seed=1)
    np.testing.assert_array_equal(pairwise(y, x), pairwise(x, y).T)


@EVERY_METRIC
def test_memory_layout_changes_no_bit(pairwise: Pairwise) -> None:
    x, y = random_rows(9, 17), random_rows(13, 17, seed=1)
    wide = np.repeat(x, 2, axis=1)
    np.testing.assert_array_equal(pairwise(np.asfortranarray(x), y), pairwise(x, y))
    np.testing.assert_array_equal(pairwise(wide[:, ::2], y), pairwise(x, y))


@EVERY_METRIC
@pytest.mark.parametrize("exponent", [-990, -500, 500, 990])
def test_a_power_of_two_as_scale_changes_no_digit(pairwise: Pairwise, exponent: int) -> None:
    x, y = random_rows(9, 17), random_rows(13, 17, seed=1)
    factor = 1.0 if pairwise is cosine_distances else 2.0**exponent
    scaled = pairwise(np.ldexp(x, exponent), np.ldexp(y, exponent))
    np.testing.assert_array_equal(scaled, pairwise(x, y) * factor)


@pytest.mark.parametrize("scale", [1e-300, 1e-160, 1e160, 1e300])
def test_squares_that_leave_the_range_of_float64_do_no_harm(scale: float) -> None:
    x, y = np.array([[1.0, 2.0]]) * scale, np.array([[4.0, 6.0]]) * scale
    assert euclidean_distances(x, y).item() == pytest.approx(5 * scale, rel=1e-15)
    assert manhattan_distances(x, y).item() == pytest.approx(7 * scale, rel=1e-15)
    assert cosine_distances(x, y / scale).item() == pytest.approx(1 - 16 / math.sqrt(260), rel=1e-13)


def test_a_tiny_difference_of_huge_rows_is_kept() -> None:
    x, y = np.array([[1e300, 0.0]]), np.array([[1e300, 3e-200]])
    assert euclidean_distances(x, y).item() == 3e-200


def test_subnormal_differences_are_kept() -> None:
    smallest = 5e-324
    x, y = np.array([[0.0, 0.0]]), np.array([[3 * smallest, 4 * smallest]])
    assert euclidean_distances(x, y).item() == 5 * smallest


def test_a_distance_beyond_float64_is_infinite() -> None:
    x = np.array([[1.5e308]])
    assert euclidean_distances(x, -x) == np.inf
    assert manhattan_distances(x, -x) == np.inf


@pytest.mark.parametrize("scale", [0.0, 1e-250, 1e250])
def test_pairs_are_rescaled_some_at_a_time(scale: float, monkeypatch: pytest.MonkeyPatch) -> None:
    x, y = random_rows(9, 5) * scale, random_rows(13, 5, seed=1) * scale
    at_once = euclidean_distances(x, y)
    monkeypatch.setattr(distances, "VALUES_AT_ONCE", 20)
    np.testing.assert_array_equal(euclidean_distances(x, y), at_once)


def test_unit_rows_have_norm_1_at_any_scale() -> None:
    rows = np.array([[3.0, -4.0], [3e-310, -4e-310], [3e307, -4e307]])
    np.testing.assert_allclose(unit_rows(rows), np.tile([0.6, -0.8], (3, 1)), rtol=1e-12)
