"""A temperature for softmax weights, chosen inside the folds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import IndexArray, LabelArray
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.metrics.calibration import multiclass_log_loss
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.results.calibration import TemperatureChoice, TemperatureSelection
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.study.calibrating import look_up, pool, vote
from skknn_syndrome.study.engine.grid import IndexSplit
from skknn_syndrome.study.out_of_fold import OutOfFold

TEMPERATURES = tuple(digit / divisor for divisor in (100, 10, 1) for digit in (1, 1.5, 2, 3, 5, 7))
"""Temperatures that are tried, in the unit of the distance: six a decade, from 0.01 to 7."""


@dataclass(frozen=True, eq=False)
class TunedProbabilities:
    """Out-of-fold probabilities at temperatures that were chosen without the images they speak of."""

    out_of_fold: OutOfFold
    selection: TemperatureSelection


def choose_temperatures(
    graph: NeighborGraph,
    labels: LabelArray,
    splits: Sequence[IndexSplit],
    inner: Sequence[Sequence[IndexSplit]],
    *,
    metric: str,
    n_neighbors: int,
    temperatures: Sequence[float] = TEMPERATURES,
) -> TunedProbabilities:
    """Choose the temperature of softmax weights inside the training part of each fold, by log loss.

    The temperature with the least log loss over the inner folds of a training part, of equals the first,
    speaks for the test part, whose images took no part in choosing it. True classes that are not among the
    neighbours have probability 0 at any temperature: they add the same to the log loss of each.

    Parameters
    ----------
    graph : NeighborGraph
        Of all images.
    labels : array of shape (n_images,)
        The class of each image.
    splits : sequence of (train, test)
        Row numbers of the folds that report.
    inner : sequence of sequence of (train, test)
        For each of them the inner folds of its training part, from
        `skknn_syndrome.study.inner_folds.split_inside`.
    metric : str
        One of the graph's distances.
    n_neighbors : int
        As many as the smallest inner training part holds, if that is fewer.
    temperatures : sequence of float
        Those that are tried, positive, rising, in the unit of the distance.

    Returns
    -------
    TunedProbabilities

    Raises
    ------
    StudySettingsError
        There is no temperature to try, or one that isn't positive or above the one before it.
    """
    tried = tuple(float(temperature) for temperature in temperatures)
    if not tried or min(tried) <= 0 or sorted(set(tried)) != list(tried):
        message = (
            f"temperatures={temperatures!r} must be positive and rising: give those that are to be tried."
        )
        raise StudySettingsError(message)
    classes, truth = np.unique(labels, return_inverse=True)
    choices, parts = [], []
    for fold, (split, within) in enumerate(zip(splits, inner, strict=True)):
        losses = _losses(graph, truth, within, metric=metric, n_neighbors=n_neighbors, temperatures=tried)
        place = int(np.argmin(losses))
        choices.append(
            TemperatureChoice(
                fold=fold,
                temperature=tried[place],
                log_loss=losses[place],
                at_edge=place in {0, len(tried) - 1},
            )
        )
        neighbors = look_up(graph, [split], metric, n_neighbors)
        parts.append(vote(neighbors, truth, "softmax", tried[place], np.ones(len(classes))))
    return TunedProbabilities(
        out_of_fold=pool(splits, parts),
        selection=TemperatureSelection(
            head=KNN,
            params=knn_params(metric, "softmax", int(n_neighbors)),
            tried=tried,
            n_inner_folds=len(inner[0]),
            choices=tuple(choices),
        ),
    )


def _losses(
    graph: NeighborGraph,
    truth: IndexArray,
    splits: Sequence[IndexSplit],
    *,
    metric: str,
    n_neighbors: int,
    temperatures: Sequence[float],
) -> list[float]:
    """Return the log loss over all test parts at each temperature."""
    neighbors = look_up(graph, splits, metric, n_neighbors)
    classes = np.unique(truth)
    tested = truth[np.concatenate([test for _, test in splits])]
    probabilities = (
        vote(neighbors, truth, "softmax", temperature, np.ones(len(classes))) for temperature in temperatures
    )
    return [multiclass_log_loss(tested, found, labels=classes) for found in probabilities]
