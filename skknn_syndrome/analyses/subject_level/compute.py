"""Scores of subjects, all images of each taken together, beside scores of images."""

import numpy as np

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.subject_level.result import SeveralImages, SubjectLevel, SubjectLevelAnalysis
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.fused_subjects import FusedSubjects, fuse_subjects
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord, predictions_by_fold, score_folds
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.questions import Computation
from skknn_syndrome.results.verdicts import FEWEST_CHANGES
from skknn_syndrome.statistics.clustered import clustered_mean, independent_units


def measure_subject_level(record: OutOfFoldRecord) -> SubjectLevel:
    """Score a candidate by subjects beside its scores by images.

    Parameters
    ----------
    record : OutOfFoldRecord
        Of folds that keep a subject's images together.

    Returns
    -------
    SubjectLevel

    Raises
    ------
    StudySettingsError
        As `fuse_subjects`.
    """
    fused = fuse_subjects(record)
    return SubjectLevel(
        head=record.candidate.head,
        params=record.candidate.params,
        n_images=len(record.rows),
        n_subjects=len(fused.rows),
        image_scores=score_folds(record.by_fold(), record.task),
        subject_scores=score_folds(
            predictions_by_fold(fused, fused.truth, record.classes, record.trained), record.task
        ),
        several=_several(record, fused),
    )


def _several(record: OutOfFoldRecord, fused: FusedSubjects) -> SeveralImages | None:
    chosen = fused.n_images > 1
    if not chosen.any():
        return None
    right = np.bincount(fused.members, record.predicted == record.truth)
    single: Float64Array = right / fused.n_images
    correct = fused.predicted == fused.truth
    units, unit = independent_units(fused.rows[chosen], record.subjects)
    gains = correct[chosen] - single[chosen]
    difference = clustered_mean(gains, units, unit)
    if np.count_nonzero(gains) < FEWEST_CHANGES:
        # A handful of subjects carries the mean: Student's t is no guide to it.
        difference = difference.revised(low=None, high=None)
    return SeveralImages(
        n_subjects=int(chosen.sum()),
        n_images=int(fused.n_images[chosen].sum()),
        single_accuracy=float(single[chosen].mean()),
        fused_accuracy=float(correct[chosen].mean()),
        difference=difference,
    )


def measure_subject_levels(run: ProtocolRun) -> SubjectLevelAnalysis | None:
    """Score the best candidate of each distance by subjects, where folds keep their images together."""
    # Under folds of images the predictions of a subject come from classifiers that saw its other images.
    if run.splits.protocol != "subject":
        return None
    found = tuple(measure_subject_level(record) for record in run.records)
    return SubjectLevelAnalysis(protocol=run.splits.protocol, subject_levels=found)


COST = Cost(
    "images of a subject are fused and scored in each fold",
    (
        Term(31.0, "sort", ("images", "classes", "distances")),
        Term(880.0, "python", ("classes", "folds", "distances")),
    ),
)

COMPUTATION = Computation(
    question="subject_level", cost=COST, compute=measure_subject_levels, needs="probabilities"
)
