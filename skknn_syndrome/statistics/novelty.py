"""Novelty of images by their cosine similarity to the class means, and the threshold of rejection."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray, MatrixLike, VectorLike
from skknn_syndrome.errors import Argument, ParameterError
from skknn_syndrome.neighbors.distances import cosine_distances, unit_rows
from skknn_syndrome.results.verdicts import ROUNDING
from skknn_syndrome.statistics.conformal import subject_weights


@dataclass(frozen=True, eq=False)
class ClassMeans:
    """The mean direction of each class.

    Examples
    --------
    >>> means = ClassMeans.of([[2.0, 0.0], [0.0, 3.0], [0.0, 5.0]], [0, 1, 1])
    >>> means.novelty([[1.0, 0.0], [3.0, 4.0], [-1.0, 0.0]]).round(3).tolist()
    [0.0, 0.2, 1.0]
    """

    directions: Float64Array
    """Shape (n_classes, n_features): of length 1, or 0 where a class has no direction."""

    @classmethod
    def of(
        cls,
        X: MatrixLike,
        labels: VectorLike,
        subjects: VectorLike | None = None,
        *,
        n_classes: int | None = None,
    ) -> "ClassMeans":
        r"""Average the unit rows of each class, not centred before.

        .. math:: m_c = \sum_{i : y_i = c} w_i \frac{x_i}{\lVert x_i \rVert}, \qquad
           \mu_c = \frac{m_c}{\lVert m_c \rVert}

        Parameters
        ----------
        X : array-like of shape (n_images, n_features)
        labels : array-like of int of shape (n_images,)
            The number of each image's class.
        subjects : array-like of shape (n_images,), optional
            Whose images weigh :math:`w_i` = 1 / number of images, so that each subject counts once. Without
            them each image does.
        n_classes : int, optional
            One more than the highest label, where it is not given. A class without images has no direction,
            and is nothing's nearest.

        Returns
        -------
        ClassMeans
        """
        unit = unit_rows(_matrix(X))
        numbers = np.asarray(labels, np.intp)
        weights = np.ones(len(numbers)) if subjects is None else subject_weights(subjects, numbers)
        sums = np.zeros((int(numbers.max()) + 1 if n_classes is None else n_classes, unit.shape[1]))
        order = np.argsort(numbers, kind="stable")
        present, starts = np.unique(numbers[order], return_index=True)
        sums[present] = np.add.reduceat((weights[:, None] * unit)[order], starts)
        return cls(unit_rows(sums))

    def similarity(self, X: MatrixLike) -> Float64Array:
        """Return the cosine of each row with each class mean; 0 for a zero row.

        Parameters
        ----------
        X : array-like of shape (n_images, n_features)

        Returns
        -------
        ndarray of shape (n_images, n_classes)
        """
        rows = _matrix(X)
        if rows.shape[1] != self.directions.shape[1]:
            raise ParameterError(
                f"X has {rows.shape[1]} features, and the class means have {self.directions.shape[1]}.",
                code="other_features",
                parameter="X",
            )
        return np.asarray(1 - cosine_distances(rows, self.directions))

    def novelty(self, X: MatrixLike) -> Float64Array:
        r"""Return :math:`1 - \max_c \cos(x, \mu_c)` for each row, from 0 to 2.

        Parameters
        ----------
        X : array-like of shape (n_images, n_features)

        Returns
        -------
        ndarray of shape (n_images,)
        """
        directed = self.directions.any(axis=1)
        return np.asarray(1 - self.similarity(X).max(axis=1, where=directed, initial=-1.0))


class NearestClasses(NamedTuple):
    """The two class means that each image is most similar to: enough to leave out any class.

    Examples
    --------
    >>> found = NearestClasses.of(np.array([[0.9, 0.5, -1.0], [0.2, 0.6, 0.1]]))
    >>> found.novelty().round(1).tolist(), found.novelty(0).round(1).tolist()
    ([0.1, 0.4], [0.5, 0.4])
    """

    nearest: IndexArray
    """Shape (n_images,), as all else: the class of the largest similarity."""
    first: Float64Array
    """That similarity."""
    second: Float64Array
    """The largest to another class; -1 where there is none."""

    @classmethod
    def of(cls, similarity: Float64Array) -> "NearestClasses":
        """Read the two largest off all similarities, shape (n_images, n_classes), -1 to a class not there."""
        nearest, places = similarity.argmax(axis=1), np.arange(len(similarity))
        others = similarity.copy()
        others[places, nearest] = -1.0
        return cls(nearest, similarity[places, nearest], others.max(axis=1))

    def novelty(self, left_out: int | None = None) -> Float64Array:
        """Return 1 - the largest similarity to a class that is not left out; 2 where there is none."""
        if left_out is None:
            return np.asarray(1 - self.first)
        return np.asarray(1 - np.where(self.nearest == left_out, self.second, self.first))


def threshold(scores: VectorLike, weights: VectorLike | None = None, false_rejection: float = 0.05) -> float:
    r"""Return the novelty above which an image is rejected, from images of known classes.

    The least score :math:`t` with

    .. math:: \frac{1 + \sum_i w_i \,[s_i > t]}{1 + \sum_i w_i} \le r,

    so that a new subject of the known classes, exchangeable with these, is rejected with a probability of at
    most r: what exceeds it has a conformal p-value of r or less [1]_, [2]_.

    Parameters
    ----------
    scores : array-like of shape (n_images,)
        Novelty of known images, each by a model that was fitted without its subject.
    weights : array-like of shape (n_images,), optional
        1 / number of images of the subject; 1 each without.
    false_rejection : float in [0, 1), default=0.05

    Returns
    -------
    float
        Infinite, so that nothing is rejected, where there are fewer than 1 / r - 1 subjects.

    Raises
    ------
    ParameterError
        There is no such share, or a score is missing.

    References
    ----------
    .. [1] S. Bates, E. Candès, L. Lei, Y. Romano and M. Sesia, "Testing for outliers with conformal
       p-values", Annals of Statistics 51, 2023. doi:10.1214/22-AOS2244
    .. [2] Y. Lee, R. F. Barber and R. Willett, "Distribution-free inference with hierarchical data", 2023.
       arXiv:2306.06342

    Examples
    --------
    >>> threshold([0.1, 0.2, 0.3, 0.4], false_rejection=0.4), threshold([0.1, 0.2], false_rejection=0.05)
    (0.3, inf)
    """
    known = np.asarray(scores, np.float64)
    heavy = np.ones(len(known)) if weights is None else np.asarray(weights, np.float64)
    if not 0 <= false_rejection < 1:
        raise ParameterError(
            "{false_rejection} is no share from 0 to below 1: try {instead}.",
            code="out_of_range",
            parameter="false_rejection",
            false_rejection=Argument("false_rejection", false_rejection),
            instead=Argument("false_rejection", 0.05),
        )
    if not np.isfinite(known).all():
        raise ParameterError(
            "scores have a missing or infinite value.", code="not_finite", parameter="scores"
        )
    order = np.argsort(known, kind="stable")
    rising, heavy = known[order], heavy[order]
    above = np.append(np.cumsum(heavy[::-1])[::-1][1:], 0.0)
    last = np.searchsorted(rising, rising, side="right") - 1  # of equal scores: none of them is above
    allowed = false_rejection * (1 + heavy.sum()) - 1
    enough = np.flatnonzero(above[last] <= allowed + ROUNDING)
    return float(rising[enough[0]]) if len(enough) else np.inf


def _matrix(X: MatrixLike) -> Float64Array:
    rows: Float64Array = np.asarray(X, np.float64)
    if rows.ndim != 2:  # noqa: PLR2004  rows and columns
        raise ParameterError(
            f"X has {rows.ndim} dimensions, and needs two: images and features.",
            code="wrong_shape",
            parameter="X",
        )
    return rows
