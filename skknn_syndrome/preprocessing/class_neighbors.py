"""Neighbours within one class for SMOTE, without what scikit-learn spends on each of many small classes."""

from numbers import Integral
from typing import Self

import numpy as np
from imblearn.over_sampling import SMOTE
from sklearn.base import BaseEstimator

from skknn_syndrome._typing import Estimator, FloatArray, IndexArray
from skknn_syndrome.errors import ParameterError


class ClassNeighbors(BaseEstimator):  # type: ignore[misc] # scikit-learn is untyped
    """The nearest rows of each row, itself included, by one product in double precision.

    Takes the place of `sklearn.neighbors.NearestNeighbors` as SMOTE's ``k_neighbors``.

    Parameters
    ----------
    n_neighbors : int
        One more than SMOTE mixes with: a row finds itself first.

    Examples
    --------
    >>> rows = np.array([[0.0], [1.0], [5.0]])
    >>> ClassNeighbors(2).fit(rows).kneighbors(rows)
    array([[0, 1],
           [1, 0],
           [2, 1]])
    """

    def __init__(self, n_neighbors: int) -> None:
        self.n_neighbors = n_neighbors

    def fit(self, X: FloatArray) -> Self:
        """Keep the rows."""
        if len(X) < self.n_neighbors:
            raise ParameterError(
                f"A class has {len(X)} rows, and {self.n_neighbors - 1} neighbours of each were asked for.",
                code="too_many_neighbors",
                parameter="k_neighbors",
            )
        self.rows_ = np.asarray(X, dtype=np.float64)
        return self

    def kneighbors(self, X: FloatArray, *, return_distance: bool = False) -> IndexArray:  # noqa: ARG002
        """Return the row numbers, shape (n_rows, n_neighbors); `X` are the rows that were kept."""
        # From the first row on: a large offset would cost digits.
        rows = self.rows_ - self.rows_[0]
        squares = np.einsum("ij,ij->i", rows, rows)
        distances = squares - 2 * (rows @ rows.T)  # less the row's own square, which changes no order
        np.fill_diagonal(distances, -np.inf)
        found: IndexArray = np.argsort(distances, axis=1, kind="stable")[:, : self.n_neighbors]
        return found

    def kneighbors_graph(self, X: FloatArray) -> IndexArray:
        """Stand for what imbalanced-learn asks to be there, and never calls."""
        return self.kneighbors(X)


def quick(sampler: Estimator) -> Estimator:
    """Let a plain SMOTE look for neighbours by `ClassNeighbors`; return other samplers as they are."""
    if type(sampler) is SMOTE and isinstance(sampler.k_neighbors, Integral):
        sampler.set_params(k_neighbors=ClassNeighbors(int(sampler.k_neighbors) + 1))
    return sampler
