"""Gains and ROC curves of preprocessing variants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from skknn_syndrome.analyses.preprocessing.effects import UNTOUCHED, Gain, VariantResult
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.display.lettering import LONGEST, legible
from skknn_syndrome.display.style import COLOURS, LINES
from skknn_syndrome.results.roc_curve import RocCurve
from skknn_syndrome.wording import metric_title, one_line, variant_title


def variant_label(scaler: str, resampler: str) -> str:
    """Return the name of a scaler and a resampler for a tick, title or legend.

    Examples
    --------
    >>> variant_label("none", "none"), variant_label("l2", "none"), variant_label("zscore", "mixup")
    ('unprocessed', 'L2', 'z-scores + mixup')
    """
    return one_line(legible(variant_title(scaler, resampler)), longest=2 * LONGEST)


def shown_variants(result: PreprocessingComparison) -> tuple[VariantResult, ...]:
    """Return the variants, within folds, of the distance that suits unprocessed embeddings, best first."""
    return tuple(variant for variant in result.ranking() if variant.metric == result.metric)


SCORE = "f1_macro"

_HELPS, _HURTS, _OPEN, _ALONE = "better", "worse", "not significant", "not compared"
_MARKS = {
    _HELPS: (COLOURS[0], "^"),
    _HURTS: (COLOURS[1], "v"),
    _OPEN: ("#777777", "o"),
    _ALONE: ("#000000", "s"),
}


@dataclass(frozen=True)
class _Row:
    """One variant, as drawn."""

    variant: VariantResult
    within: float
    before: float | None
    gain: Gain | None

    @property
    def label(self) -> str:
        return variant_label(self.variant.scaler, self.variant.resampler)

    @property
    def unprocessed(self) -> bool:
        return (self.variant.scaler, self.variant.resampler) == UNTOUCHED

    @property
    def kind(self) -> str:
        # What is the same in every fold, as lengths are to cosine, leaves nothing to compare.
        if self.gain is None or not self.gain.differs:
            return _ALONE
        if not self.gain.significant:
            return _OPEN
        return _HELPS if self.gain.mean_difference > 0 else _HURTS


def draw_preprocessing_gains(result: PreprocessingComparison) -> Figure:
    """Return a row a variant: F1 within folds with the interval of its gain, and F1 before splitting.

    The variants are those of the distance that suits unprocessed embeddings best, the highest F1 within
    folds on top; unprocessed embeddings are also a vertical line, from which the interval is drawn: its gain
    may be over more splits than the F1.
    """
    rows = _rows(result)
    figure = Figure(figsize=(8.0, 1.7 + 0.27 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    baseline = next((row.within for row in rows if row.unprocessed), None)
    for height, row in enumerate(rows):
        _draw_row(axes, row, height, baseline)
    if baseline is not None:
        axes.axvline(baseline, color="#000000", linestyle="--", linewidth=0.9, zorder=0.5)
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    axes.set(ylim=(max(len(rows), 1) - 0.4, -0.6), xlabel=_axis_label(result))
    axes.grid(visible=False, axis="y")
    figure.legend(handles=_legend(rows), loc="outside lower center", ncols=3)
    return figure


def describe_preprocessing_gains(result: PreprocessingComparison) -> str:
    """Return the alternative text."""
    rows = _rows(result)
    if not rows:
        return "No variant of preprocessing has an F1."
    first, last = rows[0], rows[-1]
    return (
        f"Macro F1 within folds of {len(rows)} variants of preprocessing, from {last.within:.3f} "
        f"({last.label}) to {first.within:.3f} ({first.label}).{_verdicts(rows)}{_largest_leak(rows)}"
    )


def _verdicts(rows: Sequence[_Row]) -> str:
    kinds = [row.kind for row in rows]
    if kinds.count(_ALONE) == len(kinds):
        return ""
    return (
        f" Significantly better than unprocessed embeddings: {kinds.count(_HELPS)}, "
        f"worse: {kinds.count(_HURTS)}, not significant: {kinds.count(_OPEN)}."
    )


def _largest_leak(rows: Sequence[_Row]) -> str:
    leaks = [(row.before - row.within, row.label) for row in rows if row.before is not None]
    if not leaks:
        return ""
    largest, label = max(leaks)
    return f" Preprocessing before splitting adds at most {largest:.3f} ({label})."


def _rows(result: PreprocessingComparison) -> list[_Row]:
    """Return the variants that have an F1, the highest first."""
    gains = {
        (entry.scaler, entry.resampler, entry.metric): entry for entry in result.gains if entry.score == SCORE
    }
    found = []
    for variant in shown_variants(result):
        within, before = _means(result, variant)
        if within is not None:
            found.append(_Row(variant, within, before, gains.get(variant.name)))
    return sorted(found, key=lambda row: row.within, reverse=True)


def _means(result: PreprocessingComparison, variant: VariantResult) -> tuple[float | None, float | None]:
    """Return F1 within folds and before splitting, at the k at which variants are compared."""
    for entry in result.inflations:
        if (entry.scaler, entry.resampler, entry.metric) == variant.name and entry.score == SCORE:
            return entry.within_folds, entry.before_splitting
    k = result.compared_at or variant.best_n_neighbors
    scaler, resampler, metric = variant.name
    return result.mean(SCORE, scaler=scaler, resampler=resampler, metric=metric, n_neighbors=k), None


def _draw_row(axes: Axes, row: _Row, height: int, baseline: float | None) -> None:
    colour, marker = _MARKS[row.kind]
    if row.before is not None:
        axes.plot(
            [row.within, row.before],
            [height, height],
            color="#cccccc",
            linewidth=1.5,
            zorder=1,
        )
        axes.plot(row.before, height, marker="o", markersize=8, markerfacecolor="white", color="#000000")
    if row.gain is not None and baseline is not None:
        ends = [baseline + row.gain.low, baseline + row.gain.high]
        axes.plot(ends, [height, height], color=colour, linewidth=2.2, marker="|", markersize=7)
    axes.plot(row.within, height, marker=marker, markersize=6, color=colour)


def _axis_label(result: PreprocessingComparison) -> str:
    metric = metric_title(result.metric)
    where = "the best k of each variant" if result.compared_at is None else f"k = {result.compared_at}"
    return f"Macro F1 at {where}, {metric} distance"


def _legend(rows: Sequence[_Row]) -> list[Line2D]:
    """Return a handle for each kind of mark that is there."""
    kinds = {row.kind for row in rows}
    titles = {
        _ALONE: "within folds",
        _HELPS: "within folds, better",
        _HURTS: "within folds, worse",
        _OPEN: "within folds, not significant",
    }
    handles = [
        Line2D([], [], color=_MARKS[kind][0], marker=_MARKS[kind][1], linestyle="none", label=title)
        for kind, title in titles.items()
        if kind in kinds
    ]
    if kinds - {_ALONE}:
        handles.append(Line2D([], [], color="#777777", marker="|", label="95 % interval of the gain"))
    if any(row.before is not None for row in rows):
        handles.append(
            Line2D(
                [], [], color="#000000", marker="o", mfc="white", linestyle="none", label="before splitting"
            )
        )
    if any(row.unprocessed for row in rows):
        handles.append(Line2D([], [], color="#000000", linestyle="--", linewidth=0.9, label="unprocessed"))
    return handles


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


def draw_preprocessing_roc(result: PreprocessingComparison) -> Figure:
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


def describe_preprocessing_roc(result: PreprocessingComparison) -> str:
    """Return the alternative text."""
    drawn = _drawn(result)
    metric = metric_title(result.metric)
    parts = [f" {_extremes(drawn, k)}" for k in roc_ks(result)]
    return (
        f"Micro-average ROC curves of {len(drawn)} variants of preprocessing, {metric} distance, mean over "
        f"the folds.{''.join(parts)}"
    )


def roc_ks(result: PreprocessingComparison) -> list[int]:
    """Return at which k the variants that are shown have curves, rising."""
    return sorted({roc.n_neighbors for variant in shown_variants(result) for roc in variant.rocs})


def _drawn(result: PreprocessingComparison) -> list[_Drawn]:
    """Return what is drawn, scaler by scaler: each scaler's variants stand together in the legend."""
    scalers = list(dict.fromkeys(variant.scaler for variant in result.variants))
    resamplers = list(dict.fromkeys(variant.resampler for variant in result.variants))

    def place(variant: VariantResult) -> tuple[int, int]:
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
