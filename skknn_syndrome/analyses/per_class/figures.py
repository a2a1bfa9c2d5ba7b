"""ROC curves and the confusion matrix."""

from collections.abc import Sequence
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.analyses.per_class.result import Evaluation
from skknn_syndrome.display.lettering import drawn_labels, short_labels
from skknn_syndrome.display.style import METRIC_COLOURS, METRIC_LINES, OTHER_COLOUR, marks, panels_of
from skknn_syndrome.results.roc_curve import RocCurve
from skknn_syndrome.wording import capitalised, metric_title

COLUMNS = 5
"""Syndromes side by side."""

BEHIND = 20
"""Curves of other syndromes behind one of them, at most: all behind all would be the square of syndromes."""

TITLE_WIDTH = 22
"""Characters that fit above one of them."""


def draw_micro_roc(evaluations: Sequence[Evaluation]) -> Figure:
    """Return the micro-average curves of all distances in one graph, each with a band over the folds."""
    figure = Figure(figsize=(5.6, 5.4), layout="constrained")
    axes = figure.add_subplot()
    for evaluation in evaluations:
        curve = evaluation.micro_roc
        colour = METRIC_COLOURS.get(evaluation.variant, OTHER_COLOUR)
        name = capitalised(metric_title(evaluation.variant))
        k = "" if evaluation.n_neighbors is None else f", k = {evaluation.n_neighbors}"
        _draw_band(axes, curve, colour)
        axes.plot(
            curve.false_positive_rate,
            curve.true_positive_rate,
            color=colour,
            linestyle=METRIC_LINES.get(evaluation.variant, "-"),
            label=f"{name}{k}: AUC {_area(curve)}",
        )
    _finish(axes)
    axes.legend(loc="lower right")
    return figure


def describe_micro_roc(evaluations: Sequence[Evaluation]) -> str:
    """Return the alternative text."""
    parts = [f"{metric_title(entry.variant)} {_area(entry.micro_roc)}" for entry in evaluations]
    return f"Micro-average ROC curves, mean over the folds. Area under the curve: {'; '.join(parts)}."


def draw_syndrome_roc(evaluation: Evaluation) -> Figure:
    """Return a panel a syndrome against the rest, others' curves of low to high areas faint behind it."""
    look, names = marks(evaluation.syndromes), drawn_labels(evaluation.syndromes)
    curves = {entry.syndrome: entry.curve for entry in evaluation.syndrome_rocs if entry.curve is not None}
    others = list(curves.values())
    if len(others) > BEHIND:
        others.sort(key=lambda curve: curve.mean_auc)
        others = [others[place] for place in np.linspace(0, len(others) - 1, BEHIND).astype(int)]
    behind = _joined(others)
    columns = min(COLUMNS, max(1, len(curves)))
    rows = max(1, -(-len(curves) // columns))
    figure = Figure(figsize=(1.75 * columns + 0.5, 2.0 * rows + 0.5), layout="constrained")
    panels = panels_of(figure, len(curves), columns)
    for axes, (syndrome, curve) in zip(panels, curves.items(), strict=True):
        axes.plot(*behind, color="#d0d0d0", linewidth=0.8)
        _draw_curve(axes, curve, look[syndrome].colour, width=1.8)
        _finish(axes)
        axes.set(xlabel="", ylabel="", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        axes.set_title(f"{fill(names[syndrome], TITLE_WIDTH)}\n{curve.mean_auc:.3f}", fontsize=8)
    figure.supxlabel("False positive rate", fontsize=10)
    figure.supylabel("True positive rate", fontsize=10)
    return figure


def describe_syndrome_roc(evaluation: Evaluation) -> str:
    """Return the alternative text."""
    names = short_labels(evaluation.syndromes)
    areas = sorted(
        (entry.curve.mean_auc, names[entry.syndrome])
        for entry in evaluation.syndrome_rocs
        if entry.curve is not None
    )
    if not areas:
        return "No syndrome has a ROC curve."
    (lowest, worst), (highest, best) = areas[0], areas[-1]
    return (
        f"ROC curves of {len(areas)} syndromes against the rest. Areas from {lowest:.3f} ({worst}) "
        f"to {highest:.3f} ({best})."
    )


def _area(curve: RocCurve) -> str:
    return f"{curve.mean_auc:.3f} ± {curve.std_auc:.3f}"


def _draw_curve(axes: Axes, curve: RocCurve, colour: str, *, width: float) -> None:
    axes.plot(curve.false_positive_rate, curve.true_positive_rate, color=colour, linewidth=width)


def _joined(curves: Sequence[RocCurve]) -> tuple[FloatArray, FloatArray]:
    """Return curves as one line with gaps: to draw one line takes far less than to draw each."""
    gap = (float("nan"),)
    across = [rate for curve in curves for rate in (*curve.false_positive_rate, *gap)]
    up = [rate for curve in curves for rate in (*curve.true_positive_rate, *gap)]
    return np.array(across), np.array(up)


def _draw_band(axes: Axes, curve: RocCurve, colour: str) -> None:
    pairs = list(zip(curve.true_positive_rate, curve.true_positive_rate_std, strict=True))
    low, high = [max(0.0, rate - std) for rate, std in pairs], [min(1.0, rate + std) for rate, std in pairs]
    axes.fill_between(curve.false_positive_rate, low, high, color=colour, alpha=0.15, linewidth=0)


def _finish(axes: Axes) -> None:
    axes.plot([0, 1], [0, 1], color="#888888", linestyle=":", linewidth=1)
    axes.set(
        xlim=(-0.01, 1.01),
        ylim=(-0.01, 1.02),
        aspect="equal",
        xlabel="False positive rate",
        ylabel="True positive rate",
    )


DARK_FROM = 0.55
"""Share from which a cell is so dark that its text is white."""
WHOLE_PERCENT = 0.01
"""Shares are written in whole ones: rounding would call most of what is below 0 %."""
MANY = 14
"""Syndromes above which a cell has room for the count alone."""


def draw_confusion(evaluation: Evaluation) -> Figure:
    """Return the confusion matrix: colour and percentage by true syndrome, counts in the cells."""
    counts = np.array(evaluation.confusion)
    shares = counts / counts.sum(axis=1, keepdims=True)
    names = drawn_labels(evaluation.syndromes)
    ticks = [names[name] for name in evaluation.syndromes]
    side = 2.6 + (0.3 if len(ticks) > MANY else 0.5) * len(ticks)
    figure = Figure(figsize=(side, side), layout="constrained")
    axes = figure.add_subplot()
    image = axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(counts > 0):
        share, count = shares[row, column], counts[row, column]
        axes.text(
            column,
            row,
            f"{count}" if len(ticks) > MANY else f"{count}\n{_percent(share)}",
            ha="center",
            va="center",
            fontsize=9,
            color="white" if share > DARK_FROM else "black",
            in_layout=False,  # within its cell, which need not be found out of thousands
        )
    axes.set_xticks(range(len(ticks)), ticks, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(ticks)), ticks)
    axes.set(xlabel="Predicted syndrome", ylabel="True syndrome")
    axes.grid(visible=False)
    figure.colorbar(image, ax=axes, shrink=0.7, label="Share of the syndrome's images")
    return figure


def _percent(share: float) -> str:
    return "<1%" if share < WHOLE_PERCENT else f"{share:.0%}"


def describe_confusion(evaluation: Evaluation) -> str:
    """Return the alternative text."""
    counts = np.array(evaluation.confusion)
    return (
        f"Confusion matrix of {len(evaluation.syndromes)} syndromes: {np.trace(counts)} of {counts.sum()} "
        "images lie on the diagonal."
    )
