"""Mann-Whitney pairs behind one-vs-rest AUCs of many candidates, classes and folds."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Final

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.metrics.batch import blocks
from skknn_syndrome.metrics.batch.blocks import END, LABEL, Block, KeyArray


def pairs_won(keys: KeyArray) -> tuple[IndexArray, IndexArray]:
    """Count the pairs in which the positive has the greater score, ties as half of one.

    Of equal scores the negatives stand first. A positive at place i of a line, with j positives before it,
    thus has i - j negatives that score less or the same; of the pairs of equal scores one half is taken off.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n_lines, width)
        Keys with labels, each line sorted and closed by at least one `END`.

    Returns
    -------
    twice : ndarray of int, shape (n_lines,)
        Two for each pair won and one for each pair tied: whole numbers, so exact.
    n_positive : ndarray of int, shape (n_lines,)
        Positives of each line.

    Examples
    --------
    Two positives score 3 and 5, two negatives 3 and 4: one tie and two pairs won of four.

    >>> import numpy as np
    >>> from skknn_syndrome.metrics.batch.blocks import END
    >>> pairs_won(np.array([[6, 7, 8, 11, END]], dtype=np.uint64))
    (array([5]), array([2]))
    """
    n_lines, width = keys.shape
    flat = keys.ravel()
    positive = np.empty(flat.shape, dtype=np.bool_)
    np.bitwise_and(flat, LABEL, out=positive, casting="unsafe")
    places = np.flatnonzero(positive)
    edges = np.searchsorted(places, np.arange(n_lines + 1) * width)
    n_positive = np.diff(edges)
    before_line = np.arange(n_lines) * width * n_positive
    totals = np.append(0, np.cumsum(places))[edges]
    won = np.diff(totals) - before_line - n_positive * (n_positive - 1) // 2
    return 2 * won - _pairs_tied(flat, places, n_lines), n_positive


def _pairs_tied(flat: KeyArray, places: IndexArray, n_lines: int) -> IndexArray:
    # Equal scores of both labels meet where the key grows by the label alone. No line begins with such a
    # meeting: the end of the line before differs from every key by more.
    growth = flat[places]
    growth ^= flat[places - 1]
    meetings = places[growth == LABEL] - 1
    ends = np.flatnonzero(flat[1:] != flat[:-1])
    at = np.searchsorted(ends, meetings)
    n_negative = meetings - np.where(at > 0, ends[at - 1], -1)
    # Doubles hold whole numbers below 2**53, hence all pairs of 10**8 rows.
    tied = np.bincount(meetings // (len(flat) // n_lines), n_negative * (ends[at + 1] - meetings), n_lines)
    return tied.astype(np.intp)


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


WORTHWHILE: Final = 0.25
"""Largest part of the scores whose sorting by themselves is faster, after all that is to be done for it."""


def twice_won_of_few(keys: KeyArray, block: Block, classes: slice) -> IndexArray | None:
    """Count the pairs won of every class, candidate and segment, if few scores are above zero.

    Parameters
    ----------
    keys : ndarray of uint64, shape (n_classes, n_candidates, n_rows)
        Keys without labels.
    block : Block
        Where they come from.
    classes : slice
        Which classes of the block they are of.

    Returns
    -------
    ndarray of int, shape (n_classes, n_candidates, n_segments), or None
        Two for each pair in which the positive scores more, one for each tie; None where sorting all scores
        is better.

    Examples
    --------
    >>> import numpy as np
    >>> from skknn_syndrome.metrics.batch.blocks import blocks
    >>> probabilities = np.eye(8)[None]
    >>> (block,) = blocks(probabilities, np.arange(8), np.array([0]), np.ones((1, 8), np.bool_))
    >>> for classes, keys in block.class_parts():
    ...     twice_won_of_few(keys, block, classes).ravel()
    array([14, 14, 14, 14, 14, 14, 14, 14])
    """
    above_zero = keys != 0
    if np.count_nonzero(above_zero) > WORTHWHILE * keys.size:
        return None
    n_classes, n_candidates, n_rows = keys.shape
    n_segments = len(block.lengths)
    entries = np.flatnonzero(above_zero)
    line, row = np.divmod(entries, n_rows)
    labelled = keys.ravel()[entries] | (line // n_candidates + classes.start == block.truth[row])
    line = line * n_segments + block.segment_of_row[row]
    n_lines = n_classes * n_candidates * n_segments
    counts = np.bincount(line, minlength=n_lines)
    width = int(counts.max()) + 1
    if n_lines * width > 2 * WORTHWHILE * keys.size:
        return None
    lines = np.full((n_lines, width), END)
    # Entries come by line: from one line to the next, the places that stay free are skipped.
    skipped = np.arange(n_lines) * width - (np.cumsum(counts) - counts)
    lines.ravel()[np.arange(len(entries)) + skipped[line]] = labelled
    lines.sort(axis=-1)
    won, n_positive = pairs_won(lines)
    shape = (n_classes, n_candidates, n_segments)
    n_true = np.broadcast_to(block.true.T[classes, None], shape).ravel()
    zero_negatives = np.broadcast_to(block.lengths, shape).ravel() - n_true - (counts - n_positive)
    # A zero negative is below each positive above zero (2), and ties with each positive at zero (1).
    won += zero_negatives * (n_positive + n_true)
    return won.reshape(shape)


def pairs_of(block: Block) -> tuple[Float64Array, IndexArray]:
    r"""Count the pairs won, and all pairs.

    The area of a class with P positives and N negatives is the Mann-Whitney statistic [1]_ [2]_,

    .. math:: \frac{\#\{p > n\} + \frac{1}{2} \#\{p = n\}}{P N},

    over all pairs of a positive's score p and a negative's n.

    Parameters
    ----------
    block : Block
        Candidates and segments.

    Returns
    -------
    won : ndarray of shape (n_candidates, n_segments, n_classes)
        Pairs in which the positive scores more, a tie counting half.
    all : ndarray of int, shape (n_segments, n_classes)
        P N; 0 for a class that is not known.

    References
    ----------
    .. [1] Hanley, J. A. & McNeil, B. J. (1982). The meaning and use of the area under a receiver operating
       characteristic (ROC) curve. Radiology, 143(1), 29-36. https://doi.org/10.1148/radiology.143.1.7063747
    .. [2] Fawcett, T. (2006). An introduction to ROC analysis. Pattern Recognition Letters, 27(8), 861-874.
       https://doi.org/10.1016/j.patrec.2005.10.010

    Examples
    --------
    >>> import numpy as np
    >>> from skknn_syndrome.metrics.batch.blocks import blocks
    >>> probabilities = np.array([[[0.9, 0.1], [0.6, 0.4], [0.65, 0.35], [0.2, 0.8]]])
    >>> (block,) = blocks(probabilities, np.array([0, 0, 1, 1]), np.array([0]), np.ones((1, 2), np.bool_))
    >>> pairs_of(block)
    (array([[[3., 3.]]]), array([[4, 4]]))
    """
    n_candidates, (n_segments, n_classes) = len(block.probabilities), block.known.shape
    # By class first, as they are counted: the sum over the classes then runs along whole rows of memory.
    won = np.empty((n_classes, n_candidates, n_segments))
    for classes, keys in block.class_parts():
        twice = twice_won_of_few(keys, block, classes)
        if twice is None:
            positive = np.arange(classes.start, classes.stop)[:, None] == block.truth
            twice = twice_won(keys, positive, block.lengths)
        np.divide(twice, 2, out=won[classes])
    n_pairs: IndexArray = block.true * (block.lengths[:, None] - block.true) * block.known
    return np.moveaxis(won, 0, -1), n_pairs
