"""What a neighbour at a distance weighs, and from votes to probabilities."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.neighbors.voting import class_votes, vote_probabilities
from skknn_syndrome.neighbors.weighting import (
    WeightFunction,
    custom_weights,
    distance_weights,
    neighbor_weights,
    softmax_weights,
)
from tests.refusing import refused

any_distance = st.floats(0, allow_infinity=True, allow_nan=False)
rising_rows = arrays(np.float64, (3, 4), elements=any_distance).map(lambda rows: np.sort(rows, axis=1))


def row(*values: float) -> Float64Array:
    return np.array([values])


def test_uniform_weighs_each_neighbour_alike() -> None:
    assert neighbor_weights(row(0, 1, np.inf), "uniform", 0.07).tolist() == [[1, 1, 1]]


def test_distance_weighs_by_the_reciprocal() -> None:
    # 1/2, 1/4, 1/8, in units of the first
    assert neighbor_weights(row(2, 4, 8), "distance", 0.07).tolist() == [[1, 0.5, 0.25]]


def test_at_distance_0_those_rows_alone_vote() -> None:
    assert distance_weights(row(0, 0, 1e-320)).tolist() == [[1, 1, 0]]


def test_distances_whose_reciprocal_overflows_keep_their_ratios() -> None:
    smallest = 5e-324
    assert distance_weights(row(smallest, 2 * smallest, 1)).tolist() == [[1, 0.5, smallest]]


def test_infinite_distances_weigh_nothing_unless_all_are() -> None:
    assert distance_weights(row(2, np.inf)).tolist() == [[1, 0]]
    assert softmax_weights(row(2, np.inf), 0.07).tolist() == [[1, 0]]
    assert distance_weights(row(np.inf, np.inf)).tolist() == [[1, 1]]
    assert softmax_weights(row(np.inf, np.inf), 0.07).tolist() == [[1, 1]]


def test_softmax_of_cosine_distances_is_the_weighting_of_dino() -> None:
    similarities = np.array([[0.9, 0.7, -0.2]])
    dino = np.exp(similarities / 0.07)
    weights = neighbor_weights(1 - similarities, "softmax", 0.07)
    np.testing.assert_allclose(weights / weights.sum(), dino / dino.sum(), rtol=1e-12)


@pytest.mark.parametrize("temperature", [1e-300, 1e300])
def test_softmax_is_shifted_so_that_nothing_overflows(temperature: float) -> None:
    weights = softmax_weights(row(1e300, 1.5e300), temperature)
    assert weights.tolist() == [[1, 0]] if temperature < 1 else [[1, pytest.approx(np.exp(-0.5))]]


@given(rising_rows, st.sampled_from(["uniform", "distance", "softmax"]))
@settings(max_examples=150, deadline=None)
def test_no_distance_gives_nan_or_a_row_without_weight(distances: Float64Array, name: str) -> None:
    weights = neighbor_weights(distances, name, 0.07)  # type: ignore[arg-type] # any of the names
    assert (weights[:, 0] == 1).all()
    assert ((weights >= 0) & (weights <= 1)).all()


def test_a_function_gets_the_distances_and_its_ratios_are_kept() -> None:
    # 8, 2, 1 divided by 16, the power of two above the largest
    assert neighbor_weights(row(1, 4, 8), lambda d: 8 / d, 0.07).tolist() == [[0.5, 0.125, 0.0625]]


def test_a_functions_infinite_weights_alone_vote() -> None:
    def reciprocal(distances: Float64Array) -> Float64Array:
        with np.errstate(divide="ignore"):
            return np.asarray(1 / distances)

    assert custom_weights(reciprocal, row(0, 0, 2)).tolist() == [[0.5, 0.5, 0]]


def test_a_functions_huge_weights_do_not_overflow_in_the_sum() -> None:
    assert custom_weights(lambda d: 1e308 * d, row(1, 1, 1)).sum() < 3


@pytest.mark.parametrize(
    "function, code",
    [
        (lambda d: d[:, :1], "other_shape"),
        (lambda _: None, "other_shape"),
        (lambda d: 1.5 - d, "negative_weight"),
        (lambda d: np.where(d == 2, np.nan, d), "negative_weight"),
        (lambda d: d * [[1], [0]], "no_weight"),
    ],
    ids=["shape", "nothing", "negative", "nan", "zero"],
)
def test_a_function_that_cannot_be_used_is_refused(function: WeightFunction, code: str) -> None:
    with refused(code, "weights", error=ParameterError):
        custom_weights(function, np.array([[0.5, 1.0], [1.0, 2.0]]))


def test_votes_are_sums_of_weights_per_class() -> None:
    labels, weights = np.array([[0, 2, 0], [1, 1, 1]]), np.array([[1.0, 0.5, 0.25], [1.0, 1.0, 0.5]])
    assert class_votes(labels, weights, 4).tolist() == [[1.25, 0, 0.5, 0], [0, 2.5, 0, 0]]


def test_votes_are_added_in_the_order_of_the_neighbours() -> None:
    half_unit = 2.0**-53  # 1 + half_unit rounds to 1, but 1 + 2 * half_unit does not
    labels = np.zeros((2, 3), dtype=np.intp)
    weights = np.array([[1.0, half_unit, half_unit], [half_unit, half_unit, 1.0]])
    assert class_votes(labels, weights, 1).tolist() == [[1], [1 + 2 * half_unit]]


def test_probabilities_are_shares_of_the_weighted_votes() -> None:
    # votes 1 and 3, class weights 2 and 1: 2 / 5 and 3 / 5
    assert vote_probabilities(np.array([[1.0, 3.0]]), np.array([2.0, 1.0])).tolist() == [[0.4, 0.6]]


@given(arrays(np.float64, (7, 11), elements=st.floats(0, 15)), st.integers(1, 7))
@settings(max_examples=50, deadline=None)
def test_rows_sum_to_1_and_do_not_depend_on_their_batch(votes: Float64Array, size: int) -> None:
    votes[:, 3] += 1
    class_weight = np.linspace(0.1, 5, 11)
    whole = vote_probabilities(votes, class_weight)
    np.testing.assert_allclose(whole.sum(axis=1), 1, rtol=1e-15)
    blocks = [vote_probabilities(votes[i : i + size], class_weight) for i in range(0, 7, size)]
    np.testing.assert_array_equal(np.concatenate(blocks), whole)


def test_the_row_that_a_function_leaves_without_weight_is_named() -> None:
    with pytest.raises(ParameterError, match="gave row 1 no weight above 0"):
        custom_weights(lambda d: d * [[1], [0]], np.array([[0.5, 1.0], [1.0, 2.0]]))
