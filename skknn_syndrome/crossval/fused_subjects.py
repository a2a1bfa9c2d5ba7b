"""Fusion of a subject's images: one prediction from the mean of their probabilities."""

from dataclasses import dataclass

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.crossval.out_of_fold import OutOfFold, OutOfFoldRecord
from skknn_syndrome.errors import StudySettingsError


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

    @property
    def predicted(self) -> IndexArray:
        """Shape (n_predictions,): the column of the predicted class."""
        columns: IndexArray = self.probabilities.argmax(axis=1) if self.said is None else self.said
        return columns


def fuse_subjects(record: OutOfFoldRecord) -> FusedSubjects:
    r"""Fuse the images of each subject by the mean of their probabilities, the sum rule [1]_.

    .. math:: p_c = \frac{1}{m} \sum_{i=1}^{m} p_{i,c}

    The predicted class is the most probable one. Of a head that predicts others, it is that of most images,
    and of equals the more probable.

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
            "take folds that keep them together (give groups).",
            code="folds_part_subjects",
        )
    people, codes = np.unique(record.subjects, return_inverse=True)
    keys = np.ravel_multi_index(
        (record.folds, codes[record.rows], record.truth),
        (len(record.trained), len(people), len(record.classes)),
    )
    _, first, members, n_images = np.unique(keys, return_index=True, return_inverse=True, return_counts=True)
    sums = np.zeros((len(first), len(record.classes)))
    np.add.at(sums, members, record.probabilities)
    probabilities = sums / n_images[:, None]
    return FusedSubjects(
        rows=record.rows[first],
        folds=record.folds[first],
        probabilities=probabilities,
        said=None if record.said is None else _majority(record.said, members, probabilities),
        truth=record.truth[first],
        n_images=n_images,
        members=members,
    )


def _majority(said: IndexArray, members: IndexArray, probabilities: Float64Array) -> IndexArray:
    """Return the class that most images of each subject are predicted to be of."""
    votes = np.zeros_like(probabilities)
    np.add.at(votes, (members, said), 1.0)
    # Less than half a vote tells equals apart.
    columns: IndexArray = (votes + probabilities / 2.1).argmax(axis=1)
    return columns
