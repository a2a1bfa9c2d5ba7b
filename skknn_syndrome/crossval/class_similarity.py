"""Cosine similarities of images to the class means of training parts."""

from collections.abc import Sequence

import numpy as np
from sklearn.utils import get_tags

from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray, LabelArray, MatrixLike
from skknn_syndrome.crossval.folds import Split
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.statistics.novelty import ClassMeans

LEAST = -1.0
"""The similarity to a class that is not there."""


def means_of_folds(
    rows: FloatArray, codes: IndexArray, subjects: LabelArray | None, splits: Sequence[Split], n_classes: int
) -> tuple[ClassMeans, ...]:
    """Return the class means of each training part."""
    return tuple(
        ClassMeans.of(
            rows[part.train],
            codes[part.train],
            None if subjects is None else subjects[part.train],
            n_classes=n_classes,
        )
        for part in splits
    )


def similarity(means: ClassMeans, rows: MatrixLike) -> Float64Array:
    """Return the cosine of rows with class means, shape (n_rows, n_classes); -1 where a class has none.

    Examples
    --------
    >>> similarity(ClassMeans.of([[1.0, 0.0]], [0], n_classes=2), [[1.0, 0.0], [0.0, 1.0]]).tolist()
    [[1.0, -1.0], [0.0, -1.0]]
    """
    found = means.similarity(rows)
    found[:, ~means.directions.any(axis=1)] = LEAST
    return found


def similarities(run: ProtocolRun, splits: Sequence[IndexSplit]) -> list[Float64Array] | None:
    """Compare the test images of each split with the mean directions of the classes in its training part.

    Parameters
    ----------
    run : ProtocolRun
        Its embeddings as they were given; subjects, where it has some, count once each.
    splits : sequence of (train, test)
        Row numbers.

    Returns
    -------
    list of array of shape (n_test, n_classes), or None
        In sorted order of the labels; -1 for a class that a training part lacks. None where there are no
        embeddings but distances, and where a value is missing, as a pipeline may fill in, or is no number.
    """
    data, X = run.data, run.data.array
    pairwise = (
        get_tags(run.settings.estimator).input_tags.pairwise or run.scored.winner.metric == "precomputed"
    )
    if pairwise or X.dtype.kind not in "fiub" or not np.isfinite(X).all():
        return None
    classes, truth = np.unique(data.labels, return_inverse=True)
    found = []
    for train, test in splits:
        subjects = None if data.groups is None else data.groups[train]
        means = ClassMeans.of(X[train], truth[train], subjects, n_classes=len(classes))
        found.append(similarity(means, X[test]))
    return found
