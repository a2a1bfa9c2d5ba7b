"""From images to subjects: out-of-fold probabilities, fused by their mean."""

from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.results.subject_level import SeveralImages, SubjectLevel
from skknn_syndrome.results.verdicts import FEWEST_CHANGES
from skknn_syndrome.study.clustered import clustered_mean, independent_units
from skknn_syndrome.study.out_of_fold import OutOfFold, OutOfFoldRecord, predictions_by_fold, score_folds


@dataclass(frozen=True, eq=False)
class FusedSubjects(OutOfFold):
    """One prediction for each subject in each fold that tests it.

    `rows` are the first image of each. A subject with images of several syndromes comes once for each.
    """

    truth: IndexArray
    """Shape (n_predictions,): the column of the true class."""
    n_images: IndexArray
    """Shape (n_predictions,): how many images were fused."""
    members: IndexArray
    """Shape (n_images_predicted,): to which of them each prediction of the record belongs."""


def fuse_subjects(record: OutOfFoldRecord) -> FusedSubjects:
    r"""Fuse the images of each subject by the mean of their probabilities, the sum rule [1]_.

    .. math:: p_c = \frac{1}{m} \sum_{i=1}^{m} p_{i,c}

    Parameters
    ----------
    record : OutOfFoldRecord
        Of folds that keep a subject's images together.

    Returns
    -------
    FusedSubjects
        Fold after fold, in a fold by subject.

    Raises
    ------
    StudySettingsError
        The folds are by image: a subject's images lie in several folds, each with others of them in its
        training part.

    References
    ----------
    .. [1] J. Kittler, M. Hatef, R. P. W. Duin and J. Matas, "On Combining Classifiers", IEEE TPAMI 20(3),
       1998. doi:10.1109/34.667881
    """
    if record.protocol != "subject" or record.subjects is None:
        raise StudySettingsError(
            "Images are fused by subject, and these folds part a subject's images: "
            "take folds that keep them together (give groups)."
        )
    people, codes = np.unique(record.subjects, return_inverse=True)
    keys = np.ravel_multi_index(
        (record.folds, codes[record.rows], record.truth),
        (len(record.trained), len(people), len(record.classes)),
    )
    _, first, members, n_images = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    sums = np.zeros((len(first), len(record.classes)))
    np.add.at(sums, members, record.probabilities)
    return FusedSubjects(
        rows=record.rows[first],
        folds=record.folds[first],
        probabilities=sums / n_images[:, None],
        truth=record.truth[first],
        n_images=n_images,
        members=members,
    )


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
    recognised = fused.probabilities.argmax(axis=1) == fused.truth
    units, unit = independent_units(fused.rows[chosen], record.subjects)
    gains = recognised[chosen] - single[chosen]
    difference = clustered_mean(gains, units, unit)
    if np.count_nonzero(gains) < FEWEST_CHANGES:
        # A handful of subjects carries the mean: Student's t is no guide to it.
        difference = difference.revised(low=None, high=None)
    return SeveralImages(
        n_subjects=int(chosen.sum()),
        n_images=int(fused.n_images[chosen].sum()),
        single_accuracy=float(single[chosen].mean()),
        fused_accuracy=float(recognised[chosen].mean()),
        difference=difference,
    )
