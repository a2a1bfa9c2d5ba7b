"""From the tiles of a product to candidates, in NumPy."""

from collections.abc import Iterator
from threading import Lock

import numpy as np
from joblib import effective_n_jobs
from sklearn.utils import gen_batches

from skknn_syndrome._typing import Float32Array, Int32Array
from skknn_syndrome.neighbors.certified.candidates import Candidates
from skknn_syndrome.neighbors.certified.frames import Frame, Operand
from skknn_syndrome.neighbors.certified.tiles import scan_tiles

TILE_ROWS = 2048
"""Rows of a tile: 16 MB of products."""


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

    slack = 2
    """Candidates beyond the neighbours asked for, whose scores leave room for the certificate."""

    def __init__(
        self, frame: Frame, queries: Operand, gallery: Operand, n_wanted: int, n_jobs: int | None
    ) -> None:
        self._frame = frame
        self._queries = queries
        self._gallery = gallery
        self._itself = queries is gallery
        self._n_jobs = n_jobs
        n_threads = effective_n_jobs(n_jobs)
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
        rows = self._gallery.rows[self._gallery_blocks[block]]
        columns: Float32Array = rows.T.copy()  # spares BLAS reading at a stride
        return columns

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
            if metric == "cosine" and not self._frame.unit:
                scores = np.multiply(product, -self._gallery.inverses[columns], out=product)  # comes last
            else:
                scores = self._gallery.halves[columns] - product
            with self._locks[row]:
                candidates[row].offer(scores, columns.start)


def _blocks(operand: Operand, n_threads: int) -> Iterator[slice]:
    """Cut rows into blocks, at least one for each thread."""
    n_rows = len(operand.rows)
    yield from gen_batches(n_rows, min(TILE_ROWS, -(-n_rows // n_threads)))
