"""Pairs won when most scores are zero: those are counted, and only the others sorted."""

from typing import Final

import numpy as np

from skknn_syndrome._typing import IndexArray
from skknn_syndrome.metrics.batch.blocks import Block
from skknn_syndrome.metrics.batch.keys import END, KeyArray
from skknn_syndrome.metrics.batch.pairs import pairs_won

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
