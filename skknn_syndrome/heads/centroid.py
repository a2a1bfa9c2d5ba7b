"""Nearest-centroid classifier for cosine, Euclidean and Manhattan distances."""

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils._param_validation import StrOptions

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.calibrated import CalibratedClassifier, constraints
from skknn_syndrome.neighbors.distances import PAIRWISE, prepare_rows


class NearestCentroidClassifier(CalibratedClassifier):
    r"""Classify rows by the nearest of the classes' centroids.

    Parameters
    ----------
    metric : {"cosine", "euclidean", "manhattan"}, default="cosine"
        The distance, and with it the centroid: the mean of a class's rows; the direction of the mean of its
        unit rows for "cosine"; for "manhattan" the median feature by feature, which has the least sum of
        distances to the rows.
    inner_cv, random_state
        As in `skknn_syndrome.heads.calibrated.CalibratedClassifier`. Rows are not scaled.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The class labels, sorted.
    centroids_ : ndarray of shape (n_classes, n_features)
        Their centroids; of length 1 for "cosine".
    temperature_, temperature_source_
        As in `CalibratedClassifier`.
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Column names, where `X` in `fit` was a data frame with names that are all strings.

    See Also
    --------
    sklearn.neighbors.NearestCentroid : The same for "euclidean" and "manhattan", without "cosine".

    Notes
    -----
    Classes are ranked by the negative distance to their centroid [1]_, whose softmax at the temperature gives
    probabilities. Of equally near centroids the first class is predicted.

    References
    ----------
    .. [1] R. Tibshirani, T. Hastie, B. Narasimhan and G. Chu, "Diagnosis of multiple cancer types by shrunken
       centroids of gene expression", PNAS 99, 2002. doi:10.1073/pnas.082099299

    Examples
    --------
    >>> X = [[1.0, 0.0], [2.0, 0.0], [0.0, 1.0], [0.0, 3.0]]
    >>> model = NearestCentroidClassifier(metric="euclidean").fit(X, ["a", "a", "b", "b"])
    >>> model.centroids_.tolist(), model.predict([[1.0, 1.0]]).tolist()
    ([[1.5, 0.0], [0.0, 2.0]], ['a'])
    """

    _parameter_constraints = constraints(metric=[StrOptions(set(PAIRWISE))])
    _takes_one_class = True
    scaling = None

    def __init__(
        self,
        metric: Literal["cosine", "euclidean", "manhattan"] = "cosine",
        *,
        inner_cv: int | None = 5,
        random_state: int | np.random.RandomState | None = 42,
    ) -> None:
        self.metric = metric
        self.inner_cv = inner_cv
        self.random_state = random_state

    def _learn(self, rows: Float64Array, codes: IndexArray, members: IndexArray | None) -> None:
        del members
        rows = prepare_rows(rows, self.metric)
        centre = np.median if self.metric == "manhattan" else np.mean
        centroids = [centre(rows[codes == code], axis=0) for code in range(len(self.classes_))]
        self._metric = self.metric  # what the centroids are made for, whatever the parameter is set to later
        self.centroids_: Float64Array = prepare_rows(np.array(centroids), self._metric)

    def centroid_distances(self, X: ArrayLike) -> Float64Array:
        """Return the distance of each row to each class's centroid.

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features)

        Returns
        -------
        ndarray of shape (n_queries, n_classes)
            The largest float64 stands for a distance above it.
        """
        return -self.class_scores(X)

    def _score(self, rows: Float64Array) -> Float64Array:
        distances = PAIRWISE[self._metric](prepare_rows(rows, self._metric), self.centroids_)
        return -np.asarray(np.minimum(distances, np.finfo(np.float64).max), dtype=np.float64)


CENTROID = Head(
    name="centroid",
    title="nearest class centroid",
    estimator=NearestCentroidClassifier,
    grid={"metric": ("euclidean", "cosine")},
    gives=frozenset({"probabilities", "decision"}),
)
