"""Nearest neighbours of which all training rows vote, by an exponential of their squared distance."""

from numbers import Real

import numpy as np
from sklearn.utils._param_validation import Interval

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.heads.base import Head
from skknn_syndrome.heads.calibrated import CalibratedClassifier, Scaling, constraints


class SoftmaxKNNClassifier(CalibratedClassifier):
    r"""Let all training rows :math:`x_i` vote, with :math:`\exp(-\lVert x - x_i \rVert^2 / T)` [1]_.

    A class's score is the logarithm of the sum of its votes, less `balance` times that of its number of rows.
    As :math:`T` goes to 0, the nearest row decides alone. As it grows, probabilities go to the shares of the
    classes among the training rows (before the second temperature, that of the calibration).

    Parameters
    ----------
    T : float, default=0.1
        Of squared Euclidean distances of scaled rows, which between unit rows are 2 - 2 cosine.
    balance : float from 0 to 1, default=0.0
        With 0 each row has the same say, with 1 each class. The second temperature magnifies what large
        classes gain by their number, which 0.5 makes up for.
    scaling, inner_cv, random_state
        As in `skknn_syndrome.heads.calibrated.CalibratedClassifier`, whose attributes there are as well.

    References
    ----------
    .. [1] J. Goldberger, S. Roweis, G. Hinton and R. Salakhutdinov, "Neighbourhood components analysis",
       NIPS 2004.

    Examples
    --------
    >>> X, y = [[0.0], [1.0], [5.0], [6.0]], ["a", "a", "b", "b"]
    >>> model = SoftmaxKNNClassifier(T=1.0, scaling=None, inner_cv=None).fit(X, y)
    >>> model.predict_proba([[3.0]]).round(3).tolist()
    [[0.5, 0.5]]
    """

    _parameter_constraints = constraints(
        T=[Interval(Real, 0, None, closed="neither")], balance=[Interval(Real, 0, 1, closed="both")]
    )

    _of_scores = "T", "balance"

    def __init__(
        self,
        T: float = 0.1,
        *,
        balance: float = 0.0,
        scaling: Scaling = "unit",
        inner_cv: int | None = 5,
        random_state: int | np.random.RandomState | None = 42,
    ) -> None:
        self.T = T
        self.balance = balance
        self.scaling = scaling
        self.inner_cv = inner_cv
        self.random_state = random_state

    def _learn(self, rows: Float64Array, codes: IndexArray, members: IndexArray | None) -> None:
        del members
        self._gallery = Gallery(rows, codes)
        self._sizes = np.log(np.bincount(codes))

    def _score(self, rows: Float64Array) -> Float64Array:
        return self._once(("softmax votes", self.T), lambda: self._votes(rows)) - self.balance * self._sizes

    def _votes(self, rows: Float64Array) -> Float64Array:
        distances = self._once("softmax distances", lambda: self._gallery.distances(rows))
        return self._gallery.votes(-distances / self.T)


class Gallery:
    """Training rows sorted by class, of which all vote.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, n_features)
    codes : ndarray of shape (n_rows,)
        Places of classes, each of which has a row.
    """

    def __init__(self, rows: Float64Array, codes: IndexArray) -> None:
        order = np.argsort(codes, kind="stable")
        self.rows = rows[order]
        self.squares: Float64Array = np.einsum("rf,rf->r", self.rows, self.rows)
        self.starts: IndexArray = np.r_[0, np.bincount(codes).cumsum()[:-1]]

    def distances(self, rows: Float64Array) -> Float64Array:
        """Return squared Euclidean distances, shape (n_queries, n_rows)."""
        squares = np.einsum("rf,rf->r", rows, rows)[:, None] + self.squares
        return np.asarray(np.maximum(squares - 2 * rows @ self.rows.T, 0.0), dtype=np.float64)

    def votes(self, logits: Float64Array) -> Float64Array:
        """Return the log of the sum of exponentials of a class's logits, shape (n_queries, n_classes).

        Parameters
        ----------
        logits : ndarray of shape (n_queries, n_rows)
            Written over.
        """
        # Each class has its own maximum: with that of the row, far classes would all have no vote.
        highest = np.maximum.reduceat(logits, self.starts, axis=1)
        counts = np.diff(np.r_[self.starts, logits.shape[1]])
        logits -= highest.repeat(counts, axis=1)
        found: Float64Array = highest + np.log(np.add.reduceat(np.exp(logits), self.starts, axis=1))
        return found


SOFTMAX_KNN = Head(
    name="softmax_knn",
    title="softmax nearest neighbours",
    estimator=SoftmaxKNNClassifier,
    grid={"T": (0.05, 0.1, 0.15, 0.2, 0.3), "balance": (0.0, 0.5)},
    gives=frozenset({"probabilities", "decision"}),
)
