"""Near-duplicates: images of different subjects that may show one person."""

from dataclasses import dataclass, replace

import numpy as np

from skknn_syndrome._typing import BoolArray, Float64Array, FloatArray, IndexArray, LabelArray, StringArray
from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.other_subjects import N_OTHERS, OtherSubjects, find_other_subjects
from skknn_syndrome.results.near_duplicates import DetectionSensitivity, NearDuplicate, NearDuplicates
from skknn_syndrome.results.verdicts import FEWEST_OTHERS, NEAR_DUPLICATE_CHANCE, NEAR_DUPLICATE_COSINE

LISTED = 1000
"""Pairs that a result names."""

SUBJECT_IMAGES = 12
"""A graph made for the purpose has room for so many images of an image's own subject."""


@dataclass(frozen=True, eq=False)
class AlikePairs:
    """Pairs of images of different subjects that are nearer than others, the most alike first."""

    threshold: float
    first: IndexArray
    """Shape (n_pairs,): row numbers, below those of `second`."""
    second: IndexArray
    cosine: Float64Array
    exact: BoolArray
    """Whether both rows hold the same numbers."""
    n_ordinary: int
    """Pairs above the threshold that are no nearer than others."""

    def chosen(self, mask: BoolArray) -> "AlikePairs":
        """Return some of the pairs."""
        return replace(
            self,
            first=self.first[mask],
            second=self.second[mask],
            cosine=self.cosine[mask],
            exact=self.exact[mask],
        )


def find_near_duplicates(
    dataset: EmbeddingDataset, *, threshold: float = NEAR_DUPLICATE_COSINE, graph: NeighborGraph | None = None
) -> NearDuplicates | None:
    """Find pairs of images of different subjects that are more alike than images of other subjects are.

    Parameters
    ----------
    dataset : EmbeddingDataset
        With subject ids.
    threshold : float, default 0.95
        Cosine similarity that a pair has to exceed.
    graph : NeighborGraph, optional
        Of its embeddings.

    Returns
    -------
    NearDuplicates or None
        The most alike pair first; None where the data has no subject ids.

    See Also
    --------
    find_alike_pairs : From arrays, and how it is decided.

    Examples
    --------
    >>> from skknn_syndrome import EmbeddingDataset
    >>> data = EmbeddingDataset.from_arrays(
    ...     [[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]], ["a", "a", "b"], ["ann", "bob", "cid"]
    ... )
    >>> [pair.subjects for pair in find_near_duplicates(data).pairs]
    [('ann', 'bob')]
    """
    if dataset.subjects is None:
        return None
    if graph is None or "cosine" not in graph.metrics:
        graph = cosine_graph(dataset.embeddings)
    pairs = find_alike_pairs(
        dataset.embeddings, dataset.label_texts, dataset.subjects, threshold=threshold, graph=graph
    )
    sensitivity = measure_sensitivity(
        dataset.embeddings, dataset.label_texts, dataset.subjects, threshold=threshold, graph=graph
    )
    return name_pairs(pairs, dataset.label_texts, dataset.subjects, dataset.images, sensitivity=sensitivity)


def find_alike_pairs(
    embeddings: FloatArray,
    labels: LabelArray,
    groups: LabelArray | None,
    *,
    threshold: float = NEAR_DUPLICATE_COSINE,
    graph: NeighborGraph | None = None,
    n_jobs: int | None = None,
) -> AlikePairs:
    """Find pairs of images of different subjects that are more alike than images of other subjects are.

    A pair is looked at if its cosine similarity exceeds the threshold and one is among the other's 20 nearest
    others. It is found if both rows hold the same numbers; or if, by the distances and the growth of
    the neighbourhoods of both images, less than 0.001 of a pair so near were to be expected in the whole
    set, and likewise among the images of their own syndromes alone. In data of few dimensions nearly all
    pairs exceed a threshold, and none is remarkable. With fewer than 10 others the threshold decides.

    Parameters
    ----------
    embeddings : ndarray of shape (n_images, n_features), float32 or float64, finite
    labels : array of shape (n_images,)
        The class of each image.
    groups : array of shape (n_images,) or None
        The subject of each image; None takes each image as a subject of its own.
    threshold : float, default 0.95
        Cosine similarity.
    graph : NeighborGraph, optional
        Of all images; without one, or if it has no cosine distance, one is made.
    n_jobs : int or None
        Threads that make it.

    Returns
    -------
    AlikePairs

    Examples
    --------
    >>> rows = np.random.default_rng(0).normal(size=(200, 32))
    >>> rows[7] = 1.01 * rows[3]
    >>> pairs = find_alike_pairs(rows, np.repeat(["a", "b"], 100), np.arange(200))
    >>> pairs.first, pairs.second, pairs.cosine.round(3)
    (array([3]), array([7]), array([1.]))
    """
    classes = np.unique(labels, return_inverse=True)[1]
    subjects = np.arange(len(labels)) if groups is None else np.unique(groups, return_inverse=True)[1]
    if graph is None or "cosine" not in graph.metrics:
        graph = cosine_graph(embeddings, n_jobs)
    others = find_other_subjects(graph, subjects)
    if others is None:
        nobody = np.empty(0, dtype=np.intp)
        return AlikePairs(threshold, nobody, nobody, np.empty(0), np.empty(0, dtype=np.bool_), 0)
    pairs = _above(others, embeddings, threshold)
    kept = pairs.exact | _remarkable(pairs, others, embeddings, classes, subjects)
    return replace(pairs.chosen(kept), n_ordinary=int(np.count_nonzero(~kept)))


def measure_sensitivity(
    embeddings: FloatArray,
    labels: LabelArray,
    groups: LabelArray,
    *,
    threshold: float = NEAR_DUPLICATE_COSINE,
    graph: NeighborGraph | None = None,
) -> DetectionSensitivity:
    """Count how many of the pairs of images of one subject would be found if each image had an id of its own.

    Parameters
    ----------
    embeddings, labels, threshold, graph
        As in `find_alike_pairs`.
    groups : array of shape (n_images,)
        The subject of each image.

    Returns
    -------
    DetectionSensitivity
        What holds for images with one id need not hold for those of one person under two ids, which may be
        more alike (copies of a photograph) or less (years apart).

    Examples
    --------
    >>> rows = np.random.default_rng(0).normal(size=(200, 32))
    >>> rows[1] = 1.01 * rows[0]
    >>> found = measure_sensitivity(rows, np.repeat(["a", "b"], 100), np.arange(200) // 2)
    >>> found.n_pairs_found, found.n_pairs, found.n_subjects_found, found.n_subjects
    (1, 100, 1, 100)
    """
    codes = np.unique(groups, return_inverse=True)[1]
    sizes = np.bincount(codes)
    found = find_alike_pairs(embeddings, labels, None, threshold=threshold, graph=graph)
    same = codes[found.first] == codes[found.second]
    return DetectionSensitivity(
        n_pairs=int((sizes * (sizes - 1) // 2).sum()),
        n_pairs_found=int(np.count_nonzero(same)),
        n_subjects=int(np.count_nonzero(sizes > 1)),
        n_subjects_found=len(np.unique(codes[found.first[same]])),
    )


def cosine_graph(embeddings: FloatArray, n_jobs: int | None = None) -> NeighborGraph:
    """Find of each image as many neighbours as the search for near-duplicates mostly looks at.

    Parameters
    ----------
    embeddings : array of shape (n_images, n_features)
    n_jobs : int or None

    Returns
    -------
    NeighborGraph
        By cosine distance alone.
    """
    depth = min(N_OTHERS + SUBJECT_IMAGES, len(embeddings) - 1)
    return NeighborGraph.from_embeddings(embeddings, metrics=["cosine"], depth=depth, n_jobs=n_jobs)


def name_pairs(
    pairs: AlikePairs,
    labels: LabelArray,
    groups: LabelArray,
    images: StringArray | None = None,
    *,
    sensitivity: DetectionSensitivity | None = None,
) -> NearDuplicates:
    """Return the pairs by name, no more than a thousand of them.

    Parameters
    ----------
    pairs : AlikePairs
    labels, groups : array of shape (n_images,)
        Class and subject of each image.
    images : array of shape (n_images,), optional
        Ids of the images; without them, row numbers counted from 0.
    sensitivity : DetectionSensitivity, optional
        How many such pairs the detection finds, where that was measured.

    Returns
    -------
    NearDuplicates
    """
    listed = list(zip(pairs.first[:LISTED].tolist(), pairs.second[:LISTED].tolist(), strict=True))
    return NearDuplicates(
        threshold=pairs.threshold,
        pairs=tuple(
            NearDuplicate(
                images=(f"row {first}", f"row {second}")
                if images is None
                else (str(images[first]), str(images[second])),
                subjects=(str(groups[first]), str(groups[second])),
                syndromes=(str(labels[first]), str(labels[second])),
                cosine=cosine,
            )
            for (first, second), cosine in zip(listed, pairs.cosine[:LISTED].tolist(), strict=True)
        ),
        n_not_listed=len(pairs.first) - len(listed),
        n_ordinary=pairs.n_ordinary,
        sensitivity=sensitivity,
    )


def _above(nearest: OtherSubjects, embeddings: FloatArray, threshold: float) -> AlikePairs:
    """Return all pairs above the threshold, each once."""
    distances, indices = nearest.neighbors
    rows, ranks = np.nonzero(1 - distances > threshold)
    others = indices[rows, ranks]
    ends = np.column_stack([np.minimum(rows, others), np.maximum(rows, others)])
    ends, places = np.unique(ends, axis=0, return_index=True)
    cosine = 1 - distances[rows, ranks][places]
    order = np.argsort(-cosine, kind="stable")
    first, second = ends[order].T
    exact = np.zeros(len(order), dtype=np.bool_)
    same = np.flatnonzero(cosine[order] == 1)
    exact[same] = (embeddings[first[same]] == embeddings[second[same]]).all(axis=1)
    return AlikePairs(threshold, first, second, cosine[order], exact, 0)


def _remarkable(
    pairs: AlikePairs,
    others: OtherSubjects,
    embeddings: FloatArray,
    classes: IndexArray,
    subjects: IndexArray,
) -> BoolArray:
    """Return which pairs are nearer than images of other subjects are, seen from both their images."""
    if others.k < FEWEST_OTHERS:
        return np.ones(len(pairs.first), dtype=np.bool_)
    distances = 1 - pairs.cosine
    found = np.ones(len(distances), dtype=np.bool_)
    for rows in (pairs.first, pairs.second):
        found &= others.expected(rows, distances) < NEAR_DUPLICATE_CHANCE
    for rows in (pairs.first, pairs.second):
        left = np.flatnonzero(found & ~pairs.exact)
        within = others.expected_within(rows[left], distances[left], embeddings, classes, subjects)
        found[left] = within < NEAR_DUPLICATE_CHANCE
    return found


def merge_subjects(pairs: AlikePairs, subjects: LabelArray) -> LabelArray:
    """Return for each image the first id, in sorted order, of all subjects that alike images link to its own.

    Parameters
    ----------
    pairs : AlikePairs
    subjects : array of shape (n_images,)

    Returns
    -------
    array of shape (n_images,)
        The persons: subjects that are linked, directly or by way of others, have one id.

    Examples
    --------
    >>> pairs = AlikePairs(0.95, np.array([0]), np.array([2]), np.array([0.99]), np.array([False]), 0)
    >>> merge_subjects(pairs, np.array(["bob", "cid", "ann"]))
    array(['ann', 'cid', 'ann'], dtype='<U3')
    """
    from scipy.sparse import coo_array  # noqa: PLC0415  slow to import, and `audit` does without
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415  likewise

    names, numbers = np.unique(subjects, return_inverse=True)
    ends = numbers[pairs.first], numbers[pairs.second]
    links = coo_array((np.ones(len(pairs.first)), ends), shape=(len(names), len(names)))
    _, persons = connected_components(links, directed=False)
    _, representatives = np.unique(persons, return_index=True)
    merged: LabelArray = names[representatives[persons[numbers]]]
    return merged
