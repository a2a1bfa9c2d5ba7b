"""Stratified folds of groups, remembered: scikit-learn takes half a second to divide a thousand groups."""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from skknn_syndrome._typing import IndexArray, LabelArray

MOST_KEPT = 64
"""Splits that are remembered, a number for each row of each."""


@dataclass(frozen=True)
class _Task:
    """What is to be divided: equal where the same rows have equal labels and equal groups."""

    digest: bytes
    n_splits: int
    seed: int
    labels: LabelArray = field(compare=False)
    groups: LabelArray = field(compare=False)


def grouped_folds(
    labels: LabelArray, groups: LabelArray, *, n_splits: int, seed: int
) -> list[tuple[IndexArray, IndexArray]]:
    """Return the folds of a shuffled `StratifiedGroupKFold`, each divided once in a process.

    A study divides the same images with the same seeds more than once: for its repeats, and again to compare
    preprocessing.

    Parameters
    ----------
    labels, groups : ndarray of shape (n_rows,)
    n_splits : int
    seed : int

    Returns
    -------
    list of (train, test)
        Row numbers, rising.

    Examples
    --------
    >>> labels, groups = np.repeat(["a", "b"], 4), np.arange(8) // 2
    >>> [test.tolist() for _, test in grouped_folds(labels, groups, n_splits=2, seed=0)]
    [[2, 3, 4, 5], [0, 1, 6, 7]]
    """
    digest = hashlib.sha256()
    for values in (labels, groups):
        digest.update(np.unique(values, return_inverse=True)[1].tobytes())
    numbers = _divide(_Task(digest.digest(), n_splits, seed, labels, groups))
    return [(np.flatnonzero(numbers != fold), np.flatnonzero(numbers == fold)) for fold in range(n_splits)]


@lru_cache(maxsize=MOST_KEPT)
def _divide(task: _Task) -> IndexArray:
    """Return the fold in which each row is tested."""
    splitter = StratifiedGroupKFold(n_splits=task.n_splits, shuffle=True, random_state=task.seed)
    numbers = np.empty(len(task.labels), dtype=np.intp)
    placeholder = np.zeros((len(task.labels), 1))
    for fold, (_, test) in enumerate(splitter.split(placeholder, task.labels, task.groups)):
        numbers[test] = fold
    return numbers
