"""The embeddings in the plane."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.figures.labels import drawn_labels
from skknn_syndrome.figures.style import marks
from skknn_syndrome.results import EmbeddingMap, Projection

TITLES = {"tsne": "t-SNE", "pca": "Principal components"}


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
        f"{projection.silhouette:.2f} ({TITLES[projection.method]})"
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
    silhouette = "" if projection.silhouette is None else f", silhouette {projection.silhouette:.2f}"
    variance = (
        "" if projection.explained_variance is None else f" ({projection.explained_variance:.0%} of variance)"
    )
    return f"{TITLES[projection.method]}{variance}{silhouette}"
