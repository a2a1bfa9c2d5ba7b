"""Which images stand behind the gallery rows that a fitted estimator finds."""

from typing import TypeAlias

import numpy as np
from sklearn.pipeline import Pipeline
from sklearn.utils import check_array

from skknn_syndrome._typing import Estimator, Float64Array, IndexArray, LabelArray, MatrixLike
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.distances import prepare_rows
from skknn_syndrome.neighbors.neighbors import Neighbors

Unknown: TypeAlias = str
"""Why neighbours can't be named, in half a sentence."""

RESAMPLED: Unknown = (
    "a step of the pipeline resamples the training part, and not every row that it made is one image of it"
)


def find_neighbors(
    model: Estimator, training: MatrixLike, labels: LabelArray, test: MatrixLike
) -> Neighbors | Unknown:
    """Return the voting neighbours of test rows as row numbers of the training part.

    Without resampling, gallery row i is training row i. With it, gallery rows are traced back by their
    values: each has to be, bit for bit, what the fitted steps make of exactly one training row of its class.

    Parameters
    ----------
    model : classifier or Pipeline
        Fitted on `training`. A pipeline may come from imbalanced-learn.
    training : array or data frame of shape (n_train, n_features)
    labels : array of shape (n_train,)
        The class of each training row.
    test : array or data frame of shape (n_test, n_features)

    Returns
    -------
    Neighbors, or text
        The text says why neighbours can't be named with certainty.

    Examples
    --------
    >>> training, labels = np.array([[0.0], [3.0], [4.0]]), np.array(["a", "a", "b"])
    >>> model = SyndromeKNNClassifier(2, metric="euclidean").fit(training, labels)
    >>> find_neighbors(model, training, labels, np.array([[5.0]])).indices
    array([[2, 1]])
    """
    steps = [step for _, step in model.steps] if isinstance(model, Pipeline) else [model]
    classifier = steps.pop()
    if not KNN.owns(classifier):
        return f"{type(classifier).__name__} does not let neighbours vote"
    if not KNN.fits(classifier):
        return f"{type(classifier).__name__} may let other rows vote than those that it says are near"
    distances, indices = classifier.kneighbors(_transformed(steps, test))
    if not any(hasattr(step, "fit_resample") for step in steps):
        return Neighbors(distances, indices)
    origin = _trace_back(classifier, _transformed(steps, training), labels)
    return RESAMPLED if origin is None else Neighbors(distances, origin[indices])


def _transformed(steps: list[Estimator], rows: MatrixLike) -> MatrixLike:
    for step in steps:
        if hasattr(step, "transform"):  # neither a sampler nor "passthrough"
            rows = step.transform(rows)
    return rows


def _trace_back(
    classifier: SyndromeKNNClassifier, training: MatrixLike, labels: LabelArray
) -> IndexArray | None:
    """Return for each gallery row the training row that it is, None where one of them is none or several."""
    samples: Float64Array = check_array(training, dtype=np.float64, order="C")
    prepared = prepare_rows(samples, classifier.effective_metric_)
    rows = {row.tobytes(): number for number, row in enumerate(prepared)}
    found = [rows.get(row.tobytes(), -1) for row in classifier._gallery]  # noqa: SLF001
    origin = np.array(found, dtype=np.intp)
    if len(rows) < len(prepared) or (origin < 0).any():
        return None
    voted = classifier.classes_[classifier._labels]  # noqa: SLF001
    return origin if np.array_equal(voted, labels[origin]) else None
