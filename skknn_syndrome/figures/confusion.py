"""Which syndromes are taken for which."""

import numpy as np
from matplotlib.figure import Figure

from skknn_syndrome.figures.labels import drawn_labels
from skknn_syndrome.results import Evaluation

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
        )
    axes.set_xticks(range(len(ticks)), ticks, rotation=45, ha="right", rotation_mode="anchor")
    axes.set_yticks(range(len(ticks)), ticks)
    axes.set(xlabel="Taken for", ylabel="Syndrome")
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
