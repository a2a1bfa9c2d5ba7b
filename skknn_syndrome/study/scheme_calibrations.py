"""How far the probabilities of each weighting scheme can be taken at their word."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.weighting import Weights
from skknn_syndrome.results import Calibration, Candidate, TemperatureSelection
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.study.calibrating import measure_calibration, out_of_fold_probabilities
from skknn_syndrome.study.clustered import independent_units
from skknn_syndrome.study.engine.grid import IndexSplit
from skknn_syndrome.study.out_of_fold import OutOfFold, OutOfFoldRecord
from skknn_syndrome.study.temperatures import choose_temperatures


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
