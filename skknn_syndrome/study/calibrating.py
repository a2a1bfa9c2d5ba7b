"""How far out-of-fold probabilities can be taken at their word."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
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
)
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.uncertainty import Unit
from skknn_syndrome.study.clustered import clustered_mean
from skknn_syndrome.study.engine.grid import IndexSplit
from skknn_syndrome.study.engine.probabilities import probabilities_by_k
from skknn_syndrome.study.out_of_fold import OutOfFold


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
        neighbors = look_up(graph, [(train, test)], metric, n_neighbors)
        factors = np.ones(len(classes))
        known = np.unique(truth[train])
        factors[known] = resolve_class_weight(class_weight, classes[known], classes[truth[train]])
        parts.append(vote(neighbors, truth, weights, temperature, factors))
    return pool(splits, parts)


def vote(
    neighbors: Neighbors, truth: IndexArray, weights: Weights, temperature: float, class_weight: Float64Array
) -> Float64Array:
    """Return the probabilities where all the neighbours vote, shape (n_queries, n_classes)."""
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


def pool(splits: Sequence[IndexSplit], parts: Sequence[Float64Array]) -> OutOfFold:
    """Put the probabilities of all test parts, one array each, one after another."""
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
    candidate: CandidateKey,
    labels: ArrayLike | None = None,
    subjects: ArrayLike | None = None,
    unit: Unit | None = None,
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
    candidate : CandidateKey
        Whose probabilities they are.
    labels : array-like of shape (n_classes,), optional
        Sorted classes of the columns; those in `y_true` by default.
    subjects : array-like of shape (n_predictions,), optional
        The subject of each image; without them, images are taken as independent.
    unit : {"subjects", "images"}, optional
        What `subjects` are.
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
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth

    def reliability(binning: Binning) -> Reliability:
        return _typed(
            reliability_curve(truth, probabilities, labels=columns, n_bins=n_bins, binning=binning), n_bins
        )

    return Calibration(
        head=candidate.head,
        params=candidate.params,
        temperatures=tuple(temperatures),
        n_predictions=len(truth),
        mean_confidence=float(confidence.mean()),
        accuracy=float(right.mean()),
        equal_width=reliability("equal_width"),
        equal_mass=reliability("equal_mass"),
        brier=multiclass_brier_score(truth, probabilities, labels=columns),
        log_loss=multiclass_log_loss(truth, probabilities, labels=columns),
        zero_share=zero_probability_share(truth, probabilities, labels=columns),
        log_loss_of_possible=_log_loss_of_possible(truth, probabilities),
        gap=clustered_mean(confidence - right, subjects, unit),
    )


def _log_loss_of_possible(truth: IndexArray, probabilities: Float64Array) -> float | None:
    """Return the mean where the true class has a probability above 0; None where it nowhere has."""
    possible = probabilities[np.arange(len(truth)), truth] > 0
    if not possible.any():
        return None
    columns = np.arange(probabilities.shape[1])
    return multiclass_log_loss(truth[possible], probabilities[possible], labels=columns)


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


def look_up(graph: NeighborGraph, splits: Sequence[IndexSplit], metric: str, n_neighbors: int) -> Neighbors:
    """Return the neighbours of all test parts, no more than the smallest training part has."""
    reach = min(n_neighbors, *(len(train) for train, _ in splits))
    allowed = np.zeros((len(splits), graph.n_samples), dtype=np.bool_)
    for place, (train, _) in enumerate(splits):
        allowed[place, train] = True
    parts = np.repeat(np.arange(len(splits)), [len(test) for _, test in splits])
    return graph.nearest_among(
        metric, np.concatenate([test for _, test in splits]), allowed, reach, parts=parts
    )
