"""Certified search: candidates from a product, their exact distances, and a second look at doubtful lists."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from skknn_syndrome._typing import BoolArray, Float32Array, Float64Array, FloatArray, IndexArray, Int32Array
from skknn_syndrome.neighbors.certified.reranking import Reranker, rank_candidates
from skknn_syndrome.neighbors.certified.rounding import (
    Frame,
    Operand,
    choose_frames,
    score_limits,
    unit_frame,
)
from skknn_syndrome.neighbors.certified.scanning import CROWD, NO_ROW, Scanner
from skknn_syndrome.neighbors.distances import unit_rows
from skknn_syndrome.neighbors.search import Neighbors

if TYPE_CHECKING:
    from skknn_syndrome.neighbors.certified.compiled import CompiledReranker, CompiledScanner

COMPILED_FROM = 3000**2
"""From so many pairs on, what loading numba takes is earned back."""

BATCH_BYTES = 2**22
"""Scores held at a time."""


def look_again(
    frame: Frame,
    metric: str,
    operands: tuple[Operand, Operand],
    samples: tuple[FloatArray, FloatArray],
    found: Neighbors,
    complete: BoolArray,
) -> None:
    """Compare queries whose lists aren't certain with all rows; put what is certain then in its place.

    The last neighbour of a list is at least as far as the true last one. So whatever may be nearer has a
    score below a known limit; all of these rows, and usually they are few, are ranked exactly.

    Parameters
    ----------
    frame : Frame
    metric : str
    operands : (Operand, Operand)
        Queries and gallery in the frame; the same object where rows look for other rows of their own kind.
    samples : (ndarray, ndarray)
        Queries and gallery as they came.
    found : Neighbors
        Changed in place.
    complete : ndarray of bool, shape (n_queries,)
        Which lists are certain; changed in place.
    """
    queries, gallery = operands
    n_neighbors = found.indices.shape[1]
    doubtful = np.flatnonzero(~complete)
    step = max(1, BATCH_BYTES // (4 * len(gallery.rows)))
    for rows in (doubtful[start : start + step] for start in range(0, len(doubtful), step)):
        scores = _scores(frame, metric, operands, rows)
        short = rows[np.isinf(found.distances[rows, -1])]
        if short.size:  # any rows will do, but near ones are few above the limit
            nearest = np.argpartition(scores[np.isin(rows, short)], n_neighbors - 1, axis=1)[:, :n_neighbors]
            found.distances[short], found.indices[short] = _rank(
                samples, short, nearest.astype(np.int32), metric, n_neighbors, prepared=frame.unit
            )
        limits = score_limits(
            frame, metric, queries.lengths[rows], found.distances[rows, -1], gallery.rows.shape[1]
        )
        ids, certain = _listed(scores, limits, CROWD * n_neighbors)
        if certain.any():
            chosen = rows[certain]
            found.distances[chosen], found.indices[chosen] = _rank(
                samples, chosen, ids, metric, n_neighbors, prepared=frame.unit
            )
            complete[chosen] = True


def _scores(frame: Frame, metric: str, operands: tuple[Operand, Operand], rows: IndexArray) -> Float32Array:
    """Return the scores of all gallery rows for some queries; infinite for the query itself."""
    queries, gallery = operands
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is not certified
        products = np.dot(queries.rows[rows], gallery.rows.T)
        if frame.by_angle(metric):
            scores: Float32Array = products * -gallery.inverses
        else:
            scores = gallery.halves - products
    if queries is gallery:
        scores[np.arange(len(rows)), rows] = np.inf
    return scores


def _listed(scores: Float32Array, limits: Float64Array, most: int) -> tuple[Int32Array, BoolArray]:
    """Return the rows of each query that are below its limit, where these are few, and where that is so."""
    # NaN is above no limit: who knows what it would have been.
    below = ~(scores > limits[:, None])
    counts = np.count_nonzero(below, axis=1)
    certain: BoolArray = np.isfinite(limits) & (counts <= most)
    counts = counts[certain]
    ids = np.full((len(counts), counts.max(initial=0)), NO_ROW, dtype=np.int32)
    ids[np.arange(ids.shape[1]) < counts[:, None]] = np.nonzero(below[certain])[1]
    return ids, certain


def _rank(
    samples: tuple[FloatArray, FloatArray],
    rows: IndexArray,
    ids: Int32Array,
    metric: str,
    n_neighbors: int,
    *,
    prepared: bool,
) -> Neighbors:
    distances = Reranker(samples[0][rows], samples[1], metric, prepared=prepared)
    return rank_candidates(distances, slice(0, len(rows)), ids, n_neighbors, distances.step(*ids.shape), 1)


def certified_neighbors(
    queries: FloatArray,
    gallery: FloatArray,
    n_neighbors: int,
    *,
    metrics: Sequence[str],
    without_self: bool,
    prepared: bool,
    n_jobs: int | None,
) -> dict[str, tuple[Neighbors, BoolArray]]:
    """Return each query's nearest gallery rows, and for which queries that is certain.

    Parameters
    ----------
    queries, gallery, n_neighbors, metrics, without_self, prepared, n_jobs
        As in `skknn_syndrome.neighbors.exact.exact_neighbors`; metrics without "manhattan", and prepared
        rows for "cosine" alone.

    Returns
    -------
    dict of str to (Neighbors, ndarray of shape (n_queries,))
        By distance. Lists that are not certified may hold anything.
    """
    found: dict[str, tuple[Neighbors, BoolArray]] = {}
    options: Any = {"without_self": without_self, "n_jobs": n_jobs}
    if prepared:
        return _search_frame(unit_frame(gallery), queries, gallery, n_neighbors, **options)
    for frame in choose_frames(gallery, metrics):
        if frame is None:
            targets = unit_rows(gallery)
            rows = targets if without_self else unit_rows(queries)
            found |= _search_frame(unit_frame(targets), rows, targets, n_neighbors, **options)
        else:
            found |= _search_frame(frame, queries, gallery, n_neighbors, **options)
    return found


def _search_frame(
    frame: Frame,
    queries: FloatArray,
    gallery: FloatArray,
    n_neighbors: int,
    *,
    without_self: bool,
    n_jobs: int | None,
) -> dict[str, tuple[Neighbors, BoolArray]]:
    """Return what one product gives, for each of its distances."""
    targets = frame.operand(gallery)
    rows = targets if without_self else frame.operand(queries)
    scanner_kind, reranker_kind = _tools(len(queries) * len(gallery))
    scanner = scanner_kind(frame, rows, targets, n_neighbors + scanner_kind.slack, n_jobs)
    with np.errstate(over="ignore", invalid="ignore"):  # what overflows is not certified
        scanner.run()
    found = {}
    for metric in frame.metrics:
        shape = (len(queries), n_neighbors)
        neighbors = Neighbors(np.empty(shape), np.empty(shape, dtype=np.intp))
        complete = np.empty(len(queries), dtype=np.bool_)
        distances = reranker_kind(queries, gallery, metric, prepared=frame.unit)
        for block, ids, bounds in scanner.candidates(metric):
            neighbors.distances[block], neighbors.indices[block] = rank_candidates(
                distances, block, ids, n_neighbors, distances.step(*ids.shape), n_jobs
            )
            limits = score_limits(
                frame, metric, rows.lengths[block], neighbors.distances[block, -1], queries.shape[1]
            )
            complete[block] = limits < bounds
        look_again(frame, metric, (rows, targets), (queries, gallery), neighbors, complete)
        found[metric] = neighbors, complete
    return found


def _tools(n_pairs: int) -> "tuple[type[Scanner | CompiledScanner], type[Reranker | CompiledReranker]]":
    """Return what goes through the tiles, and what computes distances: compiled where that pays."""
    if n_pairs < COMPILED_FROM or find_spec("numba") is None:
        return Scanner, Reranker
    # Loading numba takes a while.
    from skknn_syndrome.neighbors.certified.compiled import CompiledReranker, CompiledScanner  # noqa: PLC0415

    return CompiledScanner, CompiledReranker
