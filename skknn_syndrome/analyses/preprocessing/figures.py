"""Gains and ROC curves of preprocessing variants."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from skknn_syndrome.analyses.preprocessing.effects import UNTOUCHED, Gain, VariantResult
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.messages import alike, k_is
from skknn_syndrome.display.prose import number
from skknn_syndrome.display.style import COLOURS, FAINT, GREY, LINES, WIDTH
from skknn_syndrome.results.roc_curve import RocCurve
from skknn_syndrome.vocabulary import LONGEST_LABEL
from skknn_syndrome.wording import counted, metric_title, one_line, variant_title


def variant_label(scaler: str, resampler: str) -> str:
    """Return the name of a scaler and a resampler for a tick, title or legend.

    Examples
    --------
    >>> variant_label("none", "none"), variant_label("l2", "none"), variant_label("zscore", "mixup")
    ('unprocessed', 'L2', 'z-scores + mixup')
    """
    return one_line(legible(variant_title(scaler, resampler)), longest=2 * LONGEST_LABEL)


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
    figure = Figure(figsize=(WIDTH, 2.1 + 0.27 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    baseline = next((row.within for row in rows if row.unprocessed), None)
    for height, row in enumerate(rows):
        _draw_row(axes, row, height, baseline)
    if baseline is not None:
        axes.axvline(baseline, color="#000000", linestyle="--", linewidth=0.9, zorder=0.5)
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    axes.set(ylim=(max(len(rows), 1) - 0.4, -0.6), xlabel=_axis_label(result))
    axes.grid(visible=False, axis="y")
    figure.legend(handles=_legend(rows), loc="outside lower center", ncols=2)
    return figure


def say_preprocessing_gains(result: PreprocessingComparison) -> str | None:
    """Return the message: which variant is significantly better than unprocessed embeddings, if any is."""
    rows = _rows(result)
    compared = [row for row in rows if row.kind != _ALONE]
    if not compared:
        return None
    better = [row for row in compared if row.kind == _HELPS]
    if not better:
        return (
            f"None of {counted(len(compared), 'variant')} is significantly better than unprocessed embeddings"
        )
    return (
        f"{len(better)} of {counted(len(compared), 'variant')} {'is' if len(better) == 1 else 'are'} "
        f"significantly better than unprocessed embeddings: {better[0].label} has the highest macro F1 "
        f"({number(better[0].within)})"
    )


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
    return f"Macro F1 at {where},\n{metric} distance"


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


_INSET = (0.52, 0.09, 0.44, 0.42)
"""Below the diagonal, where no curve better than chance comes: left, bottom, width and height."""

_BEND = (0.05, 0.2)
"""False positive rates between which good curves bend; there they are enlarged."""


def draw_preprocessing_roc(result: PreprocessingComparison) -> Figure:
    """Return the micro-average curves of at most three variants within folds, at the largest k that has some.

    Unprocessed embeddings, the variant with the highest area and that with the lowest have lines of their
    own; all others are faint behind them. An inset enlarges where the curves bend.
    """
    k = roc_ks(result)[-1]
    figure = Figure(figsize=(WIDTH, WIDTH), layout="constrained")
    axes = figure.subplots()
    _draw_panel(axes, _areas(result, k))
    axes.set(xlabel="False positive rate", ylabel="True positive rate")
    figure.legend(loc="outside lower center", ncols=1, title=f"Micro-average AUC at {k_is(k)}")
    return figure


def describe_preprocessing_roc(result: PreprocessingComparison) -> str:
    """Return the alternative text."""
    metric = metric_title(result.metric)
    parts = [f" {_extremes(_areas(result, k), k)}" for k in roc_ks(result)]
    return (
        f"Micro-average ROC curves of {len(shown_variants(result))} variants of preprocessing, {metric} "
        f"distance, "
        f"mean over the folds.{''.join(parts)}"
    )


def say_preprocessing_roc(result: PreprocessingComparison) -> str:
    """Return the message: how far the micro-average areas of the variants lie apart at the largest k."""
    k = roc_ks(result)[-1]
    found = _areas(result, k)
    (lowest, *_), (highest, best, _, _) = found[0], found[-1]
    if alike(lowest, highest, decimals=3):
        return f"The micro-average AUC at {k_is(k)} is {number(highest)} with each of {len(found)} variants"
    return (
        f"At {k_is(k)}, the micro-average AUC of {counted(len(found), 'variant')} lies between "
        f"{number(lowest)} and "
        f"{number(highest)} ({best})"
    )


def roc_ks(result: PreprocessingComparison) -> list[int]:
    """Return at which k the variants that are shown have curves, rising."""
    return sorted({roc.n_neighbors for variant in shown_variants(result) for roc in variant.rocs})


_Area: TypeAlias = tuple[float, str, bool, RocCurve]
"""The area of a variant, its label, whether it is the unprocessed one, and its curve."""


def _areas(result: PreprocessingComparison, k: int) -> list[_Area]:
    """Return the variants that have a curve at k, the lowest area first."""
    found = [
        (
            roc.curve.mean_auc,
            variant_label(variant.scaler, variant.resampler),
            (variant.scaler, variant.resampler) == UNTOUCHED,
            roc.curve,
        )
        for variant in shown_variants(result)
        for roc in variant.rocs
        if roc.n_neighbors == k
    ]
    return sorted(found, key=lambda entry: entry[:2])


def _draw_panel(axes: Axes, found: Sequence[_Area]) -> None:
    """Draw curves, and their bend again in an inset."""
    named = dict.fromkeys([*(entry for entry in found if entry[2]), found[-1], found[0]])
    inset = axes.inset_axes(_INSET)
    for panel in (axes, inset):
        for _, _, _, curve in found:
            panel.plot(curve.false_positive_rate, curve.true_positive_rate, linewidth=0.8, color=FAINT)
        for (area, label, _, curve), colour, line in zip(named, COLOURS, LINES, strict=False):
            panel.plot(
                curve.false_positive_rate,
                curve.true_positive_rate,
                linewidth=1.4,
                color=colour,
                linestyle=line,
                label=f"{label}: {number(area)}" if panel is axes else None,
            )
    axes.plot([0, 1], [0, 1], color=GREY, linestyle=":", linewidth=1)
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.02))
    heights = [
        np.interp(_BEND, curve.false_positive_rate, curve.true_positive_rate).tolist() for *_, curve in found
    ]
    inset.set(
        xlim=_BEND, ylim=(min(low for low, _ in heights) - 0.01, max(high for _, high in heights) + 0.01)
    )
    inset.locator_params(nbins=4)
    inset.spines[:].set_visible(True)
    axes.indicate_inset_zoom(inset, edgecolor=GREY)


def _extremes(found: Sequence[_Area], k: int) -> str:
    (lowest, worst, _, _), (highest, best, _, _) = found[0], found[-1]
    return f"At k = {k}, areas from {lowest:.3f} ({worst}) to {highest:.3f} ({best})."
