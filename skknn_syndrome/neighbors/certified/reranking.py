"""The exact distances of candidates, and their order."""

from collections.abc import Callable
from typing import Literal, TypeAlias

import numpy as np
from scipy.spatial.distance import cdist

from skknn_syndrome._typing import Float64Array, FloatArray, Int32Array
from skknn_syndrome.neighbors.certified.candidates import NO_ROW
from skknn_syndrome.neighbors.distances import finish_cosine, mend_range, prepare_rows, zero_rows
from skknn_syndrome.neighbors.neighbors import Neighbors

CandidateDistances: TypeAlias = Callable[[slice, Int32Array], Float64Array]
"""From a run of queries and their candidates, shape (n_run, n_candidates), to distances of the same shape."""

PREPARED_BYTES = 2**24
"""So much of the gallery is held in double precision at a time, at most."""


def rank_candidates(
    candidate_distances: CandidateDistances, queries: slice, ids: Int32Array, n_neighbors: int, step: int
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
        Queries at a time.

    Returns
    -------
    Neighbors
        Filled up with `NO_ROW` at distance infinity where there are fewer candidates.
    """
    shape = (len(ids), n_neighbors)
    found = Neighbors(np.empty(shape), np.empty(shape, dtype=np.intp))
    missing = max(0, n_neighbors - ids.shape[1])
    for start in range(0, len(ids), step):
        block = slice(start, start + step)
        ordered = np.sort(np.pad(ids[block], ((0, 0), (0, missing)), constant_values=NO_ROW), axis=1)
        first = queries.start + start
        distances = candidate_distances(slice(first, first + len(ordered)), ordered)
        # The sort is stable and row numbers rise: equal distances keep the order of their rows.
        chosen = np.argsort(distances, axis=1, kind="stable")[:, :n_neighbors]
        found.distances[block] = np.take_along_axis(distances, chosen, axis=1)
        found.indices[block] = np.take_along_axis(ordered, chosen, axis=1)
    return found


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

    def step(self, n_queries: int, n_candidates: int) -> int:
        """Return how many queries to take at a time, so that their candidates fit into memory."""
        row_bytes = 8 * int(self._gallery.shape[1])
        if len(self._gallery) * row_bytes <= PREPARED_BYTES:
            return n_queries
        return max(1, PREPARED_BYTES // (row_bytes * n_candidates))

    def __call__(self, block: slice, ids: Int32Array) -> Float64Array:
        """Return the distance of each candidate."""
        places = np.not_equal(ids, NO_ROW)
        wanted = np.zeros(len(self._gallery), dtype=np.bool_)
        wanted[ids[places]] = True
        targets = self._prepare(self._gallery[wanted])
        whole = self._queries is self._gallery and wanted.all()
        rows = targets[block] if whole else self._prepare(self._queries[block])
        columns = (np.cumsum(wanted) - 1)[ids[places]]
        kind: Literal["euclidean", "sqeuclidean"] = "sqeuclidean" if self._metric == "cosine" else "euclidean"
        found = np.empty(len(columns))
        start = 0
        for row, end in enumerate(np.cumsum(np.count_nonzero(places, axis=1)).tolist()):
            found[start:end] = cdist(rows[row : row + 1], targets.take(columns[start:end], axis=0), kind)[0]
            start = end
        pairs = np.nonzero(places)[0], columns
        if self._metric == "cosine":
            finish_cosine(found, zero_rows(rows)[pairs[0]] | zero_rows(targets)[pairs[1]])
        else:
            mend_range(found, rows, targets, *pairs)
        distances = np.full(ids.shape, np.inf)
        distances[places] = found
        return distances

    def _prepare(self, rows: FloatArray) -> Float64Array:
        samples = np.asarray(rows, dtype=np.float64)
        return samples if self._prepared else prepare_rows(samples, self._metric)
