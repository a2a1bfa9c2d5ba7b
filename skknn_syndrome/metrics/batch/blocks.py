"""Blocks of candidates and folds that fit a bounded memory, and probabilities as sortable keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray

KeyArray: TypeAlias = NDArray[np.uint64]
"""Keys: compared with each other they say what the probabilities say; the lowest bit is free for a label."""

LABEL: Final = np.uint64(1)
"""The bit that tells a positive from a negative."""

END: Final = np.uint64(2**64 - 2)
"""A key above those of all numbers, with the label of a negative."""


def class_keys(probabilities: Float64Array) -> KeyArray:
    """Turn probabilities into keys, the classes in front.

    The bits of floating-point numbers without a sign, read as whole numbers, have the order of the numbers.
    The sign is 0, so nothing is lost by shifting it out; negative zero becomes zero, to which it is equal.

    Parameters
    ----------
    probabilities : ndarray of shape (n_candidates, n_rows, n_classes)
        Numbers that are not negative.

    Returns
    -------
    ndarray of uint64, shape (n_classes, n_candidates, n_rows)
        Even keys, in C order: reductions over classes then run along whole rows of memory.

    Examples
    --------
    >>> import numpy as np
    >>> low, zero, high = class_keys(np.array([[[5e-324, -0.0, 1.0]]])).ravel().tolist()
    >>> low, zero, hex(high)
    (2, 0, '0x7fe0000000000000')
    """
    bits = probabilities.view(np.uint64).transpose(2, 0, 1)
    return np.left_shift(bits, np.uint64(1), out=np.empty(bits.shape, np.uint64))


MAX_CELLS = 1 << 19
"""Probabilities per block; all arrays that are alive at once take less than 30 bytes for each."""

ROW_CELLS = 8
"""Probabilities that the counts of one row weigh as much as."""

SEGMENT_CELLS = 32
"""Probabilities that the counts of one segment weigh as much as."""


@dataclass(frozen=True, eq=False)
class Block:
    """Some candidates on some consecutive segments."""

    candidates: slice
    """Which candidates."""
    segments: slice
    """Which segments."""
    probabilities: Float64Array
    """Shape (n_candidates, n_rows, n_classes)."""
    truth: IndexArray
    """Shape (n_rows,): column of the true class."""
    lengths: IndexArray
    """Shape (n_segments,): rows of each segment."""
    known: BoolArray
    """Shape (n_segments, n_classes)."""

    @cached_property
    def segment_of_row(self) -> IndexArray:
        """Shape (n_rows,): number of the segment within the block."""
        return np.repeat(np.arange(len(self.lengths)), self.lengths)

    @cached_property
    def true(self) -> IndexArray:
        """Shape (n_segments, n_classes): rows of each class."""
        numbers = self.segment_of_row * self.known.shape[1] + self.truth
        return np.bincount(numbers, minlength=self.known.size).reshape(self.known.shape)

    def row_parts(self) -> Iterator[tuple[slice, KeyArray]]:
        """Keys of all rows, by parts if a single segment is too large for one."""
        n_candidates, n_rows, n_classes = self.probabilities.shape
        if self._fits:
            yield slice(0, n_rows), self._keys
            return
        for rows in _slices(n_rows, MAX_CELLS // (n_candidates * max(n_classes, ROW_CELLS))):
            yield rows, class_keys(self.probabilities[:, rows])

    def class_parts(self) -> Iterator[tuple[slice, KeyArray]]:
        """Keys of all classes, by parts if a single segment is too large for one."""
        n_candidates, n_rows, n_classes = self.probabilities.shape
        if self._fits:
            yield slice(0, n_classes), self._keys
            return
        # Half a block: what counts rows is alive beside it.
        for classes in _slices(n_classes, MAX_CELLS // (2 * n_candidates * n_rows)):
            yield classes, class_keys(self.probabilities[:, :, classes])

    @property
    def _fits(self) -> bool:
        n_candidates, n_rows, n_classes = self.probabilities.shape
        return bool(n_candidates * n_rows * max(n_classes, ROW_CELLS) <= MAX_CELLS)

    @cached_property
    def _keys(self) -> KeyArray:
        return class_keys(self.probabilities)


def blocks(
    probabilities: Float64Array, truth: IndexArray, starts: IndexArray, known: BoolArray
) -> Iterator[Block]:
    """Cut candidates and segments into blocks of at most `MAX_CELLS` probabilities, or one of each.

    Parameters
    ----------
    probabilities, truth, starts, known
        As in `batch_scores`.

    Yields
    ------
    Block
        Views of the input; together they cover every pair of a candidate and a segment once.

    Examples
    --------
    >>> import numpy as np
    >>> probabilities, truth = np.zeros((2, 50_000, 2)), np.zeros(50_000, np.intp)
    >>> for block in blocks(probabilities, truth, np.array([0, 9]), np.ones((2, 2), np.bool_)):
    ...     print(block.candidates, block.segments, block.lengths)
    slice(0, 1, None) slice(0, 2, None) [    9 49991]
    slice(1, 2, None) slice(0, 2, None) [    9 49991]
    """
    n_candidates, n_rows, n_classes = probabilities.shape
    edges = np.append(starts, n_rows).tolist()
    row_cells = max(n_classes, ROW_CELLS)
    for first, stop in pairwise(_segment_cuts(edges, row_cells)):
        rows = slice(edges[first], edges[stop])
        cells = max(row_cells * (rows.stop - rows.start), SEGMENT_CELLS * (stop - first))
        for candidates in _slices(n_candidates, MAX_CELLS // cells):
            yield Block(
                candidates,
                slice(first, stop),
                probabilities[candidates, rows],
                truth[rows],
                np.diff(edges[first : stop + 1]),
                known[first:stop],
            )


def _segment_cuts(edges: list[int], row_cells: int) -> list[int]:
    cuts = [0]
    for stop in range(2, len(edges)):
        n_rows, n_segments = edges[stop] - edges[cuts[-1]], stop - cuts[-1]
        if max(n_rows * row_cells, n_segments * SEGMENT_CELLS) > MAX_CELLS:
            cuts.append(stop - 1)
    return [*cuts, len(edges) - 1]


def _slices(total: int, largest: int) -> Iterator[slice]:
    """Slices of nearly equal length, at most `largest` but at least 1."""
    n_slices = -(-total // max(largest, 1))
    step = -(-total // n_slices)
    for first in range(0, total, step):
        yield slice(first, min(first + step, total))
