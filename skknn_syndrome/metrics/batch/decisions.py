"""What every row decides: which class is predicted, and whether the true one is among the top k."""

from itertools import combinations_with_replacement
from typing import Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.metrics.batch.blocks import Block
from skknn_syndrome.metrics.batch.keys import KeyArray

TOP_K: Final = (1, 3, 5)
"""The k of the top-k accuracies."""

_N_GRADES: Final = len(TOP_K) + 1
"""The grade of a rank says how many of `TOP_K` it lies beyond."""

_GRADES: Final = np.array(list(combinations_with_replacement(range(_N_GRADES), 3)))
"""Shape (20, 3): all grades that the best rank, that by rule and the worst can have together."""

_NUMBER_OF_GRADES: Final = np.zeros((_N_GRADES,) * 3, dtype=np.intp)
_NUMBER_OF_GRADES[tuple(_GRADES.T)] = np.arange(len(_GRADES))
"""Shape (4, 4, 4): number in `_GRADES` of three grades."""

WITHIN: Final[Float64Array] = (_GRADES[:, :, None] <= np.arange(len(TOP_K))).astype(np.float64)
"""Shape (20, 3, 3): 1 where grades mean that the best, by-rule or worst rank is within each of `TOP_K`."""

_SmallArray: TypeAlias = NDArray[np.unsignedinteger]
"""Counts of classes, in as few bytes as hold them."""


class Tally(NamedTuple):
    """Counts of decisions for each candidate and segment."""

    hits: IndexArray
    """Shape (n_candidates, n_segments, n_classes): rows of the class, predicted so."""
    predicted: IndexArray
    """Shape (n_candidates, n_segments, n_classes): rows predicted to be of the class."""
    graded: IndexArray
    """Shape (n_candidates, n_segments, 20): rows by the grades of their ranks, in the order of `WITHIN`."""


def tally(block: Block) -> Tally:
    """Count the decisions of a block.

    Parameters
    ----------
    block : Block
        Candidates and segments.

    Returns
    -------
    Tally
        Their counts.

    Examples
    --------
    >>> import numpy as np
    >>> from skknn_syndrome.metrics.batch.blocks import blocks
    >>> probabilities = np.array([[[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]]])
    >>> (block,) = blocks(probabilities, np.array([0, 0, 1]), np.array([0, 2]), np.ones((2, 2), np.bool_))
    >>> counts = tally(block)
    >>> counts.hits.tolist(), counts.predicted.tolist()
    ([[[1, 0], [0, 0]]], [[[1, 1], [1, 0]]])
    """
    n_candidates, (n_segments, n_classes) = len(block.probabilities), block.known.shape
    shape = (n_candidates, n_segments)
    all_known = block.known.all()
    sums = [np.zeros((*shape, n_kinds), dtype=np.intp) for n_kinds in (n_classes, n_classes, len(_GRADES))]
    for rows, keys in block.row_parts():
        truth, segment = block.truth[rows], block.segment_of_row[rows]
        known = None if all_known else np.ascontiguousarray(block.known[segment].T)
        predicted = _predicted(keys, known)
        group = np.add.outer(np.arange(n_candidates) * n_segments, segment)
        decided = group * n_classes
        decided += predicted
        right = np.flatnonzero(predicted == truth)
        sums[0] += _counted(decided.ravel().take(right), sums[0].shape)
        sums[1] += _counted(decided, sums[1].shape)
        group *= len(_GRADES)
        group += _grades(keys, truth, known)
        sums[2] += _counted(group, sums[2].shape)
    return Tally(*sums)


def _counted(numbers: IndexArray, shape: tuple[int, ...]) -> IndexArray:
    return np.bincount(numbers.ravel(), minlength=int(np.prod(shape))).reshape(shape)


def _predicted(keys: KeyArray, known: BoolArray | None) -> IndexArray:
    """Columns of the predicted classes, shape (n_candidates, n_rows); `known` is None where all are."""
    n_classes = len(keys)
    top = keys == keys.max(axis=0)
    if known is not None:
        top &= known[:, None]
    # The first of the equals is the one with most columns from it to the end.
    to_end = np.arange(n_classes, 0, -1).astype(np.min_scalar_type(n_classes))[:, None, None]
    most: IndexArray = np.multiply(top.view(np.uint8), to_end).max(axis=0).astype(np.intp)
    return n_classes - most


def _grades(keys: KeyArray, truth: IndexArray, known: BoolArray | None) -> IndexArray:
    """Grade the ranks of `true_class_ranks`: the number in `WITHIN`, shape (n_candidates, n_rows)."""
    n_classes, n_candidates, n_rows = keys.shape
    small = np.min_scalar_type(n_classes + 1)
    cells = np.arange(n_candidates * n_rows).reshape(-1, n_rows)
    own = keys.ravel().take(cells + truth * cells.size)
    better = np.add.reduce(keys > own, axis=0, dtype=small)
    equal = keys == own
    if known is not None:
        # A class that is not known has no column, but zeros here: they must not tie with a known class's.
        equal &= known[:, None]
    tied = np.add.reduce(equal, axis=0, dtype=small)
    equal &= (np.arange(n_classes).astype(small)[:, None] > truth.astype(small))[:, None]
    later = np.add.reduce(equal, axis=0, dtype=small)
    packed = (_grade(better + 1) * _N_GRADES + _grade(better + later + 1)) * _N_GRADES + _grade(better + tied)
    if known is not None:
        packed[:, ~known[truth, np.arange(n_rows)]] = _N_GRADES**3 - 1
    return _NUMBER_OF_GRADES.ravel().take(packed)


def _grade(rank: _SmallArray) -> NDArray[np.uint8]:
    grade = (rank > TOP_K[0]).view(np.uint8)
    for k in TOP_K[1:]:
        grade += (rank > k).view(np.uint8)
    return grade
