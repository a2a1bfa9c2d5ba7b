"""From the tiles of a product to candidates, compiled: for many rows."""

import math
from collections.abc import Iterator
from contextlib import ExitStack
from threading import Lock

import numpy as np

from skknn_syndrome._typing import Float32Array, Int32Array
from skknn_syndrome.neighbors.certified.candidates import NO_ROW, threshold
from skknn_syndrome.neighbors.certified.frames import Frame, Operand
from skknn_syndrome.neighbors.certified.kernels import ROW_BITS, RUN, Lists, scan, tighten
from skknn_syndrome.neighbors.certified.layout import Layout
from skknn_syndrome.neighbors.certified.tiles import scan_tiles

TILE_ROWS = 1024
"""Rows of a tile: 4 MB of products, which stay in cache until they are scanned."""

CAPACITY = 2.4
"""Places in a list for each candidate wanted."""

DEVIATIONS = 3
"""How far above the expected rank a threshold is set after a sample of rows."""

SAMPLE = 256
"""Rows of its first tile from which a block of queries guesses its first thresholds."""

GROWTH = 4
"""How many times as many rows a block has seen before its lists are cut again."""


class CompiledScanner:
    """Collects candidates as `Scanner` does, with loops compiled by numba.

    The gallery is gone through in blocks that are samples of the whole. What a query has seen then tells how
    small a score has to be to count in the end: hardly more rows are noted than are wanted. Where that guess
    was wrong, the list stays short, and isn't certified.

    Parameters
    ----------
    frame, queries, gallery, n_wanted, n_jobs
        As for `Scanner`.
    """

    slack = 3
    """More than `Scanner` has: among more rows the scores lie closer together."""

    def __init__(
        self, frame: Frame, queries: Operand, gallery: Operand, n_wanted: int, n_jobs: int | None
    ) -> None:
        self._itself = queries is gallery
        self._queries, self._gallery = queries, gallery
        self._n_wanted, self._n_jobs = n_wanted, n_jobs
        self._columns = Layout.of(len(gallery.rows), TILE_ROWS, RUN)
        self._rows = Layout.of(len(queries.rows), TILE_ROWS, RUN)
        self._values = _values(gallery, self._columns)
        self._query_values = self._values if self._itself else _values(queries, self._rows)
        self._names = {metric: "euclidean" if frame.unit else metric for metric in frame.metrics}
        self._lists = {
            name: _empty_lists(self._rows, n_wanted)
            if name in self._names.values()
            else _no_lists(self._rows.size)
            for name in ("euclidean", "cosine")
        }
        self._nothing = (_no_lists(self._columns.size),) * 2
        self._seen = [0] * self._rows.n_blocks
        self._tightened = [0] * self._rows.n_blocks
        self._locks = [Lock() for _ in self._seen]

    def run(self) -> None:
        """Go through all tiles."""
        scan_tiles(
            (self._load_queries, self._load_gallery),
            (self._rows.n_blocks, self._columns.n_blocks),
            self._scan,
            triangle=self._itself,
            n_jobs=self._n_jobs,
        )

    def candidates(self, metric: str) -> Iterator[tuple[slice, Int32Array, Float32Array]]:
        """Return all queries as one block, with their candidates and bounds; their lists are given up."""
        keys, lengths, thresholds = lists = self._lists.pop(self._names[metric])
        ids = np.full((self._rows.n_rows, self._n_wanted), NO_ROW, dtype=np.int32)
        bounds = np.empty(self._rows.n_rows, dtype=np.float32)
        for block in range(self._rows.n_blocks):
            places, rows = self._rows.places(block), self._rows.rows(block)
            tighten(lists, places.start, places.stop, self._n_wanted)
            listed = np.arange(self._n_wanted) < lengths[places, None]
            found = np.full(listed.shape, NO_ROW, dtype=np.int32)
            found[listed] = self._columns.row_of(keys[places, : self._n_wanted][listed] & ROW_BITS)
            ids[rows] = found
            bounds[rows] = thresholds[places]
        yield slice(0, len(ids)), ids, bounds

    def _load_queries(self, block: int) -> Float32Array:
        return self._queries.rows[self._rows.rows(block)]

    def _load_gallery(self, block: int) -> Float32Array:
        rows = self._gallery.rows[self._columns.rows(block)]
        # A transposed copy spares BLAS reading at a stride.
        columns = np.zeros((rows.shape[1], self._columns.width), dtype=np.float32)
        columns[:, : len(rows)] = rows.T
        return columns

    def _scan(self, product: Float32Array, row: int, column: int) -> None:
        mirrored = self._itself and row != column
        product = product[: self._rows.count(row)]
        with ExitStack() as stack:
            for block in sorted({row, column} if mirrored else {row}):
                # Always in this order: no two threads wait for each other.
                stack.enter_context(self._locks[block])
            if not self._seen[row]:
                self._guess_thresholds(product, row, column)
            lists = self._lists["euclidean"], self._lists["cosine"]
            scan(
                product,
                (row * self._rows.width, column * self._columns.width),
                self._itself and row == column,
                self._query_values,
                self._values,
                lists,
                lists if mirrored else self._nothing,
                self._n_wanted,
            )
            self._note(row, self._columns.count(column))
            if mirrored:
                self._note(column, self._rows.count(row))

    def _guess_thresholds(self, product: Float32Array, row: int, column: int) -> None:
        """Set the first thresholds of a block of queries from a sample of its first tile."""
        step = -(-self._columns.count(column) // SAMPLE)
        sample = np.arange(0, self._columns.count(column), step)
        places = self._columns.places(column).start + sample
        halves, inverses = (values[places] for values in self._values)
        products = product[:, sample]
        for name in self._names.values():
            scores = halves - products if name == "euclidean" else products * -inverses
            if self._itself:
                scores[sample, np.arange(len(sample))] = np.inf
            # Scores have to stay below a threshold, and this one has to be met.
            below = np.nextafter(threshold(scores, self._rank(len(sample))), np.float32(np.inf))
            self._lists[name][2][self._rows.places(row)] = below

    def _rank(self, seen: int) -> int:
        """Return how many of the candidates among `seen` rows may still be among those wanted in the end."""
        expected = self._n_wanted * min(1, seen / self._columns.n_rows)
        return min(self._n_wanted, math.ceil(expected + DEVIATIONS * (1 + math.sqrt(expected))))

    def _note(self, block: int, seen: int) -> None:
        """Count what a block of queries has seen, and cut its lists whenever that has grown much."""
        self._seen[block] += seen
        if self._seen[block] >= GROWTH * self._tightened[block]:
            self._tightened[block] = self._seen[block]
            places = self._rows.places(block)
            for name in self._names.values():
                tighten(self._lists[name], places.start, places.stop, self._rank(self._seen[block]))


def _values(operand: Operand, layout: Layout) -> tuple[Float32Array, Float32Array]:
    """Return halves and inverses at their places; elsewhere what no threshold lets pass."""
    return layout.spread(operand.halves, np.inf), layout.spread(operand.inverses, np.nan)


def _empty_lists(layout: Layout, n_wanted: int) -> Lists:
    thresholds = layout.spread(np.full(layout.n_rows, np.inf, dtype=np.float32), -np.inf)
    keys = np.empty((layout.size, math.ceil(CAPACITY * n_wanted)), dtype=np.int64)
    return keys, np.zeros(layout.size, dtype=np.int32), thresholds


def _no_lists(size: int) -> Lists:
    """Return lists that take nothing."""
    thresholds = np.full(size, -np.inf, dtype=np.float32)
    return np.empty((0, 0), dtype=np.int64), np.empty(0, dtype=np.int32), thresholds
