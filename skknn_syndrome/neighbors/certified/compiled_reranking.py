"""The exact distances of candidates, compiled: for many rows."""

import numpy as np

from skknn_syndrome._typing import Float64Array, FloatArray, Int32Array
from skknn_syndrome.neighbors.certified.candidates import NO_ROW
from skknn_syndrome.neighbors.certified.kernels import sum_squares
from skknn_syndrome.neighbors.distances import finish_cosine, mend_range, unit_divisors, zero_rows

STEP = 4096
"""Queries at a time."""


class CompiledReranker:
    """Distances of candidates as `Reranker` has them, with a loop compiled by numba.

    It holds no second copy of the rows. Their lengths have to be such that dividing by them is safe.

    Parameters
    ----------
    queries, gallery, metric, prepared
        As for `Reranker`.
    """

    def __init__(self, queries: FloatArray, gallery: FloatArray, metric: str, *, prepared: bool) -> None:
        self._queries, self._gallery, self._metric = queries, gallery, metric
        self._prepared = prepared
        self._divisors = self._divisors_of(gallery)
        self._query_divisors = self._divisors if queries is gallery else self._divisors_of(queries)

    def step(self, n_queries: int, n_candidates: int) -> int:  # noqa: ARG002
        """Return how many queries to take at a time."""
        return STEP

    def __call__(self, block: slice, ids: Int32Array) -> Float64Array:
        """Return the distance of each candidate."""
        queries = self._queries[block]
        none = np.equal(ids, NO_ROW)
        numbers = np.where(none, 0, ids)
        found = np.empty(ids.shape)
        sum_squares(queries, self._gallery, numbers, self._query_divisors[block], self._divisors, found)
        if self._metric == "cosine":
            zero_queries, zero_targets = np.isinf(self._query_divisors[block]), np.isinf(self._divisors)
            finish_cosine(found, zero_queries[:, None] | zero_targets[numbers])
        else:
            np.sqrt(found, out=found)
            pairs = np.repeat(np.arange(len(ids)), ids.shape[1]), numbers.reshape(-1)
            mend_range(found.reshape(-1), queries, self._gallery, *pairs)
        found[none] = np.inf
        return found

    def _divisors_of(self, rows: FloatArray) -> Float64Array:
        """Return what rows are divided by: infinity for zero rows where it is the angle that counts."""
        if self._metric != "cosine":
            return np.ones(len(rows))
        return np.where(zero_rows(rows), np.inf, 1.0) if self._prepared else unit_divisors(rows)
