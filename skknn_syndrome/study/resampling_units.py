"""What a bootstrap draws again: subjects, or images where there are no subjects."""

from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import IndexArray, LabelArray
from skknn_syndrome.results.uncertainty import Unit


@dataclass(frozen=True, eq=False)
class Units:
    """What is drawn again."""

    kind: Unit
    n_units: int
    of_image: IndexArray
    """Shape (n_images,): the unit that each image belongs to."""
    by_class: tuple[int, ...]
    """Units of each class."""


def units_of(labels: LabelArray, subjects: LabelArray | None) -> Units:
    """Return subjects as units, or images where there are no subjects.

    Examples
    --------
    >>> units = units_of(np.array(["a", "a", "b"]), np.array(["ann", "ann", "bob"]))
    >>> units.of_image, units.by_class
    (array([0, 0, 1]), (1, 1))
    """
    if subjects is None:
        return Units("images", len(labels), np.arange(len(labels)), _counted(labels))
    names, numbers = np.unique(subjects, return_inverse=True)
    pairs = np.unique(np.stack([np.unique(labels, return_inverse=True)[1], numbers]), axis=1)
    return Units("subjects", len(names), numbers, _counted(pairs[0]))


def _counted(labels: LabelArray) -> tuple[int, ...]:
    return tuple(np.unique(labels, return_counts=True)[1].tolist())
