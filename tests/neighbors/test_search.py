"""The search in blocks, and exact distances."""

import sys
import threading
from itertools import product

import joblib
import numpy as np
import pytest
import sklearn
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from skknn_syndrome._typing import Float64Array, FloatArray
from skknn_syndrome.neighbors.certified import compiled, scanning, searching
from skknn_syndrome.neighbors.distances import PAIRWISE, prepare_rows
from skknn_syndrome.neighbors.exact import exact_neighbors
from skknn_syndrome.neighbors.search import (
    BYTES_PER_PAIR,
    Neighbors,
    k_smallest,
    nearest_neighbors,
    on_threads,
    thread_count,
)
from tests.neighbors.certified.adversarial import GALLERIES

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


@pytest.mark.parametrize("n_threads", [1, 3])
def test_results_come_in_the_order_of_the_tasks(n_threads: int) -> None:
    assert on_threads(lambda task: task**2, range(20), n_threads) == [task**2 for task in range(20)]


def test_one_thread_is_the_callers() -> None:
    assert on_threads(lambda _: threading.current_thread(), [0], 1) == [threading.current_thread()]


def test_numpys_error_state_goes_along() -> None:
    with np.errstate(over="ignore"):
        assert on_threads(lambda task: np.float32(task) * np.float32(1e30), [1e30, 0.0], 2) == [np.inf, 0]


def test_an_error_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError, match="by zero"):
        on_threads(lambda task: 1 // task, range(5), 2)


MATRIX = np.random.default_rng(0).integers(0, 5, size=(23, 23)).astype(float)


def rows_of_matrix(block: slice) -> Float64Array:
    return MATRIX[block].copy()


@pytest.mark.parametrize("without_self", [False, True])
def test_neither_blocks_nor_threads_change_the_result(*, without_self: bool) -> None:
    own = np.arange(len(MATRIX)) if without_self else None
    expected = nearest_neighbors(rows_of_matrix, MATRIX.shape, 5, own=own)
    for n_jobs, block_rows in product([None, 1, 2, -1], [0.1, 1, 7, 23]):
        with sklearn.config_context(working_memory=block_rows * BYTES_PER_PAIR * 23 / 2**20):
            found = nearest_neighbors(rows_of_matrix, MATRIX.shape, 5, own=own, n_jobs=n_jobs)
        np.testing.assert_array_equal(found[0], expected[0], f"{n_jobs=}, {block_rows=}")
        np.testing.assert_array_equal(found[1], expected[1], f"{n_jobs=}, {block_rows=}")


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


METRICS = ("euclidean", "cosine")


def by_brute_force(
    queries: FloatArray, gallery: FloatArray, n_neighbors: int, metric: str, *, itself: bool
) -> Neighbors:
    rows, targets = (prepare_rows(np.asarray(part, np.float64), metric) for part in (queries, gallery))
    distances = PAIRWISE[metric](rows, targets)
    if itself:
        np.fill_diagonal(distances, np.nan)
    return Neighbors(*k_smallest(distances, n_neighbors))


@pytest.mark.usefixtures("compiled_kernels")
@pytest.mark.parametrize("engine", ["NumPy", "compiled"])
@pytest.mark.parametrize("name", GALLERIES)
@pytest.mark.parametrize("itself", [False, True])
def test_adversarial_galleries_are_searched_as_by_brute_force(
    name: str, engine: str, monkeypatch: pytest.MonkeyPatch, *, itself: bool
) -> None:
    monkeypatch.setattr(searching, "COMPILED_FROM", 0 if engine == "compiled" else np.inf)
    rows = GALLERIES[name]()
    others = np.concatenate([rows[:40] * 0.75, 1e6 * rows[40:50], 1e-6 * rows[50:60], 0 * rows[:2]])
    queries = rows if itself else others
    expected = {metric: by_brute_force(queries, rows, 10, metric, itself=itself) for metric in METRICS}
    for tile_rows, n_jobs in product([48, 4096], [None, 2]):
        for module in (scanning, compiled):
            monkeypatch.setattr(module, "TILE_ROWS", tile_rows)
        found = exact_neighbors(queries, rows, 10, metrics=METRICS, without_self=itself, n_jobs=n_jobs)
        for metric in METRICS:
            case = f"{metric}, {tile_rows=}, {n_jobs=}"
            np.testing.assert_array_equal(found[metric].indices, expected[metric].indices, case)
            np.testing.assert_array_equal(found[metric].distances, expected[metric].distances, case)


def test_working_memory_without_scikit_learn_is_what_that_would_take(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "sklearn", None)
    monkeypatch.setenv("SKLEARN_WORKING_MEMORY", "1")
    blocks: list[slice] = []

    def distances(block: slice) -> Float64Array:
        blocks.append(block)
        return np.zeros((block.stop - block.start, 2**10))

    nearest_neighbors(distances, (40, 2**10), 1)
    assert {block.stop - block.start for block in blocks} == {16, 8}


def test_one_thread_is_no_reason_to_load_joblib(monkeypatch: pytest.MonkeyPatch) -> None:
    assert thread_count(3) == 3
    monkeypatch.delitem(sys.modules, "joblib")
    assert thread_count(None) == 1
