"""Predicted classes and top-k ranks of all rows of a block, counted by fold and class."""

from functools import lru_cache
from itertools import combinations_with_replacement
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.metrics.batch.blocks import Block, KeyArray

_MOST_K = 6
"""Of so many k, the packed grades of three ranks no longer fit into a byte."""

_SmallArray: TypeAlias = NDArray[np.unsignedinteger]
"""Counts of classes, in as few bytes as hold them."""


class Grades(NamedTuple):
    """How ranks are graded: the grade of a rank says how many k it lies beyond."""

    numbers: IndexArray
    """Shape (n_grades ** 3,): number of the grades that best rank, rank by rule and worst have together."""
    within: Float64Array
    """Shape (n_numbers, 3, n_k): 1 where grades of a number mean that the best, by-rule or worst rank is
    within k."""


@lru_cache(maxsize=8)
def grades_of(ks: tuple[int, ...]) -> Grades:
    """Enumerate the grades that three ranks can have together: 20 of three k.

    Parameters
    ----------
    ks : tuple of int
        Rising.

    Returns
    -------
    Grades

    Examples
    --------
    >>> grades_of((1, 3, 5)).within.shape
    (20, 3, 3)
    """
    n_grades = len(ks) + 1
    grades = np.array(list(combinations_with_replacement(range(n_grades), 3)))
    numbers = np.zeros((n_grades,) * 3, dtype=np.intp)
    numbers[tuple(grades.T)] = np.arange(len(grades))
    return Grades(numbers.ravel(), (grades[:, :, None] <= np.arange(len(ks))).astype(np.float64))


class Decided(NamedTuple):
    """Counts of decisions for each candidate and segment."""

    hits: IndexArray
    """Shape (n_candidates, n_segments, n_classes): rows of the class, predicted so."""
    predicted: IndexArray
    """Shape (n_candidates, n_segments, n_classes): rows predicted to be of the class."""
    graded: IndexArray
    """Shape (n_candidates, n_segments, n_numbers): rows by number of grades, not counted without k."""


def decide(block: Block, ks: tuple[int, ...]) -> Decided:
    """Count the decisions of a block.

    Parameters
    ----------
    block : Block
        Candidates and segments.
    ks : tuple of int
        Of the top-k accuracies, rising.

    Returns
    -------
    Decided
        Their counts.

    Examples
    --------
    >>> import numpy as np
    >>> from skknn_syndrome.metrics.batch.blocks import blocks
    >>> probabilities = np.array([[[0.9, 0.1], [0.2, 0.8], [0.5, 0.5]]])
    >>> (block,) = blocks(probabilities, np.array([0, 0, 1]), np.array([0, 2]), np.ones((2, 2), np.bool_))
    >>> counts = decide(block, (1, 3, 5))
    >>> counts.hits.tolist(), counts.predicted.tolist()
    ([[[1, 0], [0, 0]]], [[[1, 1], [1, 0]]])
    """
    n_candidates, (n_segments, n_classes) = len(block.probabilities), block.known.shape
    shape = (n_candidates, n_segments)
    all_known = block.known.all()
    n_numbers = len(grades_of(ks).within)
    sums = [np.zeros((*shape, n_kinds), dtype=np.intp) for n_kinds in (n_classes, n_classes, n_numbers)]
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
        if ks:
            group *= n_numbers
            group += _grades(keys, truth, known, ks)
            sums[2] += _counted(group, sums[2].shape)
    return Decided(*sums)


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


def _grades(keys: KeyArray, truth: IndexArray, known: BoolArray | None, ks: tuple[int, ...]) -> IndexArray:
    """Grade the ranks of `true_class_ranks`: the number of `Grades`, shape (n_candidates, n_rows)."""
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
    n_grades = len(ks) + 1
    best, by_rule, worst = (_grade(rank, ks) for rank in (better + 1, better + later + 1, better + tied))
    packed = (best * n_grades + by_rule) * n_grades + worst
    if known is not None:
        packed[:, ~known[truth, np.arange(n_rows)]] = n_grades**3 - 1
    return grades_of(ks).numbers.take(packed)


def _grade(rank: _SmallArray, ks: tuple[int, ...]) -> _SmallArray:
    grade: _SmallArray = (rank > ks[0]).view(np.uint8)
    for k in ks[1:]:
        grade += (rank > k).view(np.uint8)
    return grade if len(ks) < _MOST_K else grade.astype(np.intp)
