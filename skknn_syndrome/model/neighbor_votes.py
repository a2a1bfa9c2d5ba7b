"""Votes of nearest neighbours in a gallery and in the gallery without a fold, from one search."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np

from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray
from skknn_syndrome.heads.temperature import log_probabilities
from skknn_syndrome.model.tempered import vote_scores
from skknn_syndrome.neighbors.distances import prepare_rows
from skknn_syndrome.neighbors.exact import exact_neighbors, search_all
from skknn_syndrome.neighbors.search import Neighbors
from skknn_syndrome.neighbors.voting import class_votes, vote_probabilities
from skknn_syndrome.neighbors.weighting import neighbor_weights

SPARE = 2
"""Times as many neighbours as vote are looked for, for those of one fold are left out."""


@dataclass(frozen=True)
class VotingRule:
    """Parameters of a `SyndromeKNNClassifier`, and the temperature that its votes are put at."""

    n_neighbors: int
    metric: str
    weights: str
    temperature: float
    """Of the weights "softmax"."""
    calibration: float
    """Of the votes."""


@dataclass(frozen=True, eq=False)
class NeighborVotes:
    """A gallery whose rows vote.

    Parameters
    ----------
    rows : ndarray of shape (n_images, n_features)
    codes : ndarray of shape (n_images,)
        The class of each.
    folds : ndarray of shape (n_images,)
    n_classes : int
    """

    rows: FloatArray
    codes: IndexArray
    folds: IndexArray
    n_classes: int

    def __post_init__(self) -> None:
        """Keep rows that are ready for a distance from the first question on."""
        object.__setattr__(self, "_prepared", cache(lambda metric: prepare_rows(self.rows, metric)))

    def __getstate__(self) -> dict[str, object]:
        """Leave out what is made of the rows."""
        return {name: value for name, value in vars(self).items() if name != "_prepared"}

    def __setstate__(self, state: dict[str, object]) -> None:
        """Make it again on the first question."""
        vars(self).update(state)
        self.__post_init__()

    def probabilities(
        self, rows: FloatArray, asked: Sequence[tuple[VotingRule, int | None]]
    ) -> list[Float64Array]:
        """Return calibrated votes on new rows.

        The same bits as those of a `SyndromeKNNClassifier` that is fitted to the rows of the other folds.

        Parameters
        ----------
        rows : ndarray of shape (n_cases, n_features)
        asked : sequence of (VotingRule, fold)
            Who votes how: all, where the fold is None, else all but those of that fold.

        Returns
        -------
        list of ndarray of shape (n_cases, n_classes)
        """
        reach: dict[str, int] = {}
        for rule, _ in asked:
            reach[rule.metric] = max(reach.get(rule.metric, 0), rule.n_neighbors)
        searched = {metric: self._search(rows, metric, SPARE * k) for metric, k in reach.items()}
        return [self._votes(rows, rule, fold, searched[rule.metric]) for rule, fold in asked]

    def _search(self, rows: FloatArray, metric: str, n_neighbors: int) -> Neighbors:
        return exact_neighbors(
            prepare_rows(rows, metric),
            self._ready(metric),
            min(n_neighbors, len(self.rows)),
            metrics=[metric],
            prepared=True,
        )[metric]

    def _ready(self, metric: str) -> Float64Array:
        prepared: Float64Array = vars(self)["_prepared"](metric)
        return prepared

    def _votes(self, rows: FloatArray, rule: VotingRule, fold: int | None, found: Neighbors) -> Float64Array:
        voting = np.ones(len(self.rows), dtype=bool) if fold is None else self.folds != fold
        k = min(rule.n_neighbors, int(np.count_nonzero(voting)))
        near = found if fold is None else self._without(rows, rule.metric, fold, k, found)
        distances, indices = near.distances[:, :k], near.indices[:, :k]
        weights = neighbor_weights(distances, rule.weights, rule.temperature)  # type: ignore[arg-type] # by its name
        votes = class_votes(self.codes[indices], weights, self.n_classes)
        shares = vote_probabilities(votes, np.ones(self.n_classes))
        seen = np.bincount(self.codes[voting], minlength=self.n_classes) > 0
        said = np.zeros_like(shares)
        said[:, seen] = np.exp(log_probabilities(vote_scores(shares[:, seen], k), rule.calibration))
        return said

    def _without(self, rows: FloatArray, metric: str, fold: int, k: int, found: Neighbors) -> Neighbors:
        """Return the k nearest rows of other folds; where those found do not suffice, by another search."""
        other = self.folds[found.indices] != fold
        enough = other.sum(axis=1) >= k
        # A stable sort by "is of the fold" keeps the order of distances among the others.
        order = np.argsort(~other, axis=1, kind="stable")[:, :k]
        distances = np.take_along_axis(found.distances, order, axis=1)
        indices = np.take_along_axis(found.indices, order, axis=1)
        short = np.flatnonzero(~enough)
        if len(short):
            left_out = self.folds == fold
            distances[short], indices[short] = search_all(
                prepare_rows(rows[short], metric),
                self._ready(metric),
                k,
                metric,
                forbidden=lambda block: np.broadcast_to(left_out, (len(short[block]), len(left_out))),
                prepared=True,
            )
        return Neighbors(distances, indices)
