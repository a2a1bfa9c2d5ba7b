"""The products of all pairs of rows, tile by tile, on several threads."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import cache
from typing import TypeAlias

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from sklearn.utils import gen_batches
from threadpoolctl import ThreadpoolController

from skknn_syndrome._typing import Float32Array

LoadRows: TypeAlias = Callable[[slice], Float32Array]
"""From a run of rows to these rows, shape (n_rows, n_features)."""

ScanTile: TypeAlias = Callable[[Float32Array, slice, slice], None]
"""Takes the product of a run of queries with a run of gallery rows, shape (n_queries, n_rows), and the runs."""


@cache
def _libraries() -> ThreadpoolController:
    """Return the handle of the BLAS libraries; looking for them takes longer than a small product."""
    return ThreadpoolController()


def scan_tiles(
    load: tuple[LoadRows, LoadRows],
    shape: tuple[int, int],
    scan: ScanTile,
    *,
    tile_rows: int,
    triangle: bool,
    n_jobs: int | None,
) -> None:
    """Hand every tile of the product of queries and gallery to `scan`.

    Parameters
    ----------
    load : (callable, callable)
        Give runs of the queries and of the gallery.
    shape : (n_queries, n_gallery)
    scan : callable
        Called on several threads at a time.
    tile_rows : int
        Rows and columns of a tile.
    triangle : bool
        The queries are the gallery: leave out the tiles below the diagonal, which mirror those above.
    n_jobs : int or None
        Number of threads, as joblib counts them.
    """
    load_rows, load_columns = load

    def work(rows: slice, columns: slice) -> None:
        left = load_rows(rows)
        right = left if load_columns is load_rows and columns == rows else load_columns(columns)
        # BLAS knows that the product of rows with themselves is symmetric; otherwise a transposed copy
        # spares it packing rows at a stride.
        product = left @ left.T if right is left else np.dot(left, right.T.copy())
        scan(product, rows, columns)

    n_threads = effective_n_jobs(n_jobs)
    # Threads of ours around a single-threaded BLAS: two layers of threads would fight for the cores.
    limit = _libraries().limit(limits=1, user_api="blas") if n_threads > 1 else nullcontext()
    with limit:
        Parallel(n_jobs=n_jobs, require="sharedmem")(
            delayed(work)(*tile) for tile in _tiles(*shape, tile_rows, triangle=triangle)
        )


def _tiles(n_queries: int, n_gallery: int, tile_rows: int, *, triangle: bool) -> Iterator[tuple[slice, slice]]:
    """Return the tiles, first those on the diagonal, from which every query gets a first threshold."""
    columns = list(gen_batches(n_gallery, tile_rows))
    rows = columns if triangle else list(gen_batches(n_queries, tile_rows))
    for distance in range(len(columns)):
        for number, row in enumerate(rows):
            other = number + distance
            if not triangle:
                other %= len(columns)
            if other < len(columns):
                yield row, columns[other]
