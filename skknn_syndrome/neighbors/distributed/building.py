"""Each row's nearest other rows, in a gallery that need not fit into memory."""

import os
import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from numbers import Integral
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.utils import check_scalar

from skknn_syndrome.errors import Argument, ParameterError, SkknnSyndromeError
from skknn_syndrome.neighbors.distances import PAIRWISE
from skknn_syndrome.neighbors.distributed.sources import distributed_extra, open_embeddings
from skknn_syndrome.neighbors.distributed.tiles import LIST_FIELDS, Lists, Search, lists_by_run
from skknn_syndrome.neighbors.search import Neighbors

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
    ParameterError
        If the two files have vectors of different lengths, a distance is not known, or there are fewer rows
        to find than `n_neighbors`.
    ValueError, TypeError
        If `n_neighbors` or `block_rows` is below 1, or no integer.
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
    search = plan_search(gallery, n_neighbors, queries, metrics, features, block_rows)
    found = {
        metric: Neighbors(np.empty(search.shape), np.empty(search.shape, dtype=np.intp))
        for metric in search.metrics
    }
    for run, lists in lists_by_run(search):
        block = lists.compute()
        for metric, (distances, indices) in found.items():
            distances[run] = block[metric]["distances"]
            indices[run] = block[metric]["indices"]
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
    EmbeddingsFileError, ParameterError, ValueError, TypeError, MissingExtraError
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
    search = plan_search(gallery, n_neighbors, queries, metrics, features, block_rows)
    place = Path(output).absolute()
    with _new_group(place) as group:
        stored: _StoredLists | None = None
        for run, lists in lists_by_run(search):
            stored = stored or _StoredLists.make(group, search, lists.chunksize)
            # No two tasks write to the same chunk, so that they need no lock.
            distributed_extra("dask.array").store(lists, stored, regions=(run, slice(None)), lock=False)
    return place


@dataclass(frozen=True)
class _StoredLists:
    """Takes all that was found for a block of queries, as `dask.array.store` hands it over."""

    arrays: Mapping[tuple[str, str], Any]

    @classmethod
    def make(cls, group: Any, search: Search, chunks: tuple[int, int]) -> "_StoredLists":  # noqa: ANN401
        """Make empty arrays in a Zarr group."""
        options = {"shape": search.shape, "chunks": chunks}
        return cls(
            {
                (metric, name): group.create_array(f"{metric}/{name}", dtype=kind, **options)
                for metric in search.metrics
                for name, kind in LIST_FIELDS
            }
        )

    def __setitem__(self, rows: tuple[slice, ...], lists: Lists) -> None:
        for (metric, name), array in self.arrays.items():
            array[rows] = lists[metric][name]


def plan_search(
    gallery: str | os.PathLike[str],
    n_neighbors: int,
    queries: str | os.PathLike[str] | None,
    metrics: Sequence[str],
    features: str | None,
    block_rows: int,
) -> Search:
    """Open the files and refuse what can't be searched, before any row is read.

    Parameters and errors are those of `distributed_neighbors`.
    """
    check_scalar(block_rows, "block_rows", Integral, min_val=1)
    check_scalar(n_neighbors, "n_neighbors", Integral, min_val=1)
    for metric in metrics:
        if metric not in PAIRWISE:
            raise ParameterError(
                f"There is no distance {metric!r}; take some of {', '.join(PAIRWISE)}.",
                code="unknown_metric",
                parameter="metrics",
            )
    rows = open_embeddings(gallery, features)
    others = None if queries is None else open_embeddings(queries, features)
    if others is not None and others.shape[1] != rows.shape[1]:
        raise ParameterError(
            f"The queries have {others.shape[1]} features and the gallery {rows.shape[1]}: "
            "both need the same.",
            code="other_length",
            parameter="queries",
        )
    available = rows.shape[0] - (others is None)
    if n_neighbors > available:
        raise ParameterError(
            "{n_neighbors} is too many: a query has only {available} {kind} to find.",
            code="too_many_neighbors",
            parameter="n_neighbors",
            n_neighbors=Argument("n_neighbors", n_neighbors),
            available=available,
            kind="other rows" if others is None else "rows",
        )
    return Search(rows, others, int(n_neighbors), tuple(dict.fromkeys(metrics)), int(block_rows))


@contextmanager
def _new_group(output: Path) -> Iterator[Any]:
    """Make a Zarr group that takes its name only once it is complete."""
    zarr = distributed_extra("zarr")
    if output.exists():
        raise SkknnSyndromeError(
            f"{output}: there is something already; name a new folder.", code="exists", parameter="output"
        )
    output.parent.mkdir(parents=True, exist_ok=True)
    temporary = output.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        yield zarr.create_group(temporary)
        temporary.replace(output)
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
