"""The embeddings in the plane, and what such a map is worth."""

import numpy as np
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE
from sklearn.model_selection import train_test_split

from skknn_syndrome._typing import Float64Array, IndexArray, LabelArray
from skknn_syndrome.results import EmbeddingMap, Projection
from skknn_syndrome.study.embedding_space import EmbeddingSpace, expected_purity, same_class, silhouette
from skknn_syndrome.study.near_duplicates import cosine_graph

MOST_IMAGES = 3_000
"""Above, a stratified sample is mapped: t-SNE takes minutes, and a figure shows no more points."""
FEWEST_IMAGES = 20
"""Below, a map shows nothing."""
LARGEST_PERPLEXITY = 30.0
NEIGHBORS = 15


def map_embeddings(
    embeddings: LabelArray,
    labels: LabelArray,
    *,
    random_state: int,
    space: EmbeddingSpace | None = None,
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
    return EmbeddingMap(
        labels=tuple(int(code) for code in codes),
        syndromes=tuple(str(label) for label in classes),
        projections=(_tsne(vectors, codes, random_state), _pca(vectors, codes)),
        silhouette_original=space.silhouette("cosine", rows),
        neighbor_purity=_purity(space, rows, n_neighbors),
        n_neighbors=n_neighbors,
        expected_purity=expected_purity(codes),
        n_images=len(labels),
    )


def why_no_map(embeddings: LabelArray) -> str | None:
    """Return why there can be no map, in half a sentence; None where there can be one."""
    if len(embeddings) < FEWEST_IMAGES:
        return f"there are {len(embeddings)} images, and a map takes {FEWEST_IMAGES}"
    return "all embeddings are equal" if (embeddings == embeddings[0]).all() else None


def sample_rows(labels: LabelArray, random_state: int, most: int) -> IndexArray:
    """Return up to so many rows in their order, each class with its share."""
    rows: IndexArray = np.arange(len(labels))
    if len(labels) <= most:
        return rows
    _, counts = np.unique(labels, return_counts=True)
    # A class of one image can't be divided.
    strata = labels if counts.min() > 1 else None
    chosen, _ = train_test_split(rows, train_size=most, stratify=strata, random_state=random_state)
    return np.sort(chosen)


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


def coordinates(plane: Float64Array) -> dict[str, tuple[float, ...]]:
    """Return points of shape (n_points, 2) as typed results keep them, by axis."""
    # A thousandth of the extent is less than a point's width, and its digits are the same on most machines.
    decimals = 3 - int(np.ceil(np.log10(max(np.ptp(plane), 1e-9))))
    return {
        axis: tuple(round(float(v), decimals) for v in plane[:, column]) for column, axis in enumerate("xy")
    }


def _purity(space: EmbeddingSpace, rows: IndexArray, n_neighbors: int) -> float:
    """Return the share of the neighbours among the images that are mapped that are of an image's class."""
    codes = space.codes[rows]
    # Lists of all images hold hardly any of a small sample.
    graph = space.graph if len(rows) == len(space.codes) else cosine_graph(space.embeddings[rows])
    places, everyone = np.arange(len(rows)), np.ones(len(rows), dtype=np.bool_)
    lists = graph.nearest_among("cosine", places, everyone, n_neighbors).indices
    return float(same_class(codes, places, lists).mean())
