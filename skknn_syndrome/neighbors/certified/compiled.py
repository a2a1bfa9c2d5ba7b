"""From the tiles of a product to candidates, compiled: for many rows."""

import math
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Lock

import numpy as np
from sklearn.utils import gen_batches

from skknn_syndrome._typing import Float32Array, Int32Array, IndexArray
from skknn_syndrome.neighbors.certified.candidates import NO_ROW, threshold
from skknn_syndrome.neighbors.certified.frames import Frame, Operand
from skknn_syndrome.neighbors.certified.kernels import RUN, Lists, scan, tighten
from skknn_syndrome.neighbors.certified.tiles import scan_tiles

TILE_ROWS = 1024
"""Rows of a tile: 4 MB of products, which stay in cache until they are scanned."""

CAPACITY = 2.4
"""Places in a list for each candidate wanted."""

DEVIATIONS = 4
"""How far above the expected rank a threshold is set after a sample of rows."""


class CompiledScanner:
    """Collects candidates as `Scanner` does, with loops compiled by numba.

    The gallery is gone through in random order. What a query has seen is then a sample of the whole, and
    tells how small a score has to be to count in the end: hardly more rows are noted than are wanted. Where
    that guess was wrong, the list stays short, and isn't certified.

    Parameters
    ----------
    frame, queries, gallery, n_wanted
        As for `Scanner`.
    """

    def __init__(self, frame: Frame, queries: Operand, gallery: Operand, n_wanted: int) -> None:
        self._itself = queries is gallery
        self._queries, self._gallery = queries, gallery
        self._n_wanted = n_wanted
        self._order: IndexArray = np.random.default_rng(0).permutation(len(gallery.rows))
        self._query_order = self._order if self._itself else np.arange(len(queries.rows))
        self._values = _filled_up(gallery, self._order)
        self._query_values = self._values if self._itself else _filled_up(queries, self._query_order)
        names = {"euclidean" if frame.unit else metric: metric for metric in frame.metrics}
        size = len(self._query_values[0])
        self._lists = {
            name: _empty_lists(size, len(queries.rows), n_wanted) if name in names else _no_lists(size)
            for name in ("euclidean", "cosine")
        }
        self._names = {metric: name for name, metric in names.items()}
        self._seen = np.zeros(-(-len(queries.rows) // TILE_ROWS), dtype=np.intp)
        self._tightened = self._seen.copy()
        self._locks = [Lock() for _ in self._seen]

    def run(self, n_jobs: int | None) -> None:
        """Go through all tiles."""
        scan_tiles(
            (self._load_rows, self._load_columns),
            (len(self._queries.rows), len(self._gallery.rows)),
            self._scan,
            tile_rows=TILE_ROWS,
            triangle=self._itself,
            n_jobs=n_jobs,
        )

    def candidates(self, metric: str) -> Iterator[tuple[slice, Int32Array, Float32Array]]:
        """Return all queries as one block, with their candidates and bounds; their lists are given up."""
        lists = self._lists.pop(self._names[metric])
        n_queries = len(self._queries.rows)
        tighten(lists, 0, n_queries, self._n_wanted)
        _, listed, lengths, thresholds = lists
        ids = np.full((n_queries, self._n_wanted), NO_ROW, dtype=np.int32)
        bounds = np.empty(n_queries, dtype=np.float32)
        bounds[self._query_order] = thresholds[:n_queries]
        for block in gen_batches(n_queries, TILE_ROWS):
            numbers = listed[block, : self._n_wanted]
            places = np.arange(self._n_wanted) < lengths[block, None]
            originals = np.full(numbers.shape, NO_ROW, dtype=np.int32)
            originals[places] = self._order[numbers[places]]
            ids[self._query_order[block]] = originals
        yield slice(0, n_queries), ids, bounds

    def _load_rows(self, run: slice) -> Float32Array:
        return self._queries.rows[self._query_order[run]]

    def _load_columns(self, run: slice) -> Float32Array:
        rows = self._gallery.rows[self._order[run]]
        missing = -len(rows) % RUN
        return np.pad(rows, ((0, missing), (0, 0))) if missing else rows

    def _scan(self, product: Float32Array, rows: slice, columns: slice) -> None:
        mirrored = self._itself and rows != columns
        blocks = {rows.start // TILE_ROWS} | ({columns.start // TILE_ROWS} if mirrored else set())
        with ExitStack() as stack:
            for block in sorted(blocks):  # always in this order: no two threads wait for each other
                stack.enter_context(self._locks[block])
            if not self._seen[rows.start // TILE_ROWS]:
                self._guess_thresholds(product, rows, columns)
            nothing = _no_lists(len(self._values[0]))
            scan(
                product,
                rows.start,
                columns.start,
                self._itself and not mirrored,
                self._query_values,
                self._values,
                self._lists["euclidean"],
                self._lists["cosine"],
                self._lists["euclidean"] if mirrored else nothing,
                self._lists["cosine"] if mirrored else nothing,
                self._n_wanted,
            )
            self._count(rows, columns)
            if mirrored:
                self._count(columns, rows)

    def _guess_thresholds(self, product: Float32Array, rows: slice, columns: slice) -> None:
        """Set the first thresholds of a block from its first tile, which is a sample of all rows."""
        width = product.shape[1]
        halves, inverses = (values[columns.start : columns.start + width] for values in self._values)
        rank = self._rank(columns.stop - columns.start)
        for name in self._names.values():
            scores = halves - product if name == "euclidean" else product * -inverses
            if self._itself:
                np.fill_diagonal(scores, np.inf)
            scores[:, columns.stop - columns.start :] = np.inf
            # Scores have to stay below a threshold, and this one has to be met.
            self._lists[name][3][rows] = np.nextafter(threshold(scores, rank), np.float32(np.inf))

    def _rank(self, seen: int) -> int:
        """Return how many of the candidates among `seen` rows may still be among those wanted in the end."""
        expected = self._n_wanted * min(1, seen / len(self._gallery.rows))
        return min(self._n_wanted, math.ceil(expected + DEVIATIONS * (1 + math.sqrt(expected))))

    def _count(self, rows: slice, columns: slice) -> None:
        """Note what a block of queries has seen, and cut its lists whenever that doubled."""
        block = rows.start // TILE_ROWS
        self._seen[block] += columns.stop - columns.start
        if self._seen[block] >= 2 * self._tightened[block]:
            self._tightened[block] = self._seen[block]
            for name in self._names.values():
                tighten(self._lists[name], rows.start, rows.stop, self._rank(self._seen[block]))


def _filled_up(operand: Operand, order: IndexArray) -> tuple[Float32Array, Float32Array]:
    """Return halves and inverses in order, followed by some that no threshold lets pass."""
    missing = (0, -len(order) % RUN)
    return (
        np.pad(operand.halves[order], missing, constant_values=np.inf),
        np.pad(operand.inverses[order], missing, constant_values=np.nan),
    )


def _empty_lists(size: int, n_queries: int, n_wanted: int) -> Lists:
    capacity = math.ceil(CAPACITY * n_wanted)
    thresholds = np.full(size, -np.inf, dtype=np.float32)
    thresholds[:n_queries] = np.inf
    return (
        np.empty((n_queries, capacity), dtype=np.float32),
        np.empty((n_queries, capacity), dtype=np.int32),
        np.zeros(n_queries, dtype=np.int32),
        thresholds,
    )


def _no_lists(size: int) -> Lists:
    """Return lists that take nothing."""
    thresholds = np.full(size, -np.inf, dtype=np.float32)
    return np.empty((0, 0), np.float32), np.empty((0, 0), np.int32), np.empty(0, np.int32), thresholds
