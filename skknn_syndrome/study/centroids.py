"""How alike the mean embeddings of the syndromes are."""

import numpy as np
from scipy.cluster.hierarchy import leaves_list, linkage
from scipy.spatial.distance import squareform

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.neighbors.distances import cosine_distances
from skknn_syndrome.results import CentroidSimilarity


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
