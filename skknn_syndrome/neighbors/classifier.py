"""The k-nearest-neighbour classifier."""

from collections.abc import Mapping
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.base import BaseEstimator, ClassifierMixin, _fit_context
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.multiclass import check_classification_targets
from sklearn.utils.validation import check_is_fitted, validate_data

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.neighbors.gallery import GalleryMixin, float_kinds
from skknn_syndrome.neighbors.voting import (
    ClassWeight,
    check_class_weight,
    class_votes,
    resolve_class_weight,
    vote_probabilities,
)
from skknn_syndrome.neighbors.weighting import Weights, neighbor_weights

MetricName = Literal["euclidean", "cosine", "manhattan", "precomputed"]


class SyndromeKNNClassifier(GalleryMixin, ClassifierMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    r"""Classify rows by the votes of their nearest training rows.

    Parameters
    ----------
    n_neighbors : int, default=15
        How many training rows vote. If there are fewer, all of them do, and `fit` warns.
    metric : {"euclidean", "cosine", "manhattan", "precomputed"}, default="cosine"
        The distance. With "precomputed", `fit` takes the square matrix of distances between the training
        rows, and prediction the distances from each query to every training row.
    weights : {"uniform", "distance", "softmax"} or callable, default="distance"
        What a neighbour's vote counts: 1; :math:`1/d`; :math:`\exp(-d / T)`; or what a function makes of
        the array of distances (n_queries, n_neighbors), an array of the same shape.
    temperature : float, default=0.07
        :math:`T` of "softmax", in units of the distance. With the cosine distance, "softmax" is the weighting
        of DINO's evaluation [1]_, :math:`\exp(\cos(x, y) / T)`, and 0.07 its temperature. Small values let
        the nearest row decide.
    class_weight : "balanced", dict {class: weight} or None, default=None
        Factors on the votes of each class. "balanced" means n_samples / (n_classes * count of the class);
        a class that a dict doesn't name weighs 1. Names that are no class are refused, unless every class
        has a weight, as in scikit-learn. Weights must lie between 1e-100 and 1e100.
    n_jobs : int or None, default=None
        Number of threads of the search; None means 1 unless in a `joblib.parallel_config` context, -1 all.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
        The class labels, sorted.
    class_weight_ : ndarray of shape (n_classes,)
        The factor of each class.
    effective_metric_ : str
        The metric of the last fit.
    n_features_in_ : int
        Number of features; with "precomputed", of training rows.
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Column names, where `X` in `fit` was a data frame with names that are all strings.
    n_samples_fit_ : int
        Number of training rows.

    Warns
    -----
    FewerNeighborsWarning
        From `fit`; later only where another number than the one `fit` saw is too large.

    See Also
    --------
    sklearn.neighbors.KNeighborsClassifier : The same vote, with more metrics, trees and sparse input.

    Notes
    -----
    **Distances** are computed in float64, whatever the input, from differences:
    :math:`\sqrt{\sum_j (x_j - y_j)^2}`, :math:`\frac12 |x/|x| - y/|y||^2` (which equals
    :math:`1 - \cos(x, y)`), :math:`\sum_j |x_j - y_j|`. The distance of a pair depends on the pair alone:
    batch size, `n_jobs` and the place in the batch don't change a bit of it. No scale from 1e-300 to 1e300
    under- or overflows; a distance above the largest float64 is infinite.

    **Zero rows** under "cosine" have distance 1 to every row, zero rows included.

    **Order.** Neighbours are ordered by (distance, training index): of equal distances, also at the last
    place, the row that came first in training wins. Nothing else depends on the order of training rows.

    **Votes** are added in that order, in float64. If some neighbours have distance 0, under "distance" they
    alone vote, each with 1. Distances whose reciprocal overflows keep their ratios: weights are computed as
    :math:`d_{\min} / d` and :math:`\exp(-(d - d_{\min}) / T)`, which is the same once votes are divided by
    their sum. An infinite distance weighs 0, unless the nearest is infinite too; then all weigh 1.

    **A function's weights** may not be negative or NaN, and no row may be all zero. Where some are infinite,
    they alone vote, each with 1.

    **Prediction** is the class of the highest probability; of equal ones, the first in `classes_`.

    **X=None** in `kneighbors`, `kneighbors_graph`, `predict` and `predict_proba` means the training rows,
    each without itself. A duplicate of a row is its neighbour, at distance 0.

    References
    ----------
    .. [1] M. Caron et al., "Emerging Properties in Self-Supervised Vision Transformers", ICCV 2021.
       doi:10.1109/ICCV48922.2021.00951

    Examples
    --------
    >>> from skknn_syndrome.neighbors import SyndromeKNNClassifier
    >>> X = [[1, 0], [2, 0], [1, 1], [0, 1], [0, 3]]
    >>> y = ["a", "a", "a", "b", "b"]
    >>> classifier = SyndromeKNNClassifier(n_neighbors=3, weights="uniform").fit(X, y)
    >>> classifier.predict([[5, 1], [1, 9]]).tolist()
    ['a', 'b']
    >>> classifier.predict_proba([[5, 1], [1, 9]]).round(2)
    array([[1.  , 0.  ],
           [0.33, 0.67]])
    """

    _parameter_constraints: Mapping[str, list[Any]] = MappingProxyType(
        {
            "n_neighbors": [Interval(Integral, 1, None, closed="left")],
            "metric": [StrOptions({"euclidean", "cosine", "manhattan", "precomputed"})],
            "weights": [StrOptions({"uniform", "distance", "softmax"}), callable],
            "temperature": [Interval(Real, 0, np.inf, closed="neither")],
            "class_weight": [dict, StrOptions({"balanced"}), None],
            "n_jobs": [Integral, None],
        }
    )

    def __init__(
        self,
        n_neighbors: int = 15,
        *,
        metric: MetricName = "cosine",
        weights: Weights = "distance",
        temperature: float = 0.07,
        class_weight: ClassWeight = None,
        n_jobs: int | None = None,
    ) -> None:
        self.n_neighbors = n_neighbors
        self.metric = metric
        self.weights = weights
        self.temperature = temperature
        self.class_weight = class_weight
        self.n_jobs = n_jobs

    @_fit_context(prefer_skip_nested_validation=True)  # type: ignore[untyped-decorator]
    def fit(self, X: ArrayLike, y: ArrayLike) -> Self:
        """Keep the training rows.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features), or (n_samples, n_samples) if precomputed
            Dense and finite; distances not negative.
        y : array-like of shape (n_samples,)
            Class labels.

        Returns
        -------
        SyndromeKNNClassifier
            Itself.

        Raises
        ------
        ValueError
            A parameter, `X`, `y` or a class weight can't be used; precomputed distances aren't square.
        TypeError
            `X` is sparse.
        """
        # A copy: what the caller does to X between the fit and the first search changes no answer.
        samples, labels = validate_data(self, X, y, dtype=float_kinds(self.metric), order="C", copy=True)
        check_classification_targets(labels)
        self.classes_: LabelArray
        self.classes_, self._labels = np.unique(labels, return_inverse=True)
        check_class_weight(self.class_weight, self.classes_)
        self.class_weight_ = resolve_class_weight(self.class_weight, self.classes_, labels)
        self._fit_gallery(samples)
        return self

    def predict_proba(self, X: ArrayLike | None) -> Float64Array:
        """Return each class's share of the votes.

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features), or (n_queries, n_samples_fit_) if precomputed
            The rows to classify. None means the training rows, each without its own vote.

        Returns
        -------
        ndarray of shape (n_queries, n_classes)
            Columns in the order of `classes_`; rows sum to 1.

        Raises
        ------
        ValueError
            As `kneighbors`; or a function's weights can't be used.
        """
        check_is_fitted(self)
        self._validate_params()  # n_neighbors, weights and temperature may have been set since the fit
        distances, indices = self.kneighbors(X)
        weights = neighbor_weights(distances, self.weights, self.temperature)
        votes = class_votes(self._labels[indices], weights, len(self.classes_))
        return vote_probabilities(votes, self.class_weight_)

    def predict(self, X: ArrayLike | None) -> LabelArray:
        """Return the class with the highest probability; of equal ones, the first in `classes_`.

        Parameters
        ----------
        X : array-like or None
            As in `predict_proba`.

        Returns
        -------
        ndarray of shape (n_queries,)
        """
        winners = np.argmax(self.predict_proba(X), axis=1)
        labels: LabelArray = self.classes_[winners]
        return labels

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401 # scikit-learn's Tags is untyped
        """Return scikit-learn's tags: with "precomputed", cross-validation has to cut columns as well."""
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = self.metric == "precomputed"
        tags.input_tags.positive_only = tags.input_tags.pairwise
        return tags
