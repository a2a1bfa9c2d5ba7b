"""Likeness of cases to class means of each training part, which breaks ties of probabilities."""

from collections.abc import Sequence

from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray, LabelArray, MatrixLike
from skknn_syndrome.crossval.folds import Split
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
