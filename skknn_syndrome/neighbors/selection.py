"""The k smallest distances of each row, by (distance, index)."""

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray


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
