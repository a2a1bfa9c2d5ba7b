"""Candidates from the tiles of a single-precision product, in NumPy."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import cache, lru_cache
from threading import Lock
from typing import TypeAlias

import numpy as np
from threadpoolctl import ThreadpoolController

from skknn_syndrome._typing import Float32Array, IndexArray, Int32Array
from skknn_syndrome.neighbors.certified.rounding import Frame, Operand
from skknn_syndrome.neighbors.distances import row_blocks
from skknn_syndrome.neighbors.search import on_threads, thread_count

LoadBlock: TypeAlias = Callable[[int], Float32Array]
"""From a block's number to its rows, (n_rows, n_features); of the right factor, (n_features, n_columns)."""

ScanTile: TypeAlias = Callable[[Float32Array, int, int], None]
"""Takes the product of a block of queries with a block of gallery rows, and the numbers of the blocks."""

NO_ROW = np.iinfo(np.int32).max
"""Fills up lists that are shorter than others."""

CROWD = 4
"""A list that would get longer than this many times what is wanted is full of ties, and given up."""

GROUP = 8
"""The smallest score of every group of so many gives a threshold at a fraction of the work."""

TILE_ROWS = 2048
"""Rows of a tile: 16 MB of products."""


@cache
def _libraries() -> ThreadpoolController:
    """Return the handle of the BLAS libraries; looking for them takes longer than a small product."""
    return ThreadpoolController()


def scan_tiles(
    load: tuple[LoadBlock, LoadBlock],
    n_blocks: tuple[int, int],
    scan: ScanTile,
    *,
    triangle: bool,
    n_jobs: int | None,
) -> None:
    """Hand every tile of the product of queries and gallery to `scan`.

    Parameters
    ----------
    load : (callable, callable)
        Give the blocks of the left and of the right factor.
    n_blocks : (int, int)
    scan : callable
        Called on several threads at a time.
    triangle : bool
        The queries are the gallery: leave out the tiles below the diagonal, which mirror those above.
    n_jobs : int or None
        Number of threads, as joblib counts them.
    """
    load_left, load_right = load[0], lru_cache(maxsize=2)(load[1])  # one tile after the other has the same

    def work(tile: tuple[int, int]) -> None:
        row, column = tile
        right = load_right(column)
        # BLAS knows that the product of rows with themselves is symmetric, and halves its work.
        product = right.T @ right if triangle and row == column else np.dot(load_left(row), right)
        scan(product, row, column)

    tiles = list(_tiles(*n_blocks, triangle=triangle))
    n_threads = min(thread_count(n_jobs), len(tiles))
    # Threads of ours around a single-threaded BLAS: two layers of threads would fight for the cores.
    with _libraries().limit(limits=1, user_api="blas") if n_threads > 1 else nullcontext():
        on_threads(work, tiles, n_threads)


def _tiles(n_rows: int, n_columns: int, *, triangle: bool) -> Iterator[tuple[int, int]]:
    """Return the tiles, column by column; of a triangle first the tile on the diagonal."""
    for column in range(n_columns):
        if triangle:
            yield column, column
        for row in range(column if triangle else n_rows):
            yield row, column


class Candidates:
    """For each query of a block a list of rows, and a bound that no row outside the list stays below.

    Parameters
    ----------
    n_queries : int
    n_wanted : int
        How many rows a list keeps, if that many were offered.

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
        # One more than is kept: its score bounds what a list leaves out.
        self.bounds = np.minimum(self.bounds, threshold(scores, self.n_wanted + 1))
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
        order = np.argpartition(self._scores, self.n_wanted, axis=1)[:, : self.n_wanted + 1]
        scores = np.take_along_axis(self._scores, order, axis=1)
        self._scores = scores[:, : self.n_wanted]
        self.ids = np.take_along_axis(self.ids, order[:, : self.n_wanted], axis=1)
        self.bounds = np.minimum(self.bounds, scores[:, self.n_wanted])


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


class Scanner:
    """Collects candidates of blocks of queries from tiles, for all distances of a frame.

    Parameters
    ----------
    frame : Frame
    queries, gallery : Operand
        The same object where rows look for other rows of their own kind.
    n_wanted : int
        Candidates a query needs.
    n_jobs : int or None
        Number of threads, as joblib counts them.
    """

    slack = 1
    """Candidates beyond the neighbours asked for: the next one's score leaves room for the certificate."""

    def __init__(
        self, frame: Frame, queries: Operand, gallery: Operand, n_wanted: int, n_jobs: int | None
    ) -> None:
        self._frame = frame
        self._queries = queries
        self._gallery = gallery
        self._itself = queries is gallery
        self._n_jobs = n_jobs
        n_threads = thread_count(n_jobs)
        self._blocks = list(_blocks(queries, n_threads))
        self._gallery_blocks = self._blocks if self._itself else list(_blocks(gallery, n_threads))
        self._candidates = {
            metric: [Candidates(block.stop - block.start, n_wanted) for block in self._blocks]
            for metric in frame.metrics
        }
        self._locks = [Lock() for _ in self._blocks]

    def run(self) -> None:
        """Go through all tiles."""
        scan_tiles(
            (self._load_queries, self._load_gallery),
            (len(self._blocks), len(self._gallery_blocks)),
            self._scan,
            triangle=self._itself,
            n_jobs=self._n_jobs,
        )

    def candidates(self, metric: str) -> Iterator[tuple[slice, Int32Array, Float32Array]]:
        """Return blocks of queries with their candidates and bounds."""
        for block, found in zip(self._blocks, self._candidates[metric], strict=True):
            found.cut()
            yield block, found.ids, found.bounds

    def _load_queries(self, block: int) -> Float32Array:
        rows: Float32Array = self._queries.rows[self._blocks[block]]
        return rows

    def _load_gallery(self, block: int) -> Float32Array:
        columns: Float32Array = self._gallery.rows[self._gallery_blocks[block]].T
        # A copy spares BLAS reading at a stride, once for all blocks of queries; for one alone it costs more.
        return columns.copy() if len(self._blocks) > 1 else columns

    def _scan(self, product: Float32Array, row: int, column: int) -> None:
        """Take the candidates from a tile; of a tile off the diagonal of a graph, for both of its sides."""
        mirrored = np.ascontiguousarray(product.T) if self._itself and row != column else None
        self._offer(product, row, column)
        if mirrored is not None:
            self._offer(mirrored, column, row)

    def _offer(self, product: Float32Array, row: int, column: int) -> None:
        """Offer a tile's scores to its rows; the product is used up."""
        columns = self._gallery_blocks[column]
        if self._itself and row == column:
            np.fill_diagonal(product, np.nan)  # a row is no neighbour of itself
        for metric, candidates in self._candidates.items():
            if self._frame.by_angle(metric):
                scores = np.multiply(product, -self._gallery.inverses[columns], out=product)  # comes last
            else:
                # Euclidean comes first, and a cosine that follows needs the product as it was.
                out = product if len(self._candidates) == 1 else None
                scores = np.subtract(self._gallery.halves[columns], product, out=out)
            with self._locks[row]:
                candidates[row].offer(scores, columns.start)


def _blocks(operand: Operand, n_threads: int) -> Iterator[slice]:
    """Cut rows into blocks, at least one for each thread."""
    n_rows = len(operand.rows)
    yield from row_blocks(n_rows, min(TILE_ROWS, -(-n_rows // n_threads)))
