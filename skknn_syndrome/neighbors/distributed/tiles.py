"""A search in tiles, as a dask array: runs of queries against runs of gallery rows, and merged lists."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome.neighbors.distributed.sources import Embeddings, distributed_extra
from skknn_syndrome.neighbors.exact import exact_neighbors

Lists: TypeAlias = NDArray[np.void]
"""Shape (n_queries, n_found): for each distance a record of `LIST_FIELDS`."""

LIST_FIELDS = (("distances", np.float64), ("indices", np.int64))
"""What `Neighbors` holds, with its types."""

Bounds: TypeAlias = NDArray[np.void]
"""Shape (n_blocks,): records of `start` and `stop`, the first row of a block and the one behind its last."""

TILES_AT_ONCE = 10_000
"""Tiles handed to Dask at a time: its scheduler keeps some kilobytes of each."""

MERGED_AT_ONCE = 8
"""Lists that one task merges: soon enough that no worker heaps up the lists of a whole row of tiles."""

NO_ROW = np.iinfo(np.int64).max
"""Fills up lists that are shorter than others, at distance infinity: a merge puts it behind every row."""


@dataclass(frozen=True)
class Search:
    """What all tiles of a search share. Small: it travels to every worker, the rows do not."""

    gallery: Embeddings
    queries: Embeddings | None
    """None: each gallery row looks for the nearest other ones."""
    n_neighbors: int
    metrics: tuple[str, ...]
    block_rows: int
    """Most rows of a block, for queries and gallery alike."""

    @property
    def shape(self) -> tuple[int, int]:
        """(n_queries, n_neighbors)."""
        return (self.queries or self.gallery).shape[0], self.n_neighbors

    @property
    def record(self) -> np.dtype[np.void]:
        """The type of `Lists`."""
        return np.dtype([(metric, [*LIST_FIELDS]) for metric in self.metrics])


def block_bounds(n_rows: int, block_rows: int) -> Bounds:
    """Cut rows into as few runs as `block_rows` allows, about equally long, the last the shortest.

    Examples
    --------
    >>> block_bounds(10, 4).tolist()
    [(0, 4), (4, 8), (8, 10)]
    >>> block_bounds(10, 6).tolist()
    [(0, 5), (5, 10)]
    """
    n_blocks = -(-n_rows // block_rows)
    starts = np.arange(0, n_rows, -(-n_rows // n_blocks))
    bounds: Bounds = np.empty(len(starts), [("start", np.int64), ("stop", np.int64)])
    bounds["start"], bounds["stop"] = starts, np.append(starts[1:], n_rows)
    return bounds


def lists_by_run(search: Search) -> Iterator[tuple[slice, Any]]:
    """Yield runs of queries, in order, with a dask array of their `Lists`: a block of queries in a chunk.

    Tiles read their rows themselves. As blocks of a dask array, rows would be results that many tiles share:
    Dask would hold the whole gallery in the workers' memory until the last tile is done.
    """
    rows = block_bounds(search.shape[0], search.block_rows)
    columns = block_bounds(search.gallery.shape[0], search.block_rows)
    shared = distributed_extra("dask").delayed(search, traverse=False)
    step = max(1, TILES_AT_ONCE // len(columns))
    for some in (rows[first : first + step] for first in range(0, len(rows), step)):
        yield slice(int(some["start"][0]), int(some["stop"][-1])), _lists(search, shared, some, columns)


def _lists(search: Search, shared: Any, rows: Bounds, columns: Bounds) -> Any:  # noqa: ANN401
    array = distributed_extra("dask.array")
    kind = {"dtype": search.record, "meta": np.empty((0, 0), search.record)}
    lengths, widths = ((bounds["stop"] - bounds["start"]).tolist() for bounds in (rows, columns))
    tiles = array.blockwise(
        search_tile, "ij", array.from_array(rows, chunks=1), "i", array.from_array(columns, chunks=1), "j",
        shared, None,
        adjust_chunks={"i": tuple(lengths), "j": tuple(min(width, search.n_neighbors) for width in widths)},
        align_arrays=False,  # they are, and Dask would warn of as many tiles as we want
        **kind,
    )  # fmt: skip
    merge = partial(merge_lists, n_neighbors=search.n_neighbors)
    return array.reduction(
        tiles, found_in_tile, merge, axis=1, keepdims=True, combine=merge,
        split_every=MERGED_AT_ONCE, output_size=search.n_neighbors, **kind,
    )  # fmt: skip


def search_tile(row_bounds: Bounds, column_bounds: Bounds, search: Search) -> Lists:
    """Return the nearest of some gallery rows to some queries, both read here and now.

    A pair's distance depends on the pair alone, so a tile's are those of the whole search.

    Parameters
    ----------
    row_bounds, column_bounds : Bounds of shape (1,)
        Of the queries and of the gallery rows. Where the gallery searches itself, equal or apart.
    search : Search

    Returns
    -------
    Lists
        Indices count from the gallery's first row. As long as the search wants them, or as there are rows,
        filled up with `NO_ROW`.

    Raises
    ------
    EmbeddingsFileError
        If the rows can't be read, or a value is missing, NaN or infinite.
    """
    rows, columns = range(*row_bounds.item()), range(*column_bounds.item())
    itself = search.queries is None and rows == columns
    lists: Lists = np.empty((len(rows), min(search.n_neighbors, len(columns))), search.record)
    for metric in search.metrics:
        lists[metric]["distances"], lists[metric]["indices"] = np.inf, NO_ROW
    depth = min(search.n_neighbors, len(columns) - itself)
    if depth == 0:  # a row on its own
        return lists
    gallery = search.gallery.read(columns)
    queries = gallery if itself else (search.queries or search.gallery).read(rows)
    # One thread: Dask runs as many tiles at a time as the worker has threads.
    found = exact_neighbors(queries, gallery, depth, metrics=search.metrics, without_self=itself, n_jobs=1)
    for metric, (distances, indices) in found.items():
        lists[metric]["distances"][:, :depth] = distances
        lists[metric]["indices"][:, :depth] = indices + columns.start
    return lists


def found_in_tile(lists: Lists, axis: int, keepdims: bool) -> Lists:  # noqa: ARG001, FBT001  dask passes them
    """Return a tile's lists, which are in order, for the first merge."""
    return lists


def merge_lists(
    lists: Lists,
    axis: int = 1,  # noqa: ARG001  dask passes it
    keepdims: bool = True,  # noqa: ARG001, FBT001, FBT002
    *,
    n_neighbors: int,
) -> Lists:
    """Return the nearest of the neighbours that the same queries have in several runs of the gallery.

    Each run holds the nearest of its own, so the nearest of all are among them. What is merged may be merged
    again, in any order.

    Parameters
    ----------
    lists : Lists
        Side by side; no gallery row twice.
    axis, keepdims
        As `dask.array.reduction` passes them: 1 and True.
    n_neighbors : int
        How many to keep; if there are fewer, all of them.

    Returns
    -------
    Lists
        Ordered by (distance, index).
    """
    merged: Lists = np.empty((len(lists), min(n_neighbors, lists.shape[1])), lists.dtype)
    for metric in lists.dtype.names or ():
        records = lists[metric]
        order = np.lexsort((records["indices"], records["distances"]))[:, :n_neighbors]
        merged[metric] = np.take_along_axis(records, order, axis=1)
    return merged
