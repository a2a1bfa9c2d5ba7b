"""Models in use: one fitted to the whole gallery, and one without each fold."""

from dataclasses import dataclass
from typing import NamedTuple, Protocol

import numpy as np

from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray
from skknn_syndrome.model.neighbor_votes import NeighborVotes, VotingRule
from skknn_syndrome.model.tempered import TemperedHead


class Answers(NamedTuple):
    """Probabilities of new cases."""

    whole: Float64Array
    """Shape (n_cases, n_classes): by the model of the whole gallery."""
    by_fold: Float64Array
    """Shape (n_folds, n_cases, n_classes): by the model without each fold."""


class Ensemble(Protocol):
    """What answers about new cases."""

    def ask(self, rows: FloatArray) -> Answers:
        """Return what all models say of rows of shape (n_cases, n_features)."""
        ...


@dataclass(frozen=True, eq=False)
class SeparateModels:
    """Models that have nothing in common."""

    whole: TemperedHead
    parts: tuple[TemperedHead, ...]
    """Without each fold."""

    def ask(self, rows: FloatArray) -> Answers:
        """Ask one after the other."""
        by_fold = [part.probabilities(rows) for part in self.parts]
        return Answers(self.whole.probabilities(rows), np.stack(by_fold))


@dataclass(frozen=True, eq=False)
class NeighborModels:
    """Nearest neighbours of one gallery, of which each model but the first leaves out a fold."""

    votes: NeighborVotes
    whole: VotingRule
    parts: tuple[VotingRule, ...]

    def ask(self, rows: FloatArray) -> Answers:
        """Compute the distances to the gallery once for all models."""
        said = self.votes.probabilities(
            rows, [(self.whole, None), *zip(self.parts, self._folds, strict=True)]
        )
        return Answers(said[0], np.stack(said[1:]))

    @property
    def _folds(self) -> range:
        return range(len(self.parts))


def folds_of(splits: list[IndexArray], n_images: int) -> IndexArray:
    """Return the fold of each image.

    Examples
    --------
    >>> folds_of([np.array([1]), np.array([0, 2])], 3).tolist()
    [1, 0, 1]
    """
    folds = np.empty(n_images, dtype=np.intp)
    for number, rows in enumerate(splits):
        folds[rows] = number
    return folds
