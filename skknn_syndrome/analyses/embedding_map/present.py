"""The map of the embeddings in the plane, and similarity of class centroids."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from skknn_syndrome.analyses.embedding_map.result import (
    CentroidSimilarity,
    EmbeddingMap,
    EmbeddingMapAnalysis,
    Projection,
)
from skknn_syndrome.display.lettering import drawn_labels
from skknn_syndrome.display.prose import number
from skknn_syndrome.display.style import marks
from skknn_syndrome.questions import FigureMaker, Presentation
from skknn_syndrome.results.study import StudyResult

MAP_TITLES = {"tsne": "t-SNE", "pca": "Principal components"}


def draw_embedding_map(shown: EmbeddingMap) -> Figure:
    """Return one panel a projection, every image a point with its syndrome's colour and marker."""
    columns = min(4, max(1, 100 // (6 + max(len(name) for name in drawn_labels(shown.syndromes).values()))))
    rows = -(-len(shown.syndromes) // columns)
    figure = Figure(figsize=(9.0, 4.3 + 0.24 * rows), layout="constrained")
    panels = figure.subplots(1, len(shown.projections), squeeze=False)[0]
    for axes, projection in zip(panels, shown.projections, strict=True):
        _draw_points(axes, shown, projection)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=columns, markerscale=1.6)
    return figure


def describe_embedding_map(shown: EmbeddingMap) -> str:
    """Return the alternative text."""
    silhouettes = " and ".join(
        f"{number(projection.silhouette, 2)} ({MAP_TITLES[projection.method]})"
        for projection in shown.projections
        if projection.silhouette is not None
    )
    return (
        f"{len(shown.labels)} images of {len(shown.syndromes)} syndromes as points in the plane. "
        f"Silhouette of the syndromes: {silhouettes or 'not defined'}."
    )


def _draw_points(axes: Axes, shown: EmbeddingMap, projection: Projection) -> None:
    look, names = marks(shown.syndromes), drawn_labels(shown.syndromes)
    codes, x, y = np.array(shown.labels), np.array(projection.x), np.array(projection.y)
    for position, name in enumerate(shown.syndromes):
        chosen = codes == position
        axes.scatter(
            x[chosen],
            y[chosen],
            s=14,
            c=look[name].colour,
            marker=look[name].marker,
            linewidths=0,
            alpha=0.8,
            label=names[name],
        )
    axes.set_title(_title(projection))
    axes.set(xticks=[], yticks=[], aspect="equal", adjustable="datalim")
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color("#bbbbbb")


def _title(projection: Projection) -> str:
    silhouette = "" if projection.silhouette is None else f", silhouette {number(projection.silhouette, 2)}"
    share = projection.explained_variance
    variance = "" if share is None else f" ({100 * share:.0f} % of variance)"
    return f"{MAP_TITLES[projection.method]}{variance}{silhouette}"


SIMILARITY_TITLES = {"cosine": "Cosine similarity", "pearson": "Pearson correlation"}
NARROWEST_SCALE = 0.1
"""Similarities that differ by less are shown in about the same colour."""
MANY = 12
"""Syndromes above which cells have no room for numbers."""


def draw_centroid_similarity(similarities: Sequence[CentroidSimilarity]) -> Figure:
    """Return one heat map a measure, on one scale, like syndromes side by side."""
    n_syndromes = len(similarities[0].syndromes)
    # Many syndromes fill the page's width with one panel, and the next stands below.
    rows, columns = (len(similarities), 1) if n_syndromes > MANY else (1, len(similarities))
    side = 2.3 + (0.22 if n_syndromes > MANY else 0.34) * n_syndromes
    figure = Figure(figsize=(side * columns + 0.8, side * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    values = [value for entry in similarities for value in _pairs(entry)]
    # The diagonal's 1 would leave the pairs, which are the news, a part of the colours.
    scale = min(values), max(*values, min(values) + NARROWEST_SCALE)
    images = [_draw(axes, entry, scale) for axes, entry in zip(panels, similarities, strict=True)]
    figure.colorbar(images[0], ax=list(panels), shrink=0.75, extend="max")
    return figure


def describe_centroid_similarity(similarities: Sequence[CentroidSimilarity]) -> str:
    """Return the alternative text."""
    parts = []
    for entry in similarities:
        values = _pairs(entry)
        ends = f"{number(min(values), 2)} to {number(max(values), 2)}"
        parts.append(f"{SIMILARITY_TITLES[entry.measure]} from {ends}")
    return f"Heat maps of how alike the mean embeddings of the syndromes are: {'; '.join(parts)}."


def _pairs(entry: CentroidSimilarity) -> list[float]:
    return [value for row, line in enumerate(entry.matrix) for value in line[:row]]


def _draw(axes: Axes, entry: CentroidSimilarity, scale: tuple[float, float]) -> AxesImage:
    matrix = np.array(entry.matrix)
    names = drawn_labels(entry.syndromes)
    ticks = [names[name] for name in entry.syndromes]
    image = axes.imshow(matrix, cmap="cividis", vmin=scale[0], vmax=scale[1])
    if len(ticks) <= MANY:
        # On this colour map, text is black above the middle of the scale and white below.
        middle = sum(scale) / 2
        for (row, column), value in np.ndenumerate(matrix):
            text = f"{value:.2f}".replace("0.", ".", 1).replace("-", "\N{MINUS SIGN}")
            colour = "black" if value > middle else "white"
            axes.text(column, row, text, ha="center", va="center", fontsize=7, color=colour)
    axes.set_xticks(range(len(ticks)), ticks, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(ticks)), ticks)
    axes.set_title(SIMILARITY_TITLES[entry.measure])
    axes.grid(visible=False)
    return image


@dataclass(frozen=True)
class EmbeddingMapFindings:
    """Map and similar syndromes, where there are any."""

    embedding_map: EmbeddingMap | None
    similarities: Sequence[CentroidSimilarity]

    @property
    def closest(self) -> tuple[str, str, float] | None:
        """The two syndromes whose mean embeddings are most alike, and how much."""
        found = next((entry for entry in self.similarities if entry.measure == "cosine"), None)
        if found is None:
            return None
        value, first, second = max(
            (value, found.syndromes[row], found.syndromes[column])
            for row, line in enumerate(found.matrix)
            for column, value in enumerate(line[:row])
        )
        return second, first, value


def find_embedding_map(study: StudyResult) -> EmbeddingMapFindings | None:
    """Return what the report shows of the embeddings in the plane."""
    found = study.find(EmbeddingMapAnalysis)
    if found is None or not (found.embedding_map or found.centroid_similarities):
        return None
    return EmbeddingMapFindings(found.embedding_map, found.centroid_similarities)


def _map(study: StudyResult) -> EmbeddingMap | None:
    found = find_embedding_map(study)
    return None if found is None else found.embedding_map


def _similarities(study: StudyResult) -> Sequence[CentroidSimilarity]:
    found = find_embedding_map(study)
    return () if found is None else found.similarities


def _draw_map(study: StudyResult) -> Figure | None:
    shown = _map(study)
    return None if shown is None else draw_embedding_map(shown)


def _describe_map(study: StudyResult) -> str:
    shown = _map(study)
    return "" if shown is None else describe_embedding_map(shown)


def _draw_similarities(study: StudyResult) -> Figure | None:
    found = _similarities(study)
    return draw_centroid_similarity(found) if found else None


PRESENTATION = Presentation(
    question="embedding_map",
    figures=(
        FigureMaker(name="embedding-map", draw=_draw_map, describe=_describe_map, by_class=True),
        FigureMaker(
            name="centroid-similarity",
            draw=_draw_similarities,
            describe=lambda study: describe_centroid_similarity(_similarities(study)),
            by_class=True,
        ),
    ),
    findings=find_embedding_map,
    sections={"classes": "section.qmd"},
)
