"""As many runs of a recipe as its source leaves open."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.study.leaking import Prepared, prepare_before_split_and_leak
from skknn_syndrome.study.reproducing.protocols import Protocol, Recipe
from skknn_syndrome.study.reproducing.scoring import FoldMeans, score_runs

MIN_DRAWS = 2


@dataclass(frozen=True)
class NumberOfDraws:
    """How often chance is asked where a source does not say what it drew."""

    orders: int = 300
    """Row orders after balancing: one graph answers all of them."""
    mixtures: int = 20
    """Sets of synthetic rows, each in an order of its own."""

    def __post_init__(self) -> None:
        """Refuse what has no spread."""
        if min(self.orders, self.mixtures) < MIN_DRAWS:
            raise StudySettingsError(
                f"{min(self.orders, self.mixtures)} draws show no spread: take at least {MIN_DRAWS}."
            )


DEFAULT_DRAWS: Final = NumberOfDraws()


def run_recipe(
    samples: Float64Array, labels: LabelArray, protocol: Protocol, recipe: Recipe, n_draws: NumberOfDraws
) -> FoldMeans:
    """Run a recipe.

    Untouched rows are split in file order, as the source split them. After resampling the order of the rows
    is the source's own, and not published, so it is drawn; so are synthetic rows.

    Parameters
    ----------
    samples : ndarray of shape (n_samples, n_features)
    labels : ndarray of shape (n_samples,)
    protocol : Protocol
        With the seed of the folds.
    recipe : Recipe
    n_draws : NumberOfDraws

    Returns
    -------
    dict of str to ndarray of shape (n_runs, n_distances, n_n_neighbors)
    """
    if recipe.n_mixed:
        mixtures = [
            _score(prepare_before_split_and_leak(samples, labels, recipe.steps(draw)), protocol, 1, draw)
            for draw in range(n_draws.mixtures)
        ]
        return {name: np.concatenate([scores[name] for scores in mixtures]) for name in mixtures[0]}
    prepared = prepare_before_split_and_leak(samples, labels, recipe.steps(0))
    if recipe.is_resampled:
        return _score(prepared, protocol, n_draws.orders, 0)
    return score_runs(*prepared[:2], [np.arange(len(prepared.labels))], random_state=protocol.random_state)


def _score(prepared: Prepared, protocol: Protocol, n_orders: int, seed: int) -> FoldMeans:
    """Score rows in orders that are drawn."""
    rng = np.random.default_rng(seed)
    orders = [rng.permutation(len(prepared.labels)) for _ in range(n_orders)]
    return score_runs(*prepared[:2], orders, random_state=protocol.random_state)
