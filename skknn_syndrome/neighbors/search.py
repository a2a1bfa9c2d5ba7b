"""Nearest rows of each query: the k smallest distances, block by block, on threads that share their data."""

import os
import sys
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import NamedTuple, TypeAlias, TypeVar

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.neighbors.distances import row_blocks

BlockDistances: TypeAlias = Callable[[slice], Float64Array]
"""From a run of query rows to their distances to all gallery rows, in an array that may be written to."""

BYTES_PER_PAIR = 64
"""Distance, its copy for selection and, if all of a row are tied, what sorting them takes."""

Task = TypeVar("Task")
Result = TypeVar("Result")


class Neighbors(NamedTuple):
    """The nearest rows of each query, ordered by (distance, index)."""

    distances: Float64Array
    """Shape (n_queries, n_neighbors), rising in each row."""
    indices: IndexArray
    """Shape (n_queries, n_neighbors): row numbers of the gallery."""


def k_smallest(distances: Float64Array, k: int) -> tuple[Float64Array, IndexArray]:
    """Return each row's `k` smallest distances in rising order; of equal distances the lowest index first.

    Exact for any number of ties, also at the k-th place. Only what is no larger than a row's k-th smallest
    distance gets sorted.

    Parameters
    ----------
    distances : ndarray of shape (n_rows, n_gallery)
        NaN marks what may not be chosen; each row needs at least `k` other entries.
    k : int, from 1 to n_gallery

    Returns
    -------
    distances : ndarray of shape (n_rows, k)
    indices : ndarray of shape (n_rows, k)

    Examples
    --------
    >>> k_smallest(np.array([[0.5, 0.2, 0.5, 0.5, 0.1]]), 3)
    (array([[0.1, 0.2, 0.5]]), array([[4, 1, 0]]))
    """
    kth = np.partition(distances, k - 1, axis=1)[:, k - 1 : k]  # NaN goes last
    candidates = distances <= kth  # never true for NaN
    rows, columns = np.nonzero(candidates)
    values = distances[rows, columns]
    # lexsort is stable and `columns` rises within a row: ties keep the order of their indices.
    order = np.lexsort((values, rows))
    ends = np.cumsum(np.count_nonzero(candidates, axis=1))
    starts = np.concatenate(([0], ends[:-1]))
    chosen = order[starts[:, None] + np.arange(k)]
    return values[chosen], columns[chosen]


def thread_count(n_jobs: int | None) -> int:
    """Return how many threads `n_jobs` means to joblib, without loading what nobody has set it in.

    Examples
    --------
    >>> thread_count(2)
    2
    """
    if n_jobs is None and "joblib" not in sys.modules:
        return 1
    from joblib import effective_n_jobs  # noqa: PLC0415  slow to import

    found: int = effective_n_jobs(n_jobs)
    return found


def on_threads(function: Callable[[Task], Result], tasks: Iterable[Task], n_threads: int) -> list[Result]:
    """Call a function with each of the tasks.

    Starting joblib's threads takes 10 ms; a search through a thousand rows takes 30.

    Parameters
    ----------
    function : callable
    tasks : iterable
    n_threads : int
        With 1, the calling thread does the work.

    Returns
    -------
    list
        In the order of the tasks.

    Examples
    --------
    >>> on_threads(abs, [-1, 2, -3], 2)
    [1, 2, 3]
    """
    if n_threads == 1:
        return [function(task) for task in tasks]
    with ThreadPoolExecutor(n_threads) as pool:
        # NumPy's error state belongs to a context, which a new thread does not inherit.
        futures = [pool.submit(copy_context().run, function, task) for task in tasks]
        try:
            return [future.result() for future in futures]
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def nearest_neighbors(
    block_distances: BlockDistances,
    shape: tuple[int, int],
    n_neighbors: int,
    *,
    own: IndexArray | None = None,
    n_jobs: int | None = None,
) -> tuple[Float64Array, IndexArray]:
    """Return each query's nearest gallery rows, ordered by (distance, index).

    Blocks are as large as scikit-learn's `working_memory` allows all threads together. Their size and
    `n_jobs` don't change the result.

    Parameters
    ----------
    block_distances : callable
        From a slice of query rows to their distances, of shape (n_block, n_gallery).
    shape : (n_queries, n_gallery)
    n_neighbors : int
        At most n_gallery, or n_gallery - 1 with `own`.
    own : ndarray of shape (n_queries,), optional
        For each query the gallery row that is the query itself, which it may not find.
    n_jobs : int or None, default=None
        Number of threads, as joblib counts them.

    Returns
    -------
    distances : ndarray of shape (n_queries, n_neighbors)
    indices : ndarray of shape (n_queries, n_neighbors)

    Examples
    --------
    >>> matrix = np.array([[0.0, 1.0, 0.0], [1.0, 0.0, 2.0]])
    >>> nearest_neighbors(lambda block: matrix[block], matrix.shape, 2)
    (array([[0., 0.], [0., 1.]]), array([[0, 2], [1, 0]]))
    """

    def search_block(block: slice) -> tuple[Float64Array, IndexArray]:
        distances = block_distances(block)
        if own is not None:
            # By index, not by distance 0: a duplicate of the row is a neighbour. NaN is never chosen.
            distances[np.arange(len(distances)), own[block]] = np.nan
        return k_smallest(distances, n_neighbors)

    n_threads = thread_count(n_jobs)
    # Threads, whatever backend surrounds us: they share the gallery, and SciPy's kernels release the GIL.
    found = on_threads(search_block, row_blocks(shape[0], _block_rows(shape, n_threads)), n_threads)
    distances, indices = zip(*found, strict=True)
    return np.concatenate(distances), np.concatenate(indices)


def _block_rows(shape: tuple[int, int], n_threads: int) -> int:
    """Return how many query rows a block holds: at least 1, and no more than an even share of the queries."""
    n_queries, n_gallery = shape
    memory = _working_memory() * 2**20 / n_threads
    return max(1, min(int(memory // (BYTES_PER_PAIR * n_gallery)), -(-n_queries // n_threads)))


def _working_memory() -> float:
    """Return scikit-learn's `working_memory` in MiB, without loading what nobody has set it in."""
    if sys.modules.get("sklearn") is None:
        return int(os.environ.get("SKLEARN_WORKING_MEMORY", "1024"))  # as scikit-learn would
    from sklearn import get_config  # noqa: PLC0415  slow to import

    memory: float = get_config()["working_memory"]
    return memory
