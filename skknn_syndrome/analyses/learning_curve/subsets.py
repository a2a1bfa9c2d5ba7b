"""Nested subsets of training parts: some of the subjects of each class, in a seeded order."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from skknn_syndrome._typing import IndexArray, LabelArray
from skknn_syndrome.crossval.folds import Split, Splits

SHARES: Final = (1 / 8, 3 / 16, 1 / 4, 3 / 8, 1 / 2, 3 / 4, 1.0)
"""Of the training subjects of each class."""


@dataclass(frozen=True, eq=False)
class NestedSubsets:
    """Training parts of a study's folds, thinned by subjects of each class; test parts stay as they are."""

    labels: LabelArray
    groups: LabelArray | None
    """The subject of each image; without them, images are thinned."""
    splits: Splits

    @cached_property
    def _units(self) -> tuple[IndexArray, IndexArray]:
        """The class of each unit, a subject in a class, and the unit of each image."""
        classes = np.unique(self.labels, return_inverse=True)[1]
        subjects = (
            np.arange(len(classes)) if self.groups is None else np.unique(self.groups, return_inverse=True)[1]
        )
        pairs, of_image = np.unique(np.stack([classes, subjects]), axis=1, return_inverse=True)
        return pairs[0], of_image.reshape(-1)

    def thinned(self, share: float, seed: int | Sequence[int]) -> Splits:
        """Return the folds with a share of the training subjects of each class, one at least.

        Parameters
        ----------
        share : float
            Above 0, at most 1. With one seed, what a smaller share takes a larger one takes as well.
        seed : int or sequence of int
            Of the order in which subjects are taken.

        Returns
        -------
        Splits
        """
        if share == 1:
            return self.splits
        classes, _ = self._units
        order = np.random.default_rng(seed).permutation(len(classes))
        parts = [Split(self._thin(part.train, share, order), part.test) for part in self.splits.parts]
        return Splits(self.splits.protocol, self.splits.description, tuple(parts), self.splits.n_folds)

    def _thin(self, train: IndexArray, share: float, order: IndexArray) -> IndexArray:
        classes, of_image = self._units
        taken = np.zeros(len(classes), dtype=np.bool_)
        inside = np.unique(of_image[train])
        inside = inside[np.argsort(order[inside])]
        for number in np.unique(classes[inside]):
            own = inside[classes[inside] == number]
            taken[own[: math.ceil(share * len(own))]] = True
        return train[taken[of_image[train]]]

    def n_units(self, splits: Splits) -> float:
        """Return how many subjects the training parts have, on average; of two classes one counts twice."""
        _, of_image = self._units
        return float(np.mean([len(np.unique(of_image[part.train])) for part in splits.parts]))

    @staticmethod
    def n_images(splits: Splits) -> float:
        """Return how many images the training parts have, on average."""
        return float(np.mean([len(part.train) for part in splits.parts]))
