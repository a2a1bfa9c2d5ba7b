"""Projection of embeddings to a space in which classes lie as far apart as in a reference, such as a tree."""

from collections.abc import Mapping
from functools import cached_property
from numbers import Integral, Real
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

import numpy as np
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import check_random_state
from sklearn.utils._param_validation import Interval, StrOptions
from sklearn.utils.validation import check_is_fitted, validate_data

from skknn_syndrome._typing import Float64Array, LabelArray, MatrixLike, VectorLike
from skknn_syndrome.data.reference import as_reference
from skknn_syndrome.errors import Argument, ParameterError
from skknn_syndrome.preprocessing.projection_network import train_network
from skknn_syndrome.preprocessing.prototypes import PrototypeMethod, SubjectMeans, subject_means

EQUIDISTANT = "equidistant"
"""The reference in which all classes are equally far apart."""
PENALTIES = tuple(np.geomspace(1e-3, 1e3, 25).tolist())
"""Tried, in units of the mean variance of the prototypes along their principal axes."""
POSITIVE = 1e-9
"""Eigenvalues below this share of the largest are 0 but for rounding."""


class PrincipalCoordinates(NamedTuple):
    """Points whose Euclidean distances are those of a matrix, as nearly as points can have them."""

    points: Float64Array
    """Shape (n_classes, n_positive_eigenvalues)."""
    negative_share: float
    """Share of the negative eigenvalues in the sum of the absolute ones: 0 where the distances are those of
    points."""


def principal_coordinates(distances: Float64Array) -> PrincipalCoordinates:
    r"""Return the principal coordinates of a distance matrix [1]_.

    They are the eigenvectors of :math:`-\frac{1}{2} J D^{(2)} J`, with the squared distances and the
    centring matrix :math:`J`, times the roots of their eigenvalues, if these are positive.

    References
    ----------
    .. [1] J. C. Gower, "Some distance properties of latent root and vector methods used in multivariate
       analysis", Biometrika 53, 1966. doi:10.1093/biomet/53.3-4.325

    Examples
    --------
    >>> found = principal_coordinates(np.array([[0.0, 3.0, 4.0], [3.0, 0.0, 5.0], [4.0, 5.0, 0.0]]))
    >>> found.points.shape, round(found.negative_share, 9)
    ((3, 2), 0.0)
    """
    squared = distances**2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    kept = values > POSITIVE * max(values[-1], 0)
    negative = np.abs(values[values < -POSITIVE * values[-1]]).sum()
    points = vectors[:, kept] * np.sqrt(values[kept])
    total = negative + values[kept].sum()
    return PrincipalCoordinates(points[:, ::-1], float(negative / total) if total else 0.0)


class RidgeRegression:
    r"""Ridge regression of points on prototypes, with the penalty by leave-one-class-out in closed form.

    With the centred prototypes :math:`P = U S V^T` of n classes, the hat matrix for a penalty
    :math:`\lambda` is :math:`H = 1/n + U S (S^2 + \lambda)^{-1} S U^T`, and the error of class i by a fit to
    the others is :math:`(y_i - \hat y_i) / (1 - H_{ii})` [1]_.

    Parameters
    ----------
    prototypes : ndarray of shape (n_classes, n_features)

    References
    ----------
    .. [1] G. H. Golub, M. Heath and G. Wahba, "Generalized cross-validation as a method for choosing a good
       ridge parameter", Technometrics 21, 1979. doi:10.1080/00401706.1979.10489751
    """

    def __init__(self, prototypes: Float64Array) -> None:
        self.center = prototypes.mean(axis=0)
        self.U, self.s, self.Vt = np.linalg.svd(prototypes - self.center, full_matrices=False)
        # Of prototypes that are all the same, any penalty makes nothing.
        variance = (self.s**2).mean() or 1.0
        self.penalties = np.array(PENALTIES) * variance

    @cached_property
    def _shrunk(self) -> Float64Array:
        """Shape (n_penalties, n_classes, n_axes): the axes, shrunk by each penalty."""
        return np.asarray(self.U * (self.s**2 / (self.s**2 + self.penalties[:, None]))[:, None])

    @cached_property
    def _one_minus_leverage(self) -> Float64Array:
        """Shape (n_penalties, n_classes, 1)."""
        return np.asarray(1 - 1 / len(self.U) - (self._shrunk * self.U).sum(axis=2, keepdims=True))

    def errors(self, points: Float64Array) -> Float64Array:
        """Return the mean squared leave-one-class-out error at each penalty."""
        centred = points - points.mean(axis=0)
        residuals = centred - self._shrunk @ (self.U.T @ centred)
        return np.asarray(((residuals / self._one_minus_leverage) ** 2).sum(axis=2).mean(axis=1))

    def fit(self, points: Float64Array, penalty: float | None = None) -> "LinearProjection":
        """Regress points, with a penalty or the one that has the smallest error."""
        if penalty is None:
            penalty = float(self.penalties[self.errors(points).argmin()])
        mean = points.mean(axis=0)
        slopes = (self.s / (self.s**2 + penalty))[:, None] * (self.U.T @ (points - mean))
        weights = self.Vt.T @ slopes
        return LinearProjection(weights, mean - self.center @ weights, penalty)


class LinearProjection(NamedTuple):
    """What a ridge regression makes of embeddings."""

    weights: Float64Array
    """Shape (n_features, n_components)."""
    intercept: Float64Array
    penalty: float


class DistanceGuidedProjection(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """Project embeddings such that distances between classes follow those of a reference.

    Ridge regression of one prototype a class on the principal coordinates of the reference, the penalty
    chosen by leaving out each class. With ``method="attention"`` it is a network instead.

    How well distances between the classes of the training data follow the reference says nothing: they would
    follow a random one. `skknn_syndrome.judge_projection` tells how well those of other classes do.

    Parameters
    ----------
    reference : ReferenceDistances, DataFrame, path, (names, matrix) or "equidistant", default=None
        Distances between classes, which are found by their names; further ones don't matter. It can be given
        to `fit` instead. With "equidistant", all classes are equally far apart.
    method : {"ridge", "attention"}, default="ridge"
        "attention" takes torch (``pip install 'skknn-syndrome[transformers]'``); see
        `skknn_syndrome.preprocessing.projection_network.train_network`.
    prototype : {"mean", "medoid", "attention"}, default="mean"
        Of the ridge regression: see `class_prototypes`.
    penalty : float, default=None
        Of the ridge regression; by default the one of 25 that has the smallest leave-one-class-out error.
    hidden_size : int, default=None
        Of the network's hidden layer; by default it has none.
    device : str, default="cpu"
        Where torch trains the network.
    random_state : int, RandomState instance or None, default=None
        Of the network.

    Attributes
    ----------
    classes_ : ndarray of shape (n_classes,)
    distance_ : {"euclidean", "cosine"}
        In which distances between projected classes follow the reference: "cosine" of the network.
    penalty_ : float
        Of the ridge regression, as is the next.
    negative_share_ : float
        How far the reference is from distances between points: the share of negative eigenvalues in the sum
        of absolute ones, which are left out.
    n_epochs_ : int
        For how many epochs the network was trained.
    coefs_, intercepts_ : list of ndarray
        Of each layer; the ridge regression is one.
    n_features_in_ : int
    feature_names_in_ : ndarray of shape (n_features_in_,)
        Column names, where `X` was a data frame with names that are all strings.

    Examples
    --------
    >>> from skknn_syndrome.data import make_taxonomy_embeddings
    >>> made = make_taxonomy_embeddings(20)
    >>> data = made.dataset
    >>> projection = DistanceGuidedProjection(reference=made.reference)
    >>> projection.fit_transform(data.embeddings, data.syndromes, groups=data.subjects).shape
    (380, 19)
    """

    _parameter_constraints: Mapping[str, Any] = MappingProxyType(
        {
            "reference": "no_validation",
            "method": [StrOptions({"ridge", "attention"})],
            "prototype": [StrOptions({"mean", "medoid", "attention"})],
            "penalty": [Interval(Real, 0, None, closed="neither"), None],
            "hidden_size": [Interval(Integral, 1, None, closed="left"), None],
            "device": [str],
            "random_state": ["random_state"],
        }
    )

    def __init__(
        self,
        reference: object = None,
        *,
        method: Literal["ridge", "attention"] = "ridge",
        prototype: PrototypeMethod = "mean",
        penalty: float | None = None,
        hidden_size: int | None = None,
        device: str = "cpu",
        random_state: int | np.random.RandomState | None = None,
    ) -> None:
        self.reference = reference
        self.method = method
        self.prototype = prototype
        self.penalty = penalty
        self.hidden_size = hidden_size
        self.device = device
        self.random_state = random_state

    def fit(
        self, X: MatrixLike, y: VectorLike, groups: VectorLike | None = None, reference: object = None
    ) -> "DistanceGuidedProjection":
        """Learn the projection.

        Parameters
        ----------
        X : array-like of shape (n_images, n_features)
        y : array-like of shape (n_images,)
            The class of each image: a name of the reference.
        groups : array-like of shape (n_images,), optional
            Its subject: images are averaged by subject first.
        reference : object, optional
            Instead of that of the constructor.

        Returns
        -------
        DistanceGuidedProjection
            Itself.

        Raises
        ------
        ParameterError
            If there is no reference, or one class alone.
        ReferenceDistancesError
            If these are no distances, or a class is not among them.
        """
        self._validate_params()
        rows, labels = validate_data(self, X, y, dtype=np.float64)
        means = subject_means(rows, labels, groups)
        self.classes_ = means.classes
        distances = distances_between(self.reference if reference is None else reference, self.classes_)
        if not distances.any():
            raise ParameterError(
                "{reference} has distances of 0 alone.",
                code="no_distances",
                parameter="reference",
                reference=Argument("reference"),
            )
        if self.method == "ridge":
            self._fit_ridge(means, distances)
        else:
            self._fit_network(means, distances)
        return self

    def _fit_ridge(self, means: SubjectMeans, distances: Float64Array) -> None:
        points, self.negative_share_ = principal_coordinates(distances)
        fitted = RidgeRegression(means.prototypes(self.prototype)).fit(points, self.penalty)
        self.coefs_, self.intercepts_, self.penalty_ = [fitted.weights], [fitted.intercept], fitted.penalty
        self.distance_: Literal["euclidean", "cosine"] = "euclidean"

    def _fit_network(self, means: SubjectMeans, distances: Float64Array) -> None:
        seed = check_random_state(self.random_state).randint(2**31 - 1)
        self.coefs_, self.intercepts_, self.n_epochs_ = train_network(
            means, distances, self.hidden_size, seed=seed, device=self.device
        )
        self.distance_ = "cosine"

    def transform(self, X: MatrixLike) -> Float64Array:
        """Project embeddings of any classes.

        Parameters
        ----------
        X : array-like of shape (n_images, n_features)

        Returns
        -------
        ndarray of float64 of shape (n_images, n_components)
        """
        check_is_fitted(self)
        found = validate_data(self, X, dtype=np.float64, reset=False)
        for coef, intercept in zip(self.coefs_[:-1], self.intercepts_[:-1], strict=True):
            found = np.maximum(found @ coef + intercept, 0)
        return np.asarray(found @ self.coefs_[-1] + self.intercepts_[-1])

    @property
    def _n_features_out(self) -> int:
        """As scikit-learn names the columns."""
        return int(self.coefs_[-1].shape[1])

    def __sklearn_tags__(self) -> Any:  # noqa: ANN401  scikit-learn is untyped
        """Say that it needs classes."""
        tags = super().__sklearn_tags__()
        tags.target_tags.required = True
        return tags


def distances_between(reference: object, classes: LabelArray) -> Float64Array:
    """Return the reference distances between classes, in their order.

    Parameters
    ----------
    reference : ReferenceDistances, DataFrame, path, (names, matrix) or "equidistant"
    classes : ndarray of shape (n_classes,)

    Examples
    --------
    >>> distances_between((["b", "c", "a"], [[0, 1, 2], [1, 0, 3], [2, 3, 0]]), np.array(["a", "b"])).tolist()
    [[0.0, 2.0], [2.0, 0.0]]
    """
    if reference is None:
        raise ParameterError(
            "{reference} is missing: give distances between the classes.",
            code="no_reference",
            parameter="reference",
            reference=Argument("reference"),
        )
    if len(classes) == 1:
        raise ParameterError(
            "y holds one class alone: a distance takes two.", code="one_class", parameter="y"
        )
    if isinstance(reference, str) and reference == EQUIDISTANT:
        return 1 - np.eye(len(classes))
    return as_reference(reference).of([str(name) for name in classes]).distances
