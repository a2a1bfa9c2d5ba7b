"""Resampled subjects: pooled scores of out-of-fold predictions in each resample, and without each subject."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.crossval.out_of_fold import OutOfFold, OutOfFoldRecord
from skknn_syndrome.metrics.batch.reweighting import Reweighting
from skknn_syndrome.results.intervals import Unit

N_RESAMPLES: Final = 2000
BATCH_CELLS: Final = 1 << 20
"""Weights held at a time."""


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


@dataclass(frozen=True, eq=False)
class Resampled:
    """Scores of some predictions, or differences of such, one row a score."""

    units: Units
    names: Sequence[str]
    estimates: Float64Array
    """Shape (n_scores,): of all units."""
    resampled: Float64Array
    """Shape (n_scores, n_resamples): where a resample lacks a class, macro means are over the others."""
    without: Float64Array
    """Shape (n_scores, n_units): without each unit, as a jackknife has it."""

    def minus(self, other: "Resampled") -> "Resampled":
        """Return the differences from other scores of the same images in the same resamples."""
        return Resampled(
            self.units,
            self.names,
            self.estimates - other.estimates,
            self.resampled - other.resampled,
            self.without - other.without,
        )


class Resamples:
    """Resamples on which predictions are scored, each predictions once.

    Predictions of the same images have the same units and so meet the same resamples, whenever they come.

    Parameters
    ----------
    n_resamples : int
    random_state : int or None
        Seed of the resamples.
    names : sequence of str, optional
        The scores; by default all.
    """

    def __init__(
        self,
        n_resamples: int = N_RESAMPLES,
        random_state: int | None = 0,
        names: Sequence[str] | None = None,
    ) -> None:
        self.n_resamples, self._names = n_resamples, names
        self._seed = np.random.SeedSequence(random_state)
        self._scored: dict[OutOfFold, Resampled] = {}

    def of_record(self, record: OutOfFoldRecord) -> Resampled:
        """Score the predictions of a candidate, or return what was found before."""
        return self.of(record, record.labels, record.subjects)

    def of(self, said: OutOfFold, labels: LabelArray, subjects: LabelArray | None) -> Resampled:
        """Score predictions, or return what was found before.

        Parameters
        ----------
        said : OutOfFold
        labels : array of shape (n_images,)
            The class of each image of the data set.
        subjects : array of shape (n_images,) or None
            The subject of each, None where the data has no subjects.
        """
        if said not in self._scored:
            self._scored[said] = self._score(said, labels, subjects)
        return self._scored[said]

    def _score(self, said: OutOfFold, labels: LabelArray, subjects: LabelArray | None) -> Resampled:
        tested = np.unique(said.rows)
        units = units_of(labels[tested], None if subjects is None else subjects[tested])
        truth = np.unique(labels, return_inverse=True)[1]
        unit = units.of_image[np.searchsorted(tested, said.rows)]
        again = Reweighting(said.probabilities, truth[said.rows], unit, said.said, self._names)
        return Resampled(
            units,
            again.names,
            again(np.ones((1, units.n_units)))[:, 0],
            np.concatenate([again(counts) for counts in self._draw(units.n_units)], axis=1),
            again.without_each(),
        )

    def _draw(self, n_units: int) -> Iterator[Float64Array]:
        """Count how often each unit is drawn, in batches of shape (n_resamples, n_units)."""
        generator = np.random.default_rng(self._seed)
        step = max(1, BATCH_CELLS // n_units)
        for first in range(0, self.n_resamples, step):
            n_drawn = min(step, self.n_resamples - first)
            drawn = generator.integers(0, n_units, (n_drawn, n_units))
            drawn += np.arange(n_drawn)[:, None] * n_units
            counts = np.bincount(drawn.ravel(), minlength=drawn.size)
            yield counts.reshape(drawn.shape).astype(np.float64)
