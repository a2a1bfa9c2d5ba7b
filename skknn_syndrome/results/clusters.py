"""What embeddings look like after scaling and resampling, and whether clusters in them are syndromes."""

from typing import Self

from pydantic import model_validator

from skknn_syndrome.results.base import Result, check_known, check_lengths


class Agreement(Result):
    """How far clusters and syndromes are the same partition."""

    adjusted_rand: float
    """1 for the same partition, 0 on average by chance (Hubert and Arabie, doi:10.1007/BF01908075)."""
    normalized_mutual_information: float
    """1 for the same partition, 0 for independent ones; chance is not taken off."""


class Cluster(Result):
    """One K-means cluster in the plane."""

    x: float
    y: float
    """Its centroid."""
    radius: float
    """90th percentile of its points' distances to the centroid, in the units of the plane."""
    n_points: int
    syndrome: str
    """The most frequent syndrome among its points."""


class VariantMap(Result):
    """All rows of a variant in the plane by t-SNE, with as many K-means clusters as there are syndromes.

    A picture of all rows at once, resampled ones included; nothing is tested on it.
    """

    scaler: str
    resampler: str
    random_state: int
    perplexity: float
    syndromes: tuple[str, ...]
    labels: tuple[int, ...]
    """For each point its syndrome, as a position in `syndromes`."""
    n_images: int
    """The first so many points are images; the others are synthetic."""
    x: tuple[float, ...]
    y: tuple[float, ...]
    clusters: tuple[Cluster, ...]
    in_plane: Agreement
    """Of these clusters."""
    in_space: Agreement
    """Of K-means clusters of the embeddings themselves."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        check_lengths(len(self.labels), x=self.x, y=self.y)
        check_known("place among the syndromes", self.labels, range(len(self.syndromes)))
        check_known("syndrome", (cluster.syndrome for cluster in self.clusters), self.syndromes)
        return self
