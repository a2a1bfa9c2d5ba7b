"""How each distance spreads its neighbours: hubs, norms, purity and silhouette, from one graph."""

from dataclasses import dataclass

import numpy as np
from scipy.stats import skew, spearmanr

from skknn_syndrome._typing import Float64Array, FloatArray, IndexArray, LabelArray
from skknn_syndrome.analyses.embedding_space.result import (
    DistanceHubness,
    EmbeddingSpaceAnalysis,
    Hub,
    Hubness,
    OccurrenceCount,
    Quantile,
    UndefinedFigure,
)
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.study_run import StudyRun
from skknn_syndrome.neighbors.distances import row_lengths
from skknn_syndrome.neighbors.embedding_space import EmbeddingSpace, expected_purity, same_class
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.other_subjects import nearest_of_others
from skknn_syndrome.questions import Computation
from skknn_syndrome.statistics.projection import MOST_IMAGES, sample_rows

NORM_QUANTILES = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)

UNDEFINED = {
    "skewness": "every image is in as many lists",
    "norm_correlation": "all images are in as many lists, or all norms are the same",
    "purity_without_own_subject": "there are no subject ids, or one subject has all images",
    "own_subject_nearest": "there are no subject ids, or no subject has several images",
    "silhouette": "there is one syndrome alone, or no syndrome has several images",
}
"""Why a figure has no value."""


@dataclass(frozen=True, eq=False)
class _Images:
    """What is known of the images, whatever the distance."""

    labels: LabelArray
    codes: IndexArray
    """Shape (n_images,): the class number of each image."""
    subjects: LabelArray | None
    norms: Float64Array
    silhouettes: dict[str, float | None]
    """By distance."""


def measure_hubness(
    graph: NeighborGraph,
    embeddings: FloatArray,
    labels: LabelArray,
    subjects: LabelArray | None = None,
    *,
    n_neighbors: int = 15,
    n_hubs: int = 5,
    random_state: int = 0,
    space: EmbeddingSpace | None = None,
) -> Hubness:
    r"""Show which images are near to many others under each distance, and whether they are of their kind.

    Let :math:`N_k(x)` count the images that have x among their k nearest others. Its mean is k; its skewness

    .. math:: S_{N_k} = E(N_k - \mu)^3 / \sigma^3

    measures hubness [1]_. It depends on k: lists of 10 give other figures than those of 15.

    Parameters
    ----------
    graph : NeighborGraph
        Of all images.
    embeddings : array of shape (n_images, n_features)
        The rows of the graph, for norms and silhouettes.
    labels : array of shape (n_images,)
        The class of each image.
    subjects : array of shape (n_images,), optional
        The subject of each image. Then hubs are named with theirs.
    n_neighbors : int, default=15
        The k of the lists; of fewer images, all others.
    n_hubs : int, default=5
        How many hubs are named.
    random_state : int, default=0
        Seed of the sample that the silhouette is taken of where there are more than 3,000 images.
    space : EmbeddingSpace, optional
        Of the same images, where one is at hand.

    Returns
    -------
    Hubness

    References
    ----------
    .. [1] M. Radovanovic, A. Nanopoulos and M. Ivanovic, "Hubs in Space: Popular Nearest Neighbors in
       High-Dimensional Data", JMLR 11:2487-2531, 2010. https://jmlr.org/papers/v11/radovanovic10a.html

    Examples
    --------
    >>> rows = np.array([[0.0, 3.0], [1.0, 0.0], [2.0, 0.0], [3.0, 0.0]])
    >>> graph = NeighborGraph.from_embeddings(rows, metrics=["euclidean"])
    >>> found = measure_hubness(graph, rows, np.array(["a", "b", "b", "b"]), n_neighbors=1, n_hubs=1)
    >>> hub = found.distances[0].hubs[0]
    >>> hub.row, hub.n_lists, hub.n_wrong_lists
    (1, 2, 1)
    """
    classes, codes = np.unique(labels, return_inverse=True)
    sample = sample_rows(labels, random_state, MOST_IMAGES)
    space = space or EmbeddingSpace(embeddings, labels)
    norms = row_lengths(embeddings)
    images = _Images(
        labels=classes[codes],
        codes=codes,
        subjects=subjects,
        norms=norms,
        silhouettes={metric: space.silhouette(metric, sample) for metric in graph.metrics},
    )
    return Hubness(
        n_images=len(codes),
        expected_purity=expected_purity(codes),
        norms=tuple(
            Quantile(share=share, value=float(value))
            for share, value in zip(NORM_QUANTILES, np.quantile(norms, NORM_QUANTILES), strict=True)
        ),
        distances=tuple(
            _measure(graph, metric, images, min(n_neighbors, len(codes) - 1), n_hubs)
            for metric in graph.metrics
        ),
    )


def _measure(
    graph: NeighborGraph, metric: str, images: _Images, n_neighbors: int, n_hubs: int
) -> DistanceHubness:
    rows = np.arange(graph.n_samples)
    everyone = np.ones(graph.n_samples, dtype=np.bool_)
    lists = graph.nearest_among(metric, rows, everyone, n_neighbors).indices
    occurrences = np.bincount(lists.ravel(), minlength=len(lists))
    same = same_class(images.codes, rows, lists)
    figures: dict[str, float | None] = {
        "skewness": float(skew(occurrences)) if np.ptp(occurrences) else None,
        "norm_correlation": _rank_correlation(occurrences, images.norms),
        "purity_without_own_subject": _purity_without_own_subject(graph, metric, images, n_neighbors),
        "own_subject_nearest": _own_subject_nearest(lists[:, 0], images.subjects),
        "silhouette": images.silhouettes[metric],
    }
    values, numbers = np.unique(occurrences, return_counts=True)
    return DistanceHubness(
        metric=metric,
        n_neighbors=n_neighbors,
        occurrences=tuple(
            OccurrenceCount(n_lists=value, n_images=number)
            for value, number in zip(values.tolist(), numbers.tolist(), strict=True)
        ),
        hubs=_hubs(occurrences, np.bincount(lists[~same], minlength=len(lists)), images, n_hubs),
        anti_hub_share=float((occurrences == 0).mean()),
        neighbor_purity=float(same.mean()),
        undefined=tuple(
            UndefinedFigure(name=name, reason=UNDEFINED[name])
            for name, value in figures.items()
            if value is None
        ),
        **figures,
    )


def _rank_correlation(occurrences: IndexArray, norms: Float64Array) -> float | None:
    if not np.ptp(occurrences) or not np.ptp(norms):
        return None
    return float(spearmanr(occurrences, norms).statistic)


def _hubs(occurrences: IndexArray, wrong: IndexArray, images: _Images, n_hubs: int) -> tuple[Hub, ...]:
    rows = np.argsort(-occurrences, kind="stable")[:n_hubs]
    return tuple(
        Hub(
            row=row,
            syndrome=str(images.labels[row]),
            subject=None if images.subjects is None else str(images.subjects[row]),
            n_lists=int(occurrences[row]),
            n_wrong_lists=int(wrong[row]),
            norm=float(images.norms[row]),
        )
        for row in rows.tolist()
    )


def _own_subject_nearest(nearest: IndexArray, subjects: LabelArray | None) -> float | None:
    """Return how often the nearest other image is of the same subject, where there is one."""
    if subjects is None:
        return None
    _, numbers, sizes = np.unique(subjects, return_inverse=True, return_counts=True)
    several = sizes[numbers] > 1
    if not several.any():
        return None
    return float((numbers[nearest] == numbers)[several].mean())


def _purity_without_own_subject(
    graph: NeighborGraph, metric: str, images: _Images, n_neighbors: int
) -> float | None:
    """Return the neighbour purity where a row may not find its own subject."""
    if images.subjects is None:
        return None
    _, numbers, sizes = np.unique(images.subjects, return_inverse=True, return_counts=True)
    reach = min(n_neighbors, len(numbers) - int(sizes.max()))
    if reach == 0:
        return None
    lists = nearest_of_others(graph, metric, numbers, reach).indices
    same = int(same_class(images.codes, np.arange(len(lists)), lists).sum())
    return same / (len(numbers) * reach)


OCCURRENCE_NEIGHBORS = 10
"""Length of the lists that hubs are counted in, as most of the literature on them has it."""


def measure_embedding_space(study: StudyRun) -> EmbeddingSpaceAnalysis | None:
    """Show which images are neighbours of many others; takes a graph of all rows."""
    graph, data = study.runs[0].graph, study.data
    if graph is None:
        return None
    found = measure_hubness(
        graph,
        data.array,
        data.labels,
        data.groups,
        n_neighbors=OCCURRENCE_NEIGHBORS,
        space=study.space,
    )
    return EmbeddingSpaceAnalysis(hubness=found)


COST = Cost(
    "each image hides all images of its own subject in turn",
    (
        Term(0.0, "sort", ("images", "images", "distances")),
        Term(5700.0, "sort", ("images", "distances")),
    ),
)

COMPUTATION = Computation(
    question="embedding_space", cost=COST, compute=measure_embedding_space, needs="neighbors", of_study=True
)
