"""The nearest neighbours of many rows, block by block, within bounded memory."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from joblib import effective_n_jobs
from sklearn import get_config
from sklearn.utils import gen_batches

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.neighbors.selection import k_smallest
from skknn_syndrome.neighbors.threads import on_threads

BlockDistances: TypeAlias = Callable[[slice], Float64Array]
"""From a run of query rows to their distances to all gallery rows, in an array that may be written to."""

BYTES_PER_PAIR = 64
"""Distance, its copy for selection and, if all of a row are tied, what sorting them takes."""


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

    n_threads = effective_n_jobs(n_jobs)
    # Threads, whatever backend surrounds us: they share the gallery, and SciPy's kernels release the GIL.
    found = on_threads(search_block, gen_batches(shape[0], _block_rows(shape, n_threads)), n_threads)
    distances, indices = zip(*found, strict=True)
    return np.concatenate(distances), np.concatenate(indices)


def _block_rows(shape: tuple[int, int], n_threads: int) -> int:
    """Return how many query rows a block holds: at least 1, and no more than an even share of the queries."""
    n_queries, n_gallery = shape
    memory = get_config()["working_memory"] * 2**20 / n_threads
    return max(1, min(int(memory // (BYTES_PER_PAIR * n_gallery)), -(-n_queries // n_threads)))
