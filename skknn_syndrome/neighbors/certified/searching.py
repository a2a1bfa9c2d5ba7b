"""Exact neighbours by way of products in single precision."""

from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np

from skknn_syndrome._typing import BoolArray, FloatArray
from skknn_syndrome.neighbors.certified.certificate import score_limits
from skknn_syndrome.neighbors.certified.frames import Frame, choose_frames, unit_frame
from skknn_syndrome.neighbors.certified.reranking import Reranker, rank_candidates
from skknn_syndrome.neighbors.certified.scanning import Scanner
from skknn_syndrome.neighbors.certified.second_look import look_again
from skknn_syndrome.neighbors.distances import unit_rows
from skknn_syndrome.neighbors.neighbors import Neighbors

if TYPE_CHECKING:
    from skknn_syndrome.neighbors.certified.compiled import CompiledScanner
    from skknn_syndrome.neighbors.certified.compiled_reranking import CompiledReranker

COMPILED_FROM = 3000**2
"""From so many pairs on, what loading numba takes is earned back."""


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
            targets = unit_rows(np.asarray(gallery, dtype=np.float64))
            rows = targets if without_self else unit_rows(np.asarray(queries, dtype=np.float64))
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
    from skknn_syndrome.neighbors.certified.compiled import CompiledScanner  # noqa: PLC0415  slow to import
    from skknn_syndrome.neighbors.certified.compiled_reranking import CompiledReranker  # noqa: PLC0415

    return CompiledScanner, CompiledReranker
