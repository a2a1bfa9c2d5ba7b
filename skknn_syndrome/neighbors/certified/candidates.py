"""Which rows have the smallest scores so far."""

import numpy as np

from skknn_syndrome._typing import Float32Array, IndexArray, Int32Array

NO_ROW = np.iinfo(np.int32).max
"""Fills up lists that are shorter than others."""

CROWD = 4
"""A list that would get longer than this many times what is wanted is full of ties, and given up."""

GROUP = 8
"""The smallest score of every group of so many gives a threshold at a fraction of the work."""


class Candidates:
    """For each query of a block a list of rows, and a bound that no row outside the list stays below.

    Parameters
    ----------
    n_queries : int
    n_wanted : int
        How many rows a list keeps at least, if that many were offered.

    Attributes
    ----------
    ids : ndarray of shape (n_queries, longest)
        Row numbers, filled up with `NO_ROW`.
    bounds : ndarray of shape (n_queries,)
        Infinite where all rows are in the list, minus infinity where the list was given up.
    """

    def __init__(self, n_queries: int, n_wanted: int) -> None:
        self.n_wanted = n_wanted
        self.ids: Int32Array = np.empty((n_queries, 0), dtype=np.int32)
        self.bounds: Float32Array = np.full(n_queries, np.inf, dtype=np.float32)
        self._scores: Float32Array = np.empty((n_queries, 0), dtype=np.float32)

    def offer(self, scores: Float32Array, first: int) -> None:
        """Take what may be among the smallest.

        Parameters
        ----------
        scores : ndarray of shape (n_queries, n_rows)
            Of a run of rows; infinite, or NaN, for what is no candidate.
        first : int
            Number of the first of these rows.
        """
        n_columns = scores.shape[1]
        self.bounds = np.minimum(self.bounds, threshold(scores, self.n_wanted))
        # Neither infinity nor NaN passes a finite limit.
        limits = np.minimum(self.bounds, np.finfo(np.float32).max)
        hits = np.flatnonzero(scores <= limits[:, None])
        rows = hits // n_columns
        counts = np.bincount(rows, minlength=len(scores))
        crowded = counts > CROWD * self.n_wanted
        if crowded.any():
            hits, rows = hits[~crowded[rows]], rows[~crowded[rows]]
            counts[crowded] = 0
            self.bounds[crowded] = -np.inf
        self._append(scores.ravel()[hits], hits - rows * n_columns + first, counts)
        if self.ids.shape[1] > CROWD * self.n_wanted:
            self.cut()

    def _append(self, scores: Float32Array, ids: IndexArray, counts: IndexArray) -> None:
        """Put the next rows' scores and numbers, one query after the other, at the ends of the lists."""
        places = np.arange(counts.max(initial=0)) < counts[:, None]
        more_ids = np.full(places.shape, NO_ROW, dtype=np.int32)
        more_ids[places] = ids
        more_scores = np.full(places.shape, np.inf, dtype=np.float32)
        more_scores[places] = scores
        self._scores = np.concatenate([self._scores, more_scores], axis=1)
        self.ids = np.concatenate([self.ids, more_ids], axis=1)

    def cut(self) -> None:
        """Keep the smallest scores alone, if a list is longer than wanted."""
        if self.ids.shape[1] <= self.n_wanted:
            return
        kept = np.argpartition(self._scores, self.n_wanted - 1, axis=1)[:, : self.n_wanted]
        self._scores = np.take_along_axis(self._scores, kept, axis=1)
        self.ids = np.take_along_axis(self.ids, kept, axis=1)
        self.bounds = np.minimum(self.bounds, self._scores.max(axis=1))


def threshold(scores: Float32Array, n_wanted: int) -> Float32Array:
    """Return for each row a score that at least `n_wanted` scores, and few more, don't exceed."""
    n_rows, n_columns = scores.shape
    if n_columns <= n_wanted:
        return np.full(n_rows, np.inf, dtype=np.float32)
    n_groups = n_columns // GROUP
    if n_groups > n_wanted:
        # The smallest of each group: `n_wanted` of these are as many scores.
        scores = scores[:, : n_groups * GROUP].reshape(n_rows, GROUP, n_groups).min(axis=1)
    smallest: Float32Array = np.partition(scores, n_wanted - 1, axis=1)[:, n_wanted - 1]
    return smallest
