"""Whether clusters in preprocessed embeddings are syndromes."""

from skknn_syndrome.results import AblationResult
from skknn_syndrome.tables.ablation.columns import RESAMPLER, SCALER
from skknn_syndrome.tables.table import Column, Table


def preprocessing_clusters(result: AblationResult) -> Table:
    """Return how far K-means clusters and syndromes agree, a row a map."""
    return Table(
        name="preprocessing_clusters",
        caption="Agreement of K-means clusters with syndromes, in the plane of t-SNE and in the space of the "
        "embeddings, of the rows that are mapped: adjusted Rand index (ARI) and normalised mutual "
        "information (NMI)",
        columns=(
            SCALER,
            RESAMPLER,
            Column("n_images", "Images"),
            Column("n_synthetic", "Synthetic"),
            Column("ari_plane", "ARI, plane", decimals=3),
            Column("nmi_plane", "NMI, plane", decimals=3),
            Column("ari_space", "ARI, space", decimals=3),
            Column("nmi_space", "NMI, space", decimals=3),
        ),
        rows=tuple(
            (
                entry.scaler,
                entry.resampler,
                entry.n_images,
                len(entry.labels) - entry.n_images,
                entry.in_plane.adjusted_rand,
                entry.in_plane.normalized_mutual_information,
                entry.in_space.adjusted_rand,
                entry.in_space.normalized_mutual_information,
            )
            for entry in result.maps
        ),
    )


def preprocessing_centroids(result: AblationResult) -> Table:
    """Return where the clusters of each map lie, a row a cluster."""
    return Table(
        name="preprocessing_centroids",
        caption="K-means clusters in the plane of t-SNE: centroid, 90th percentile of the distances to it, "
        "points, and the most frequent syndrome among them",
        columns=(
            SCALER,
            RESAMPLER,
            Column("cluster", "Cluster"),
            Column("syndrome", "Syndrome"),
            Column("x", "x", decimals=2),
            Column("y", "y", decimals=2),
            Column("radius", "Radius", decimals=2),
            Column("n_points", "Points"),
        ),
        rows=tuple(
            (
                entry.scaler,
                entry.resampler,
                number,
                found.syndrome,
                found.x,
                found.y,
                found.radius,
                found.n_points,
            )
            for entry in result.maps
            for number, found in enumerate(entry.clusters, 1)
        ),
    )
