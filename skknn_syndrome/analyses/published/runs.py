"""Runs of a published protocol, as many as its source leaves open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np

from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray, LabelArray
from skknn_syndrome.analyses.published.protocols import N_FOLDS, Protocol, Recipe
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.graph_scores.batches import engine_depth
from skknn_syndrome.heads.graph_scores.grid import probabilities_by_k
from skknn_syndrome.metrics.batch import batch_scores
from skknn_syndrome.metrics.registry import names_for
from skknn_syndrome.neighbors import NeighborGraph
from skknn_syndrome.preprocessing.before_splitting import Prepared, prepare_before_split_and_leak

DISTANCES: Final = ("euclidean", "cosine")
N_NEIGHBORS: Final = range(1, 16)
"""What the sources tried."""
TOP: Final = 9
"""One source reports top-9 accuracy, which a study doesn't."""
OF_TOP: Final = tuple(f"top_{TOP}_accuracy{bound}" for bound in ("", "_lower", "_upper"))

FoldMeans: TypeAlias = Mapping[str, Float64Array]
"""By score, tie bounds included: shape (n_runs, n_distances, n_n_neighbors)."""

IndexSplit = tuple[IndexArray, IndexArray]


def score_runs(
    samples: FloatArray, labels: LabelArray, orders: Sequence[IndexArray], *, random_state: int
) -> FoldMeans:
    """Cross-validate the same rows in several orders.

    A stratified, shuffled split depends on the order in which it is given the rows. Nothing else does, so
    one neighbour graph answers all runs.

    Parameters
    ----------
    samples : ndarray of shape (n_samples, n_features)
    labels : ndarray of shape (n_samples,)
    orders : sequence of ndarray of shape (n_samples,)
        One for each run: row numbers in the order in which the splitter is given the rows.
    random_state : int
        Of the splitter.

    Returns
    -------
    dict of str to ndarray of shape (n_runs, 2, 15)
        Means over ten folds, of classifiers whose votes are weighted by 1 / distance: the scores of a study,
        and ``top_9_accuracy`` with its bounds.
    """
    _, truth = np.unique(labels, return_inverse=True)
    runs = [_split(labels, order, random_state) for order in orders]
    depth = engine_depth(N_NEIGHBORS[-1], runs[0])
    graph = NeighborGraph.from_embeddings(samples, metrics=DISTANCES, depth=depth)
    scores = [[_score_run(graph, truth, run, distance) for distance in DISTANCES] for run in runs]
    return {name: np.array([[cell[name] for cell in run] for run in scores]) for name in scores[0][0]}


def _split(labels: LabelArray, order: IndexArray, random_state: int) -> list[IndexSplit]:
    splits = make_splits(labels[order], None, cv=N_FOLDS, random_state=random_state)
    return [(order[train], order[test]) for train, test in splits.as_cv()]


def _score_run(
    graph: NeighborGraph, truth: IndexArray, splits: list[IndexSplit], distance: str
) -> dict[str, Float64Array]:
    """Return the mean over the folds of each score for all k."""
    tests = np.concatenate([test for _, test in splits])
    lengths = [len(test) for _, test in splits]
    allowed = np.zeros((len(splits), len(truth)), dtype=np.bool_)
    for fold, (train, _) in enumerate(splits):
        allowed[fold, train] = True
    neighbors = graph.nearest_among(
        distance, tests, allowed, N_NEIGHBORS[-1], parts=np.repeat(np.arange(len(splits)), lengths)
    )
    n_classes = truth.max() + 1
    starts = np.cumsum([0, *lengths[:-1]])
    # Each class has at least two rows, and so one in every training part.
    known = np.ones((len(splits), n_classes), dtype=np.bool_)
    parts = [
        batch_scores(probabilities, truth[tests], starts, known, names=[*names_for(n_classes), *OF_TOP])
        for _, probabilities in probabilities_by_k(
            neighbors,
            truth,
            N_NEIGHBORS,
            weights="distance",
            temperature=1.0,  # of softmax weights alone
            class_weight=np.ones(n_classes),
        )
    ]
    return {name: np.concatenate([part[name] for part in parts]).mean(axis=1) for name in parts[0]}


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
                f"{min(self.orders, self.mixtures)} draws show no spread: take at least {MIN_DRAWS}.",
                code="too_few_draws",
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
