"""How far out-of-fold probabilities can be taken at their word, and a temperature chosen inside the folds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.metrics.calibration import (
    ReliabilityCurve,
    multiclass_brier_score,
    multiclass_log_loss,
    reliability_curve,
    zero_probability_share,
)
from skknn_syndrome.metrics.calibration.checking import check_probabilities
from skknn_syndrome.metrics.calibration.reliability import N_BINS, Binning
from skknn_syndrome.neighbors.class_weights import ClassWeight, resolve_class_weight
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.neighbors import Neighbors
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.results.calibration import (
    Calibration,
    Reliability,
    ReliabilityBin,
    TemperatureChoice,
    TemperatureSelection,
)
from skknn_syndrome.study.engine.grid import IndexSplit
from skknn_syndrome.study.engine.probabilities import probabilities_by_k
from skknn_syndrome.study.splitting import make_splits

TEMPERATURES = tuple(digit / divisor for divisor in (100, 10, 1) for digit in (1, 1.5, 2, 3, 5, 7))
"""Temperatures that are tried, in the unit of the distance: six a decade, from 0.01 to 7."""


@dataclass(frozen=True, eq=False)
class OutOfFold:
    """What was said of each image when it was not trained on, fold after fold."""

    rows: IndexArray
    """Shape (n_predictions,): the images; in repeats each comes several times."""
    folds: IndexArray
    """Shape (n_predictions,): in which fold, counted from 0."""
    probabilities: Float64Array
    """Shape (n_predictions, n_classes), columns in sorted order of the labels."""


@dataclass(frozen=True, eq=False)
class TunedProbabilities:
    """Out-of-fold probabilities at temperatures that were chosen without the images they speak of."""

    out_of_fold: OutOfFold
    selection: TemperatureSelection


def out_of_fold_probabilities(
    graph: NeighborGraph,
    labels: LabelArray,
    splits: Sequence[IndexSplit],
    *,
    metric: str,
    n_neighbors: int,
    weights: Weights = "distance",
    temperature: float = 0.07,
    class_weight: ClassWeight = None,
) -> OutOfFold:
    """Ask one candidate for every image when it was in the test part.

    Parameters
    ----------
    graph : NeighborGraph
        Of all images.
    labels : array of shape (n_images,)
        The class of each image.
    splits : sequence of (train, test)
        Row numbers.
    metric : str
        One of the graph's distances.
    n_neighbors : int
        If a training part is smaller, all of it votes.
    weights, temperature, class_weight
        As in `SyndromeKNNClassifier`.

    Returns
    -------
    OutOfFold
        The same bits as `SyndromeKNNClassifier.predict_proba` has them; 0 for a class that the training part
        lacks.
    """
    classes, truth = np.unique(labels, return_inverse=True)
    parts = []
    for train, test in splits:
        neighbors = _look_up(graph, [(train, test)], metric, n_neighbors)
        factors = np.ones(len(classes))
        known = np.unique(truth[train])
        factors[known] = resolve_class_weight(class_weight, classes[known], classes[truth[train]])
        parts.append(_vote(neighbors, truth, weights, temperature, factors))
    return _pool(splits, parts)


def _vote(
    neighbors: Neighbors, truth: IndexArray, weights: Weights, temperature: float, class_weight: Float64Array
) -> Float64Array:
    """Return the probabilities where all the neighbours vote."""
    found = probabilities_by_k(
        neighbors,
        truth,
        [neighbors.indices.shape[1]],
        weights=weights,
        temperature=temperature,
        class_weight=class_weight,
    )
    ((_, (probabilities,)),) = found
    return np.asarray(probabilities)


def _pool(splits: Sequence[IndexSplit], parts: Sequence[Float64Array]) -> OutOfFold:
    tests = [test for _, test in splits]
    return OutOfFold(
        rows=np.concatenate(tests),
        folds=np.repeat(np.arange(len(tests)), [len(test) for test in tests]),
        probabilities=np.concatenate(parts),
    )


def measure_calibration(
    y_true: ArrayLike,
    y_proba: ArrayLike,
    *,
    metric: str,
    weights: str,
    n_neighbors: int,
    labels: ArrayLike | None = None,
    temperatures: Sequence[float] = (),
    n_bins: int = N_BINS,
) -> Calibration:
    """Hold out-of-fold probabilities against what was so.

    Parameters
    ----------
    y_true : array-like of shape (n_predictions,)
        The class of each image that was asked for.
    y_proba : array-like of shape (n_predictions, n_classes)
        Out-of-fold probabilities, all folds pooled.
    metric, weights, n_neighbors
        What the result says of the candidate.
    labels : array-like of shape (n_classes,), optional
        Sorted classes of the columns; those in `y_true` by default.
    temperatures : sequence of float
        Of softmax weights, one a fold.
    n_bins : int, default=15
        Bins of the reliability curves.

    Returns
    -------
    Calibration

    Raises
    ------
    ValueError
        Labels and probabilities don't fit together.
    """
    truth, probabilities = check_probabilities(y_true, y_proba, labels)
    columns = np.arange(probabilities.shape[1])

    def reliability(binning: Binning) -> Reliability:
        return _typed(
            reliability_curve(truth, probabilities, labels=columns, n_bins=n_bins, binning=binning), n_bins
        )

    return Calibration(
        metric=metric,
        weights=weights,
        n_neighbors=n_neighbors,
        temperatures=tuple(temperatures),
        n_predictions=len(truth),
        mean_confidence=float(probabilities.max(axis=1).mean()),
        accuracy=float((probabilities.argmax(axis=1) == truth).mean()),
        equal_width=reliability("equal_width"),
        equal_mass=reliability("equal_mass"),
        brier=multiclass_brier_score(truth, probabilities, labels=columns),
        log_loss=multiclass_log_loss(truth, probabilities, labels=columns),
        zero_share=zero_probability_share(truth, probabilities, labels=columns),
    )


def _typed(curve: ReliabilityCurve, n_bins: int) -> Reliability:
    columns = (curve.lower, curve.upper, curve.counts, curve.confidence, curve.accuracy)
    return Reliability(
        n_bins=n_bins,
        bins=tuple(
            ReliabilityBin(
                lower=lower, upper=upper, n_images=n_images, confidence=confidence, accuracy=accuracy
            )
            for lower, upper, n_images, confidence, accuracy in zip(
                *(column.tolist() for column in columns), strict=True
            )
        ),
        expected_error=curve.expected_error,
        maximum_error=curve.maximum_error,
    )


def split_inside(
    splits: Sequence[IndexSplit],
    labels: LabelArray,
    groups: LabelArray | None,
    *,
    inner_cv: int = 5,
    random_state: int | None = 42,
) -> list[list[IndexSplit]]:
    """Divide each training part into inner folds.

    Parameters
    ----------
    splits : sequence of (train, test)
        Row numbers.
    labels : array of shape (n_images,)
        The class of each image.
    groups : array of shape (n_images,) or None
        The subject of each image, which inner folds keep together.
    inner_cv : int, default=5
        Inner folds.
    random_state : int or None
        Seeds them.

    Returns
    -------
    list of list of (train, test)
        For each split its inner folds, as row numbers of the whole.

    Raises
    ------
    StudySettingsError
        A training part can't be divided so.
    """
    return [
        [
            (train[part.train], train[part.test])
            for part in make_splits(
                labels[train],
                None if groups is None else groups[train],
                cv=inner_cv,
                random_state=random_state,
            ).parts
        ]
        for train, _ in splits
    ]


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
        For each of them the inner folds of its training part, as `split_inside` makes them.
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
        neighbors = _look_up(graph, [split], metric, n_neighbors)
        parts.append(_vote(neighbors, truth, "softmax", tried[place], np.ones(len(classes))))
    return TunedProbabilities(
        out_of_fold=_pool(splits, parts),
        selection=TemperatureSelection(
            metric=metric,
            n_neighbors=n_neighbors,
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
    neighbors = _look_up(graph, splits, metric, n_neighbors)
    classes = np.unique(truth)
    tested = truth[np.concatenate([test for _, test in splits])]
    probabilities = (
        _vote(neighbors, truth, "softmax", temperature, np.ones(len(classes))) for temperature in temperatures
    )
    return [multiclass_log_loss(tested, found, labels=classes) for found in probabilities]


def _look_up(graph: NeighborGraph, splits: Sequence[IndexSplit], metric: str, n_neighbors: int) -> Neighbors:
    """Return the neighbours of all test parts, no more than the smallest training part has."""
    reach = min(n_neighbors, *(len(train) for train, _ in splits))
    allowed = np.zeros((len(splits), graph.n_samples), dtype=np.bool_)
    for place, (train, _) in enumerate(splits):
        allowed[place, train] = True
    parts = np.repeat(np.arange(len(splits)), [len(test) for _, test in splits])
    return graph.nearest_among(
        metric, np.concatenate([test for _, test in splits]), allowed, reach, parts=parts
    )
