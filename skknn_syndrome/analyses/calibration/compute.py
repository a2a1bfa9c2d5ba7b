"""Calibration of each weighting scheme, and temperatures chosen inside the folds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.calibration.result import (
    Calibration,
    CalibrationAnalysis,
    Reliability,
    ReliabilityBin,
    TemperatureChoice,
    TemperatureSelection,
)
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.graph_probabilities import (
    look_up,
    out_of_fold_probabilities,
    pool,
    vote,
)
from skknn_syndrome.crossval.out_of_fold import OutOfFold, OutOfFoldRecord
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.metrics.calibration import (
    ReliabilityCurve,
    multiclass_brier_score,
    multiclass_log_loss,
    reliability_curve,
    zero_probability_share,
)
from skknn_syndrome.metrics.calibration.proper_scores import check_probabilities
from skknn_syndrome.metrics.calibration.reliability import N_BINS, Binning
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.weighting import Weights, softmax_weights
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.candidate import KNN, Candidate, CandidateKey, knn_params
from skknn_syndrome.results.intervals import Unit
from skknn_syndrome.statistics.clustered import clustered_mean, independent_units

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
        `skknn_syndrome.crossval.repeats.split_inside`.
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
        raise StudySettingsError(
            f"temperatures={temperatures!r} must be positive and rising: give those that are to be tried.",
            code="temperatures_not_rising",
            parameter="temperatures",
        )
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
    """Return the log loss over all test parts at each temperature.

    It hangs on the true class's share of the votes alone: other classes are not counted one by one.
    """
    neighbors = look_up(graph, splits, metric, n_neighbors)
    tested = truth[np.concatenate([test for _, test in splits])]
    is_true = truth[neighbors.indices] == tested[:, None]
    losses, own = [], np.zeros(len(tested), dtype=np.intp)
    for temperature in temperatures:
        weights = softmax_weights(neighbors.distances, temperature)
        shares = (weights * is_true).sum(axis=1) / weights.sum(axis=1)
        losses.append(multiclass_log_loss(own, np.column_stack([shares, 1 - shares]), labels=[0, 1]))
    return losses


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


def calibrate_schemes(
    graph: NeighborGraph,
    labels: LabelArray,
    splits: Sequence[IndexSplit],
    inner: Sequence[Sequence[IndexSplit]],
    candidate: Candidate,
    voting: Mapping[str, Any],
    subjects: LabelArray | None = None,
) -> tuple[tuple[Calibration, ...], TemperatureSelection]:
    """Compare the weighting schemes at the distance and the number of neighbours of a candidate.

    Parameters
    ----------
    graph : NeighborGraph
        Of all images.
    labels : array of shape (n_images,)
        The class of each image.
    splits : sequence of (train, test)
        Row numbers of the folds that report.
    inner : sequence of sequence of (train, test)
        For each of them the inner folds of its training part.
    candidate : Candidate
    voting : mapping
        Its weights, temperature and class weight.
    subjects : array of shape (n_images,), optional
        The subject of each image.

    Returns
    -------
    tuple of Calibration
        Of uniform and distance weights, of the candidate's own where they are a function, and of softmax
        weights at temperatures chosen inside the folds; these take no class weight.
    TemperatureSelection
        How they were chosen.
    """
    asked: Any = {"metric": candidate.metric, "n_neighbors": candidate.n_neighbors}
    schemes: dict[str, Weights] = {"uniform": "uniform", "distance": "distance"}
    if callable(voting["weights"]):
        schemes[candidate.weights] = voting["weights"]

    def measure(found: OutOfFold, weights: str, temperatures: Sequence[float] = ()) -> Calibration:
        units, unit = independent_units(found.rows, subjects)
        return measure_calibration(
            labels[found.rows],
            found.probabilities,
            labels=np.unique(labels),
            subjects=units,
            unit=unit,
            candidate=CandidateKey(head=candidate.head, params={**candidate.params, "weights": weights}),
            temperatures=temperatures,
        )

    plain = [
        measure(
            out_of_fold_probabilities(graph, labels, splits, **asked, **{**voting, "weights": weights}), name
        )
        for name, weights in schemes.items()
    ]
    tuned = choose_temperatures(graph, labels, splits, inner, **asked)
    chosen = [choice.temperature for choice in tuned.selection.choices]
    return (*plain, measure(tuned.out_of_fold, "softmax", chosen)), tuned.selection


def calibrate_record(record: OutOfFoldRecord) -> Calibration:
    """Measure the probabilities that one candidate gave, whatever estimator they came from."""
    units, unit = independent_units(record.rows, record.subjects)
    return measure_calibration(
        record.labels[record.rows],
        record.probabilities,
        labels=record.classes,
        subjects=units,
        unit=unit,
        candidate=record.candidate,
    )


def measure_calibrations(run: ProtocolRun) -> CalibrationAnalysis:
    """Measure the best candidate of each distance, under each weighting scheme where there is a graph."""
    if run.graph is None or not run.inner:
        records = tuple(calibrate_record(record) for record in run.records)
        return CalibrationAnalysis(protocol=run.splits.protocol, calibrations=records)
    found = [
        calibrate_schemes(
            run.graph,
            run.data.labels,
            run.splits.as_cv(),
            run.inner,
            best,
            run.voting(best),
            run.data.groups,
        )
        for best in run.scored.best.values()
    ]
    return CalibrationAnalysis(
        protocol=run.splits.protocol,
        calibrations=tuple(entry for calibrations, _ in found for entry in calibrations),
        temperatures=tuple(selection for _, selection in found),
    )


COST = Cost(
    "temperatures are chosen inside each fold, and every scheme asked for each image",
    (
        Term(25.0, "sort", ("images", "classes", "folds")),
        Term(6300.0, "sort", ("images", "folds")),
        Term(44_000.0, "python", ("folds", "distances")),
    ),
)

COMPUTATION = Computation(
    question="calibration", cost=COST, compute=measure_calibrations, needs="probabilities"
)
