"""What a fitted estimator keeps of its training rows, and the search among them."""

import warnings
from numbers import Integral
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike
from scipy.sparse import csr_matrix
from sklearn.utils import check_scalar
from sklearn.utils.validation import check_is_fitted, check_non_negative, validate_data

from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray
from skknn_syndrome.errors import Argument, FewerNeighborsWarning, ParameterError
from skknn_syndrome.neighbors.distances import prepare_rows
from skknn_syndrome.neighbors.exact import exact_neighbors
from skknn_syndrome.neighbors.search import nearest_neighbors


def float_kinds(metric: str) -> list[type[np.floating[Any]]]:
    """Return the types in which samples, or precomputed distances, are taken as they come."""
    return [np.float64] if metric == "precomputed" else [np.float64, np.float32]


class TrainingRows:
    """Training rows that are made ready for a metric on the first search: it takes longer than a fit.

    Beside the estimator, whose attributes no search may change.
    """

    def __init__(self, samples: FloatArray, metric: str) -> None:
        self._metric = metric
        self._kept: tuple[FloatArray, bool] = samples, False

    @property
    def prepared(self) -> Float64Array:
        """As `prepare_rows` returns them; only these are kept from then on."""
        rows, ready = self._kept
        if not ready:
            rows = prepare_rows(rows, self._metric)
            # At once, for the sake of threads: two that come together make the same rows.
            self._kept = rows, True
        return np.asarray(rows)


class GalleryMixin:
    """Search among the training rows of an estimator with `n_neighbors`, `metric` and `n_jobs`."""

    n_neighbors: int
    metric: str
    n_jobs: int | None

    def _fit_gallery(self, samples: FloatArray) -> None:
        """Keep validated training rows, or their matrix of distances, and warn if they are too few."""
        if self.metric == "precomputed":
            self._check_precomputed(samples)
            if samples.shape[0] != samples.shape[1]:
                raise ParameterError(
                    f"Precomputed distances must be a square matrix in fit, got shape {samples.shape}.",
                    code="not_square",
                    parameter="X",
                )
        self.effective_metric_ = self.metric
        self.n_samples_fit_: int = samples.shape[0]
        self._training_rows = TrainingRows(samples, self.metric)
        self._fitted_n_neighbors = self.n_neighbors
        if self.n_neighbors > self.n_samples_fit_:
            _warn_of_fewer(self.n_neighbors, self.n_samples_fit_, "training rows", stacklevel=5)

    @property
    def _gallery(self) -> Float64Array:
        """The training rows, made ready for the metric."""
        return self._training_rows.prepared

    def _check_precomputed(self, distances: FloatArray) -> None:
        """Refuse negative distances."""
        check_non_negative(distances, f"{type(self).__name__} (precomputed distances)")

    @overload
    def kneighbors(
        self,
        X: ArrayLike | None = None,
        n_neighbors: int | None = None,
        return_distance: Literal[True] = True,  # noqa: FBT002 # scikit-learn's signature
    ) -> tuple[Float64Array, IndexArray]: ...

    @overload
    def kneighbors(
        self, X: ArrayLike | None = None, n_neighbors: int | None = None, *, return_distance: Literal[False]
    ) -> IndexArray: ...

    def kneighbors(
        self,
        X: ArrayLike | None = None,
        n_neighbors: int | None = None,
        return_distance: bool = True,  # noqa: FBT001, FBT002 # scikit-learn's signature
    ) -> tuple[Float64Array, IndexArray] | IndexArray:
        """Return the nearest training rows, ordered by (distance, training index).

        Parameters
        ----------
        X : array-like of shape (n_queries, n_features), or (n_queries, n_samples_fit_) if precomputed
            The queries. None means the training rows, each without itself.
        n_neighbors : int or None, default=None
            How many; None means the parameter of the estimator. If there are fewer, all of them.
        return_distance : bool, default=True
            Whether to return distances too.

        Returns
        -------
        distances : ndarray of shape (n_queries, n_neighbors), float64
            Only if `return_distance`.
        indices : ndarray of shape (n_queries, n_neighbors)
            Row numbers of the training data.

        Raises
        ------
        ValueError
            `X` or `n_neighbors` can't be used, or `X` is None and there is a single training row.
        TypeError
            `X` is sparse, or `n_neighbors` no integer.
        """
        check_is_fitted(self)
        queries = self._gallery if X is None else self._queries(X)
        n_found = self._available_neighbors(n_neighbors, without_self=X is None)
        if self.effective_metric_ == "precomputed":
            distances, indices = nearest_neighbors(
                lambda block: queries[block].copy(),
                queries.shape,
                n_found,
                own=np.arange(len(queries)) if X is None else None,
                n_jobs=self.n_jobs,
            )
        else:
            distances, indices = exact_neighbors(
                queries,
                self._gallery,
                n_found,
                metrics=[self.effective_metric_],
                without_self=X is None,
                prepared=True,
                n_jobs=self.n_jobs,
            )[self.effective_metric_]
        return (distances, indices) if return_distance else indices

    def _queries(self, X: ArrayLike) -> Float64Array:
        """Return rows to search for, checked against the fit and made ready for the metric."""
        samples: FloatArray = validate_data(
            self, X, reset=False, dtype=float_kinds(self.effective_metric_), order="C"
        )
        if self.effective_metric_ == "precomputed":
            self._check_precomputed(samples)
        return prepare_rows(samples, self.effective_metric_)

    def _available_neighbors(self, n_neighbors: int | None, *, without_self: bool) -> int:
        """Return how many neighbours a query gets: what was asked for, or all there are, with a warning."""
        wanted = self.n_neighbors if n_neighbors is None else n_neighbors
        check_scalar(wanted, "n_neighbors", Integral, min_val=1)
        available = self.n_samples_fit_ - without_self
        if available == 0:
            raise ParameterError(
                "A single training row has no other rows: pass X, or fit on more rows.",
                code="no_other_rows",
                parameter="X",
            )
        warned_in_fit = n_neighbors is None and wanted == self._fitted_n_neighbors > self.n_samples_fit_
        if wanted > available and not warned_in_fit:
            rows = "other training rows" if without_self else "training rows"
            _warn_of_fewer(wanted, available, rows, stacklevel=4)
        return min(wanted, available)

    def kneighbors_graph(
        self,
        X: ArrayLike | None = None,
        n_neighbors: int | None = None,
        mode: Literal["connectivity", "distance"] = "connectivity",
    ) -> csr_matrix[Any]:
        """Return the neighbours as a sparse matrix.

        Parameters
        ----------
        X : array-like or None, default=None
            As in `kneighbors`.
        n_neighbors : int or None, default=None
            As in `kneighbors`.
        mode : {"connectivity", "distance"}, default="connectivity"
            Whether an entry is 1 or the distance; a distance of 0 is stored as well.

        Returns
        -------
        csr_matrix of shape (n_queries, n_samples_fit_)
            Each row's entries stand in the order of its neighbours.

        Raises
        ------
        ValueError
            As `kneighbors`, or `mode` is neither of the two.
        TypeError
            As `kneighbors`.

        Examples
        --------
        >>> from skknn_syndrome.neighbors import SyndromeKNNClassifier
        >>> classifier = SyndromeKNNClassifier(1, metric="euclidean").fit([[0], [3], [4]], [0, 1, 1])
        >>> classifier.kneighbors_graph(mode="distance").toarray()
        array([[0., 3., 0.],
               [0., 0., 1.],
               [0., 1., 0.]])
        """
        if mode not in {"connectivity", "distance"}:
            raise ParameterError(
                '{mode} must be "connectivity" or "distance".',
                code="unknown_mode",
                parameter="mode",
                mode=Argument("mode", mode),
            )
        distances, indices = self.kneighbors(X, n_neighbors)
        n_queries, n_found = indices.shape
        values = distances if mode == "distance" else np.ones_like(distances)
        starts = np.arange(n_queries + 1) * n_found
        return csr_matrix((values.ravel(), indices.ravel(), starts), shape=(n_queries, self.n_samples_fit_))


def _warn_of_fewer(wanted: int, available: int, rows: str, *, stacklevel: int) -> None:
    """Warn that there are fewer neighbours than asked for, in the name of the estimator's caller."""
    message = f"n_neighbors is {wanted}, but there are {available} {rows}: all of them are used."
    warnings.warn(message, FewerNeighborsWarning, stacklevel=stacklevel)
