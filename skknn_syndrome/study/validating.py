"""What a study is run on, checked before anything is computed."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.utils import check_array, check_consistent_length, column_or_1d
from sklearn.utils.multiclass import check_classification_targets

from skknn_syndrome._typing import LabelArray, MatrixLike, ProtocolName, VectorLike
from skknn_syndrome.errors import StudySettingsError

MIN_CLASSES = 2


@dataclass(frozen=True)
class StudyData:
    """Embeddings, labels and subjects that fit together."""

    samples: MatrixLike
    """As the estimator takes them: an array, or the caller's data frame."""
    array: LabelArray
    """The same as an array."""
    labels: LabelArray
    groups: LabelArray | None

    def groups_of(self, protocol: ProtocolName) -> LabelArray | None:
        """Return the subjects that a protocol's folds keep together."""
        return self.groups if protocol == "subject" else None


def validate_data(X: MatrixLike, y: VectorLike, groups: VectorLike | None) -> StudyData:
    """Check embeddings, labels and subjects.

    Parameters
    ----------
    X : array-like of shape (n_images, n_features)
        Embeddings. Missing values pass: a pipeline may fill them, and the classifier refuses them.
    y : array-like of shape (n_images,)
        Class labels.
    groups : array-like of shape (n_images,) or None
        Subject ids.

    Returns
    -------
    StudyData
        The same, as arrays.

    Raises
    ------
    StudySettingsError
        If a label or a subject id is missing, a label is no text that can be written, or all are the same.
    ValueError, TypeError
        As scikit-learn raises them for input of other shapes and types.
    """
    array = check_array(X, ensure_all_finite=False, input_name="X")
    labels = _without_gaps(y, "y")
    check_classification_targets(labels)
    _check_classes(np.unique(labels))
    subjects = None if groups is None else _without_gaps(groups, "groups")
    check_consistent_length(array, labels, subjects)
    return StudyData(X if hasattr(X, "columns") else array, array, labels, subjects)


def _without_gaps(values: VectorLike, name: str) -> LabelArray:
    gaps = np.flatnonzero(pd.isna(np.asarray(values)))
    if gaps.size:
        raise StudySettingsError(
            f"{name} has no value in row {gaps[0]} (counted from 0): fill it in, or leave the row out."
        )
    checked: LabelArray = column_or_1d(values)
    return checked


def _check_classes(classes: LabelArray) -> None:
    if len(classes) < MIN_CLASSES:
        raise StudySettingsError("All images have the same label: a study needs at least two classes.")
    for position, label in enumerate(classes):
        try:
            str(label).encode()
        except UnicodeEncodeError as error:
            raise StudySettingsError(
                f"Label {position} of {len(classes)} (sorted) is no valid Unicode: {error.reason}."
            ) from error
