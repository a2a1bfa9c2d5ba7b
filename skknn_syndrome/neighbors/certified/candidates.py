"""Which rows have the smallest scores so far."""

import numpy as np

from skknn_syndrome._typing import BoolArray, Float32Array, Int32Array

NO_ROW = np.iinfo(np.int32).max
"""Fills up lists that are shorter than others."""

CROWD = 4
"""A list that would get longer than this many times what is wanted is full of ties, and given up."""

GROUP = 4
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
        self.bounds = np.minimum(self.bounds, threshold(scores, self.n_wanted))
        chosen = (scores <= self.bounds[:, None]) & (scores < np.inf)
        crowded = np.count_nonzero(chosen, axis=1) > CROWD * self.n_wanted
        if crowded.any():
            chosen[crowded] = False
            self.bounds[crowded] = -np.inf
        found, ids = _pack(scores, chosen, first)
        self._scores = np.concatenate([self._scores, found], axis=1)
        self.ids = np.concatenate([self.ids, ids], axis=1)
        if self.ids.shape[1] > CROWD * self.n_wanted:
            self._cut()

    def _cut(self) -> None:
        """Keep the smallest scores alone."""
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


def _pack(scores: Float32Array, chosen: BoolArray, first: int) -> tuple[Float32Array, Int32Array]:
    """Return the chosen scores and their row numbers, side by side, in rising order of rows."""
    n_rows, n_columns = scores.shape
    hits = np.flatnonzero(chosen)
    rows = hits // n_columns
    counts = np.bincount(rows, minlength=n_rows)
    width = int(counts.max(initial=0))
    places = np.arange(width) < counts[:, None]
    ids = np.full((n_rows, width), NO_ROW, dtype=np.int32)
    ids[places] = hits - rows * n_columns + first
    found = np.full((n_rows, width), np.inf, dtype=np.float32)
    found[places] = scores.ravel()[hits]
    return found, ids
