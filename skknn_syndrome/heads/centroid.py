"""Nearest-centroid classifier for cosine, Euclidean and Manhattan distances."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.utils._param_validation import StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.heads.base import Head
from skknn_syndrome.neighbors.distances import PAIRWISE, prepare_rows

BINARY = 2


class NearestCentroidClassifier(ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    r"""Classify rows by the nearest of the classes' centroids.

    Parameters
    ----------
    metric : {"cosine", "euclidean", "manhattan"}, default="cosine"
        The distance, and with it the centroid: the mean of a class's rows; the direction of the mean of its
        unit rows for "cosine"; for "manhattan" the median feature by feature, which has the least sum of
        distances to the rows.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The class labels, sorted.
    centroids_ : ndarray of shape (n_classes, n_features)
        Their centroids; of length 1 for "cosine".
    n_features_in_ : int
        Number of features.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Column names, where `X` in `fit` was a data frame with names that are all strings.

    See Also
    --------
    sklearn.neighbors.NearestCentroid : The same for "euclidean" and "manhattan", without "cosine".

    Notes
    -----
    There are no probabilities: classes are ranked by the negative distance to their centroid [1]_. Of equally
    near centroids the first class is predicted.

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

    _parameter_constraints: Mapping[str, list[Any]] = MappingProxyType(
        {"metric": [StrOptions(set(PAIRWISE))]}
    )

    def __init__(self, metric: Literal["cosine", "euclidean", "manhattan"] = "cosine") -> None:
        self.metric = metric

    @_fit_context(prefer_skip_nested_validation=True)  # type: ignore[untyped-decorator]
    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Keep the centroid of each class.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Dense and finite.
        y : array-like of shape (n_samples,)
            Class labels.

        Returns
        -------
        NearestCentroidClassifier
            Itself.

        Raises
        ------
        ValueError
            The metric, `X` or `y` can't be used.
        TypeError
            `X` is sparse.
        """
        samples, labels = validate_data(self, X, y, dtype=np.float64, order="C")
        check_classification_targets(labels)
        rows = prepare_rows(samples, self.metric)
        self.classes_: LabelArray
        self.classes_, numbers = np.unique(labels, return_inverse=True)
        centre = np.median if self.metric == "manhattan" else np.mean
        centroids = [centre(rows[numbers == number], axis=0) for number in range(len(self.classes_))]
        self._metric = self.metric  # what the centroids are made for, whatever the parameter is set to later
        self.centroids_: Float64Array = prepare_rows(np.array(centroids), self._metric)
        return self

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
        check_is_fitted(self)
        samples: Float64Array = validate_data(self, X, dtype=np.float64, order="C", reset=False)
        distances = PAIRWISE[self._metric](prepare_rows(samples, self._metric), self.centroids_)
        return np.asarray(np.minimum(distances, np.finfo(np.float64).max), dtype=np.float64)

    def decision_function(self, X: ArrayLike) -> Float64Array:
        """Return the negative distances to the centroids.

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features)

        Returns
        -------
        ndarray of shape (n_queries, n_classes)
            Of two classes, as scikit-learn has it, shape (n_queries,): how much nearer the second is.
        """
        distances = self.centroid_distances(X)
        return distances[:, 0] - distances[:, 1] if len(self.classes_) == BINARY else -distances

    def predict(self, X: ArrayLike) -> LabelArray:
        """Return the class of the nearest centroid; of equally near ones, the first in `classes_`.

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features)

        Returns
        -------
        ndarray of shape (n_queries,)
        """
        nearest = self.centroid_distances(X).argmin(axis=1)
        labels: LabelArray = self.classes_[nearest]
        return labels


CENTROID = Head(
    name="centroid",
    title="nearest class centroid",
    estimator=NearestCentroidClassifier,
    grid={"metric": ("euclidean", "cosine")},
    gives=frozenset({"decision"}),
)
