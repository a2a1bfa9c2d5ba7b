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
from skknn_syndrome.display.style import COLOURS, FAINT, WIDTH, Mark, marks, panels_of
from skknn_syndrome.wording import capitalised, counted, metric_title

MAP_COLUMNS = 3
"""Maps side by side."""
NAMED = 10
"""Syndromes in colours of their own; others are grey."""
MAP_TITLE = 17
"""Characters that fit above a map."""
_OTHER = Mark(FAINT, "o", "-")


def draw_preprocessing_maps(result: PreprocessingComparison) -> Figure:
    """Return a panel a map: images as points and synthetic rows as pale crosses, a colour a syndrome.

    Black crosses are the centroids of K-means clusters, with a circle around nine tenths of their points. Of
    many syndromes those with the most images in the first map have colours.
    """
    maps = result.maps
    look = marks(_named(maps[0]))
    if len(maps[0].syndromes) > len(look):
        look[f"{len(maps[0].syndromes) - len(look)} others"] = _OTHER
    columns = min(MAP_COLUMNS, len(maps))
    rows = -(-len(maps) // columns)
    handles = _map_legend(look, synthetic=any(entry.n_images < len(entry.labels) for entry in maps))
    across = _legend_columns(look)
    height = rows * (WIDTH / columns + 0.45) + 0.2 * -(-len(handles) // across) + 0.7
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, entry in zip(panels, maps, strict=False):
        _draw_map(axes, entry, look)
    for axes in panels[len(maps) :]:
        axes.set_visible(False)
    figure.legend(handles=handles, loc="outside lower center", ncols=across)
    return figure


def _named(entry: VariantMap) -> list[str]:
    counts = np.bincount(entry.labels[: entry.n_images], minlength=len(entry.syndromes))
    return sorted(entry.syndromes[place] for place in np.argsort(-counts, kind="stable")[:NAMED])


def say_preprocessing_maps(result: PreprocessingComparison) -> str | None:
    """Return the message: where K-means clusters in the plane agree most with the syndromes, if anywhere."""
    if not result.maps:
        return None
    entry = max(result.maps, key=lambda entry: entry.in_plane.adjusted_rand)
    return (
        f"Clusters in the plane agree most with the syndromes for "
        f"{variant_label(entry.scaler, entry.resampler)} "
        f"(adjusted Rand index {number(entry.in_plane.adjusted_rand, 2)})"
    )


def describe_preprocessing_maps(result: PreprocessingComparison) -> str | None:
    """Return the alternative text; None without maps."""
    if not result.maps:
        return None
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
    axes.set_title(f"{fill(label, MAP_TITLE)}\nARI {number(entry.in_plane.adjusted_rand, 2)}")
    axes.set(xticks=[], yticks=[], aspect="equal", adjustable="datalim")
    axes.spines[:].set_visible(True)
    axes.spines[:].set_color("#bbbbbb")


def _draw_points(axes: Axes, entry: VariantMap, look: Mapping[str, Mark]) -> None:
    """Draw synthetic rows, and images on top; as pixels, since tens of thousands of paths are megabytes."""
    codes, x, y = np.array(entry.labels), np.array(entry.x), np.array(entry.y)
    is_image = np.arange(len(codes)) < entry.n_images
    for position, name in enumerate(entry.syndromes):
        made, real = (codes == position) & ~is_image, (codes == position) & is_image
        mark = look.get(name, _OTHER)
        axes.scatter(
            x[made],
            y[made],
            s=5,
            c=mark.colour,
            marker="x",
            linewidths=0.5,
            alpha=0.35,
            zorder=1,
            rasterized=True,
        )
        axes.scatter(
            x[real],
            y[real],
            s=6,
            c=mark.colour,
            marker=mark.marker,
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
    return min(3, max(1, 66 // (7 + longest)))


COLUMNS = 4
"""Syndromes side by side."""

TITLE_WIDTH = 14
"""Characters that fit above one of them."""


@dataclass(frozen=True)
class _Look:
    """How one variant is drawn."""

    colour: str
    line: str
    width: float


# The first is wider, so that it shows where the second lies on it.
_LOOKS = (_Look(COLOURS[5], "-", 2.6), _Look(COLOURS[1], "-", 1.3))


def draw_preprocessing_syndromes(result: PreprocessingComparison) -> Figure:
    """Return a panel a syndrome: F1 against k, of two variants within folds.

    These are unprocessed embeddings under the distance that suits them best, and the best resampled variant
    of that distance. Where a score is not defined, its line has a gap.
    """
    variants = _compared(result)
    syndromes = [curve.syndrome for curve in variants[0].syndromes]
    columns = min(COLUMNS, len(syndromes))
    rows = -(-len(syndromes) // columns)
    figure = Figure(figsize=(WIDTH, 1.45 * rows + 1.1), layout="constrained")
    panels = panels_of(figure, len(syndromes), columns)
    names = drawn_labels(syndromes)
    for place, (axes, syndrome) in enumerate(zip(panels, syndromes, strict=True)):
        for variant, look in zip(variants, _LOOKS, strict=False):
            heights = [float("nan") if value is None else value for value in _curve(variant, syndrome).f1]
            axes.plot(result.n_neighbors, heights, marker=".", markersize=4, **_line(look))
        axes.set_title(fill(names[syndrome], TITLE_WIDTH))
        if place + columns >= len(syndromes):
            axes.set_xlabel("k")
    _set_limits(panels)
    figure.supylabel("F1", fontsize="medium")
    figure.legend(handles=_curve_legend(variants), loc="outside lower center", ncols=1)
    return figure


def describe_preprocessing_syndromes(result: PreprocessingComparison) -> str:
    """Return the alternative text."""
    variants = _compared(result)
    what = counted(len(variants[0].syndromes), "syndrome")
    parts = [_extremes(result, variant) for variant in variants]
    best = result.best_resampled()
    named = "" if best is None else f"Best resampled variant: {variant_label(best.scaler, best.resampler)}. "
    return f"F1 of {what} against k, {metric_title(variants[0].metric)} distance. {named}{' '.join(parts)}"


def say_preprocessing_syndromes(result: PreprocessingComparison) -> str | None:
    """Return the message: of how many syndromes resampling raises F1; None of one variant alone."""
    variants = _compared(result)
    if len(variants) == 1:
        return None
    plain, resampled = (_at_best(result, variant) for variant in variants)
    both = [(plain[name], resampled[name]) for name in plain if name in resampled]
    raised = sum(after > before for before, after in both)
    label = variant_label(variants[1].scaler, variants[1].resampler)
    of = f"{raised} of {counted(len(both), 'syndrome')}"
    return f"{capitalised(label)} raises the F1 of {of} (each at its best k)"


def _at_best(result: PreprocessingComparison, variant: VariantResult) -> dict[str, float]:
    """Return each syndrome's F1 at the best k of a variant, where it is defined."""
    place = result.n_neighbors.index(variant.best_n_neighbors)
    return {curve.syndrome: value for curve in variant.syndromes if (value := curve.f1[place]) is not None}


def _compared(result: PreprocessingComparison) -> list[VariantResult]:
    """Return unprocessed embeddings and the best resampled variant; the best where neither is there."""
    shown = shown_variants(result)
    unprocessed = [entry for entry in shown if (entry.scaler, entry.resampler) == UNTOUCHED]
    best = result.best_resampled()
    return [*unprocessed, *([] if best is None else [best])] or [shown[0]]


def _curve(variant: VariantResult, syndrome: str) -> SyndromeCurve:
    return next(curve for curve in variant.syndromes if curve.syndrome == syndrome)


def _set_limits(panels: Sequence[Axes]) -> None:
    """Give all panels the limits that the first has with what is drawn in any of them."""
    first = panels[0]
    first.update_datalim(np.concatenate([line.get_xydata() for axes in panels for line in axes.lines]))
    first.set_ylim(top=1.02)
    first.locator_params(axis="x", integer=True, nbins=4)
    first.locator_params(axis="y", nbins=3)
    ticks, heights, across, up = first.get_xticks(), first.get_yticks(), first.get_xlim(), first.get_ylim()
    for axes in panels:
        axes.set(xticks=ticks, yticks=heights, xlim=across, ylim=up)


def _line(look: _Look) -> dict[str, Any]:
    return {"color": look.colour, "linestyle": look.line, "linewidth": look.width}


def _curve_legend(variants: Sequence[VariantResult]) -> list[Line2D]:
    """Return a handle for each line."""
    return [
        Line2D([], [], label=variant_label(variant.scaler, variant.resampler), **_line(look))
        for variant, look in zip(variants, _LOOKS, strict=False)
    ]


def _extremes(result: PreprocessingComparison, variant: VariantResult) -> str:
    names = short_labels([curve.syndrome for curve in variant.syndromes])
    found = sorted((value, names[name]) for name, value in _at_best(result, variant).items())
    k, label = variant.best_n_neighbors, variant_label(variant.scaler, variant.resampler)
    if not found:
        return f"No F1 is defined at k = {k} ({label})."
    (lowest, worst), (highest, best) = found[0], found[-1]
    return f"F1 at k = {k} ({label}) from {lowest:.3f} ({worst}) to {highest:.3f} ({best})."
