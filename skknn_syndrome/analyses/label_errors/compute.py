"""Confident errors and likely label errors of the best candidate's out-of-fold predictions."""

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.label_errors.confident_learning import ConfidentLearning, find_label_errors
from skknn_syndrome.analyses.label_errors.result import (
    MOST_LISTED,
    ConfidentError,
    LabelErrorsAnalysis,
    LabelNoise,
)
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.heads.base import last_step
from skknn_syndrome.heads.calibrated import CalibratedClassifier
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.statistics.clustered import clustered_mean, independent_units


def look_for_label_errors(run: ProtocolRun) -> LabelErrorsAnalysis:
    """Find the most confident errors of a protocol's best candidate, and labels that are likely wrong."""
    winner = run.scored.winner
    record = next(record for record in run.records if record.candidate.is_like(winner))
    calibrated = isinstance(last_step(run.settings.estimator), CalibratedClassifier)
    rows, probabilities = _by_image(record)
    codes = np.searchsorted(record.classes, record.labels[rows])
    found = find_label_errors(codes, probabilities)
    predicted = probabilities.argmax(axis=1)
    wrong = predicted != codes
    right = np.where(wrong, 0.0, 1.0)
    level = clustered_mean(right, *independent_units(rows, record.subjects)).low
    informative = bool(
        not wrong.any() or (level is not None and level > np.bincount(codes).max() / len(codes))
    )
    suspected = found.suspected & informative
    order = np.flatnonzero(wrong)
    order = order[np.argsort(found.margin[order], kind="stable")][:MOST_LISTED]
    names = [str(name) for name in record.classes.tolist()]
    return LabelErrorsAnalysis(
        protocol=run.splits.protocol,
        candidate=CandidateKey(head=winner.head, params=winner.params),
        calibrated=calibrated,
        n_images=len(rows),
        n_errors=int(wrong.sum()),
        informative=informative,
        n_suspected=int(suspected.sum()),
        noise_rate=found.noise_rate if informative else None,
        errors=tuple(
            ConfidentError(
                row=int(rows[place]),
                syndrome=names[codes[place]],
                predicted=names[predicted[place]],
                self_confidence=float(found.self_confidence[place]),
                confidence=float(probabilities[place].max()),
                margin=float(found.margin[place]),
                suspected=bool(suspected[place]),
                n_others=None if others is None else others[0],
                n_others_alike=None if others is None else others[1],
            )
            for place in order.tolist()
            for others in [_others(place, rows, predicted, record.subjects)]
        ),
        classes=tuple(
            _noise(number, name, codes, suspected, predicted, found, names)
            for number, name in enumerate(names)
        ),
    )


def _by_image(record: OutOfFoldRecord) -> tuple[IndexArray, Float64Array]:
    """Return the images that were tested, and the mean of what was said of each."""
    rows, places, counts = np.unique(record.rows, return_inverse=True, return_counts=True)
    sums = np.zeros((len(rows), len(record.classes)))
    np.add.at(sums, places.reshape(-1), record.probabilities)
    return rows, sums / counts[:, None]


def _others(
    place: int, rows: IndexArray, predicted: IndexArray, subjects: LabelArray | None
) -> tuple[int, int] | None:
    """Count the other images of an image's subject, and those that are predicted alike."""
    if subjects is None:
        return None
    own = subjects[rows] == subjects[rows[place]]
    alike = own & (predicted == predicted[place])
    return int(own.sum()) - 1, int(alike.sum()) - 1


def _noise(
    number: int,
    name: str,
    codes: IndexArray,
    suspected: LabelArray,
    predicted: IndexArray,
    found: ConfidentLearning,
    names: list[str],
) -> LabelNoise:
    own = codes == number
    likely = np.bincount(predicted[own & suspected], minlength=len(names))
    return LabelNoise(
        syndrome=name,
        n_images=int(own.sum()),
        threshold=float(found.thresholds[number]) if own.any() else None,
        n_suspected=int(likely.sum()),
        most_likely=names[int(likely.argmax())] if likely.any() else None,
    )


COST = Cost(
    "the probabilities of each image are held against the threshold of each class",
    (Term(10.0, "sort", ("images", "classes")), Term(2000.0, "python")),
)

COMPUTATION = Computation(
    question="label_errors", cost=COST, compute=look_for_label_errors, needs="probabilities"
)
