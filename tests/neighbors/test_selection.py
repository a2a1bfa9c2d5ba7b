"""The k smallest of each row, by (distance, index)."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.neighbors.selection import k_smallest

few_values = st.sampled_from([0.0, 0.5, 1.0, 2.0, np.inf])
tied_matrices = arrays(np.float64, array_shapes(min_dims=2, max_dims=2, max_side=12), elements=few_values)


def test_rows_are_ordered_by_distance() -> None:
    values, indices = k_smallest(np.array([[3.0, 1.0, 2.0], [4.0, 6.0, 5.0]]), 2)
    assert values.tolist() == [[1, 2], [4, 5]]
    assert indices.tolist() == [[1, 2], [0, 2]]


def test_ties_at_the_last_place_go_to_the_lowest_indices() -> None:
    _, indices = k_smallest(np.array([[7.0, 7.0, 1.0, 7.0, 7.0]]), 3)
    assert indices.tolist() == [[2, 0, 1]]


def test_infinite_distances_can_be_chosen_and_nan_can_not() -> None:
    values, indices = k_smallest(np.array([[np.inf, np.nan, np.inf, 1.0]]), 3)
    assert values.tolist() == [[1, np.inf, np.inf]]
    assert indices.tolist() == [[3, 0, 2]]


@given(tied_matrices, st.data())
@settings(max_examples=150, deadline=None)
def test_equals_a_stable_sort_of_whole_rows(matrix: Float64Array, data: st.DataObject) -> None:
    k = data.draw(st.integers(1, matrix.shape[1]))
    values, indices = k_smallest(matrix, k)
    expected = np.argsort(matrix, axis=1, kind="stable")[:, :k]
    np.testing.assert_array_equal(indices, expected)
    np.testing.assert_array_equal(values, np.take_along_axis(matrix, expected, axis=1))
