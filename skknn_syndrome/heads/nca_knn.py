"""Nearest neighbours in a space that neighbourhood components analysis learns."""

from collections.abc import Iterator
from numbers import Integral
from typing import Any

import numpy as np
from sklearn.neighbors import NeighborhoodComponentsAnalysis
from sklearn.utils._param_validation import Interval

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.calibrated import CalibratedClassifier, Scaling, constraints
from skknn_syndrome.heads.softmax_knn import Gallery

BLOCK = 128
"""Rows whose votes are computed at a time: so many stay in a processor's cache."""


class QuickComponents(NeighborhoodComponentsAnalysis):  # type: ignore[misc] # scikit-learn is untyped
    """scikit-learn's neighbourhood components, of rows sorted by class: equal up to rounding, and quicker."""

    n_iter_: int

    def _loss_grad_lbfgs(
        self,
        transformation: Float64Array,
        X: Float64Array,
        same_class_mask: Any,  # noqa: ANN401  scikit-learn's
        sign: float = 1.0,
    ) -> tuple[float, Float64Array]:
        self.n_iter_ = max(self.n_iter_, 1)  # as scikit-learn counts
        space = X @ transformation.reshape(-1, X.shape[1]).T
        squares = np.einsum("rf,rf->r", space, space)
        loss, pulled, columns = 0.0, np.zeros_like(space), np.zeros(len(space))
        for rows, fellows in _blocks(same_class_mask):
            votes = 2 * space[rows] @ space.T
            votes -= squares
            votes[np.arange(len(votes)), np.arange(rows.start, rows.stop)] = -np.inf
            votes -= votes.max(axis=1, keepdims=True)
            np.exp(votes, out=votes)
            totals, right = votes.sum(axis=1), votes[:, fellows].copy()
            shares = right.sum(axis=1) / totals
            loss += float(shares.sum())
            votes *= -shares[:, None]
            votes[:, fellows] += right
            pulled[rows] += (votes @ space) / totals[:, None]
            pulled += votes.T @ (space[rows] / totals[:, None])
            columns += (1 / totals) @ votes
        gradient = 2 * (pulled - columns[:, None] * space).T @ X
        return sign * loss, sign * gradient.ravel()


def _blocks(same_class_mask: Any) -> Iterator[tuple[slice, slice]]:  # noqa: ANN401  scikit-learn's
    """Yield some rows of a class at a time, and all of it."""
    start = 0
    while start < len(same_class_mask):
        fellows = np.flatnonzero(same_class_mask[start])
        end = int(fellows[-1]) + 1
        stop = min(start + BLOCK, end)
        yield slice(start, stop), slice(int(fellows[0]), end)
        start = stop


class NCAKNNClassifier(CalibratedClassifier):
    r"""Let all training rows vote with :math:`\exp(-\lVert A x - A x_i \rVert^2)`, for the best :math:`A`.

    scikit-learn's `NeighborhoodComponentsAnalysis` finds the projection with which training rows are
    classified best by this vote of all others [1]_. A class's score is the logarithm of the sum of its votes.

    Parameters
    ----------
    n_components : int, default=16
        Dimensions of the space, unless there are fewer features or rows. It starts from principal components.
    max_iter : int, default=30
        Steps at most: more of them fit training rows ever better, and other rows worse.
    scaling, inner_cv, random_state
        As in `skknn_syndrome.heads.calibrated.CalibratedClassifier`, whose attributes there are as well.

    Attributes
    ----------
    components_ : ndarray of shape (n_components, n_features)
        The projection.
    n_iter_ : int

    References
    ----------
    .. [1] J. Goldberger, S. Roweis, G. Hinton and R. Salakhutdinov, "Neighbourhood components analysis",
       NIPS 2004.

    Examples
    --------
    >>> X, y = [[0.0, 9.0], [1.0, 2.0], [5.0, 3.0], [6.0, 8.0]], ["a", "a", "b", "b"]
    >>> NCAKNNClassifier(scaling=None).fit(X, y).predict([[0.5, 5.0], [5.5, 5.0]]).tolist()
    ['a', 'b']
    """

    _parameter_constraints = constraints(n_components=[Interval(Integral, 1, None, closed="left")])

    def __init__(
        self,
        n_components: int = 16,
        *,
        max_iter: int = 30,
        scaling: Scaling = "unit",
        inner_cv: int | None = 5,
        random_state: int | np.random.RandomState | None = 42,
    ) -> None:
        self.n_components = n_components
        self.max_iter = max_iter
        self.scaling = scaling
        self.inner_cv = inner_cv
        self.random_state = random_state

    def _learn(self, rows: Float64Array, codes: IndexArray, members: IndexArray | None) -> None:
        del members
        order = np.argsort(codes, kind="stable")
        analysis = QuickComponents(
            min(self.n_components, *rows.shape),
            init="pca",
            max_iter=self.max_iter,
            random_state=self.random_state,
        ).fit(rows[order], codes[order])
        self.components_: Float64Array = np.asarray(analysis.components_, dtype=np.float64)
        self.n_iter_ = int(analysis.n_iter_)
        self._gallery = Gallery(rows @ self.components_.T, codes)

    def _score(self, rows: Float64Array) -> Float64Array:
        return self._gallery.votes(-self._gallery.distances(rows @ self.components_.T))


NCA_KNN = Head(
    name="nca_knn",
    title="nearest neighbours by neighbourhood components",
    estimator=NCAKNNClassifier,
    grid={"n_components": (32,)},
    gives=frozenset({"probabilities", "decision"}),
)
