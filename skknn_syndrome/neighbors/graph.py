"""For each image its nearest other images: one graph that answers every split."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike
from sklearn.utils import check_array

from skknn_syndrome._typing import BoolArray, FloatArray, IndexArray
from skknn_syndrome.neighbors.exact import exact_neighbors
from skknn_syndrome.neighbors.neighbors import Neighbors


class NeighborGraph:
    """For each row its nearest other rows."""

    def __init__(self, samples: FloatArray, neighbors: Mapping[str, Neighbors]) -> None:
        for found in neighbors.values():
            found.distances.flags.writeable = False
            found.indices.flags.writeable = False
        self._samples = samples
        self._neighbors = MappingProxyType(dict(neighbors))

    @classmethod
    def from_embeddings(
        cls,
        X: ArrayLike,
        *,
        metrics: Sequence[str] = ("euclidean", "cosine"),
        depth: int = 32,
        n_jobs: int | None = None,
    ) -> Self:
        """Find the nearest other rows of each row."""
        samples = check_array(X, dtype=[np.float64, np.float32], order="C", ensure_min_samples=2)
        depth = min(depth, len(samples) - 1)
        return cls(
            samples,
            exact_neighbors(samples, samples, depth, metrics=metrics, without_self=True, n_jobs=n_jobs),
        )

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
        return next(iter(self._neighbors.values())).indices.shape[1]

    def neighbors(self, metric: str) -> Neighbors:
        """Return the lists for one distance."""
        return self._neighbors[metric]

    def nearest_among(
        self,
        metric: str,
        queries: IndexArray,
        allowed: BoolArray,
        n_neighbors: int,
        parts: IndexArray | None = None,
    ) -> Neighbors:
        """Return the nearest allowed rows of some of the graph's rows."""
        masks = np.atleast_2d(allowed)
        numbers = np.zeros(len(queries), dtype=np.intp) if parts is None else parts
        distances, indices = self._neighbors[metric]
        listed = indices[queries]
        usable = masks[numbers[:, None], listed]
        usable &= np.cumsum(usable, axis=1) <= n_neighbors
        full = np.count_nonzero(usable, axis=1) == n_neighbors
        if full.all():
            return Neighbors(
                distances[queries][usable].reshape(-1, n_neighbors),
                listed[usable].reshape(-1, n_neighbors).astype(np.intp),
            )
        shape = (len(queries), n_neighbors)
        found = Neighbors(np.empty(shape), np.empty(shape, dtype=np.intp))
        for part in np.unique(numbers[~full]):
            short = np.flatnonzero(~full & (numbers == part))
            found.distances[short], found.indices[short] = self._ask_again(
                metric, queries[short], masks[part], n_neighbors
            )
        usable[~full] = False
        found.distances[full] = distances[queries][usable].reshape(-1, n_neighbors)
        found.indices[full] = listed[usable].reshape(-1, n_neighbors)
        return found

    def _ask_again(self, metric: str, queries: IndexArray, allowed: BoolArray, n_neighbors: int) -> Neighbors:
        """Search among the allowed rows themselves, for queries whose lists are too short."""
        gallery = np.flatnonzero(allowed)
        found = exact_neighbors(
            self._samples[queries], self._samples[gallery], n_neighbors, metrics=[metric]
        )[metric]
        return Neighbors(found.distances, gallery[found.indices])

    def __sklearn_clone__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self
