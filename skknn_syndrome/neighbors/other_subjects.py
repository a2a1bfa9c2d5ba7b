"""How near images of different subjects usually are to each other."""

from dataclasses import dataclass

import numpy as np
from scipy.special import digamma

from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray
from skknn_syndrome.neighbors.distances import cosine_distances
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.search import Neighbors

N_OTHERS = 20
"""The rank that sets the scale: further than a person's copies reach, near enough to be local."""

BATCH_ROWS = 256
"""Rows whose lists are too short, looked at together: their masks stay at 256 x n_images bytes."""

MAX_EXPONENT = 50.0
"""Data of few distinct values have many equal distances, which look like endless dimensions."""


@dataclass(frozen=True, eq=False)
class OtherSubjects:
    r"""The nearest images of other subjects around each image, and how their number grows with distance.

    In a neighbourhood of :math:`m'` dimensions without structure of its own, the number of images within a
    distance grows with its :math:`m'`-th power; :math:`1 - \cos` goes with the square of the angle, so it is
    the power :math:`m = m' / 2` here. If an image's k-th nearest image of another subject lies at :math:`s`,
    then :math:`(k - 1)(d / s)^m` others are expected within :math:`d < s`. The exponent follows from the
    ratio of two ranks, whose logarithm has the mean :math:`(\psi(k) - \psi(l)) / m` [1]_; ranks above any
    number of copies that a person may have leave it untouched by them.

    References
    ----------
    .. [1] E. Facco, M. d'Errico, A. Rodriguez and A. Laio, "Estimating the intrinsic dimension of datasets by
       a minimal neighborhood information", Scientific Reports 7, 2017. doi:10.1038/s41598-017-11873-y
    """

    neighbors: Neighbors
    """Of each image, shape (n_images, k)."""
    exponents: Float64Array
    """Shape (n_images,): m around each image, or over all, whichever is smaller."""

    @property
    def k(self) -> int:
        """How many images of other subjects each image's list holds."""
        return int(self.neighbors.indices.shape[1])

    def expected(self, rows: IndexArray, distances: Float64Array) -> Float64Array:
        """Return how many others as near as `distances` to `rows` a set of such images would have."""
        return self._expected(rows, distances, self.neighbors.distances[rows, -1], self.k)

    def expected_within(
        self,
        rows: IndexArray,
        distances: Float64Array,
        embeddings: FloatArray,
        classes: IndexArray,
        subjects: IndexArray,
    ) -> Float64Array:
        """Return the same by the others of each row's own class alone; 0 where there are none.

        A small class whose images lie close together is no leak, though all others are far away.
        """
        scales: dict[int, tuple[float, int]] = {
            row: self._scale_within(row, embeddings, classes, subjects) for row in np.unique(rows).tolist()
        }
        scale, numbers = np.array([scales[row] for row in rows.tolist()]).reshape(-1, 2).T
        expected = self._expected(rows, distances, scale, numbers)
        return np.where(numbers > 0, expected, 0.0)

    def _scale_within(
        self, row: int, embeddings: FloatArray, classes: IndexArray, subjects: IndexArray
    ) -> tuple[float, int]:
        mates = np.flatnonzero((classes == classes[row]) & (subjects != subjects[row]))
        k = min(self.k, len(mates))
        if k == 0:
            return 1.0, 0
        vectors = embeddings[mates].astype(np.float64)
        distances = cosine_distances(embeddings[row : row + 1].astype(np.float64), vectors)[0]
        return float(np.partition(distances, k - 1)[k - 1]), k

    def _expected(
        self, rows: IndexArray, distances: Float64Array, scale: Float64Array, k: int | Float64Array
    ) -> Float64Array:
        # The scale is 0 where an image has so many copies: then nothing is nearer than usual.
        ratios = np.divide(distances, scale, out=np.ones(len(rows)), where=scale > 0)
        share: Float64Array = np.minimum(ratios, 1.0) ** self.exponents[rows]
        return len(self.exponents) * np.maximum(k - 1, 1) * share


def find_other_subjects(graph: NeighborGraph, subjects: IndexArray) -> OtherSubjects | None:
    """Find each image's nearest images of other subjects, by cosine distance.

    Parameters
    ----------
    graph : NeighborGraph
        With cosine distance.
    subjects : ndarray of shape (n_images,)
        The subject number of each image.

    Returns
    -------
    OtherSubjects or None
        None where one subject has all images.
    """
    n_images = len(subjects)
    k = min(N_OTHERS, n_images - int(np.bincount(subjects).max()))
    if k == 0:
        return None
    found = nearest_of_others(graph, "cosine", subjects, k)
    return OtherSubjects(found, _exponents(found))


def nearest_of_others(graph: NeighborGraph, metric: str, subjects: IndexArray, n_neighbors: int) -> Neighbors:
    """Return each image's nearest images of other subjects.

    Parameters
    ----------
    graph : NeighborGraph
    metric : str
        One of its distances.
    subjects : ndarray of shape (n_images,)
        The subject number of each image.
    n_neighbors : int
        No more than each image has of other subjects.

    Returns
    -------
    Neighbors
        Each of shape (n_images, n_neighbors).

    Examples
    --------
    >>> graph = NeighborGraph.from_embeddings([[0.0], [1.0], [3.0], [7.0]], metrics=["euclidean"], depth=2)
    >>> nearest_of_others(graph, "euclidean", np.array([0, 0, 1, 2]), 1).indices.ravel()
    array([2, 2, 1, 2])
    """
    distances, indices = graph.neighbors(metric)
    usable = subjects[indices] != subjects[:, None]
    usable &= np.cumsum(usable, axis=1) <= n_neighbors
    full = np.count_nonzero(usable, axis=1) == n_neighbors
    usable[~full] = False
    shape = len(subjects), n_neighbors
    found = Neighbors(np.empty(shape), np.empty(shape, dtype=np.intp))
    found.distances[full] = distances[usable].reshape(-1, n_neighbors)
    found.indices[full] = indices[usable].reshape(-1, n_neighbors)
    short = np.flatnonzero(~full)
    for start in range(0, len(short), BATCH_ROWS):
        rows = short[start : start + BATCH_ROWS]
        others = subjects != subjects[rows][:, None]
        found.distances[rows], found.indices[rows] = graph.nearest_among(
            metric, rows, others, n_neighbors, parts=np.arange(len(rows))
        )
    return found


def _exponents(neighbors: Neighbors) -> Float64Array:
    k = neighbors.indices.shape[1]
    low = max(1, k // 4)
    near, far = neighbors.distances[:, low - 1], neighbors.distances[:, k - 1]
    growth = np.full(len(near), np.inf)  # many copies: no exponent can be had from them
    np.log(np.divide(far, near, out=growth, where=near > 0), out=growth, where=near > 0)
    # Over an image's neighbours too: one image's ratio scatters.
    around = np.median(np.column_stack([growth, growth[neighbors.indices]]), axis=1)
    slowest = np.maximum(around, np.median(growth))
    mean = float(digamma(k) - digamma(low))
    exponents = np.full(len(slowest), MAX_EXPONENT)
    np.divide(mean, slowest, out=exponents, where=slowest * MAX_EXPONENT > mean)
    return exponents
