"""How well each syndrome is recognised against k, with and without preprocessing."""

from collections.abc import Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from skknn_syndrome.figures.ablation.names import shown_variants, variant_label
from skknn_syndrome.figures.labels import drawn_labels, short_labels
from skknn_syndrome.figures.style import COLOURS
from skknn_syndrome.results import AblatedVariant, AblationResult
from skknn_syndrome.results.ablated_variant import UNTOUCHED, SyndromeCurve
from skknn_syndrome.wording import counted, metric_title

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


def draw_preprocessing_syndromes(result: AblationResult) -> Figure:
    """Return a panel a syndrome: F1 against k, and thinner precision and recall.

    Two variants are drawn, within folds: unprocessed embeddings under the distance that suits them best, and
    the best resampled variant of that distance. Where a score is not defined, its line has a gap.
    """
    variants = _compared(result)
    syndromes = [curve.syndrome for curve in variants[0].syndromes]
    columns = min(COLUMNS, len(syndromes))
    rows = -(-len(syndromes) // columns)
    figure = Figure(figsize=(max(1.8 * columns + 0.5, 5.5), 1.9 * rows + 1.1), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True, sharey=True).ravel()
    names = drawn_labels(syndromes)
    for place, (axes, syndrome) in enumerate(zip(panels, syndromes, strict=False)):
        for variant, look in zip(variants, _LOOKS, strict=False):
            _draw_curves(axes, result.n_neighbors, _curve(variant, syndrome), look)
        axes.set_title(fill(names[syndrome], TITLE_WIDTH), fontsize=8.5)
        # Where the last row is not full, the panels above the gap carry the values of k.
        if place + columns >= len(syndromes):
            axes.tick_params(labelbottom=True)
            axes.set_xlabel("k")
    panels[0].set_ylim(top=1.02)
    panels[0].xaxis.get_major_locator().set_params(integer=True, nbins=4)
    for axes in panels[len(syndromes) :]:
        axes.set_visible(False)
    figure.legend(handles=_legend(variants), loc="outside lower center", ncols=len(_LINES))
    return figure


def describe_preprocessing_syndromes(result: AblationResult) -> str:
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


def _compared(result: AblationResult) -> list[AblatedVariant]:
    """Return unprocessed embeddings and the best resampled variant; the best where neither is there."""
    shown = shown_variants(result)
    unprocessed = [entry for entry in shown if (entry.scaler, entry.resampler) == UNTOUCHED]
    best = result.best_resampled()
    return [*unprocessed, *([] if best is None else [best])] or [shown[0]]


def _curve(variant: AblatedVariant, syndrome: str) -> SyndromeCurve:
    return next(curve for curve in variant.syndromes if curve.syndrome == syndrome)


def _draw_curves(axes: Axes, n_neighbors: Sequence[int], curve: SyndromeCurve, look: _Look) -> None:
    scores = {"F1": curve.f1, "precision": curve.precision, "recall": curve.recall}
    for name, values in scores.items():
        heights = [float("nan") if value is None else value for value in values]
        axes.plot(n_neighbors, heights, marker=".", markersize=2.5 * _WIDTHS[name], **_line(name, look))


def _line(score: str, look: _Look) -> dict[str, Any]:
    width = _WIDTHS[score] * look.widening
    return {"color": look.colour, "linestyle": _LINES[score], "linewidth": width}


def _legend(variants: Sequence[AblatedVariant]) -> list[Line2D]:
    """Return a handle for each line; a column a score, a row a variant."""
    return [
        Line2D(
            [], [], label=f"{name}, {variant_label(variant.scaler, variant.resampler)}", **_line(name, look)
        )
        for name in _LINES
        for variant, look in zip(variants, _LOOKS, strict=False)
    ]


def _extremes(result: AblationResult, variant: AblatedVariant) -> str:
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
