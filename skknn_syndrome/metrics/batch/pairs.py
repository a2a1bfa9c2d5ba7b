"""Pairs of a positive and a negative, counted on sorted keys."""

import numpy as np

from skknn_syndrome._typing import IndexArray
from skknn_syndrome.metrics.batch.keys import LABEL, KeyArray


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
    >>> from skknn_syndrome.metrics.batch.keys import END
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
