"""Cosine similarities of test images to the class means of their training parts."""

from collections.abc import Sequence

import numpy as np

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.crossval.study_data import StudyData
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.statistics.novelty import ClassMeans


def similarities(data: StudyData, splits: Sequence[IndexSplit]) -> list[Float64Array] | None:
    """Compare the test images of each split with the mean directions of the classes in its training part.

    Parameters
    ----------
    data : StudyData
        Subjects, where it has some, count once each.
    splits : sequence of (train, test)
        Row numbers.

    Returns
    -------
    list of array of shape (n_test, n_classes), or None
        In sorted order of the labels; 0 for a class that a training part lacks. None where a value is
        missing, as a pipeline may fill in, or is no number.
    """
    X, (classes, truth) = data.array, np.unique(data.labels, return_inverse=True)
    if X.dtype.kind not in "fiub" or not np.isfinite(X).all():
        return None
    return [
        ClassMeans.of(
            X[train],
            truth[train],
            None if data.groups is None else data.groups[train],
            n_classes=len(classes),
        ).similarity(X[test])
        for train, test in splits
    ]
