"""The exact nearest neighbours of many rows, for several distances at once."""

from collections.abc import Callable, Sequence

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, FloatArray, IndexArray
from skknn_syndrome.neighbors.certified.searching import certified_neighbors
from skknn_syndrome.neighbors.distances import PAIRWISE, prepare_rows, row_blocks
from skknn_syndrome.neighbors.search import Neighbors, nearest_neighbors

MIN_GALLERY = 8
"""Below so many gallery rows for each neighbour asked for, all distances are computed."""

MIN_QUERIES = 8
"""For fewer queries, bringing the gallery to single precision is not worth it."""

PREPARED_BYTES = 2**21
"""So much of the gallery is held in double precision at a time."""


def exact_neighbors(
    queries: FloatArray,
    gallery: FloatArray,
    n_neighbors: int,
    *,
    metrics: Sequence[str] = ("euclidean", "cosine"),
    without_self: bool = False,
    prepared: bool = False,
    n_jobs: int | None = None,
) -> dict[str, Neighbors]:
    """Return each query's nearest gallery rows for each distance, ordered by (distance, index).

    Parameters
    ----------
    queries : ndarray of shape (n_queries, n_features), float32 or float64, finite
    gallery : ndarray of shape (n_gallery, n_features), float32 or float64, finite
    n_neighbors : int
        At most n_gallery, or n_gallery - 1 with `without_self`.
    metrics : sequence of {"euclidean", "cosine", "manhattan"}
    without_self : bool, default=False
        The queries are the gallery, and query i may not find gallery row i.
    prepared : bool, default=False
        The rows went through `skknn_syndrome.neighbors.distances.prepare_rows` for the one distance asked.
    n_jobs : int or None, default=None
        Number of threads, as joblib counts them.

    Returns
    -------
    dict of str to Neighbors
        By distance.
    """
    products = [metric for metric in metrics if metric in {"euclidean", "cosine"}]
    quick: dict[str, tuple[Neighbors, BoolArray]] = {}
    if products and len(queries) >= MIN_QUERIES and len(gallery) >= MIN_GALLERY * (n_neighbors + 1):
        quick = certified_neighbors(
            queries,
            gallery,
            n_neighbors,
            metrics=products,
            without_self=without_self,
            prepared=prepared and products == ["cosine"],
            n_jobs=n_jobs,
        )
    found = {}
    for metric in metrics:
        if metric in quick:
            found[metric], certain = quick[metric]
            rest = np.flatnonzero(~certain)
        else:
            shape = (len(queries), n_neighbors)
            found[metric] = Neighbors(np.empty(shape), np.empty(shape, dtype=np.intp))
            rest = np.arange(len(queries))
        if rest.size:
            found[metric].distances[rest], found[metric].indices[rest] = search_all(
                queries[rest],
                gallery,
                n_neighbors,
                metric,
                own=rest if without_self else None,
                prepared=prepared,
                n_jobs=n_jobs,
            )
    return found


def search_all(
    queries: FloatArray,
    gallery: FloatArray,
    n_neighbors: int,
    metric: str,
    *,
    own: IndexArray | None = None,
    forbidden: Callable[[slice], BoolArray] | None = None,
    prepared: bool = False,
    n_jobs: int | None = None,
) -> Neighbors:
    """Return each query's nearest gallery rows by computing every distance in double precision.

    Parameters
    ----------
    queries, gallery, n_neighbors, prepared, n_jobs
        As in `exact_neighbors`.
    metric : {"euclidean", "cosine", "manhattan"}
    own : ndarray of shape (n_queries,), optional
        For each query the gallery row that is the query itself, which it may not find.
    forbidden : callable, optional
        From a run of queries to which gallery rows they may not find either, shape (n_run, n_gallery).

    Returns
    -------
    Neighbors
    """
    preparation = "" if prepared else metric
    rows = prepare_rows(queries, preparation)
    # A gallery in double precision, or one of unit rows, is made anew for every block rather than kept.
    step = max(1, PREPARED_BYTES // (8 * gallery.shape[1]))

    def distances_to_all(block: slice) -> Float64Array:
        distances = np.empty((len(rows[block]), len(gallery)))
        for part in row_blocks(len(gallery), step):
            targets = prepare_rows(gallery[part], preparation)
            distances[:, part] = PAIRWISE[metric](rows[block], targets)
        if forbidden is not None:
            distances[forbidden(block)] = np.nan  # is never chosen
        return distances

    shape = (len(rows), len(gallery))
    return Neighbors(*nearest_neighbors(distances_to_all, shape, n_neighbors, own=own, n_jobs=n_jobs))
