"""The map of the embeddings in the plane, and similarity of class centroids."""

from collections.abc import Mapping, Sequence
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
from skknn_syndrome.display.extent import MOST_SYNDROMES
from skknn_syndrome.display.lettering import drawn_labels
from skknn_syndrome.display.messages import called
from skknn_syndrome.display.prose import number, percent
from skknn_syndrome.display.style import FAINT, WIDTH, marks
from skknn_syndrome.questions import FigureMaker, Presentation
from skknn_syndrome.results.study import StudyResult

MAP_TITLES = {"tsne": "t-SNE", "pca": "Principal components"}


NAMED = 10
"""Syndromes in colours of their own; the smaller ones are grey."""
MANY_POINTS = 500
"""Images above which points are pixels in an SVG: thousands of paths are megabytes."""


def draw_embedding_map(shown: EmbeddingMap) -> Figure:
    """Return one panel a projection, every image a point with its syndrome's colour and marker."""
    names = drawn_labels(_named(shown))
    columns = min(3, max(1, 60 // (6 + max(len(name) for name in names.values()))))
    rows = -(-(len(names) + 1) // columns)
    side = WIDTH / len(shown.projections)
    figure = Figure(figsize=(WIDTH, side + 0.6 + 0.22 * rows), layout="constrained")
    panels = figure.subplots(1, len(shown.projections), squeeze=False)[0]
    for axes, projection in zip(panels, shown.projections, strict=True):
        _draw_points(axes, shown, projection, names)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=columns, markerscale=1.6)
    return figure


def _named(shown: EmbeddingMap) -> list[str]:
    """Return the syndromes with the most images, in their order."""
    counts = np.bincount(shown.labels, minlength=len(shown.syndromes))
    largest = np.argsort(-counts, kind="stable")[:NAMED]
    return [shown.syndromes[place] for place in sorted(largest.tolist())]


def say_embedding_map(shown: EmbeddingMap) -> str:
    """Return the message: how many of an image's neighbours are of its class, and of chance."""
    return (
        f"{percent(shown.neighbor_purity)} of an image's {shown.n_neighbors} nearest are of its own "
        f"syndrome; by chance it would be {percent(shown.expected_purity)}"
    )


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


def _draw_points(axes: Axes, shown: EmbeddingMap, projection: Projection, names: Mapping[str, str]) -> None:
    look = marks(list(names))
    codes, x, y = np.array(shown.labels), np.array(projection.x), np.array(projection.y)
    raster = len(codes) > MANY_POINTS
    others = np.array([name not in names for name in shown.syndromes])[codes]
    if others.any():
        label = f"{len(shown.syndromes) - len(names)} other syndromes"
        axes.scatter(x[others], y[others], s=6, c=FAINT, linewidths=0, rasterized=raster, label=label)
    for name, title in names.items():
        chosen = codes == shown.syndromes.index(name)
        mark = look[name]
        axes.scatter(
            x[chosen],
            y[chosen],
            s=11,
            c=mark.colour,
            marker=mark.marker,
            linewidths=0,
            alpha=0.8,
            label=title,
            rasterized=raster,
        )
    axes.set_title(_title(projection))
    axes.set(xticks=[], yticks=[], aspect="equal", adjustable="datalim")
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color("#bbbbbb")


def _title(projection: Projection) -> str:
    silhouette = "" if projection.silhouette is None else f"\nSilhouette {number(projection.silhouette, 2)}"
    share_of = projection.explained_variance
    variance = "" if share_of is None else f", {percent(share_of)}"
    return f"{MAP_TITLES[projection.method]}{variance}{silhouette}"


SIMILARITY_TITLES = {"cosine": "Cosine similarity", "pearson": "Pearson correlation"}
NARROWEST_SCALE = 0.1
"""Similarities that differ by less are shown in about the same colour."""
MANY = 12
"""Syndromes above which cells have no room for numbers."""
CELL_TYPE = 10
"""Points: as much as a cell of `MANY` has room for."""
TWINS = 0.05
"""Measures that differ by no more in any pair show the same: one of them is drawn."""


def draw_centroid_similarity(similarities: Sequence[CentroidSimilarity]) -> Figure:
    """Return a heat map of how alike syndromes are; a second one where another measure differs."""
    drawn = _telling(similarities)
    tall = WIDTH - 0.6
    figure = Figure(figsize=(WIDTH, 0.6 + tall * len(drawn)), layout="constrained")
    panels = figure.subplots(len(drawn), 1, squeeze=False)[:, 0]
    values = [value for entry in drawn for value in _pairs(entry)]
    # The diagonal's 1 would leave the pairs, which are the news, a part of the colours.
    scale = min(values), max(*values, min(values) + NARROWEST_SCALE)
    images = [_draw(axes, entry, scale) for axes, entry in zip(panels, drawn, strict=True)]
    figure.colorbar(images[0], ax=list(panels), shrink=0.75, extend="max")
    return figure


def _telling(similarities: Sequence[CentroidSimilarity]) -> Sequence[CentroidSimilarity]:
    """Return the measures that do not say the same of all pairs, the first one always."""
    first = similarities[0]
    if any(entry.syndromes != first.syndromes for entry in similarities):
        return similarities
    return [first, *(entry for entry in similarities[1:] if _apart(first, entry) > TWINS)]


def _apart(first: CentroidSimilarity, other: CentroidSimilarity) -> float:
    return float(np.abs(np.subtract(first.matrix, other.matrix)).max())


def say_centroid_similarity(similarities: Sequence[CentroidSimilarity]) -> str:
    """Return the message: which two syndromes are most alike."""
    found = similarities[0]
    value, first, second = _closest(found)
    title = SIMILARITY_TITLES[found.measure].lower()
    if len(found.syndromes) == 2:  # noqa: PLR2004  the only pair
        both = f"{called(first)} and {called(second)}"
        return f"The mean embeddings of {both} have a {title} of {number(value, 2)}"
    return f"{called(first)} and {called(second)} are most alike ({title} {number(value, 2)})"


def _closest(found: CentroidSimilarity) -> tuple[float, str, str]:
    """Return the similarity of the two syndromes that are most alike, and the two."""
    value, second, first = max(
        (value, found.syndromes[row], found.syndromes[column])
        for row, line in enumerate(found.matrix)
        for column, value in enumerate(line[:row])
    )
    return value, first, second


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
    image = axes.imshow(matrix, cmap="cividis", vmin=scale[0], vmax=scale[1], interpolation="nearest")
    if len(ticks) <= MANY:
        # On this colour map, text is black above the middle of the scale and white below.
        middle = sum(scale) / 2
        for (row, column), value in np.ndenumerate(matrix):
            if row != column:  # each is like itself
                text = f"{value:.2f}".replace("0.", ".", 1).replace("-", "\N{MINUS SIGN}")
                colour = "black" if value > middle else "white"
                axes.text(column, row, text, ha="center", va="center", fontsize=CELL_TYPE, color=colour)
    if len(ticks) > MOST_SYNDROMES:
        axes.set(xticks=[], yticks=[], xlabel=f"{len(ticks)} syndromes, alike ones side by side")
    else:
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
        value, first, second = _closest(found)
        return first, second, value


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


def _say_map(study: StudyResult) -> str | None:
    shown = _map(study)
    return None if shown is None else say_embedding_map(shown)


def _draw_similarities(study: StudyResult) -> Figure | None:
    found = _similarities(study)
    return draw_centroid_similarity(found) if found else None


PRESENTATION = Presentation(
    question="embedding_map",
    figures=(
        FigureMaker(name="embedding-map", draw=_draw_map, describe=_describe_map, message=_say_map),
        FigureMaker(
            name="centroid-similarity",
            draw=_draw_similarities,
            describe=lambda study: describe_centroid_similarity(_similarities(study)),
            message=lambda study: say_centroid_similarity(_similarities(study)),
        ),
    ),
    findings=find_embedding_map,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
)
