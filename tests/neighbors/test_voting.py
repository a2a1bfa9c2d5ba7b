"""From weighted neighbours to probabilities."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.neighbors.voting import class_votes, vote_probabilities


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
