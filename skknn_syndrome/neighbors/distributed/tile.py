"""One tile of a search: a run of queries against a run of gallery rows."""

from dataclasses import dataclass

import numpy as np

from skknn_syndrome.neighbors.distributed.row_source import RowSource, read_finite
from skknn_syndrome.neighbors.exact import exact_neighbors
from skknn_syndrome.neighbors.neighbors import Neighbors


@dataclass(frozen=True)
class Search:
    """What all tiles of a search share. Small: it travels to every worker, the rows do not."""

    gallery: RowSource
    queries: RowSource | None
    """None: each gallery row looks for the nearest other ones."""
    n_neighbors: int
    metrics: tuple[str, ...]

    @property
    def n_queries(self) -> int:
        """Number of rows that look for neighbours."""
        return (self.queries or self.gallery).shape[0]


def search_tile(search: Search, rows: range, columns: range) -> dict[str, Neighbors]:
    """Return the nearest of some gallery rows to some queries, both read here and now.

    A pair's distance depends on the pair alone, so a tile's are those of the whole search.

    Parameters
    ----------
    search : Search
    rows : range
        Queries. Where the gallery searches itself, equal to `columns` or apart from it.
    columns : range
        Gallery rows.

    Returns
    -------
    dict of str to Neighbors
        By distance; indices count from the gallery's first row. Lists are as long as the search wants them,
        or as the tile can make them.

    Raises
    ------
    EmbeddingsFileError
        If the rows can't be read, or a value is missing, NaN or infinite.
    """
    itself = search.queries is None and rows == columns
    depth = min(search.n_neighbors, len(columns) - itself)
    if depth == 0:  # a row on its own
        nothing = Neighbors(np.empty((len(rows), 0)), np.empty((len(rows), 0), dtype=np.intp))
        return dict.fromkeys(search.metrics, nothing)
    gallery = read_finite(search.gallery, columns)
    queries = gallery if itself else read_finite(search.queries or search.gallery, rows)
    # One thread: Dask runs as many tiles at a time as the worker has threads.
    found = exact_neighbors(queries, gallery, depth, metrics=search.metrics, without_self=itself, n_jobs=1)
    return {
        metric: Neighbors(distances, indices + columns.start)
        for metric, (distances, indices) in found.items()
    }
