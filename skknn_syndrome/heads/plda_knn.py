"""Nearest neighbours by probabilistic linear discriminant analysis: the two-covariance model."""

from numbers import Real

import numpy as np
from scipy.linalg import eigh
from sklearn.utils._param_validation import Interval

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.calibrated import CalibratedClassifier, Scaling, constraints
from skknn_syndrome.heads.softmax_knn import Gallery

RIDGE = 1e-9
"""Share of the variance of all rows that keeps covariances invertible."""


class PLDAKNNClassifier(CalibratedClassifier):
    r"""Let training rows vote by how much likelier it is that they and a row are of one class than of two.

    In the two-covariance model [1]_ [2]_ a row is :math:`x = \mu + u_c + e`: a class's
    :math:`u_c \sim N(0, B)`, an image's :math:`e \sim N(0, W)`. Two rows of one class share :math:`u`:

    .. math:: r(x, x') = \log N\!\left(\begin{bmatrix} x \\ x' \end{bmatrix} \middle|
       \begin{bmatrix} \mu \\ \mu \end{bmatrix},
       \begin{bmatrix} B + W & B \\ B & B + W \end{bmatrix}\right)
       - \log N(x | \mu, B + W) - \log N(x' | \mu, B + W).

    A class's score is :math:`\log \sum_i \exp(r(x, x_i) / T)` over its training rows: log-sum-exp, not the
    sum of the ratios, in which rows that are unlike would outvote those that are near.

    Parameters
    ----------
    within_shrinkage : float from 0 to 1, default=0.7
        How far W, the mean covariance within classes, is moved to a multiple of the unit matrix.
    between_shrinkage : float from 0 to 1, default=0.01
        The same for B, the covariance of the classes' means.
    T : float, default=2.0
        Of the ratios: near 0 the nearest row decides alone.
    scaling, inner_cv, random_state
        As in `skknn_syndrome.heads.calibrated.CalibratedClassifier`, whose attributes there are as well.

    Attributes
    ----------
    mean_ : ndarray of shape (n_features,)
        Of the scaled rows.
    within_, between_ : ndarray of shape (n_features, n_features)
        W and B. Each row counts as 1 / number of its subject's rows, so that a subject counts as one.

    References
    ----------
    .. [1] S. Ioffe, "Probabilistic linear discriminant analysis", ECCV 2006. doi:10.1007/11744085_41
    .. [2] N. Brümmer and E. de Villiers, "The speaker partitioning problem", Odyssey 2010.

    Examples
    --------
    >>> X, y = [[0.0, 9.0], [1.0, 2.0], [5.0, 3.0], [6.0, 8.0]], ["a", "a", "b", "b"]
    >>> PLDAKNNClassifier(scaling=None).fit(X, y).predict([[0.5, 5.0], [5.5, 5.0]]).tolist()
    ['a', 'b']
    """

    _parameter_constraints = constraints(
        within_shrinkage=[Interval(Real, 0, 1, closed="both")],
        between_shrinkage=[Interval(Real, 0, 1, closed="both")],
        T=[Interval(Real, 0, None, closed="neither")],
    )

    _of_scores = ("T",)

    def __init__(
        self,
        within_shrinkage: float = 0.7,
        *,
        between_shrinkage: float = 0.01,
        T: float = 2.0,
        scaling: Scaling = "unit",
        inner_cv: int | None = 5,
        random_state: int | np.random.RandomState | None = 42,
    ) -> None:
        self.within_shrinkage = within_shrinkage
        self.between_shrinkage = between_shrinkage
        self.T = T
        self.scaling = scaling
        self.inner_cv = inner_cv
        self.random_state = random_state

    def _learn(self, rows: Float64Array, codes: IndexArray, members: IndexArray | None) -> None:
        self.mean_: Float64Array
        self.mean_, within, between = self._once("plda", lambda: _covariances(rows, codes, members))
        # Rows that are all alike have no variance, of which a share would be none either.
        ridge = RIDGE * (np.trace(within) + np.trace(between)) / len(within) or 1.0
        self.within_ = _shrunk(within, self.within_shrinkage, ridge)
        self.between_ = _shrunk(between, self.between_shrinkage, 0.0)
        # In the basis in which W is the unit matrix and B diagonal, features are independent.
        ratios, self._basis = eigh(self.between_, self.within_)
        ratios = np.maximum(ratios, 0.0)
        self._scales: Float64Array = np.sqrt(ratios / (1 + 2 * ratios))
        self._curvatures: Float64Array = ratios**2 / ((1 + ratios) * (1 + 2 * ratios)) / 2
        self._constant = float((np.log1p(ratios) - np.log1p(2 * ratios) / 2).sum())
        projected = (rows - self.mean_) @ self._basis
        self._gallery = Gallery(projected * self._scales, codes)
        self._norms: Float64Array = (projected**2 @ self._curvatures)[np.argsort(codes, kind="stable")]

    def log_likelihood_ratios(self, rows: Float64Array) -> Float64Array:
        """Return r of scaled rows and all training rows, which are sorted by class.

        Parameters
        ----------
        rows : ndarray of shape (n_queries, n_features)

        Returns
        -------
        ndarray of shape (n_queries, n_training_rows)
        """
        projected = (rows - self.mean_) @ self._basis
        products: Float64Array = (projected * self._scales) @ self._gallery.rows.T
        products -= (projected**2 @ self._curvatures)[:, None] + self._norms - self._constant
        return products

    def _score(self, rows: Float64Array) -> Float64Array:
        key = "plda ratios", self.within_shrinkage, self.between_shrinkage
        return self._gallery.votes(self._once(key, lambda: self.log_likelihood_ratios(rows)) / self.T)


def _covariances(
    rows: Float64Array, codes: IndexArray, members: IndexArray | None
) -> tuple[Float64Array, Float64Array, Float64Array]:
    """Return the mean of rows, and their covariances within and between classes, a subject counted once."""
    shares = np.ones(len(rows)) if members is None else 1.0 / np.bincount(members)[members]
    shares /= shares.sum()
    mean = shares @ rows
    weights = np.bincount(codes, shares)
    marks = np.asarray(codes[:, None] == np.arange(len(weights)), dtype=np.float64) * shares[:, None]
    means = marks.T @ rows / weights[:, None]
    residuals, offsets = rows - means[codes], means - mean
    return mean, (residuals.T * shares) @ residuals, (offsets.T * weights) @ offsets


def _shrunk(covariance: Float64Array, share: float, ridge: float) -> Float64Array:
    size = len(covariance)
    moved = share * np.trace(covariance) / size + ridge
    found: Float64Array = (1 - share) * covariance + moved * np.eye(size)
    return found


PLDA_KNN = Head(
    name="plda_knn",
    title="nearest neighbours by PLDA",
    estimator=PLDAKNNClassifier,
    grid={"within_shrinkage": (0.7, 0.85), "T": (1.0, 2.0, 4.0)},
    gives=frozenset({"probabilities", "decision"}),
)
