"""Among which images labels can be permuted without changing what folds were made for."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import IndexArray, LabelArray
from skknn_syndrome.results.chance import Stratum
from skknn_syndrome.study.engine.batches import IndexSplit

MOVABLE = 0.6
"""Of the labels that permuting all units changes on average, the share that permuting within strata has to:
else permuted labels keep much of what the labels say."""


@dataclass(frozen=True, eq=False)
class ExchangeableUnits:
    """What keeps one label, and among which others it is exchangeable."""

    of_image: IndexArray
    """Shape (n_images,): the unit of each image."""
    labels: IndexArray
    """Shape (n_units,): its class number."""
    strata: IndexArray
    """Shape (n_units,): labels are permuted among units of one number."""
    within: Stratum
    """What the strata are."""

    def permute(self, generator: np.random.Generator) -> IndexArray:
        """Return permuted class numbers, shape (n_images,)."""
        ordered = np.argsort(self.strata, kind="stable")
        shuffled = np.lexsort((generator.random(len(self.strata)), self.strata))
        permuted = np.empty_like(self.labels)
        permuted[ordered] = self.labels[shuffled]
        return permuted[self.of_image]


def find_units(
    truth: IndexArray, subjects: LabelArray | None, splits: Sequence[IndexSplit]
) -> ExchangeableUnits:
    """Return what labels are permuted among.

    Parameters
    ----------
    truth : array of shape (n_images,)
        Class numbers.
    subjects : array of shape (n_images,) or None
        Whom each image shows: all images of one subject and one class are a unit. Without them each image is.
    splits : sequence of (train, test)
        Row numbers. The part of a unit is the set of test parts that its images are in.

    Returns
    -------
    ExchangeableUnits
        Strata are of one part and of equally many images; of one part, where permuting so would change less
        than three fifths of the labels that permuting all units would; all units together, where that is so
        again.

    Examples
    --------
    >>> folds = [(np.array([3, 4, 5]), np.array([0, 1, 2])), (np.array([0, 1, 2]), np.array([3, 4, 5]))]
    >>> units = find_units(np.array([0, 0, 1, 0, 1, 1]), None, folds)
    >>> units.strata, units.within
    (array([1, 1, 1, 0, 0, 0]), 'part_and_size')
    """
    who = np.arange(len(truth)) if subjects is None else np.unique(subjects, return_inverse=True)[1]
    pairs, of_image = np.unique(np.stack([who, truth]), axis=1, return_inverse=True)
    of_image, labels = of_image.reshape(-1), pairs[1]
    tested = np.zeros((len(labels), len(splits)), dtype=np.bool_)
    for place, (_, test) in enumerate(splits):
        tested[of_image[test], place] = True
    _, part = np.unique(tested, axis=0, return_inverse=True)
    size = np.bincount(of_image)
    of_part: dict[Stratum, list[IndexArray]] = {
        "part_and_size": [part.reshape(-1), size],
        "part": [part.reshape(-1)],
    }
    alike = np.zeros_like(labels)
    least = MOVABLE * _changed_share(alike, labels)
    for within, columns in of_part.items():
        _, strata = np.unique(np.stack(columns), axis=1, return_inverse=True)
        strata = strata.reshape(-1)
        if _changed_share(strata, labels) >= least:
            return ExchangeableUnits(of_image, labels, strata, within)
    return ExchangeableUnits(of_image, labels, alike, "all")


def _changed_share(strata: IndexArray, labels: IndexArray) -> float:
    """Return the share of units that get another label on average.

    In a stratum that is 1 minus the sum of the squared shares of its labels.
    """
    held, counts = np.unique(np.stack([strata, labels]), axis=1, return_counts=True)
    sizes = np.bincount(strata)
    return 1 - float(np.sum(counts**2 / sizes[held[0]])) / len(labels)
