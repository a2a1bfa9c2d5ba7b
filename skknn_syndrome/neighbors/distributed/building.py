"""Each row's nearest other rows, in a gallery that need not fit into memory."""

import os
from collections.abc import Sequence
from functools import partial
from numbers import Integral
from pathlib import Path

import numpy as np
from sklearn.utils import check_scalar

from skknn_syndrome.neighbors.distributed.planning import plan_search
from skknn_syndrome.neighbors.distributed.storing import new_store, write_block
from skknn_syndrome.neighbors.distributed.tasks import block_length, compute_blocks
from skknn_syndrome.neighbors.neighbors import Neighbors

BLOCK_ROWS = 32_768
"""40 MiB of 320 features in float32; a tile of two such blocks is some seconds of work."""


def distributed_neighbors(
    gallery: str | os.PathLike[str],
    n_neighbors: int = 32,
    *,
    queries: str | os.PathLike[str] | None = None,
    metrics: Sequence[str] = ("euclidean", "cosine"),
    features: str | None = None,
    block_rows: int = BLOCK_ROWS,
) -> dict[str, Neighbors]:
    """Return the neighbours of every row, searched in tiles by Dask: the same bits as `exact_neighbors`.

    A tile, a run of queries against a run of gallery rows, is a task that reads its rows itself. Tasks run
    on the scheduler that Dask is set to: the current `distributed.Client`, or threads of this process.

    Parameters
    ----------
    gallery : str or path-like
        A `.npy` file (memory-mapped), a Zarr array, a `.parquet` file, or a folder of `.parquet` files, in
        order of their names. Every worker has to see it under the same path.
    n_neighbors : int, default=32
        At most the gallery's rows, without `queries` one less.
    queries : str or path-like, optional
        Rows that look for neighbours, in a file of any of these kinds. Without it, each gallery row looks
        for the nearest other ones.
    metrics : sequence of {"euclidean", "cosine", "manhattan"}
    features : str, optional
        For Parquet: the column with whole vectors, or the prefix of the feature columns. By default
        `embedding`, or the prefix that most of the numbered columns share.
    block_rows : int, default=32768
        Most rows of a block. A worker holds two blocks and what the search in them takes, per thread.

    Returns
    -------
    dict of str to Neighbors
        By distance, each row ordered by (distance, index). In memory: 16 bytes for each neighbour, row and
        distance; see `store_neighbors` for more than fits.

    Raises
    ------
    EmbeddingsFileError
        If a file can't be read, holds no embeddings, or a value is missing, NaN or infinite.
    ValueError
        If the two files have vectors of different lengths, a distance is not known, or there are fewer rows
        to find than `n_neighbors`.
    TypeError
        If `n_neighbors` or `block_rows` is no integer.
    MissingExtraError
        If dask, or for Zarr zarr, is not installed.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "gallery.npy"
    >>> np.save(path, np.array([[0.0], [1.0], [3.0], [3.5]]))
    >>> distributed_neighbors(path, 2, metrics=["euclidean"], block_rows=2)["euclidean"].indices
    array([[1, 2],
           [0, 2],
           [3, 1],
           [2, 1]])
    """
    check_scalar(block_rows, "block_rows", Integral, min_val=1)
    search = plan_search(gallery, n_neighbors, queries=queries, metrics=metrics, features=features)
    shape = (search.n_queries, search.n_neighbors)
    found = {metric: Neighbors(np.empty(shape), np.empty(shape, dtype=np.intp)) for metric in search.metrics}
    for rows, block in compute_blocks(search, block_rows):
        for metric, (distances, indices) in block.items():
            found[metric].distances[rows.start : rows.stop] = distances
            found[metric].indices[rows.start : rows.stop] = indices
    return found


def store_neighbors(
    output: str | os.PathLike[str],
    gallery: str | os.PathLike[str],
    n_neighbors: int = 32,
    *,
    queries: str | os.PathLike[str] | None = None,
    metrics: Sequence[str] = ("euclidean", "cosine"),
    features: str | None = None,
    block_rows: int = BLOCK_ROWS,
) -> Path:
    """Write what `distributed_neighbors` finds into a Zarr group, for results larger than memory.

    Workers write what they found; nothing but tasks passes through this process.

    Parameters
    ----------
    output : str or path-like
        The folder to make, where every worker can write under the same path. It appears once it is complete.
    gallery, n_neighbors, queries, metrics, features, block_rows
        As for `distributed_neighbors`.

    Returns
    -------
    Path
        The group, absolute. Each distance has the arrays `<distance>/distances` (float64) and
        `<distance>/indices` (int64), of shape (n_queries, n_neighbors), a block of queries in a chunk.

    Raises
    ------
    SkknnSyndromeError
        If there is something at `output`.
    EmbeddingsFileError, ValueError, TypeError, MissingExtraError
        As for `distributed_neighbors`.

    Examples
    --------
    >>> import tempfile, zarr
    >>> folder = Path(tempfile.mkdtemp())
    >>> np.save(folder / "gallery.npy", np.array([[0.0], [1.0], [3.0], [3.5]]))
    >>> group = zarr.open_group(store_neighbors(folder / "graph.zarr", folder / "gallery.npy", 1), mode="r")
    >>> group["euclidean/indices"][:].ravel()
    array([1, 0, 3, 2])
    """
    check_scalar(block_rows, "block_rows", Integral, min_val=1)
    search = plan_search(gallery, n_neighbors, queries=queries, metrics=metrics, features=features)
    place = Path(output).absolute()
    with new_store(place, search, block_length(search.n_queries, block_rows)) as store:
        for _ in compute_blocks(search, block_rows, partial(write_block, store)):
            pass
    return place
