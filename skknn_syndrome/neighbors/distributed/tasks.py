"""A search as Dask tasks: tiles, and what merges them."""

from collections.abc import Callable, Iterator
from typing import Any

from skknn_syndrome.neighbors.distributed.extra import distributed_extra
from skknn_syndrome.neighbors.distributed.merging import merge_neighbors
from skknn_syndrome.neighbors.distributed.tile import Search, search_tile

TILES_AT_ONCE = 10_000
"""Tiles handed to Dask at a time: its scheduler keeps some kilobytes of each."""

MERGED_AT_ONCE = 8
"""Lists that one task merges: soon enough that no worker heaps up the lists of a whole row of tiles."""


def row_blocks(n_rows: int, block_rows: int) -> list[range]:
    """Cut rows into as few runs as `block_rows` allows, about equally long, the last the shortest.

    Examples
    --------
    >>> row_blocks(10, 4)
    [range(0, 4), range(4, 8), range(8, 10)]
    >>> row_blocks(10, 6)
    [range(0, 5), range(5, 10)]
    """
    step = block_length(n_rows, block_rows)
    return [range(start, min(start + step, n_rows)) for start in range(0, n_rows, step)]


def block_length(n_rows: int, block_rows: int) -> int:
    """Return how many rows every block but the last holds."""
    n_blocks = -(-n_rows // block_rows)
    return -(-n_rows // n_blocks)


def compute_blocks(
    search: Search, block_rows: int, finish: Callable[..., Any] | None = None
) -> Iterator[tuple[range, Any]]:
    """Search block by block of the queries, on whatever scheduler Dask is set to.

    Tasks are pure: those whose results went with a worker are run again, and no others.

    Parameters
    ----------
    search : Search
    block_rows : int
        Most rows of a block, for queries and gallery alike.
    finish : callable, optional
        A task from (queries, their neighbours) to what is yielded; without it, the neighbours.

    Yields
    ------
    rows : range
        A run of queries; they come in order.
    result
        Its neighbours, or what `finish` made of them.
    """
    dask = distributed_extra("dask")
    shared = dask.delayed(search, traverse=False, pure=True)
    columns = row_blocks(search.gallery.shape[0], block_rows)
    blocks = row_blocks(search.n_queries, block_rows)
    step = max(1, TILES_AT_ONCE // len(columns))
    for first in range(0, len(blocks), step):
        some = blocks[first : first + step]
        tasks = [_block_task(dask, shared, rows, columns, search.n_neighbors) for rows in some]
        if finish is not None:
            ending = dask.delayed(finish, pure=True)
            tasks = [ending(rows, task) for rows, task in zip(some, tasks, strict=True)]
        yield from zip(some, dask.compute(*tasks), strict=True)


def _block_task(dask: Any, shared: Any, rows: range, columns: list[range], n_neighbors: int) -> Any:  # noqa: ANN401
    """Return the task that ends with the neighbours of one run of queries: a tree over its tiles."""
    tile, merge = dask.delayed(search_tile, pure=True), dask.delayed(merge_neighbors, pure=True)
    parts = [tile(shared, rows, some) for some in columns]
    while len(parts) > 1:
        starts = range(0, len(parts), MERGED_AT_ONCE)
        parts = [merge(parts[start : start + MERGED_AT_ONCE], n_neighbors) for start in starts]
    return parts[0]
