"""What the embeddings look like: maps in the plane, and how close the syndromes lie."""

from collections.abc import Collection
from typing import Literal, Self

from pydantic import Field, model_validator

from skknn_syndrome.results.analysis import Analysis, at_places, places_of, points_of
from skknn_syndrome.results.base import Result, check_known, check_lengths


class Projection(Result):
    """The images as points in the plane."""

    method: Literal["tsne", "pca"]
    metric: str
    """The distance that the map tries to keep."""
    random_state: int | None
    perplexity: float | None
    """Of t-SNE, None for PCA."""
    explained_variance: float | None
    """Share of the variance that the plane holds, None for t-SNE."""
    x: tuple[float, ...]
    y: tuple[float, ...]
    silhouette: float | None
    """Of the syndromes in the plane; None where it is not defined."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        check_lengths(len(self.x), y=self.y)
        return self


class EmbeddingMap(Result):
    """Maps of the embeddings and what they are worth."""

    labels: tuple[int, ...]
    """For each point its syndrome, as a position in `syndromes`."""
    syndromes: tuple[str, ...]
    projections: tuple[Projection, ...] = Field(min_length=1)
    silhouette_original: float | None
    """Of the syndromes in the original space, by cosine distance."""
    neighbor_purity: float
    """Share of the `n_neighbors` nearest other images (cosine) that have the image's own syndrome."""
    n_neighbors: int
    expected_purity: float
    """The same share if neighbours were drawn at random."""
    n_images: int
    """Images of the study; where there are more than points, a stratified sample of them is mapped."""
    rows: tuple[int, ...] = ()
    """Of a sample the place of each point among the images of the data set; empty where all are mapped."""
    predicted: tuple[str, ...] = ()
    """The class that the best candidate predicts out of fold, a point each; empty where that is unknown."""
    confidence: tuple[float, ...] = ()
    """Its probability, to three decimals; empty where there is none."""
    neighbors: tuple[tuple[int, ...], ...] = ()
    """For each point the nearest others in the original space (cosine), as places among the points; empty in
    files of earlier versions."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        n_points = len(self.labels)
        for name in ("rows", "predicted", "confidence", "neighbors"):
            entries = getattr(self, name)
            check_lengths(n_points if entries else 0, **{name: entries})
        check_known("point", {place for near in self.neighbors for place in near}, range(n_points))
        for projection in self.projections:
            check_lengths(len(self.labels), x=projection.x)
        check_known("place among the syndromes", self.labels, range(len(self.syndromes)))
        return self

    def of_classes(self, kept: Collection[str]) -> Self:
        """Return the points of some syndromes alone."""
        names, labels, points = points_of(self.syndromes, self.labels, kept)
        projections = tuple(
            entry.revised(x=at_places(entry.x, points), y=at_places(entry.y, points))
            for entry in self.projections
        )
        new = {point: place for place, point in enumerate(points)}
        neighbors = at_places(self.neighbors, points) if self.neighbors else ()
        return self.revised(
            syndromes=names,
            labels=labels,
            projections=projections,
            # A place among the images is told by the points' own where all are mapped.
            rows=at_places(self.rows or range(len(self.labels)), points),
            predicted=at_places(self.predicted, points) if self.predicted else (),
            confidence=at_places(self.confidence, points) if self.confidence else (),
            neighbors=tuple(tuple(new[place] for place in near if place in new) for near in neighbors),
        )


class CentroidSimilarity(Result):
    """How alike the mean embeddings of the syndromes are."""

    measure: Literal["cosine", "pearson"]
    syndromes: tuple[str, ...]
    """In the order of a hierarchical clustering (average linkage), so that like stands beside like."""
    matrix: tuple[tuple[float, ...], ...]
    """Rows and columns in that order; 1 on the diagonal."""

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        check_lengths(len(self.syndromes), matrix=self.matrix)
        for row in self.matrix:
            check_lengths(len(self.syndromes), row=row)
        return self

    def of_classes(self, kept: Collection[str]) -> Self:
        """Return rows and columns of some syndromes alone."""
        places = places_of(self.syndromes, kept)
        matrix = tuple(at_places(row, places) for row in at_places(self.matrix, places))
        return self.revised(syndromes=at_places(self.syndromes, places), matrix=matrix)


class EmbeddingMapAnalysis(Analysis):
    """The embeddings in the plane, and how close the syndromes lie."""

    question: Literal["embedding_map"] = "embedding_map"
    embedding_map: EmbeddingMap | None = None
    """None where nobody asked, or there can be none."""
    centroid_similarities: tuple[CentroidSimilarity, ...] = ()

    def of_classes(self, kept: Collection[str]) -> Self:
        """Return map and similarities of some syndromes alone."""
        return self.revised(
            embedding_map=None if self.embedding_map is None else self.embedding_map.of_classes(kept),
            centroid_similarities=tuple(entry.of_classes(kept) for entry in self.centroid_similarities),
        )
