"""Maps of embeddings in the plane by t-SNE and PCA, and similarity of class centroids."""

from typing import Any

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.analyses.embedding_map.result import (
    CentroidSimilarity,
    EmbeddingMap,
    EmbeddingMapAnalysis,
    Projection,
)
from skknn_syndrome.crossval.costs import Cost, Term
from skknn_syndrome.crossval.out_of_fold import OutOfFoldRecord
from skknn_syndrome.crossval.study_run import DatasetRun
from skknn_syndrome.neighbors.distances import cosine_distances
from skknn_syndrome.neighbors.embedding_space import EmbeddingSpace, expected_purity, same_class, silhouette
from skknn_syndrome.neighbors.near_duplicates import cosine_graph
from skknn_syndrome.questions import Description
from skknn_syndrome.results.sample import Sample
from skknn_syndrome.statistics.projection import (
    FEWEST_IMAGES,
    LARGEST_PERPLEXITY,
    MOST_IMAGES,
    coordinates,
    sample_rows,
)

NEIGHBORS = 15
"""Of an image, whose syndromes are compared with its own."""
NEAREST = 5
"""Of these, how many the interactive map shows."""


def map_embeddings(
    embeddings: LabelArray,
    labels: LabelArray,
    *,
    random_state: int,
    space: EmbeddingSpace | None = None,
    record: OutOfFoldRecord | None = None,
) -> EmbeddingMap | None:
    """Lay the embeddings out in the plane by t-SNE and by principal components.

    Parameters
    ----------
    embeddings : array of shape (n_images, n_features)
        What is mapped; t-SNE by cosine distance, principal components of the centred vectors.
    labels : array of shape (n_images,)
        The class of each image.
    random_state : int
        Seed of t-SNE and of the sample.
    space : EmbeddingSpace, optional
        Of the same images, where one is at hand.
    record : OutOfFoldRecord, optional
        What was predicted of them out of fold.

    Returns
    -------
    EmbeddingMap or None
        None for fewer than 20 images, or where all are equal. For more than 3,000 a stratified
        sample is mapped; silhouettes and neighbour purity speak of the images that are mapped.
    """
    if why_no_map(embeddings) is not None:
        return None
    rows = sample_rows(labels, random_state, MOST_IMAGES)
    vectors, names = embeddings[rows].astype(np.float64), labels[rows]
    classes, codes = np.unique(names, return_inverse=True)
    n_neighbors = min(NEIGHBORS, len(rows) - 1)
    space = space or EmbeddingSpace(embeddings, labels)
    lists = _nearest(space, rows, n_neighbors)
    purity = same_class(space.codes[rows], np.arange(len(rows)), lists).mean()
    return EmbeddingMap(
        labels=tuple(int(code) for code in codes),
        syndromes=tuple(str(label) for label in classes),
        projections=(_tsne(vectors, codes, random_state), _pca(vectors, codes)),
        silhouette_original=space.silhouette("cosine", rows),
        neighbor_purity=float(purity),
        n_neighbors=n_neighbors,
        expected_purity=expected_purity(codes),
        n_images=len(labels),
        rows=tuple(rows.tolist()) if len(rows) < len(labels) else (),
        neighbors=tuple(map(tuple, lists[:, :NEAREST].tolist())),
        **({} if record is None else _predictions(record, rows)),
    )


def _predictions(record: OutOfFoldRecord, rows: IndexArray) -> dict[str, Any]:
    """Return what was predicted of some images, by field of the map; of several repeats the first."""
    first = np.full(len(record.labels), -1)
    first[record.rows[::-1]] = np.arange(len(record.rows))[::-1]
    places = first[rows]
    if (places < 0).any():  # a splitter that does not test every image
        return {}
    said = record.predicted[places]
    predicted = {"predicted": tuple(str(label) for label in record.classes[said])}
    if record.kind != "probabilities":
        return predicted
    return predicted | {"confidence": tuple(np.round(record.probabilities[places, said], 3).tolist())}


def why_no_map(embeddings: LabelArray) -> str | None:
    """Return why there can be no map, in half a sentence; None where there can be one."""
    if len(embeddings) < FEWEST_IMAGES:
        return f"there are {len(embeddings)} images, and a map takes {FEWEST_IMAGES}"
    return "all embeddings are equal" if (embeddings == embeddings[0]).all() else None


def _tsne(vectors: Float64Array, codes: IndexArray, random_state: int) -> Projection:
    perplexity = min(LARGEST_PERPLEXITY, (len(vectors) - 1) / 3)
    # Two principal components to begin with take two features.
    init = "pca" if vectors.shape[1] > 1 else "random"
    model = TSNE(perplexity=perplexity, metric="cosine", init=init, random_state=random_state)
    plane = model.fit_transform(vectors)
    return Projection(
        method="tsne",
        metric="cosine",
        random_state=random_state,
        perplexity=perplexity,
        explained_variance=None,
        silhouette=silhouette(plane.astype(np.float64), codes, "euclidean"),
        **coordinates(plane),
    )


def _pca(vectors: Float64Array, codes: IndexArray) -> Projection:
    model = PCA(n_components=min(2, vectors.shape[1]), svd_solver="full")
    plane = model.fit_transform(vectors)
    # Of one feature the plane is a line.
    plane = np.pad(plane, [(0, 0), (0, 2 - plane.shape[1])])
    return Projection(
        method="pca",
        metric="euclidean",
        random_state=None,
        perplexity=None,
        explained_variance=float(model.explained_variance_ratio_.sum()),
        silhouette=silhouette(plane, codes, "euclidean"),
        **coordinates(plane),
    )


def _nearest(space: EmbeddingSpace, rows: IndexArray, n_neighbors: int) -> IndexArray:
    """Return the nearest of the images that are mapped (cosine), as places among these."""
    # Lists of all images hold hardly any of a small sample.
    graph = space.graph if len(rows) == len(space.codes) else cosine_graph(space.embeddings[rows])
    places, everyone = np.arange(len(rows)), np.ones(len(rows), dtype=np.bool_)
    nearest: IndexArray = graph.nearest_among("cosine", places, everyone, n_neighbors).indices
    return nearest


def compare_centroids(embeddings: LabelArray, labels: LabelArray) -> tuple[CentroidSimilarity, ...]:
    """Compare the syndromes' mean embeddings by cosine and by Pearson correlation.

    Parameters
    ----------
    embeddings : array of shape (n_images, n_features)
        The vectors that are averaged.
    labels : array of shape (n_images,)
        The class of each image.

    Returns
    -------
    tuple of CentroidSimilarity
        Cosine, then Pearson: the cosine of the vectors less their own mean. Each is ordered by average
        linkage with optimal leaf order, so that like stands beside like.
    """
    classes = np.unique(labels)
    means = np.array([embeddings[labels == label].mean(axis=0, dtype=np.float64) for label in classes])
    names = [str(label) for label in classes]
    centred = means - means.mean(axis=1, keepdims=True)
    return _ordered("cosine", means, names), _ordered("pearson", centred, names)


def _ordered(measure: str, vectors: Float64Array, names: list[str]) -> CentroidSimilarity:
    distances = cosine_distances(vectors, vectors)
    np.fill_diagonal(distances, 0.0)
    tree = linkage(squareform(distances), method="average", optimal_ordering=True)
    order = leaves_list(tree)
    return CentroidSimilarity.model_validate(
        {
            "measure": measure,
            "syndromes": tuple(names[row] for row in order),
            "matrix": tuple(tuple(float(1 - distances[row, column]) for column in order) for row in order),
        }
    )


def describe_embeddings(run: DatasetRun) -> EmbeddingMapAnalysis:
    """Lay a data set out in the plane where that was asked for, and compare its syndromes' centroids."""
    dataset = run.dataset
    shown = None
    if run.with_map:
        shown = map_embeddings(
            dataset.embeddings,
            dataset.syndromes,
            random_state=run.random_state or 0,
            space=run.space,
            record=run.record,
        )
    return EmbeddingMapAnalysis(
        sample=None if shown is None else _sample_of(shown, run.random_state),
        embedding_map=shown,
        centroid_similarities=compare_centroids(dataset.embeddings, dataset.syndromes),
    )


def _sample_of(shown: EmbeddingMap, random_state: int | None) -> Sample | None:
    if len(shown.labels) == shown.n_images:
        return None
    return Sample(
        n_used=len(shown.labels),
        n_images=shown.n_images,
        n_subjects_used=None,
        n_subjects=None,
        stratified_by=("class",),
        random_state=random_state,
    )


COST = Cost(
    "t-SNE moves each point in each of 1,000 steps, and principal components take all features",
    (
        Term(14000.0, "python", ("images",)),
        Term(450.0, "sort", ("images", "images")),
        Term(0.0, "product", ("images", "features", "features")),
        Term(0.0, "sort", ("classes", "classes")),
    ),
    sampled_above=MOST_IMAGES,
)

DESCRIPTION = Description(question="embedding_map", cost=COST, describe=describe_embeddings)
