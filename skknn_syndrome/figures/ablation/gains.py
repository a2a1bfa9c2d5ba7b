"""What each variant of preprocessing adds within folds, and what preparing before splitting adds to that."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from skknn_syndrome.figures.ablation.names import shown_variants, variant_label
from skknn_syndrome.figures.style import COLOURS
from skknn_syndrome.results import AblatedVariant, AblationResult, Gain
from skknn_syndrome.results.ablated_variant import UNTOUCHED
from skknn_syndrome.wording import metric_title

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

    variant: AblatedVariant
    honest: float
    leaky: float | None
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


def draw_preprocessing_gains(result: AblationResult) -> Figure:
    """Return a row a variant: F1 within folds with the interval of its gain, and F1 before splitting.

    The variants are those of the distance that suits unprocessed embeddings best, the highest F1 within
    folds on top; unprocessed embeddings are also a vertical line, from which the interval is drawn: its gain
    may be over more splits than the F1.
    """
    rows = _rows(result)
    figure = Figure(figsize=(8.0, 1.7 + 0.27 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    baseline = next((row.honest for row in rows if row.unprocessed), None)
    for height, row in enumerate(rows):
        _draw_row(axes, row, height, baseline)
    if baseline is not None:
        axes.axvline(baseline, color="#000000", linestyle="--", linewidth=0.9, zorder=0.5)
    axes.set_yticks(range(len(rows)), [row.label for row in rows])
    axes.set(ylim=(max(len(rows), 1) - 0.4, -0.6), xlabel=_axis_label(result))
    axes.grid(visible=False, axis="y")
    figure.legend(handles=_legend(rows), loc="outside lower center", ncols=3)
    return figure


def describe_preprocessing_gains(result: AblationResult) -> str:
    """Return the alternative text."""
    rows = _rows(result)
    if not rows:
        return "No variant of preprocessing has an F1."
    first, last = rows[0], rows[-1]
    return (
        f"Macro F1 within folds of {len(rows)} variants of preprocessing, from {last.honest:.3f} "
        f"({last.label}) to {first.honest:.3f} ({first.label}).{_verdicts(rows)}{_largest_leak(rows)}"
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
    leaks = [(row.leaky - row.honest, row.label) for row in rows if row.leaky is not None]
    if not leaks:
        return ""
    largest, label = max(leaks)
    return f" Preparing before splitting adds at most {largest:.3f} ({label})."


def _rows(result: AblationResult) -> list[_Row]:
    """Return the variants that have an F1, the highest first."""
    gains = {
        (entry.scaler, entry.resampler, entry.metric): entry for entry in result.gains if entry.score == SCORE
    }
    found = []
    for variant in shown_variants(result):
        honest, leaky = _means(result, variant)
        if honest is not None:
            found.append(_Row(variant, honest, leaky, gains.get(variant.name)))
    return sorted(found, key=lambda row: row.honest, reverse=True)


def _means(result: AblationResult, variant: AblatedVariant) -> tuple[float | None, float | None]:
    """Return F1 within folds and before splitting, at the k at which variants are compared."""
    for entry in result.inflations:
        if (entry.scaler, entry.resampler, entry.metric) == variant.name and entry.score == SCORE:
            return entry.honest, entry.leaky
    k = result.compared_at or variant.best_n_neighbors
    scaler, resampler, metric = variant.name
    return result.mean(SCORE, scaler=scaler, resampler=resampler, metric=metric, n_neighbors=k), None


def _draw_row(axes: Axes, row: _Row, height: int, baseline: float | None) -> None:
    colour, marker = _MARKS[row.kind]
    if row.leaky is not None:
        axes.plot([row.honest, row.leaky], [height, height], color="#cccccc", linewidth=1.5, zorder=1)
        axes.plot(row.leaky, height, marker="o", markersize=8, markerfacecolor="white", color="#000000")
    if row.gain is not None and baseline is not None:
        ends = [baseline + row.gain.low, baseline + row.gain.high]
        axes.plot(ends, [height, height], color=colour, linewidth=2.2, marker="|", markersize=7)
    axes.plot(row.honest, height, marker=marker, markersize=6, color=colour)


def _axis_label(result: AblationResult) -> str:
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
    if any(row.leaky is not None for row in rows):
        handles.append(
            Line2D(
                [], [], color="#000000", marker="o", mfc="white", linestyle="none", label="before splitting"
            )
        )
    if any(row.unprocessed for row in rows):
        handles.append(Line2D([], [], color="#000000", linestyle="--", linewidth=0.9, label="unprocessed"))
    return handles
