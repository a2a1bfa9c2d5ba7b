"""Folds of classes, fitted again to any reference, and correlations with it of classes left out."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TypeAlias

import numpy as np
from sklearn.model_selection import GroupKFold

from skknn_syndrome._typing import Float64Array, IndexArray, StringArray
from skknn_syndrome.analyses.guided_projection.result import Pairs

FEWEST_HELD = 4
"""Classes or groups of a fold from which on pairs among them are correlated: there are six. With fewer, each
class or group is left out alone."""
SAME = 1e-8
"""Share of the largest distance by which others differ that are the same."""

Refit: TypeAlias = Callable[[Float64Array], Float64Array]
"""From reference distances between the kept classes to distances between all, after a projection that is
fitted to these."""


@dataclass(frozen=True, eq=False)
class Fold:
    """Classes to fit to, and classes left out."""

    kept: IndexArray
    held: IndexArray
    members: StringArray
    """The unit of each class, kept or held: its group, or itself."""
    refit: Refit

    @cached_property
    def pairs(self) -> dict[Pairs, tuple[IndexArray, IndexArray]]:
        """The pairs of each kind, as rows and columns of a matrix of distances."""
        one, other = np.meshgrid(self.held, self.kept, indexing="ij")
        first, second = _each_two(self.held)
        # Classes of one genus look alike whatever the tree: pairs of one group say nothing of new groups.
        apart = self.members[first] != self.members[second]
        return {
            "train": _each_two(self.kept),
            "held_train": (one.ravel(), other.ravel()),
            "held_held": (first[apart], second[apart]),
        }


def _each_two(members: IndexArray) -> tuple[IndexArray, IndexArray]:
    first, second = np.triu_indices(len(members), 1)
    return members[first], members[second]


@dataclass(frozen=True, eq=False)
class HeldOut:
    """Folds of classes, to be fitted to any reference."""

    folds: list[Fold]
    """Of all divisions, one after the other."""
    n_folds: int
    """Of each division."""

    @property
    def first(self) -> "HeldOut":
        """The first division alone."""
        return HeldOut(self.folds[: self.n_folds], self.n_folds)

    @property
    def tested(self) -> Pairs:
        """The pairs to be tested: two left out, unless a fold holds too few units."""
        fewest = min(len(np.unique(fold.members[fold.held])) for fold in self.folds)
        return "held_held" if fewest >= FEWEST_HELD else "held_train"

    def projected(self, reference: Float64Array) -> Iterator[Float64Array]:
        """Yield the distances after a projection that is fitted to the kept classes of each fold."""
        for fold in self.folds:
            yield fold.refit(reference[np.ix_(fold.kept, fold.kept)])

    def correlations(
        self, distances: Iterable[Float64Array], reference: Float64Array, kind: Pairs
    ) -> Float64Array:
        """Return for each fold, whose distances come in turn, their correlation over one kind of pairs."""
        return np.array(
            [
                _pearson(matrix[fold.pairs[kind]], reference[fold.pairs[kind]])
                for matrix, fold in zip(distances, self.folds, strict=True)
            ]
        )


def _pearson(first: Float64Array, second: Float64Array) -> float:
    """Return the correlation, NaN where one of the two does not vary but for rounding."""
    # Through the root of a dated tree all paths are equal, up to the digits of its file.
    if len(first) == 0 or any(np.ptp(values) <= SAME * np.max(values) for values in (first, second)):
        return float("nan")
    first, second = first - first.mean(), second - second.mean()
    return float(first @ second / np.sqrt((first @ first) * (second @ second)))


def mean_defined(values: Float64Array) -> float | None:
    """Return the mean of the values that are defined; None where none is."""
    return None if np.isnan(values).all() else float(np.nanmean(values))


def leave_out(
    refit_to: Callable[[IndexArray], Refit],
    members: StringArray,
    n_folds: int,
    random: np.random.RandomState,
    *,
    n_divisions: int = 10,
) -> HeldOut:
    """Divide classes into folds that keep their groups together, several times where there are choices.

    Parameters
    ----------
    refit_to : callable
        Takes the kept classes of a fold: see `refits`.
    members : ndarray of shape (n_classes,)
        The group of each class; its own name where classes are left out.
    n_folds : int
    random : RandomState
    n_divisions : int, default=10
        Into folds; there is one where each group is left out alone.
    """
    n_units = len(np.unique(members))
    large = n_units >= FEWEST_HELD * n_folds
    n_folds = n_folds if large else n_units
    splitter = GroupKFold(n_folds, shuffle=True, random_state=random)
    folds = [
        Fold(kept, held, members, refit_to(kept))
        for _ in range(n_divisions if large and n_folds < n_units else 1)
        for kept, held in splitter.split(members, groups=members)
    ]
    return HeldOut(folds, n_folds)
