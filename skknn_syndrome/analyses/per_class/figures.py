"""ROC curves and the confusion matrix."""

from collections.abc import Sequence
from textwrap import fill

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.analyses.per_class.result import Evaluation
from skknn_syndrome.display.extent import MOST_SYNDROMES, ends
from skknn_syndrome.display.lettering import drawn_labels, short_labels
from skknn_syndrome.display.messages import alike, called, figure
from skknn_syndrome.display.prose import percent
from skknn_syndrome.display.style import (
    FAINT,
    GREY,
    INK,
    METRIC_COLOURS,
    METRIC_LINES,
    OTHER_COLOUR,
    WIDTH,
    panels_of,
)
from skknn_syndrome.results.roc_curve import RocCurve
from skknn_syndrome.wording import capitalised, metric_title

FEW = 9
"""Syndromes up to which three stand side by side, and four above."""
TITLE_LETTERS = 10.5
"""Characters to an inch above a panel."""


def draw_micro_roc(evaluations: Sequence[Evaluation]) -> Figure:
    """Return the micro-average curves of all distances in one graph, each with a band over the folds."""
    drawn = Figure(figsize=(WIDTH, WIDTH), layout="constrained")
    axes = drawn.add_subplot()
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
            label=f"{name}{k}: {_area(curve)}",
        )
    _finish(axes)
    axes.legend(loc="lower right", title="Micro-average AUC", alignment="left")
    return drawn


def describe_micro_roc(evaluations: Sequence[Evaluation]) -> str:
    """Return the alternative text."""
    parts = [f"{metric_title(entry.variant)} {_area(entry.micro_roc)}" for entry in evaluations]
    return f"Micro-average ROC curves, mean over the folds. Area under the curve: {'; '.join(parts)}."


def say_micro_roc(evaluations: Sequence[Evaluation]) -> str:
    """Return the message: which micro-average AUC is the highest."""
    ranked = sorted(evaluations, key=lambda entry: entry.micro_roc.mean_auc, reverse=True)
    first, areas = ranked[0], [entry.micro_roc.mean_auc for entry in ranked]
    title = metric_title(first.variant)
    if len(ranked) == 1:
        return f"The micro-average AUC is {figure(areas[0])} ({title})"
    if alike(*areas):
        return f"The micro-average AUC is {figure(areas[0])} with each of {len(ranked)} distances"
    return (
        f"The micro-average AUC is highest with {title} ({figure(areas[0], 3)}; "
        f"{metric_title(ranked[1].variant)} {figure(areas[1], 3)})"
    )


def draw_syndrome_roc(evaluation: Evaluation) -> Figure:
    """Return a panel a syndrome against the rest, the lowest area first, all others' curves faint behind."""
    names = drawn_labels(evaluation.syndromes)
    curves = ends(_curves(evaluation))  # all behind all would be the square of syndromes
    behind = _joined([curve for _, curve in curves])
    columns = 3 if len(curves) <= FEW else 4
    side = WIDTH / columns
    columns = min(columns, max(len(curves), 1))
    rows = max(1, -(-len(curves) // columns))
    drawn = Figure(
        figsize=(max(side * columns, WIDTH * 2 / 3), 1.0 + (side + 0.2) * rows), layout="constrained"
    )
    panels = panels_of(drawn, len(curves), columns)
    for axes, (syndrome, curve) in zip(panels, curves, strict=True):
        axes.plot(*behind, color=FAINT, linewidth=0.8)
        axes.plot(curve.false_positive_rate, curve.true_positive_rate, color=INK, linewidth=1.8)
        _finish(axes)
        axes.set(xlabel="", ylabel="", xticks=[0, 0.5, 1], yticks=[0, 0.5, 1])
        axes.set_title(f"{fill(names[syndrome], int(TITLE_LETTERS * side))}\n{figure(curve.mean_auc, 3)}")
    drawn.supxlabel("False positive rate", fontsize="medium")
    drawn.supylabel("True positive rate", fontsize="medium")
    return drawn


def describe_syndrome_roc(evaluation: Evaluation) -> str:
    """Return the alternative text."""
    names = short_labels(evaluation.syndromes)
    found = _curves(evaluation)
    if not found:
        return "No syndrome has a ROC curve."
    (worst, lowest), (best, highest) = found[0], found[-1]
    return (
        f"ROC curves of {len(found)} syndromes against the rest. Areas from {lowest.mean_auc:.3f} "
        f"({names[worst]}) to {highest.mean_auc:.3f} ({names[best]})."
    )


def say_syndrome_roc(evaluation: Evaluation) -> str | None:
    """Return the message: which syndrome has the lowest area; None where none has any."""
    found = _curves(evaluation)
    if not found:
        return None
    (worst, lowest), (best, highest) = found[0], found[-1]
    if alike(lowest.mean_auc, highest.mean_auc, decimals=3):
        return f"The AUC against the rest is {figure(lowest.mean_auc, 3)} for each syndrome"
    return (
        f"The AUC against the rest is lowest for {called(worst)} ({figure(lowest.mean_auc, 3)}), highest for "
        f"{called(best)} ({figure(highest.mean_auc, 3)})"
    )


def _curves(evaluation: Evaluation) -> list[tuple[str, RocCurve]]:
    """Return syndromes with their curves, the lowest area first."""
    found = [(entry.syndrome, entry.curve) for entry in evaluation.syndrome_rocs if entry.curve is not None]
    return sorted(found, key=lambda pair: (pair[1].mean_auc, pair[0]))


def _area(curve: RocCurve) -> str:
    return f"{curve.mean_auc:.3f} ± {curve.std_auc:.3f}"


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
    axes.plot([0, 1], [0, 1], color=GREY, linestyle=":", linewidth=1)
    axes.set(
        xlim=(-0.01, 1.01),
        ylim=(-0.01, 1.02),
        aspect="equal",
        xlabel="False positive rate",
        ylabel="True positive rate",
    )


DARK_FROM = 0.55
"""Share from which a cell is so dark that its text is white."""
ROOM = 12
"""Syndromes up to which a cell has room for its count."""
FREQUENT = 10
"""Errors that are listed where a matrix is too large for names."""


def draw_confusion(evaluation: Evaluation) -> Figure:
    """Return the confusion matrix, coloured by the share of the true syndrome, counts in the cells.

    Of many syndromes it has no names: they stand by sensitivity, the lowest first, and the most frequent
    errors are listed below.
    """
    if len(evaluation.syndromes) > MOST_SYNDROMES:
        return _draw_large_confusion(evaluation)
    counts, shares = _matrix(evaluation)
    names = drawn_labels(evaluation.syndromes)
    ticks = [names[name] for name in evaluation.syndromes]
    drawn = Figure(figsize=(WIDTH, WIDTH + 0.3), layout="constrained")
    axes = drawn.add_subplot()
    axes.imshow(shares, cmap="Blues", vmin=0, vmax=1)
    for row, column in np.argwhere(counts > 0) if len(ticks) <= ROOM else ():
        colour = "white" if shares[row, column] > DARK_FROM else "black"
        axes.text(column, row, f"{counts[row, column]}", ha="center", va="center", color=colour)
    axes.set_xticks(range(len(ticks)), ticks, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(ticks)), ticks)
    axes.set(xlabel="Predicted (colour: share of the row)", ylabel="True")
    axes.grid(visible=False)
    return drawn


def _matrix(evaluation: Evaluation) -> tuple[FloatArray, FloatArray]:
    """Return images by true and predicted syndrome, and their shares of the true one, 0 of none."""
    counts = np.array(evaluation.confusion)
    return counts, counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)


def _draw_large_confusion(evaluation: Evaluation) -> Figure:
    counts, shares = _matrix(evaluation)
    order = np.lexsort((np.array(evaluation.syndromes), np.diag(shares)))
    drawn = Figure(figsize=(WIDTH, WIDTH + 2.6), layout="constrained")
    # Subfigures: names beside bars would else narrow the matrix.
    above, below = drawn.subfigures(2, 1, height_ratios=(WIDTH - 0.9, 2.9))  # type: ignore[misc]  # two of them
    matrix, errors = above.subplots(), below.subplots()
    image = matrix.imshow(shares[np.ix_(order, order)], cmap="Blues", vmin=0, vmax=1, interpolation="nearest")
    matrix.set(
        xlabel="Predicted, in the same order", ylabel="True, lowest sensitivity on top", xticks=[], yticks=[]
    )
    matrix.grid(visible=False)
    above.colorbar(image, ax=matrix, shrink=0.8, label="Share of the row")
    off = counts - np.diag(np.diag(counts))
    found = [divmod(int(place), len(off)) for place in np.argsort(-off, axis=None, kind="stable")[:FREQUENT]]
    found = [(row, column) for row, column in found if off[row, column]]
    names = drawn_labels(evaluation.syndromes)
    titles = [
        f"{names[evaluation.syndromes[row]]}, as {names[evaluation.syndromes[to]]}" for row, to in found
    ]
    bars = errors.barh(range(len(found)), [off[row, column] for row, column in found], color=INK)
    errors.bar_label(bars, padding=3)
    errors.set_yticks(range(len(found)), titles)
    errors.invert_yaxis()
    errors.set(xlabel="Images of the most frequent errors", xticks=[])
    errors.margins(x=0.12)
    errors.grid(visible=False)
    return drawn


def describe_confusion(evaluation: Evaluation) -> str:
    """Return the alternative text."""
    counts = np.array(evaluation.confusion)
    return (
        f"Confusion matrix of {len(evaluation.syndromes)} syndromes: {np.trace(counts)} of {counts.sum()} "
        "images lie on the diagonal."
    )


def say_confusion(evaluation: Evaluation) -> str | None:
    """Return the message: which syndrome has the lowest sensitivity, and what it is taken for."""
    counts, shares = _matrix(evaluation)
    tested = np.flatnonzero(counts.sum(axis=1))
    if not tested.size:
        return None
    found = np.diag(shares)[tested]
    if found.min() == found.max():
        return f"The sensitivity is {percent(found[0])} for each syndrome"
    worst = int(tested[found.argmin()])
    row = counts[worst]
    errors = np.where(np.arange(len(row)) == worst, 0, row)
    name, other = evaluation.syndromes[worst], evaluation.syndromes[int(errors.argmax())]
    return (
        f"The sensitivity is lowest for {called(name)} ({percent(found.min())}, {row[worst]:,} of "
        f"{row.sum():,} "
        f"images); {errors.max():,} are classified as {called(other)}"
    )
