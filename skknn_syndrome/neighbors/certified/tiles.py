"""The products of all pairs of rows, tile by tile, on several threads."""

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from functools import cache, lru_cache
from typing import TypeAlias

import numpy as np
from joblib import effective_n_jobs
from threadpoolctl import ThreadpoolController

from skknn_syndrome._typing import Float32Array
from skknn_syndrome.neighbors.threads import on_threads

LoadBlock: TypeAlias = Callable[[int], Float32Array]
"""From a block's number to its rows, (n_rows, n_features); of the right factor, (n_features, n_columns)."""

ScanTile: TypeAlias = Callable[[Float32Array, int, int], None]
"""Takes the product of a block of queries with a block of gallery rows, and the numbers of the blocks."""


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
    n_threads = min(effective_n_jobs(n_jobs), len(tiles))
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
