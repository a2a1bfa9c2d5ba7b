"""The exact distances of candidates, and their order."""

import math
from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
from scipy.spatial.distance import cdist

from skknn_syndrome._typing import BoolArray, Float64Array, FloatArray, IndexArray, Int32Array
from skknn_syndrome.neighbors.certified.scanning import NO_ROW
from skknn_syndrome.neighbors.distances import finish_cosine, mend_range, prepare_rows, zero_rows
from skknn_syndrome.neighbors.search import Neighbors, on_threads, thread_count

CandidateDistances: TypeAlias = Callable[[slice, Int32Array], Float64Array]
"""From a run of queries and their candidates, shape (n_run, n_candidates), to distances of the same shape."""

PREPARED_BYTES = 2**24
"""So much of the gallery is held in double precision at a time, at most."""

COPIED = 2**17
"""Numbers of candidates held at a time: a megabyte, which stays in cache until it is added up."""

CALL = 2**13
"""Numbers of a query's candidates from which a call of SciPy of its own costs less than their differences."""

PAGE = 4096
"""Bytes after which addresses look alike to a processor that waits for earlier stores."""


def rank_candidates(
    candidate_distances: CandidateDistances,
    queries: slice,
    ids: Int32Array,
    n_neighbors: int,
    step: int,
    n_jobs: int | None,
) -> Neighbors:
    """Return the nearest of each query's candidates, ordered by (distance, row number).

    Parameters
    ----------
    candidate_distances : callable
        Distances are the same bits as `skknn_syndrome.neighbors.distances` has them; infinite for `NO_ROW`.
    queries : slice
    ids : ndarray of shape (n_queries, n_candidates)
        Rows of the gallery, filled up with `NO_ROW`.
    n_neighbors : int
    step : int
        Queries at a time, at most.
    n_jobs : int or None
        Number of threads, as joblib counts them.

    Returns
    -------
    Neighbors
        Filled up with `NO_ROW` at distance infinity where there are fewer candidates.
    """
    shape = (len(ids), n_neighbors)
    found = Neighbors(np.empty(shape), np.empty(shape, dtype=np.intp))
    missing = max(0, n_neighbors - ids.shape[1])

    def rank(block: slice) -> None:
        ordered = np.sort(np.pad(ids[block], ((0, 0), (0, missing)), constant_values=NO_ROW), axis=1)
        first = queries.start + block.start
        distances = candidate_distances(slice(first, first + len(ordered)), ordered)
        # The sort is stable and row numbers rise: equal distances keep the order of their rows.
        chosen = np.argsort(distances, axis=1, kind="stable")[:, :n_neighbors]
        found.distances[block] = np.take_along_axis(distances, chosen, axis=1)
        found.indices[block] = np.take_along_axis(ordered, chosen, axis=1)

    n_threads = thread_count(n_jobs)
    share = max(1, min(step, -(-len(ids) // n_threads)))
    on_threads(rank, [slice(start, start + share) for start in range(0, len(ids), share)], n_threads)
    return found


def _beside(source: Float64Array, shape: tuple[int, ...]) -> Float64Array:
    """Return an uninitialised array whose address is that of a source, but for whole pages.

    Copies of rows take eight times as long where they start 8 or 16 bytes further into a page than what they
    are copies of, and rows of 512 or 2,048 features then do so one and all.
    """
    size = math.prod(shape)
    spare = np.empty(size + PAGE // 8)
    start = (source.ctypes.data - spare.ctypes.data) % PAGE // 8
    return spare[start : start + size].reshape(shape)


class Reranker:
    """Distances of candidates, by SciPy.

    Parameters
    ----------
    queries : ndarray of shape (n_queries, n_features)
    gallery : ndarray of shape (n_gallery, n_features)
    metric : {"euclidean", "cosine"}
    prepared : bool
        Both went through `skknn_syndrome.neighbors.distances.prepare_rows`.
    """

    def __init__(self, queries: FloatArray, gallery: FloatArray, metric: str, *, prepared: bool) -> None:
        self._queries, self._gallery, self._metric = queries, gallery, metric
        self._prepared = prepared
        self._row_bytes = 8 * int(gallery.shape[1])
        self._whole = len(gallery) * self._row_bytes <= PREPARED_BYTES
        self._targets = self._prepare(gallery) if self._whole else np.empty((0, 0))

    def step(self, n_queries: int, n_candidates: int) -> int:
        """Return how many queries to take at a time, so that their candidates fit into memory."""
        return n_queries if self._whole else max(1, PREPARED_BYTES // (self._row_bytes * n_candidates))

    def __call__(self, block: slice, ids: Int32Array) -> Float64Array:
        """Return the distance of each candidate."""
        none = np.equal(ids, NO_ROW)
        targets, numbers = self._candidates(none, ids)
        both = self._whole and self._queries is self._gallery
        rows = targets[block] if both else self._prepare(self._queries[block])
        found = np.empty(ids.shape)
        step = min(len(ids), max(1, COPIED // (ids.shape[1] * rows.shape[1])))
        copies = _beside(targets, (step, ids.shape[1], rows.shape[1]))
        for part in (slice(start, start + step) for start in range(0, len(ids), step)):
            found[part] = self._distances(rows[part], targets, numbers[part], copies)
        if self._metric == "cosine":
            finish_cosine(found, zero_rows(rows)[:, None] | zero_rows(targets)[numbers])
        else:
            pairs = np.repeat(np.arange(len(ids)), ids.shape[1]), numbers.reshape(-1)
            mend_range(found.reshape(-1), rows, targets, *pairs)
        found[none] = np.inf
        return found

    def _candidates(self, none: BoolArray, ids: Int32Array) -> tuple[Float64Array, IndexArray]:
        """Return rows in double precision, and where among them each candidate is; any row for none."""
        numbers = np.where(none, 0, ids)
        if self._whole:
            return self._targets, numbers
        wanted = np.unique(numbers)
        return self._prepare(self._gallery[wanted]), np.searchsorted(wanted, numbers)

    def _distances(
        self, rows: Float64Array, targets: Float64Array, numbers: IndexArray, copies: Float64Array
    ) -> Float64Array:
        """Return the distances of each row to its targets, squared for cosine; `copies` are used up."""
        kind: Literal["euclidean", "sqeuclidean"] = "sqeuclidean" if self._metric == "cosine" else "euclidean"
        copies = copies[: len(rows)]
        targets.take(numbers, axis=0, out=copies, mode="clip")  # the other modes go by way of a copy
        if copies[0].size >= CALL:
            found = np.empty(numbers.shape)
            for i in range(len(rows)):
                cdist(rows[i : i + 1], copies[i], kind, out=found[i : i + 1])
            return found
        with np.errstate(over="ignore"):  # is mended
            np.subtract(copies, rows[:, None], out=copies)
        # Lengths are the same sums of squares, and SciPy adds up those of several rows at a time.
        origin = np.zeros((1, rows.shape[1]))
        return cdist(origin, copies.reshape(-1, rows.shape[1]), kind).reshape(numbers.shape)

    def _prepare(self, rows: FloatArray) -> Float64Array:
        return prepare_rows(rows, "" if self._prepared else self._metric)
