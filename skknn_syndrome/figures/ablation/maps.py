"""Embeddings in the plane after each scaler and resampler, with their clusters."""

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from skknn_syndrome.figures.ablation.names import variant_label
from skknn_syndrome.figures.labels import drawn_labels
from skknn_syndrome.figures.style import Mark, marks
from skknn_syndrome.results import AblationResult, VariantMap

COLUMNS = 4
"""Maps side by side."""


def draw_preprocessing_maps(result: AblationResult) -> Figure:
    """Return a panel a map: images as points and synthetic rows as pale crosses, a colour a syndrome.

    Black crosses are the centroids of K-means clusters, with a circle around nine tenths of their points.
    """
    maps = result.maps
    look = marks(sorted({name for entry in maps for name in entry.syndromes}))
    columns = min(COLUMNS, len(maps))
    rows = -(-len(maps) // columns)
    handles = _legend(look, synthetic=any(entry.n_images < len(entry.labels) for entry in maps))
    across = _legend_columns(look)
    width = max(2.5 * columns, 8.0)
    height = rows * (width / columns + 0.25) + 0.2 * -(-len(handles) // across) + 0.2
    figure = Figure(figsize=(width, height), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, entry in zip(panels, maps, strict=False):
        _draw_map(axes, entry, look)
    for axes in panels[len(maps) :]:
        axes.set_visible(False)
    figure.legend(handles=handles, loc="outside lower center", ncols=across)
    return figure


def describe_preprocessing_maps(result: AblationResult) -> str:
    """Return the alternative text."""
    found = sorted(
        (entry.in_plane.adjusted_rand, variant_label(entry.scaler, entry.resampler)) for entry in result.maps
    )
    (lowest, worst), (highest, best) = found[0], found[-1]
    return (
        f"t-SNE maps of {len(found)} variants of preprocessing with K-means clusters. Adjusted Rand index of "
        f"clusters and syndromes in the plane from {lowest:.2f} ({worst}) to {highest:.2f} ({best})."
    )


def _draw_map(axes: Axes, entry: VariantMap, look: Mapping[str, Mark]) -> None:
    _draw_points(axes, entry, look)
    for cluster in entry.clusters:
        axes.plot(cluster.x, cluster.y, marker="+", markersize=7, markeredgewidth=1.3, color="#000000")
        axes.add_patch(
            Circle((cluster.x, cluster.y), cluster.radius, fill=False, color="#333333", linewidth=0.5)
        )
    label = variant_label(entry.scaler, entry.resampler)
    axes.set_title(f"{label}\nARI {entry.in_plane.adjusted_rand:.2f}", fontsize=8.5)
    axes.set(xticks=[], yticks=[], aspect="equal", adjustable="datalim")
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color("#bbbbbb")


def _draw_points(axes: Axes, entry: VariantMap, look: Mapping[str, Mark]) -> None:
    """Draw synthetic rows, and images on top; as pixels, since tens of thousands of paths are megabytes."""
    codes, x, y = np.array(entry.labels), np.array(entry.x), np.array(entry.y)
    is_image = np.arange(len(codes)) < entry.n_images
    for position, name in enumerate(entry.syndromes):
        made, real = (codes == position) & ~is_image, (codes == position) & is_image
        colour = look[name].colour
        axes.scatter(
            x[made], y[made], s=5, c=colour, marker="x", linewidths=0.5, alpha=0.35, zorder=1, rasterized=True
        )
        axes.scatter(
            x[real],
            y[real],
            s=6,
            c=colour,
            marker=look[name].marker,
            linewidths=0,
            alpha=0.8,
            zorder=1.5,
            rasterized=True,
        )


def _legend(look: Mapping[str, Mark], *, synthetic: bool) -> list[Line2D]:
    """Return a handle a syndrome, and one for each other mark."""
    names = drawn_labels(list(look))
    handles = [
        Line2D(
            [], [], color=mark.colour, marker=mark.marker, markersize=5, linestyle="none", label=names[name]
        )
        for name, mark in look.items()
    ]
    if synthetic:
        handles.append(
            Line2D([], [], color="#888888", marker="x", markersize=5, linestyle="none", label="synthetic")
        )
    handles.append(
        Line2D(
            [], [], color="#000000", marker="+", markersize=7, linestyle="none", label="centroid, 90 % circle"
        )
    )
    return handles


def _legend_columns(look: Mapping[str, Mark]) -> int:
    """Return how many entries fit side by side."""
    longest = max(len(name) for name in drawn_labels(list(look)).values())
    return min(6, max(1, 110 // (7 + longest)))
