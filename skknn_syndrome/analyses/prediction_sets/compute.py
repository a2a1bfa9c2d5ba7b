"""Prediction sets calibrated inside the training part of each fold, and what they cover outside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

import numpy as np
from sklearn.base import clone

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.prediction_sets.result import (
    ClassCoverage,
    PredictionSets,
    PredictionSetsAnalysis,
    SetCoverage,
)
from skknn_syndrome.crossval.class_similarity import similarities
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.folds import Split
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.predicting import record_candidate
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.crossval.repeats import inner_folds
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.verdicts import SET_COVERAGES
from skknn_syndrome.statistics.clustered import clustered_share, independent_units
from skknn_syndrome.statistics.conformal import (
    Calibration,
    always_in_sets,
    nonconformity,
    p_values,
    prediction_sets,
    subject_weights,
)


@dataclass(frozen=True, eq=False)
class OutOfFoldPValues:
    """p-values of all test images, fold after fold."""

    rows: IndexArray
    """Shape (n_predictions,): the images."""
    folds: IndexArray
    """Shape (n_predictions,): their folds."""
    class_conditional: Float64Array
    """Shape (n_predictions, n_classes)."""
    marginal: Float64Array
    """Of the same shape."""
    n_subjects: Float64Array
    """Shape (n_folds, n_classes): subjects that each fold is calibrated on."""


def inner_parts(splits: Sequence[IndexSplit], inner: Sequence[Sequence[IndexSplit]]) -> tuple[Split, ...]:
    """Return what the model of each inner fold is asked: the images that it left out, and the test part."""
    return tuple(
        Split(train, np.concatenate([left_out, test]))
        for (_, test), within in zip(splits, inner, strict=True)
        for train, left_out in within
    )


def calibrate_inside(
    record: OutOfFoldRecord,
    splits: Sequence[IndexSplit],
    inner: Sequence[Sequence[IndexSplit]],
    similarity: Sequence[Float64Array] | None = None,
) -> OutOfFoldPValues:
    """Compare each test image with the calibration scores of the inner folds of its training part.

    Parameters
    ----------
    record : OutOfFoldRecord
        What the model of each inner fold says of the images of its part, as `inner_parts` has it.
    splits : sequence of (train, test)
        Row numbers of the folds that report.
    inner : sequence of sequence of (train, test)
        For each of them the inner folds of its training part.
    similarity : sequence of array, optional
        What breaks ties of probabilities, for the images of each part of the record.

    Returns
    -------
    OutOfFoldPValues
    """
    truth = np.searchsorted(record.classes, record.labels)
    subjects = np.arange(len(truth)) if record.subjects is None else record.subjects
    n_inner = [len(within) for within in inner]
    scores = [
        nonconformity(record.probabilities[record.folds == part], similarity and similarity[part])
        for part in range(sum(n_inner))
    ]
    conditional, marginal, sizes = [], [], []
    for (first, last), (_, test), within in zip(
        pairwise([0, *accumulate(n_inner)]), splits, inner, strict=True
    ):
        known = np.concatenate([left_out for _, left_out in within])
        own = np.concatenate([part[: -len(test)] for part in scores[first:last]])
        calibration = Calibration(
            nonconformity=own[np.arange(len(known)), truth[known]],
            labels=truth[known],
            weights=subject_weights(subjects[known], truth[known]),
            folds=np.repeat(np.arange(len(within)), [len(left_out) for _, left_out in within]),
        )
        new = np.stack([part[-len(test) :] for part in scores[first:last]])
        conditional.append(p_values(calibration, new))
        marginal.append(p_values(calibration, new, class_conditional=False))
        sizes.append(calibration.n_subjects(len(record.classes)))
    tests = [test for _, test in splits]
    return OutOfFoldPValues(
        rows=np.concatenate(tests),
        folds=np.repeat(np.arange(len(tests)), [len(test) for test in tests]),
        class_conditional=np.concatenate(conditional),
        marginal=np.concatenate(marginal),
        n_subjects=np.stack(sizes),
    )


def measure_coverage(
    tested: OutOfFoldPValues,
    labels: LabelArray,
    subjects: LabelArray | None,
    coverage: float,
    *,
    marginal: bool,
) -> SetCoverage:
    """Count how often sets of a nominal coverage hold the true class, and how many classes they have.

    Coverage is of the subjects' images, each subject counting once in each of its classes, as it does in the
    calibration. Sizes are means over images.

    Parameters
    ----------
    tested : OutOfFoldPValues
    labels : array of shape (n_images,)
        The class of each image.
    subjects : array of shape (n_images,) or None
        Its subject, for intervals.
    coverage : float
    marginal : bool
        Whether sets are those that are calibrated over all classes together.

    Returns
    -------
    SetCoverage
    """
    classes, truth = np.unique(labels, return_inverse=True)
    sets = prediction_sets(tested.marginal if marginal else tested.class_conditional, coverage)
    true = truth[tested.rows]
    held, sizes = sets[np.arange(len(true)), true], sets.sum(axis=1)
    single = sizes == 1
    units, unit = independent_units(tested.rows, subjects)
    weights = subject_weights(units, true)
    bound = always_in_sets(tested.n_subjects, coverage)
    return SetCoverage(
        coverage=coverage,
        covered=clustered_share(held, units, unit, weights=weights),
        mean_size=float(sizes.mean()),
        single_share=float(single.mean()),
        single_right=float(held[single].mean()) if single.any() else None,
        empty_share=float((sizes == 0).mean()),
        full_share=float((sizes == len(classes)).mean()),
        classes=tuple(
            ClassCoverage(
                syndrome=str(name),
                n_images=int(own.sum()),
                covered=clustered_share(held[own], units[own], unit, weights=weights[own]),
                mean_size=float(sizes[own].mean()),
                always_in=not marginal and bool(bound[:, number].any()),
            )
            for number, name, own in _tested_classes(classes, true)
        ),
    )


def _tested_classes(classes: LabelArray, true: IndexArray) -> Iterator[tuple[int, object, BoolArray]]:
    for number, name in enumerate(classes):
        own = true == number
        if own.any():
            yield number, name, own


def ask_inside(run: ProtocolRun, inner: Sequence[Sequence[IndexSplit]]) -> OutOfFoldRecord:
    """Return what the best configuration says, fitted without each inner fold, of its part in `inner_parts`.

    Of nearest neighbours nothing is fitted: their inner training parts are masks on the graph.
    """
    winner = run.scored.winner
    return record_candidate(
        clone(run.settings.estimator).set_params(**run.parameters_of(winner)),
        run.data.samples,
        run.data.labels,
        run.data.groups,
        replace(run.splits, parts=inner_parts(run.splits.as_cv(), inner)),
        winner,
        graph=run.graph,
    )


def measure_sets(run: ProtocolRun) -> PredictionSetsAnalysis:
    """Calibrate the best configuration inside each training part, and measure its sets outside."""
    inner, splits, winner = inner_folds(run), run.splits.as_cv(), run.scored.winner
    asked = [(part.train, part.test) for part in inner_parts(splits, inner)]
    tested = calibrate_inside(ask_inside(run, inner), splits, inner, similarities(run, asked))

    def measured(*, marginal: bool) -> tuple[SetCoverage, ...]:
        return tuple(
            measure_coverage(tested, run.data.labels, run.data.groups, coverage, marginal=marginal)
            for coverage in SET_COVERAGES
        )

    found = PredictionSets(
        head=winner.head,
        params=winner.params,
        n_inner_folds=len(inner[0]),
        n_images=len(tested.rows),
        class_conditional=measured(marginal=False),
        marginal=measured(marginal=True),
    )
    return PredictionSetsAnalysis(protocol=run.splits.protocol, prediction_sets=found)


COST = Cost(
    "the best configuration is asked by the models of five inner folds of each training part",
    (
        Term(3.0, "sort", ("images", "classes", "folds")),
        Term(4_500.0, "python", ("classes", "folds")),
    ),
)

COMPUTATION = Computation(question="prediction_sets", cost=COST, compute=measure_sets, needs="probabilities")
