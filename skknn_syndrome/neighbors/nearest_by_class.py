"""Exact distances to the nearest row of each class."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from scipy.spatial.distance import cdist

from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray
from skknn_syndrome.neighbors.distances import (
    PAIRWISE,
    finish_cosine,
    mend_range,
    prepare_rows,
    row_lengths,
    zero_rows,
)

BLOCK_ROWS = 4096
"""Gallery rows that are compared together, or those of one class."""

BLOCK_QUERIES = 512
"""Queries at a time: their products take 8 MB."""

DIFFERENCES = 2**16
"""Differences held at a time: half a megabyte, which stays in cache until they are added up."""

SAFE_LENGTHS = (1e-10, 1e10)
"""Within these no product in single precision under- or overflows."""

ROUNDING = 2.0**-24
"""Unit of rounding in single precision."""


def nearest_by_class(
    queries: FloatArray, gallery: FloatArray, codes: IndexArray, metric: str
) -> Float64Array:
    r"""Return each query's distance to the nearest gallery row of each class.

    Which rows may be the nearest is told by products in single precision: all whose score is within twice its
    bound on the rounding, :math:`(p + 16) u (|q| |g| + |g|^2)` for p features, of the least of the class.
    Their distances are computed in double precision, so that the result is the same bits, whatever the BLAS,
    as computing every distance gives.

    Parameters
    ----------
    queries : ndarray of shape (n_queries, n_features), finite
    gallery : ndarray of shape (n_gallery, n_features), finite
    codes : ndarray of shape (n_gallery,)
        The class number of each row; each number from 0 on is there.
    metric : {"euclidean", "cosine", "manhattan"}

    Returns
    -------
    ndarray of shape (n_queries, n_classes)

    Examples
    --------
    >>> nearest_by_class(np.array([[1.0]]), np.array([[3.0], [4.0], [0.5]]), np.array([0, 0, 1]), "euclidean")
    array([[2. , 0.5]])
    """
    rows = prepare_rows(queries, metric)
    order, sizes = np.argsort(codes, kind="stable"), np.bincount(codes)
    ends = np.cumsum(sizes)
    found = np.full((len(sizes), len(rows)), np.inf)
    for classes in _runs(sizes):
        members = order[ends[classes.start] - sizes[classes.start] : ends[classes.stop - 1]]
        targets = prepare_rows(gallery[members], metric)
        for start in range(0, len(rows), BLOCK_QUERIES):
            block = slice(start, start + BLOCK_QUERIES)
            _compare(rows[block], targets, sizes[classes], metric, found[classes, block])
    return found.T


def _runs(sizes: IndexArray) -> Iterator[slice]:
    """Yield runs of classes with no more rows together than a block, or single classes."""
    first, n_rows = 0, 0
    for number, size in enumerate(sizes.tolist()):
        if number > first and n_rows + size > BLOCK_ROWS:
            yield slice(first, number)
            first, n_rows = number, 0
        n_rows += size
    yield slice(first, len(sizes))


def _compare(
    rows: Float64Array, targets: Float64Array, sizes: IndexArray, metric: str, found: Float64Array
) -> None:
    """Write the least distances to classes whose rows stand together, into shape (n_classes, n_rows)."""
    starts = np.cumsum(sizes) - sizes
    lengths, reach = row_lengths(rows), row_lengths(targets)
    all_lengths = np.concatenate([lengths, reach])
    low, high = SAFE_LENGTHS
    is_safe = ((all_lengths == 0) | ((all_lengths > low) & (all_lengths < high))).all()
    if metric == "manhattan" or not is_safe:
        found[:] = np.minimum.reduceat(PAIRWISE[metric](rows, targets), starts, axis=1).T
        return
    # With half the query's squared length added, half the squared distance; that of a row of zeros is 1.
    halves = np.full(len(targets), 0.5) if metric == "cosine" else reach**2 / 2
    scores = np.dot(targets.astype(np.float32), rows.T.astype(np.float32))
    np.subtract(halves.astype(np.float32)[:, None], scores, out=scores)
    close = np.empty(scores.shape, dtype=np.bool_)
    # Class by class: the minimum and the comparison then run along whole rows of memory.
    for start, stop in zip(starts.tolist(), (starts + sizes).tolist(), strict=True):
        longest = reach[start:stop].max()
        bound = (rows.shape[1] + 16) * ROUNDING * (lengths + longest) * longest + 1e-12 * lengths**2
        limits = (scores[start:stop].min(axis=0) + 2 * bound).astype(np.float32)
        np.less_equal(scores[start:stop], np.nextafter(limits, np.float32(np.inf)), out=close[start:stop])
    right, left = np.divmod(np.flatnonzero(close), len(rows))
    owner = np.repeat(np.arange(len(sizes)), sizes)[right]
    np.minimum.at(found, (owner, left), _pair_distances(rows, targets, left, right, metric))


def _pair_distances(
    rows: Float64Array, targets: Float64Array, left: IndexArray, right: IndexArray, metric: str
) -> Float64Array:
    """Return the distances of the pairs (rows[left], targets[right]), as `PAIRWISE` has them."""
    kernel: Literal["euclidean", "sqeuclidean"] = "sqeuclidean" if metric == "cosine" else "euclidean"
    found = np.empty(len(left))
    step = max(1, DIFFERENCES // rows.shape[1])
    origin = np.zeros((1, rows.shape[1]))
    for start in range(0, len(left), step):
        part = slice(start, start + step)
        differences = targets[right[part]] - rows[left[part]]
        found[part] = cdist(origin, differences, kernel)[0]
    if metric == "cosine":
        finish_cosine(found, zero_rows(rows)[left] | zero_rows(targets)[right])
    else:
        mend_range(found, rows, targets, left, right)
    return found
