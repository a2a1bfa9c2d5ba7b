"""Another look at the few lists that a first pass could not certify."""

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, FloatArray, IndexArray, Int32Array
from skknn_syndrome.neighbors.certified.candidates import CROWD, NO_ROW
from skknn_syndrome.neighbors.certified.certificate import score_limits
from skknn_syndrome.neighbors.certified.frames import Frame, Operand
from skknn_syndrome.neighbors.certified.reranking import Reranker, rank_candidates
from skknn_syndrome.neighbors.neighbors import Neighbors

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
    n_features = gallery.rows.shape[1]
    doubtful = np.flatnonzero(~complete)
    limits = score_limits(frame, metric, queries.lengths[doubtful], found.distances[doubtful, -1], n_features)
    known = np.isfinite(limits)
    doubtful, limits = doubtful[known], limits[known]
    step = max(1, BATCH_BYTES // (4 * len(gallery.rows)))
    for batch in (slice(start, start + step) for start in range(0, len(doubtful), step)):
        rows = doubtful[batch]
        below = _below(frame, metric, operands, rows, limits[batch])
        ids, few = _listed(below, CROWD * found.indices.shape[1])
        rows = rows[few]
        if rows.size:
            ranked = _rank(samples, rows, ids, metric, found.indices.shape[1], prepared=frame.unit)
            found.distances[rows], found.indices[rows] = ranked
            complete[rows] = True


def _below(
    frame: Frame, metric: str, operands: tuple[Operand, Operand], rows: IndexArray, limits: Float64Array
) -> BoolArray:
    """Return which gallery rows have no score above the limit of each of some queries."""
    queries, gallery = operands
    with np.errstate(over="ignore", invalid="ignore"):  # NaN is below no limit, and no row of a finite one
        products = np.dot(queries.rows[rows], gallery.rows.T)
        if metric == "cosine" and not frame.unit:
            scores = products * -gallery.inverses
        else:
            scores = gallery.halves - products
    below: BoolArray = ~(scores > limits[:, None])
    if queries is gallery:
        below[np.arange(len(rows)), rows] = False
    return below


def _listed(below: BoolArray, most: int) -> tuple[Int32Array, BoolArray]:
    """Return the rows of each query that is below few enough, and for which queries that is so."""
    counts = np.count_nonzero(below, axis=1)
    few: BoolArray = counts <= most
    counts = counts[few]
    ids = np.full((len(counts), counts.max(initial=0)), NO_ROW, dtype=np.int32)
    ids[np.arange(ids.shape[1]) < counts[:, None]] = np.nonzero(below[few])[1]
    return ids, few


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
