"""ROC curves of all variants of preprocessing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from skknn_syndrome.figures.ablation.names import shown_variants, variant_label
from skknn_syndrome.figures.style import COLOURS, LINES
from skknn_syndrome.results import AblatedVariant, AblationResult, RocCurve
from skknn_syndrome.wording import metric_title

COLUMNS = 3
"""Of the legend."""

MISSING = "\N{EN DASH}"

_INSET = (0.55, 0.07, 0.42, 0.4)
"""Below the diagonal, where no curve better than chance comes: left, bottom, width and height."""

_BEND = (0.05, 0.2)
"""False positive rates between which good curves bend; there they are enlarged."""


@dataclass(frozen=True)
class _Drawn:
    """A variant's curves by k, and how they are drawn."""

    label: str
    look: dict[str, Any]
    curves: dict[int, RocCurve]


def draw_preprocessing_roc(result: AblationResult) -> Figure:
    """Return a panel for each k that has curves, with the micro-average curve of each variant within folds.

    The variants are those of the best variant's distance. A colour is a resampler, a kind of line a scaler.
    An inset enlarges where the curves bend.
    """
    drawn, shown = _drawn(result), roc_ks(result)
    rows = -(-len(drawn) // COLUMNS)
    figure = Figure(figsize=(max(4.6 * len(shown), 7.5), 5.0 + 0.21 * rows), layout="constrained")
    panels = figure.subplots(1, len(shown), squeeze=False, sharey=True)[0]
    for axes, k in zip(panels, shown, strict=True):
        _draw_panel(axes, [(entry.curves[k], entry.look) for entry in drawn if k in entry.curves])
        axes.set(title=f"k = {k}", xlabel="False positive rate")
    panels[0].set_ylabel("True positive rate")
    figure.legend(
        handles=[
            Line2D([], [], label=f"{entry.label}: {_areas(entry, shown)}", **entry.look) for entry in drawn
        ],
        title=f"Area under the curve at k = {' | '.join(map(str, shown))}",
        loc="outside lower center",
        ncols=COLUMNS,
        handlelength=3.2,
    )
    return figure


def describe_preprocessing_roc(result: AblationResult) -> str:
    """Return the alternative text."""
    drawn = _drawn(result)
    metric = metric_title(result.metric)
    parts = [f" {_extremes(drawn, k)}" for k in roc_ks(result)]
    return (
        f"Micro-average ROC curves of {len(drawn)} variants of preprocessing, {metric} distance, mean over "
        f"the folds.{''.join(parts)}"
    )


def roc_ks(result: AblationResult) -> list[int]:
    """Return at which k the variants that are shown have curves, rising."""
    return sorted({roc.n_neighbors for variant in shown_variants(result) for roc in variant.rocs})


def _drawn(result: AblationResult) -> list[_Drawn]:
    """Return what is drawn, scaler by scaler: each scaler's variants stand together in the legend."""
    scalers = list(dict.fromkeys(variant.scaler for variant in result.variants))
    resamplers = list(dict.fromkeys(variant.resampler for variant in result.variants))

    def place(variant: AblatedVariant) -> tuple[int, int]:
        return scalers.index(variant.scaler), resamplers.index(variant.resampler)

    return [
        _Drawn(
            label=variant_label(variant.scaler, variant.resampler),
            look={"color": COLOURS[colour % len(COLOURS)], "linestyle": LINES[line % len(LINES)]},
            curves={roc.n_neighbors: roc.curve for roc in variant.rocs},
        )
        for variant in sorted(shown_variants(result), key=place)
        for line, colour in [place(variant)]
    ]


def _draw_panel(axes: Axes, curves: Sequence[tuple[RocCurve, dict[str, Any]]]) -> None:
    """Draw curves, and their bend again in an inset."""
    inset = axes.inset_axes(_INSET)
    for panel in (axes, inset):
        for curve, look in curves:
            panel.plot(curve.false_positive_rate, curve.true_positive_rate, linewidth=1.2, **look)
    axes.plot([0, 1], [0, 1], color="#888888", linestyle=":", linewidth=1)
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.02), aspect="equal")
    heights = [
        np.interp(_BEND, curve.false_positive_rate, curve.true_positive_rate).tolist() for curve, _ in curves
    ]
    inset.set(
        xlim=_BEND, ylim=(min(low for low, _ in heights) - 0.01, max(high for _, high in heights) + 0.01)
    )
    inset.tick_params(labelsize=7)
    inset.spines[:].set_visible(True)
    axes.indicate_inset_zoom(inset, edgecolor="#888888")


def _areas(entry: _Drawn, shown: Sequence[int]) -> str:
    return " | ".join(f"{entry.curves[k].mean_auc:.3f}" if k in entry.curves else MISSING for k in shown)


def _extremes(drawn: Sequence[_Drawn], k: int) -> str:
    found = sorted((entry.curves[k].mean_auc, entry.label) for entry in drawn if k in entry.curves)
    (lowest, worst), (highest, best) = found[0], found[-1]
    return f"At k = {k}, areas from {lowest:.3f} ({worst}) to {highest:.3f} ({best})."
