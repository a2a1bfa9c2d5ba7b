"""Pairs won when every score is sorted."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from skknn_syndrome._typing import BoolArray, IndexArray
from skknn_syndrome.metrics.batch import blocks
from skknn_syndrome.metrics.batch.keys import END, KeyArray
from skknn_syndrome.metrics.batch.pairs import pairs_won


def twice_won(keys: KeyArray, positive: BoolArray, lengths: IndexArray) -> IndexArray:
    """Count the pairs won of every class, candidate and segment.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n_classes, n_candidates, n_rows)
        Keys without labels.
    positive : ndarray of bool, shape (n_classes, n_rows)
        Which rows are of the class.
    lengths : ndarray of int, shape (n_segments,)
        Rows of each segment.

    Returns
    -------
    ndarray of int, shape (n_classes, n_candidates, n_segments)
        Two for each pair in which the positive scores more, one for each tie; 0 for segments of one row.

    Examples
    --------
    >>> import numpy as np
    >>> positive = np.array([[False, True, True, False]])
    >>> twice_won(np.array([[[2, 4, 4, 6]]], dtype=np.uint64), positive, np.array([2, 2]))
    array([[[2, 0]]])
    """
    n_classes, n_candidates, _ = keys.shape
    twice = np.zeros((n_classes, n_candidates, len(lengths)), dtype=np.intp)
    for segments in _tiers(lengths):
        width = int(lengths[segments].max()) + 1
        step = max(blocks.MAX_CELLS // (n_candidates * len(segments) * width), 1)
        for first in range(0, n_classes, step):
            classes = slice(first, first + step)
            lines = _lines(keys[classes], positive[classes], lengths, segments, width)
            lines.sort(axis=-1)
            won, _ = pairs_won(lines.reshape(-1, width))
            twice[classes, :, segments] = won.reshape(lines.shape[:-1])
    return twice


def _tiers(lengths: IndexArray) -> Iterator[IndexArray]:
    """Segments of similar length, for padding them to the longest must not cost more than they do."""
    left = np.where(lengths > 1, lengths, 0)
    while longest := left.max():
        tier = np.flatnonzero(2 * left > longest)
        left[tier] = 0
        yield tier


def _lines(
    keys: KeyArray, positive: BoolArray, lengths: IndexArray, segments: IndexArray, width: int
) -> KeyArray:
    """Labelled keys by (class, candidate, segment), each line closed by `END`."""
    n_classes, n_candidates, _ = keys.shape
    edges = np.append(0, np.cumsum(lengths))
    lines = np.full((n_classes, n_candidates, len(segments), width), END)
    for first, stop in pairwise(_runs(segments, lengths[segments])):
        rows = slice(edges[segments[first]], edges[segments[stop - 1] + 1])
        shape = (stop - first, int(lengths[segments[first]]))
        np.bitwise_or(
            keys[:, :, rows].reshape(n_classes, n_candidates, *shape),
            positive[:, rows].reshape(n_classes, 1, *shape),
            out=lines[:, :, first:stop, : shape[1]],
        )
    return lines


def _runs(segments: IndexArray, lengths: IndexArray) -> list[int]:
    """Where neighbouring segments of equal length begin, and the end: each run is copied at once."""
    changes = (np.diff(segments) != 1) | (np.diff(lengths) != 0)
    return [0, *(np.flatnonzero(changes) + 1).tolist(), len(segments)]
