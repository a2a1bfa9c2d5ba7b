"""Compiled scanner and reranker, for many rows: needs numba."""

import math
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from threading import Lock

import numpy as np

from skknn_syndrome._typing import Float32Array, Float64Array, FloatArray, IndexArray, Int32Array
from skknn_syndrome.neighbors.certified.kernels import ROW_BITS, RUN, Lists, scan, sum_squares, tighten
from skknn_syndrome.neighbors.certified.rounding import Frame, Operand
from skknn_syndrome.neighbors.certified.scanning import NO_ROW, scan_tiles, threshold
from skknn_syndrome.neighbors.distances import finish_cosine, mend_range, unit_divisors, zero_rows

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

STEP = 4096
"""Queries at a time."""


@dataclass(frozen=True)
class Layout:
    """Every n-th row goes to the same block, so that each block is a sample of all rows."""

    n_rows: int
    n_blocks: int
    width: int
    """Places of a block, a multiple of what is tested at a time; those without a row come last."""

    @classmethod
    def of(cls, n_rows: int, block_rows: int, multiple: int) -> "Layout":
        """Return a layout with no more than `block_rows` rows in a block."""
        n_blocks = -(-n_rows // block_rows)
        longest = -(-n_rows // n_blocks)
        return cls(n_rows, n_blocks, -(-longest // multiple) * multiple)

    @property
    def size(self) -> int:
        """Number of places."""
        return self.n_blocks * self.width

    def rows(self, block: int) -> slice:
        """Return which rows a block holds."""
        return slice(block, None, self.n_blocks)

    def count(self, block: int) -> int:
        """Return how many rows a block holds."""
        return len(range(block, self.n_rows, self.n_blocks))

    def places(self, block: int) -> slice:
        """Return the places of a block's rows."""
        start = block * self.width
        return slice(start, start + self.count(block))

    def row_of(self, places: IndexArray) -> IndexArray:
        """Return which row stands at each place."""
        blocks, offsets = np.divmod(places, self.width)
        numbers: IndexArray = offsets * self.n_blocks + blocks
        return numbers

    def spread(self, values: Float32Array, filling: float) -> Float32Array:
        """Return the rows' values, shape (n_rows,), at their places, shape (size,)."""
        spread = np.full(self.size, filling, dtype=np.float32)
        for block in range(self.n_blocks):
            spread[self.places(block)] = values[self.rows(block)]
        return spread


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
        self._names = {
            metric: "cosine" if frame.by_angle(metric) else "euclidean" for metric in frame.metrics
        }
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
