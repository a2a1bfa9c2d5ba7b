"""How alike the syndromes' mean embeddings are."""

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from skknn_syndrome.figures.labels import drawn_labels
from skknn_syndrome.results import CentroidSimilarity

TITLES = {"cosine": "Cosine similarity", "pearson": "Pearson correlation"}
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
        parts.append(f"{TITLES[entry.measure]} from {min(values):.2f} to {max(values):.2f}")
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
    axes.set_title(TITLES[entry.measure])
    axes.grid(visible=False)
    return image
