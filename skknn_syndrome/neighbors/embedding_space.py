"""The embedding space of a study: neighbour graph, near-duplicates and silhouettes, each found once."""

from functools import cached_property

import numpy as np
from sklearn.metrics import silhouette_score  # noqa: TID251  a measure of geometry, none of the scores

from skknn_syndrome._typing import BoolArray, Float64Array, FloatArray, IndexArray, LabelArray
from skknn_syndrome.neighbors.distances import unit_rows
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.near_duplicates import (
    AlikePairs,
    cosine_graph,
    find_alike_pairs,
    measure_sensitivity,
)
from skknn_syndrome.neighbors.other_subjects import N_OTHERS
from skknn_syndrome.results.near_duplicates import DetectionSensitivity


class EmbeddingSpace:
    """The images of a study without folds, asked for what several of its parts need.

    Whatever is asked for is computed at the first question, and kept. A space is made for one study and
    passed on to all that looks at its images.

    Parameters
    ----------
    embeddings : array of shape (n_images, n_features), finite wherever anything is asked for
    labels : array of shape (n_images,)
        The class of each image.
    subjects : array of shape (n_images,) or None
        The subject of each image, as they came.
    n_jobs : int or None
        Threads that look for neighbours.

    Examples
    --------
    >>> rows = np.random.default_rng(0).normal(size=(200, 32))
    >>> rows[7] = 1.01 * rows[3]
    >>> space = EmbeddingSpace(rows, np.repeat(["a", "b"], 100), np.arange(200))
    >>> space.pairs.first, space.pairs is space.pairs
    (array([3]), True)
    """

    def __init__(
        self,
        embeddings: FloatArray,
        labels: LabelArray,
        subjects: LabelArray | None = None,
        *,
        n_jobs: int | None = None,
    ) -> None:
        self.embeddings = embeddings
        self.labels = labels
        self.subjects = subjects
        self.n_jobs = n_jobs
        self._graph: NeighborGraph | None = None
        self._silhouettes: dict[tuple[str, bytes], float | None] = {}

    def offer(self, graph: NeighborGraph | None) -> None:
        """Take a graph of the same images, such as the search's, if it will do and there is none yet.

        It won't without cosine distance, or where its lists are so short that nearly all images would have to
        be compared with all others again: making another one is quicker.
        """
        if self._graph is not None or graph is None or "cosine" not in graph.metrics:
            return
        if graph.depth >= min(N_OTHERS, graph.n_samples - 1):
            self._graph = graph

    @property
    def graph(self) -> NeighborGraph:
        """Of all images, with cosine distance: the one that was offered, or one made for the purpose."""
        if self._graph is None:
            self._graph = cosine_graph(self.embeddings, self.n_jobs)
        return self._graph

    @cached_property
    def pairs(self) -> AlikePairs:
        """Images of different subjects that are nearer than others."""
        return find_alike_pairs(self.embeddings, self.labels, self.subjects, graph=self.graph)

    @cached_property
    def sensitivity(self) -> DetectionSensitivity | None:
        """How many of the pairs of one subject would be found; None without subjects."""
        if self.subjects is None:
            return None
        return measure_sensitivity(self.embeddings, self.labels, self.subjects, graph=self.graph)

    @cached_property
    def codes(self) -> IndexArray:
        """Shape (n_images,): the class number of each image."""
        return np.unique(self.labels, return_inverse=True)[1]

    def silhouette(self, metric: str, rows: IndexArray) -> float | None:
        """Return the mean silhouette of the classes among some images; None where it is not defined.

        Parameters
        ----------
        metric : str
            A distance of scikit-learn's.
        rows : array of shape (n_rows,)
            Numbers of images.
        """
        key = metric, rows.tobytes()
        if key not in self._silhouettes:
            vectors = np.asarray(self.embeddings)[rows].astype(np.float64)
            self._silhouettes[key] = silhouette(vectors, self.codes[rows], metric)
        return self._silhouettes[key]


def silhouette(vectors: Float64Array, codes: IndexArray, metric: str) -> float | None:
    """Return the mean silhouette of the classes, None where it is not defined."""
    n_classes = len(np.unique(codes))
    if not 1 < n_classes < len(codes):
        return None
    samples = unit_rows(vectors) if metric == "cosine" else vectors
    return float(silhouette_score(samples, codes, metric=metric))


def same_class(codes: IndexArray, rows: IndexArray, lists: IndexArray) -> BoolArray:
    """Return which neighbours are of an image's own class; their share is the neighbour purity.

    Parameters
    ----------
    codes : array of shape (n_images,)
        The class number of each image.
    rows : array of shape (n_rows,)
        Numbers of images.
    lists : array of shape (n_rows, n_neighbors)
        The neighbours of each.

    Returns
    -------
    array of bool, shape (n_rows, n_neighbors)

    Examples
    --------
    >>> same_class(np.array([0, 0, 1]), np.array([0, 2]), np.array([[1], [0]]))
    array([[ True],
           [False]])
    """
    return np.asarray(codes[lists] == codes[rows][:, None])


def expected_purity(codes: IndexArray) -> float:
    """Return the share of neighbours of an image's own class if they were drawn at random."""
    counts, n_images = np.bincount(codes), len(codes)
    return float((counts * (counts - 1)).sum() / (n_images * (n_images - 1)))
