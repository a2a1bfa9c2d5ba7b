"""Classes and maps after preprocessing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle

from skknn_syndrome.analyses.preprocessing.effects import UNTOUCHED, SyndromeCurve, VariantMap, VariantResult
from skknn_syndrome.analyses.preprocessing.figures import shown_variants, variant_label
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.display.lettering import drawn_labels, short_labels
from skknn_syndrome.display.prose import number
from skknn_syndrome.display.style import COLOURS, Mark, marks, panels_of
from skknn_syndrome.wording import counted, metric_title

MAP_COLUMNS = 4
"""Maps side by side."""


def draw_preprocessing_maps(result: PreprocessingComparison) -> Figure:
    """Return a panel a map: images as points and synthetic rows as pale crosses, a colour a syndrome.

    Black crosses are the centroids of K-means clusters, with a circle around nine tenths of their points.
    """
    maps = result.maps
    look = marks(sorted({name for entry in maps for name in entry.syndromes}))
    columns = min(MAP_COLUMNS, len(maps))
    rows = -(-len(maps) // columns)
    handles = _map_legend(look, synthetic=any(entry.n_images < len(entry.labels) for entry in maps))
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


def describe_preprocessing_maps(result: PreprocessingComparison) -> str:
    """Return the alternative text."""
    found = sorted(
        (entry.in_plane.adjusted_rand, variant_label(entry.scaler, entry.resampler)) for entry in result.maps
    )
    (lowest, worst), (highest, best) = found[0], found[-1]
    return (
        f"t-SNE maps of {len(found)} variants of preprocessing with K-means clusters. Adjusted Rand index of "
        f"clusters and syndromes in the plane from {number(lowest, 2)} ({worst}) to "
        f"{number(highest, 2)} ({best})."
    )


def _draw_map(axes: Axes, entry: VariantMap, look: Mapping[str, Mark]) -> None:
    _draw_points(axes, entry, look)
    for cluster in entry.clusters:
        axes.plot(cluster.x, cluster.y, marker="+", markersize=7, markeredgewidth=1.3, color="#000000")
        axes.add_patch(
            Circle((cluster.x, cluster.y), cluster.radius, fill=False, color="#333333", linewidth=0.5)
        )
    label = variant_label(entry.scaler, entry.resampler)
    axes.set_title(f"{label}\nARI {number(entry.in_plane.adjusted_rand, 2)}", fontsize=8.5)
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


def _map_legend(look: Mapping[str, Mark], *, synthetic: bool) -> list[Line2D]:
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


COLUMNS = 5
"""Syndromes side by side."""

TITLE_WIDTH = 22
"""Characters that fit above one of them."""

_WIDTHS = {"F1": 1.6, "precision": 0.7, "recall": 0.7}
_LINES = {"F1": "-", "precision": "--", "recall": ":"}


@dataclass(frozen=True)
class _Look:
    """How one variant is drawn."""

    colour: str
    widening: float


# The first is wider, so that it shows where the second lies on it.
_LOOKS = (_Look(COLOURS[5], 2.0), _Look(COLOURS[1], 1.0))


def draw_preprocessing_syndromes(result: PreprocessingComparison) -> Figure:
    """Return a panel a syndrome: F1 against k, and thinner precision and recall.

    Two variants are drawn, within folds: unprocessed embeddings under the distance that suits them best, and
    the best resampled variant of that distance. Where a score is not defined, its line has a gap.
    """
    variants = _compared(result)
    syndromes = [curve.syndrome for curve in variants[0].syndromes]
    columns = min(COLUMNS, len(syndromes))
    rows = -(-len(syndromes) // columns)
    figure = Figure(figsize=(max(1.8 * columns + 0.5, 5.5), 1.9 * rows + 1.1), layout="constrained")
    panels = panels_of(figure, len(syndromes), columns)
    names = drawn_labels(syndromes)
    for place, (axes, syndrome) in enumerate(zip(panels, syndromes, strict=True)):
        for variant, look in zip(variants, _LOOKS, strict=False):
            _draw_curves(axes, result.n_neighbors, _curve(variant, syndrome), look)
        axes.set_title(fill(names[syndrome], TITLE_WIDTH), fontsize=8.5)
        if place + columns >= len(syndromes):
            axes.set_xlabel("k")
    _set_limits(panels)
    figure.legend(handles=_curve_legend(variants), loc="outside lower center", ncols=len(_LINES))
    return figure


def describe_preprocessing_syndromes(result: PreprocessingComparison) -> str:
    """Return the alternative text."""
    variants = _compared(result)
    what = counted(len(variants[0].syndromes), "syndrome")
    parts = [_extremes(result, variant) for variant in variants]
    best = result.best_resampled()
    named = "" if best is None else f"Best resampled variant: {variant_label(best.scaler, best.resampler)}. "
    return (
        f"F1, precision and recall of {what} against k, {metric_title(variants[0].metric)} distance. "
        f"{named}{' '.join(parts)}"
    )


def _compared(result: PreprocessingComparison) -> list[VariantResult]:
    """Return unprocessed embeddings and the best resampled variant; the best where neither is there."""
    shown = shown_variants(result)
    unprocessed = [entry for entry in shown if (entry.scaler, entry.resampler) == UNTOUCHED]
    best = result.best_resampled()
    return [*unprocessed, *([] if best is None else [best])] or [shown[0]]


def _curve(variant: VariantResult, syndrome: str) -> SyndromeCurve:
    return next(curve for curve in variant.syndromes if curve.syndrome == syndrome)


def _draw_curves(axes: Axes, n_neighbors: Sequence[int], curve: SyndromeCurve, look: _Look) -> None:
    scores = {"F1": curve.f1, "precision": curve.precision, "recall": curve.recall}
    for name, values in scores.items():
        heights = [float("nan") if value is None else value for value in values]
        axes.plot(n_neighbors, heights, marker=".", markersize=2.5 * _WIDTHS[name], **_line(name, look))


def _set_limits(panels: Sequence[Axes]) -> None:
    """Give all panels the limits that the first has with what is drawn in any of them."""
    first = panels[0]
    first.update_datalim(np.concatenate([line.get_xydata() for axes in panels for line in axes.lines]))
    first.set_ylim(top=1.02)
    first.locator_params(axis="x", integer=True, nbins=4)
    ticks, across, up = first.get_xticks(), first.get_xlim(), first.get_ylim()
    for axes in panels:
        axes.set(xticks=ticks, xlim=across, ylim=up)


def _line(score: str, look: _Look) -> dict[str, Any]:
    width = _WIDTHS[score] * look.widening
    return {"color": look.colour, "linestyle": _LINES[score], "linewidth": width}


def _curve_legend(variants: Sequence[VariantResult]) -> list[Line2D]:
    """Return a handle for each line; a column a score, a row a variant."""
    return [
        Line2D(
            [], [], label=f"{name}, {variant_label(variant.scaler, variant.resampler)}", **_line(name, look)
        )
        for name in _LINES
        for variant, look in zip(variants, _LOOKS, strict=False)
    ]


def _extremes(result: PreprocessingComparison, variant: VariantResult) -> str:
    k = variant.best_n_neighbors
    place, names = result.n_neighbors.index(k), short_labels([curve.syndrome for curve in variant.syndromes])
    found = sorted(
        (value, names[curve.syndrome])
        for curve in variant.syndromes
        if (value := curve.f1[place]) is not None
    )
    label = variant_label(variant.scaler, variant.resampler)
    if not found:
        return f"No F1 is defined at k = {k} ({label})."
    (lowest, worst), (highest, best) = found[0], found[-1]
    return f"F1 at k = {k} ({label}) from {lowest:.3f} ({worst}) to {highest:.3f} ({best})."
