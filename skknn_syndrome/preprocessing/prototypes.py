"""Class prototypes: one vector a class, from the means of its subjects."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias, get_args

import numpy as np
from scipy.spatial.distance import cdist
from sklearn.utils.validation import check_array, check_consistent_length, column_or_1d

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray, MatrixLike, VectorLike
from skknn_syndrome.errors import Argument, ParameterError, meant

PrototypeMethod: TypeAlias = Literal["mean", "medoid", "attention"]

ATTENTION_STEPS = 10


class SubjectMeans(NamedTuple):
    """Means of the images of each subject of each class, ordered by class."""

    classes: LabelArray
    """Sorted, shape (n_classes,)."""
    vectors: Float64Array
    """Shape (n_subjects, n_features); a subject of two classes has a vector in each."""
    starts: IndexArray
    """Shape (n_classes + 1,): the subjects of class c are those from `starts[c]` to `starts[c + 1]`."""

    @property
    def by_class(self) -> list[Float64Array]:
        """The vectors of each class."""
        return np.split(self.vectors, self.starts[1:-1])

    @property
    def n_subjects(self) -> IndexArray:
        """Shape (n_classes,)."""
        return np.diff(self.starts)

    def prototypes(self, method: PrototypeMethod = "mean") -> Float64Array:
        """Return one vector a class: see `class_prototypes`."""
        pooled = [pool(rows, np.ones((1, len(rows))), method) for rows in self.by_class]
        return np.concatenate(pooled)


def subject_means(X: MatrixLike, y: VectorLike, groups: VectorLike | None = None) -> SubjectMeans:
    """Average the images of each subject.

    Parameters
    ----------
    X : array-like of shape (n_images, n_features)
    y : array-like of shape (n_images,)
        The class of each image.
    groups : array-like of shape (n_images,), optional
        Its subject. Without, each image is a subject of its own.

    Returns
    -------
    SubjectMeans

    Examples
    --------
    >>> found = subject_means([[0.0], [2.0], [5.0], [7.0]], ["b", "b", "a", "b"], [1, 1, 2, 3])
    >>> found.vectors.ravel().tolist(), found.n_subjects.tolist()
    ([5.0, 1.0, 7.0], [1, 2])
    """
    rows = check_array(X, dtype=np.float64)
    labels = column_or_1d(y)
    subjects = np.arange(len(rows)) if groups is None else column_or_1d(groups)
    check_consistent_length(rows, labels, subjects)
    classes, of_class = np.unique(labels, return_inverse=True)
    _, of_subject = np.unique(subjects, return_inverse=True)
    pairs, unit = np.unique(of_class * (of_subject.max() + 1) + of_subject, return_inverse=True)
    order = np.argsort(unit, kind="stable")
    counts = np.bincount(unit)
    sums = np.add.reduceat(rows[order], np.cumsum(counts) - counts, axis=0)
    starts = np.searchsorted(pairs // (of_subject.max() + 1), np.arange(len(classes) + 1))
    return SubjectMeans(classes, sums / counts[:, None], starts.astype(np.intp))


def class_prototypes(
    X: MatrixLike,
    y: VectorLike,
    groups: VectorLike | None = None,
    method: PrototypeMethod = "mean",
) -> tuple[LabelArray, Float64Array]:
    r"""Return one vector a class, to which each of its subjects counts alike.

    Parameters
    ----------
    X : array-like of shape (n_images, n_features)
    y : array-like of shape (n_images,)
        The class of each image.
    groups : array-like of shape (n_images,), optional
        Its subject: images are averaged by subject before anything else. Without, each image is a subject of
        its own.
    method : {"mean", "medoid", "attention"}, default="mean"
        Of a class's subjects :math:`x_i`, these are averaged; or the one is taken that has the smallest sum
        of Euclidean distances to the others; or they are averaged with weights that fall with the distance
        from the prototype, which guards against a few subjects or images that don't belong there:

        .. math:: m \leftarrow \sum_i w_i x_i, \qquad
           w_i \propto \exp\left(-\frac{d_i^2}{2\, \mathrm{median}_j\, d_j^2}\right), \qquad
           d_i = \lVert x_i - m \rVert,

        ten times, from the median of each feature on.

    Returns
    -------
    classes : ndarray of shape (n_classes,)
        Sorted.
    prototypes : ndarray of float64 of shape (n_classes, n_features)

    Raises
    ------
    ParameterError
        If there is no such method.

    Examples
    --------
    >>> X = [[0.0], [2.0], [5.0], [4.0], [6.0], [8.0]]
    >>> classes, prototypes = class_prototypes(X, list("aaabbb"), groups=[1, 1, 2, 3, 4, 5])
    >>> classes.tolist(), prototypes.ravel().tolist()
    (['a', 'b'], [3.0, 6.0])
    """
    means = subject_means(X, y, groups)
    return means.classes, means.prototypes(method)


def pool(rows: Float64Array, weights: Float64Array, method: PrototypeMethod) -> Float64Array:
    """Pool subjects of one class under several weightings at once, as resampling needs it.

    Parameters
    ----------
    rows : ndarray of shape (n_subjects, n_features)
    weights : ndarray of shape (n_weightings, n_subjects)
        How often each subject is there: 0, 1, 2, ...
    method : {"mean", "medoid", "attention"}

    Returns
    -------
    ndarray of shape (n_weightings, n_features)

    Examples
    --------
    >>> pool(np.array([[0.0], [1.0], [8.0]]), np.array([[1, 1, 1], [0, 2, 1]]), "medoid").ravel()
    array([1., 1.])
    """
    if method not in _POOLINGS:
        raise ParameterError(
            "there is no {method}: {meant}.",
            code="unknown_prototype",
            parameter="prototype",
            method=Argument("prototype", method),
            meant=meant(method, get_args(PrototypeMethod)),
        )
    return _POOLINGS[method](rows, weights)


def _mean(rows: Float64Array, weights: Float64Array) -> Float64Array:
    return np.asarray(weights @ rows / weights.sum(axis=1, keepdims=True))


def _medoid(rows: Float64Array, weights: Float64Array) -> Float64Array:
    sums = weights @ cdist(rows, rows)
    return np.asarray(rows[np.where(weights > 0, sums, np.inf).argmin(axis=1)])


def _attention(rows: Float64Array, weights: Float64Array) -> Float64Array:
    prototype = _weighted_median(np.broadcast_to(rows, (len(weights), *rows.shape)), weights)
    for _ in range(ATTENTION_STEPS):
        squared = cdist(prototype, rows, "sqeuclidean")
        scale = _weighted_median(squared[:, :, None], weights)
        # Where more than half of the subjects are the prototype, the others count for nothing.
        ratio = np.divide(squared, scale, out=np.where(squared > 0, np.inf, 0.0), where=scale > 0)
        prototype = _mean(rows, weights * np.exp(-ratio / 2))
    return prototype


def _weighted_median(values: Float64Array, weights: Float64Array) -> Float64Array:
    """Return the median over the second axis of values that are there several times each."""
    order = np.argsort(values, axis=1)
    ordered = np.take_along_axis(values, order, axis=1)
    counted = np.cumsum(np.take_along_axis(weights[:, :, None], order, axis=1), axis=1)
    half = weights.sum(axis=1)[:, None, None] / 2
    ends = [(counted >= half).argmax(axis=1), (counted > half).argmax(axis=1)]
    low, high = (np.take_along_axis(ordered, end[:, None], axis=1)[:, 0] for end in ends)
    return np.asarray((low + high) / 2)


_POOLINGS: Mapping[str, Callable[[Float64Array, Float64Array], Float64Array]] = MappingProxyType(
    {"mean": _mean, "medoid": _medoid, "attention": _attention}
)
