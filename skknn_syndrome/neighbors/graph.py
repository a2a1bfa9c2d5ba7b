"""For each image its nearest other images: one graph that answers every split."""

from collections.abc import Mapping, Sequence
from numbers import Integral
from types import MappingProxyType
from typing import Any, Self, TypeGuard

import numpy as np
from numpy.typing import ArrayLike

from skknn_syndrome._typing import BoolArray, FloatArray, IndexArray
from skknn_syndrome.errors import Argument, ParameterError
from skknn_syndrome.neighbors.distances import PAIRWISE
from skknn_syndrome.neighbors.exact import exact_neighbors, search_all
from skknn_syndrome.neighbors.search import Neighbors


class NeighborGraph:
    """For each row its nearest other rows, exact, ordered by (distance, index), for several distances.

    One graph answers every split of the rows: a row's training neighbours are its nearest ones among the
    training rows. Where a list is too short for that, the row is asked again; nothing is ever cut short.

    A graph doesn't change. Clones and copies of an estimator that holds one share it.

    Parameters
    ----------
    samples : ndarray of shape (n_samples, n_features), float32 or float64, finite
        The rows; usually `NeighborGraph.from_embeddings` is what you want.
    neighbors : mapping of str to Neighbors
        By distance, each row's list: arrays of shape (n_samples, depth) in which no row finds itself.

    Raises
    ------
    ParameterError
        The lists don't fit the rows.

    See Also
    --------
    skknn_syndrome.SyndromeKNNClassifierCV : Chooses k, distance and weights on such a graph.

    Notes
    -----
    Candidates come from products in single precision, one for both distances. Their distances are computed
    again in double precision, from differences, and a bound on the rounding of the products certifies row by
    row that nothing nearer was passed over; rows that can't be certified are compared with all others. Lists
    and distances are therefore the same, bit for bit, as computing every distance in double precision gives,
    whatever the block size, the number of threads or the BLAS. Beside the rows it takes
    O(n_samples * depth) memory.

    Examples
    --------
    >>> from skknn_syndrome import NeighborGraph
    >>> graph = NeighborGraph.from_embeddings([[1.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 3.0]], depth=2)
    >>> graph.neighbors("euclidean").indices
    array([[1, 2],
           [0, 2],
           [1, 0],
           [2, 0]])
    >>> graph.neighbors("cosine").distances.round(2)
    array([[0.  , 0.29],
           [0.  , 0.29],
           [0.29, 0.29],
           [0.29, 1.  ]])
    """

    def __init__(self, samples: FloatArray, neighbors: Mapping[str, Neighbors]) -> None:
        shapes = {array.shape for found in neighbors.values() for array in found}
        if len(shapes) != 1 or next(iter(shapes))[0] != len(samples):
            raise ParameterError(
                f"The lists have shapes {sorted(shapes)} for {len(samples)} rows: "
                "give one list per row, all of the same length.",
                code="other_shape",
                parameter="neighbors",
            )
        self._samples = _read_only(samples)
        self._neighbors = MappingProxyType(
            {metric: Neighbors(*map(_read_only, found)) for metric, found in neighbors.items()}
        )

    @classmethod
    def from_embeddings(
        cls,
        X: ArrayLike,
        *,
        metrics: Sequence[str] = ("euclidean", "cosine"),
        depth: int = 32,
        n_jobs: int | None = None,
    ) -> Self:
        """Find the nearest other rows of each row.

        Parameters
        ----------
        X : array-like of shape (n_samples, n_features)
            Dense and finite, at least two rows; anything but float32 is taken as float64.
        metrics : sequence of {"euclidean", "cosine", "manhattan"}
            Distances. Euclidean and cosine share their work.
        depth : int, default=32
            Length of the lists; if there are fewer other rows, all of them.
        n_jobs : int or None, default=None
            Number of threads; None means 1 unless in a `joblib.parallel_config` context, -1 all.

        Returns
        -------
        NeighborGraph

        Raises
        ------
        ValueError
            `X`, a distance or the depth can't be used.
        TypeError
            `X` is sparse, or the depth no integer.
        """
        depth = _checked_depth(depth)
        unknown = [metric for metric in metrics if metric not in PAIRWISE]
        if unknown or not metrics:
            raise ParameterError(
                "{metrics} must name some of {known}.",
                code="unknown_metric",
                parameter="metrics",
                metrics=Argument("metrics", metrics),
                known=", ".join(sorted(PAIRWISE)),
            )
        samples = _checked_rows(X)
        found = exact_neighbors(
            samples,
            samples,
            min(depth, len(samples) - 1),
            metrics=tuple(dict.fromkeys(metrics)),
            without_self=True,
            n_jobs=n_jobs,
        )
        return cls(samples, found)

    @property
    def metrics(self) -> tuple[str, ...]:
        """The distances."""
        return tuple(self._neighbors)

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return len(self._samples)

    @property
    def depth(self) -> int:
        """How many neighbours each row's list holds."""
        _, depth = next(iter(self._neighbors.values())).indices.shape
        return int(depth)

    def __repr__(self) -> str:
        """Name the sizes."""
        lists = f"{self.n_samples} rows, {self.depth} neighbours each"
        return f"<NeighborGraph of {lists}, {', '.join(self.metrics)}>"

    def neighbors(self, metric: str) -> Neighbors:
        """Return every row's list for one distance.

        Parameters
        ----------
        metric : str
            One of `metrics`.

        Returns
        -------
        Neighbors
            Distances and row numbers, each of shape (n_samples, depth); read-only.

        Raises
        ------
        ParameterError
            The graph has no such distance.
        """
        if metric not in self._neighbors:
            raise ParameterError(
                f"The graph has no distance {metric!r}; it has {', '.join(self.metrics)}.",
                code="unknown_metric",
                parameter="metric",
            )
        return self._neighbors[metric]

    def nearest_among(
        self,
        metric: str,
        queries: IndexArray,
        allowed: BoolArray,
        n_neighbors: int,
        *,
        parts: IndexArray | None = None,
    ) -> Neighbors:
        """Return the nearest allowed rows of some of the graph's rows.

        Parameters
        ----------
        metric : str
            One of `metrics`.
        queries : ndarray of shape (n_queries,)
            Numbers of rows.
        allowed : ndarray of bool, shape (n_samples,), or (n_parts, n_samples) with `parts`
            Which rows may be found, such as those of a training part. A row never finds itself.
        n_neighbors : int
            No more than are allowed to any query.
        parts : ndarray of shape (n_queries,), optional
            Which row of `allowed` holds for each query.

        Returns
        -------
        Neighbors
            Each of shape (n_queries, n_neighbors).

        Raises
        ------
        ParameterError
            The graph has no such distance, or fewer than `n_neighbors` rows are allowed.

        Examples
        --------
        >>> from skknn_syndrome import NeighborGraph
        >>> rows = [[0.0], [1.0], [3.0], [7.0]]
        >>> graph = NeighborGraph.from_embeddings(rows, metrics=["euclidean"], depth=1)
        >>> graph.nearest_among("euclidean", np.array([0]), np.array([False, False, True, True]), 2)
        Neighbors(distances=array([[3., 7.]]), indices=array([[2, 3]]))
        """
        distances, indices = self.neighbors(metric)
        masks = np.atleast_2d(allowed)
        numbers = np.zeros(len(queries), dtype=np.intp) if parts is None else parts
        listed = indices[queries]
        usable = masks[numbers[:, None], listed]
        usable &= np.cumsum(usable, axis=1) <= n_neighbors
        full = np.count_nonzero(usable, axis=1) == n_neighbors
        usable[~full] = False
        shape = (len(queries), n_neighbors)
        found = Neighbors(np.empty(shape), np.empty(shape, dtype=np.intp))
        found.distances[full] = distances[queries][usable].reshape(-1, n_neighbors)
        found.indices[full] = listed[usable].reshape(-1, n_neighbors)
        short = np.flatnonzero(~full)
        if short.size:
            self._ask_again(metric, queries[short], masks, numbers[short], found, short)
        return found

    def _ask_again(
        self,
        metric: str,
        queries: IndexArray,
        masks: BoolArray,
        numbers: IndexArray,
        found: Neighbors,
        places: IndexArray,
    ) -> None:
        """Compare rows whose lists are too short with all others, and put what they find at their places."""
        n_neighbors = found.indices.shape[1]
        available = masks.sum(axis=1)[numbers] - masks[numbers, queries]
        if available.min() < n_neighbors:
            raise ParameterError(
                f"{n_neighbors} neighbours were asked for, but {available.min()} rows are allowed.",
                code="too_many_neighbors",
                parameter="n_neighbors",
            )
        found.distances[places], found.indices[places] = search_all(
            self._samples[queries],
            self._samples,
            n_neighbors,
            metric,
            own=queries,
            forbidden=lambda block: ~masks[numbers[block]],
        )

    def __sklearn_clone__(self) -> Self:
        """Return itself: it doesn't change."""
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Return itself."""
        return self

    def __reduce__(self) -> tuple[type[Self], tuple[FloatArray, dict[str, Neighbors]]]:
        """Be made anew from rows and lists, and read-only again, in another process."""
        return type(self), (self._samples, dict(self._neighbors))


def _checked_depth(depth: int) -> int:
    if type(depth) is int and depth >= 1:
        return depth
    from sklearn.utils import check_scalar  # noqa: PLC0415  takes a second, which what is right can do without

    check_scalar(depth, "depth", Integral, min_val=1)
    return int(depth)


def _checked_rows(X: ArrayLike) -> FloatArray:
    if _is_ready(X):
        return X
    from sklearn.utils import check_array  # noqa: PLC0415  likewise

    samples: FloatArray = check_array(
        X, dtype=[np.float64, np.float32], order="C", ensure_min_samples=2, input_name="X"
    )
    return samples


def _is_ready(X: ArrayLike) -> TypeGuard[FloatArray]:
    """Return whether these are rows that scikit-learn's check would return untouched."""
    return (
        type(X) is np.ndarray
        and X.dtype in (np.float64, np.float32)
        and X.ndim == 2  # noqa: PLR2004
        and len(X) > 1
        and X.shape[1] > 0
        and X.flags.c_contiguous
        and bool(np.isfinite(X).all())
    )


def _read_only(array: Any) -> Any:  # noqa: ANN401  as it came
    view = array.view()
    view.flags.writeable = False
    return view
