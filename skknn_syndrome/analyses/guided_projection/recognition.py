"""Recognition by the nearest neighbour before and after a guided projection."""

import numpy as np
from sklearn.model_selection import GroupKFold
from sklearn.utils.validation import check_array, column_or_1d

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray, MatrixLike, StringArray, VectorLike
from skknn_syndrome.analyses.guided_projection.result import METRICS, Metric, RecognitionChange
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.preprocessing.guided_projection import DistanceGuidedProjection
from skknn_syndrome.statistics.clustered import clustered_mean


def recognise(
    X: MatrixLike,
    y: VectorLike,
    groups: VectorLike | None,
    projection: DistanceGuidedProjection,
    n_folds: int,
) -> RecognitionChange | None:
    """Find the nearest neighbour of each image among those of other subjects, before and after projecting.

    Parameters
    ----------
    X : array-like of shape (n_images, n_features)
    y : array-like of shape (n_images,)
    groups : array-like of shape (n_images,) or None
        The subject of each image.
    projection : DistanceGuidedProjection
        To be fitted to the training part of each fold.
    n_folds : int
    """
    rows, labels = check_array(X, dtype=np.float64), column_or_1d(y).astype(str)
    subjects = np.arange(len(rows)) if groups is None else column_or_1d(groups)
    n_folds = min(n_folds, len(np.unique(subjects)))
    splitter = GroupKFold(n_folds, shuffle=True, random_state=0) if n_folds > 1 else None
    splits = [] if splitter is None else [*splitter.split(rows, groups=subjects)]
    # No neighbour can be of a class that is not in the training part.
    known = np.zeros(len(rows), dtype=bool)
    for train, test in splits:
        known[test] = np.isin(labels[test], labels[train])
    if not known.any():
        return None
    raw: dict[Metric, Float64Array] = {metric: np.zeros(len(rows)) for metric in METRICS}
    projected = np.zeros(len(rows))
    for train, test in splits:
        projection.fit(rows[train], labels[train], groups=subjects[train])
        for metric, right in raw.items():
            right[test] = _nearest_is_right(rows, labels, train, test, metric)
        placed = projection.transform(rows)
        projected[test] = _nearest_is_right(placed, labels, train, test, projection.distance_)
    best = max(METRICS, key=lambda metric: raw[metric][known].mean())
    return RecognitionChange(
        n_folds=n_folds,
        n_images=int(known.sum()),
        n_left_out=int((~known).sum()),
        metric=best,
        raw=float(raw[best][known].mean()),
        projected=float(projected[known].mean()),
        difference=clustered_mean(
            (projected - raw[best])[known], None if groups is None else subjects[known]
        ),
    )


def _nearest_is_right(
    vectors: Float64Array, labels: StringArray, train: IndexArray, test: IndexArray, metric: Metric
) -> BoolArray:
    nearest = SyndromeKNNClassifier(1, metric=metric, weights="uniform").fit(vectors[train], labels[train])
    return np.asarray(nearest.predict(vectors[test]) == labels[test])
