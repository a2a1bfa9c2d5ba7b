"""The blocked search: its blocks and threads show in nothing but memory and time."""

import joblib
import numpy as np
import pytest
import sklearn

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.neighbors.search import BYTES_PER_PAIR, nearest_neighbors

MATRIX = np.random.default_rng(0).integers(0, 5, size=(23, 23)).astype(float)


def rows_of_matrix(block: slice) -> Float64Array:
    return MATRIX[block].copy()


@pytest.mark.parametrize("n_jobs", [None, 1, 2, -1])
@pytest.mark.parametrize("block_rows", [0.1, 1, 7, 23])
@pytest.mark.parametrize("without_self", [False, True])
def test_neither_blocks_nor_threads_change_the_result(
    n_jobs: int | None, block_rows: float, *, without_self: bool
) -> None:
    own = np.arange(len(MATRIX)) if without_self else None
    expected = nearest_neighbors(rows_of_matrix, MATRIX.shape, 5, own=own)
    with sklearn.config_context(working_memory=block_rows * BYTES_PER_PAIR * 23 / 2**20):
        found = nearest_neighbors(rows_of_matrix, MATRIX.shape, 5, own=own, n_jobs=n_jobs)
    np.testing.assert_array_equal(found[0], expected[0])
    np.testing.assert_array_equal(found[1], expected[1])


def test_blocks_keep_to_the_working_memory_shared_by_all_threads() -> None:
    sizes = []

    def recording(block: slice) -> Float64Array:
        sizes.append(block.stop - block.start)
        return rows_of_matrix(block)

    with sklearn.config_context(working_memory=10 * BYTES_PER_PAIR * 23 / 2**20):
        nearest_neighbors(recording, MATRIX.shape, 5, n_jobs=2)
    assert max(sizes) == 5
    assert sum(sizes) == 23


def test_each_row_leaves_itself_out_by_index_and_finds_its_duplicates() -> None:
    zeros = np.zeros((4, 4))
    _, indices = nearest_neighbors(lambda block: zeros[block].copy(), (4, 4), 3, own=np.arange(4))
    assert indices.tolist() == [[1, 2, 3], [0, 2, 3], [0, 1, 3], [0, 1, 2]]


def test_a_surrounding_joblib_backend_sets_threads_only() -> None:
    expected = nearest_neighbors(rows_of_matrix, MATRIX.shape, 5)
    with joblib.parallel_config(backend="loky", n_jobs=2):
        found = nearest_neighbors(rows_of_matrix, MATRIX.shape, 5)
    np.testing.assert_array_equal(found[1], expected[1])
