"""Stratification of folds: of groups, remembered; of several labels an image, iterative."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.utils import check_random_state

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray

MOST_KEPT = 64
"""Splits that are remembered, a number for each row of each."""


@dataclass(frozen=True)
class _Division:
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
    numbers = _divide_groups(_Division(digest.digest(), n_splits, seed, labels, groups))
    return [(np.flatnonzero(numbers != fold), np.flatnonzero(numbers == fold)) for fold in range(n_splits)]


class QuickStratifiedGroupKFold(StratifiedGroupKFold):  # type: ignore[misc] # scikit-learn is untyped
    """The folds of `StratifiedGroupKFold`, bit for bit, for one division.

    scikit-learn tries each group in each fold, and computes the spread of all classes over the folds anew
    each time. Here the spreads of the classes that the group has not are remembered, and all folds are tried
    at once. The hook is scikit-learn's own: without it, folds would be the same and slower.

    Examples
    --------
    >>> labels, groups = np.repeat(["a", "b"], 4), np.arange(8) // 2
    >>> splitter = QuickStratifiedGroupKFold(2, shuffle=True, random_state=0)
    >>> [test.tolist() for _, test in splitter.split(labels, labels, groups)]
    [[2, 3, 4, 5], [0, 1, 6, 7]]
    """

    def _iter_test_indices(self, X: object, y: LabelArray, groups: LabelArray) -> Iterator[list[int]]:
        n_classes = len(np.unique(y))
        self._spreads = np.zeros((self.n_splits, n_classes))  # equal rows: one for each fold that is tried
        self._sizes = [0.0] * self.n_splits
        found: Iterator[list[int]] = super()._iter_test_indices(X, y, groups)
        return found

    def _find_best_fold(
        self, y_counts_per_fold: Float64Array, y_cnt: IndexArray, group_y_counts: Float64Array
    ) -> int:
        n_splits, n_classes = y_counts_per_fold.shape
        if n_classes == 1:  # NumPy adds a single column up in another order
            number: int = super()._find_best_fold(y_counts_per_fold, y_cnt, group_y_counts)
            return number
        present = group_y_counts.nonzero()[0]
        columns = slice(present[0], present[-1] + 1)
        # Shape (n_splits, n_splits, n_columns): the counts of each fold, with the group in each in turn.
        shares = np.eye(n_splits)[:, :, None] * group_y_counts[columns]
        shares += y_counts_per_fold[:, None, columns]
        shares /= y_cnt[columns]
        spreads = _standard_deviations(shares)
        self._spreads[:, columns] = spreads
        best = self._first_of_the_best((np.add.reduce(self._spreads, axis=1) / n_classes).tolist())
        self._spreads[:, columns] = spreads[best]
        self._sizes[best] += float(group_y_counts.sum())
        return best

    def _first_of_the_best(self, spreads: list[float]) -> int:
        """Return the fold of the least spread; of nearly equal ones, that of fewer rows."""
        best, least, fewest = 0, np.inf, np.inf
        for fold, (spread, size) in enumerate(zip(spreads, self._sizes, strict=True)):
            # As `numpy.isclose`, which scikit-learn asks.
            if spread < least or (size < fewest and abs(spread - least) <= 1e-8 + 1e-5 * abs(least)):
                best, least, fewest = fold, spread, size
        return best


def _standard_deviations(values: Float64Array) -> Float64Array:
    """Return what `numpy.std` does along the first axis, and write onto the values."""
    values -= np.add.reduce(values, axis=0) / len(values)
    values *= values
    found: Float64Array = np.sqrt(np.add.reduce(values, axis=0) / len(values))
    return found


@lru_cache(maxsize=MOST_KEPT)
def _divide_groups(task: _Division) -> IndexArray:
    """Return the fold in which each row is tested."""
    splitter = QuickStratifiedGroupKFold(n_splits=task.n_splits, shuffle=True, random_state=task.seed)
    numbers = np.empty(len(task.labels), dtype=np.intp)
    placeholder = np.zeros((len(task.labels), 1))
    for fold, (_, test) in enumerate(splitter.split(placeholder, task.labels, task.groups)):
        numbers[test] = fold
    return numbers


def iterative_folds(
    indicators: LabelArray,
    groups: LabelArray | None,
    *,
    n_splits: int,
    random_state: int | np.random.RandomState | None,
) -> IndexArray:
    r"""Return the fold in which each image is tested, by iterative stratification [1]_ of images or subjects.

    Of the label with the fewest images left, one unit after another goes to the fold that still wants most of
    that label; of equal ones, to that which wants most of all labels of the unit, and of images, each in
    proportion to its total (the paper has images alone, which leaves frequent labels half as even); of equal
    ones again, to a random one. A unit is an image, or a subject with all its images. Units with more images
    of the label come first, since small ones can even out what large ones leave. Units without a label fill
    up what folds lack in images. No kept library of the method keeps groups whole.

    Parameters
    ----------
    indicators : array of shape (n_images, n_labels)
        1 where an image has a label, else 0.
    groups : array of shape (n_images,) or None
        The subject of each image; a subject's images stay together.
    n_splits : int
    random_state : int, RandomState or None
        Seeds the order of units and the breaking of ties.

    Returns
    -------
    ndarray of shape (n_images,)
        From 0 to `n_splits` - 1.

    References
    ----------
    .. [1] K. Sechidis, G. Tsoumakas and I. Vlahavas, "On the stratification of multi-label data", ECML PKDD
       2011. doi:10.1007/978-3-642-23808-6_10

    Examples
    --------
    >>> indicators = np.array([[1, 0], [1, 0], [0, 1], [0, 1], [1, 1], [1, 1]])
    >>> folds = iterative_folds(indicators, None, n_splits=2, random_state=0)
    >>> [indicators[folds == fold].sum(axis=0).tolist() for fold in range(2)]
    [[2, 2], [2, 2]]
    """
    units = np.arange(len(indicators)) if groups is None else np.unique(groups, return_inverse=True)[1]
    counts = np.zeros((units.max() + 1, indicators.shape[1] + 1))  # in the last column, all images
    np.add.at(counts, units, np.column_stack([indicators, np.ones(len(indicators))]))
    return _divide_units(counts, n_splits, check_random_state(random_state))[units]


def _divide_units(counts: Float64Array, n_splits: int, random: np.random.RandomState) -> IndexArray:
    """Return the fold of each unit."""
    totals = counts.sum(axis=0)
    wanted = np.repeat(totals[None] / n_splits, n_splits, axis=0)
    shares = counts / np.maximum(totals, 1)
    folds = np.full(len(counts), -1, dtype=np.intp)
    shuffled = random.permutation(len(counts))
    while (left := folds < 0).any():
        label = _rarest(counts[left, :-1].sum(axis=0))
        members = shuffled[left[shuffled] & (counts[shuffled, label] > 0)]
        for unit in members[np.argsort(-counts[members, label], kind="stable")]:
            folds[unit] = _neediest(wanted[:, label], wanted @ shares[unit], random)
            wanted[folds[unit]] -= counts[unit]
    return folds


def _rarest(remaining: Float64Array) -> int:
    """Return the label with the fewest images left, -1 (all images) where no label has any."""
    present = np.flatnonzero(remaining)
    return int(present[remaining[present].argmin()]) if len(present) else -1


def _neediest(of_label: Float64Array, of_all: Float64Array, random: np.random.RandomState) -> int:
    """Return the fold that wants most of a label, of equal ones that which wants most of all of a unit."""
    best = np.flatnonzero(of_label == of_label.max())
    best = best[of_all[best] == of_all[best].max()]
    return int(best[0] if len(best) == 1 else random.choice(best))
