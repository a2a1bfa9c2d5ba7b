"""How well each syndrome is told from the others when nobody has seen it."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from skknn_syndrome.figures.labels import short_labels
from skknn_syndrome.figures.style import METRIC_COLOURS, OTHER_COLOUR
from skknn_syndrome.results import OpenSet
from skknn_syndrome.results.open_set import SyndromeNovelty
from skknn_syndrome.wording import capitalised, metric_title

MARKERS = ("s", "o", "^", "D")
STEP = 0.22
"""Distances stand a little apart, so that equal values do not hide each other."""


def draw_novelty(found: Sequence[OpenSet]) -> Figure:
    """Return a line a syndrome with its AUC under each distance, the best of the last distance on top.

    Filled marks are by the mean distance to the neighbours that vote, rings by the nearest image.
    """
    order = [entry.syndrome for entry in judged(found[-1])]
    shown = short_labels(order)
    figure = Figure(figsize=(7.0, 1.6 + 0.3 * len(order)), layout="constrained")
    axes = figure.add_subplot()
    axes.axvline(0.5, color="#888888", linestyle=":", linewidth=1)
    for place, (open_set, marker) in enumerate(zip(found, MARKERS, strict=False)):
        entries = judged(open_set)
        shift = STEP * (place - (len(found) - 1) / 2)
        rows = [order.index(entry.syndrome) + shift for entry in entries]
        colour = METRIC_COLOURS.get(open_set.metric, OTHER_COLOUR)
        name = capitalised(metric_title(open_set.metric))
        for label, values, fill, size in (
            (f"{name}, mean of k", [entry.roc_auc_mean for entry in entries], "full", 5.5),
            (f"{name}, nearest", [entry.roc_auc_nearest for entry in entries], "none", 8.0),
        ):
            axes.plot(
                values,
                rows,
                color=colour,
                linestyle="none",
                marker=marker,
                markersize=size,
                fillstyle=fill,
                label=label,
            )
    axes.set_yticks(range(len(order)), [shown[name] for name in order])
    axes.set_ylim(-0.6, len(order) - 0.4)
    axes.set_xlabel("AUC, unseen against known images (0.5: by chance)")
    figure.legend(loc="outside lower center", ncols=len(found))
    return figure


def describe_novelty(found: Sequence[OpenSet]) -> str:
    """Return the alternative text."""
    parts = []
    for open_set in found:
        entries = judged(open_set)
        shown = short_labels([entry.syndrome for entry in entries])
        worst, best = entries[0], entries[-1]
        parts.append(
            f"{metric_title(open_set.metric)} distance, "
            f"from {worst.roc_auc_mean:.2f} ({shown[worst.syndrome]}) "
            f"to {best.roc_auc_mean:.2f} ({shown[best.syndrome]})"
        )
    return f"AUC of each syndrome, unseen, against known images, by the mean of k: {'; '.join(parts)}."


def judged(found: OpenSet) -> list[SyndromeNovelty]:
    """Return the syndromes that have an AUC, rising."""
    return sorted(
        (entry for entry in found.syndromes if entry.reason is None),
        key=lambda entry: (entry.roc_auc_mean or 0.0, entry.syndrome),
    )
