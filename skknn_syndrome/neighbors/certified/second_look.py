"""Another look at the few lists that a first pass could not certify."""

import numpy as np

from skknn_syndrome._typing import (
    BoolArray,
    Float32Array,
    Float64Array,
    FloatArray,
    IndexArray,
    Int32Array,
)
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
        if metric == "cosine" and not frame.unit:
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
