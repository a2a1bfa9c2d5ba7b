"""How well each syndrome is told from the others when training lacks it."""

from collections.abc import Sequence

from matplotlib.figure import Figure

from skknn_syndrome.figures.labels import drawn_labels, short_labels
from skknn_syndrome.figures.style import METRIC_COLOURS, OTHER_COLOUR
from skknn_syndrome.results import OpenSet
from skknn_syndrome.wording import capitalised, metric_title

MARKERS = ("s", "o", "^", "D")
STEP = 0.22
"""Distances stand a little apart, so that equal values do not hide each other."""


def draw_novelty(found: Sequence[OpenSet]) -> Figure:
    """Return a line a syndrome with its AUC under each distance, the best of the last distance on top.

    Filled marks are by the mean distance to the neighbours that vote, rings by the nearest image.
    """
    order = [syndrome for _, syndrome, _ in areas(found[-1])]
    shown = drawn_labels(order)
    figure = Figure(figsize=(7.0, 1.6 + 0.3 * len(order)), layout="constrained")
    axes = figure.add_subplot()
    axes.axvline(0.5, color="#888888", linestyle=":", linewidth=1)
    for place, (open_set, marker) in enumerate(zip(found, MARKERS, strict=False)):
        entries = areas(open_set)
        shift = STEP * (place - (len(found) - 1) / 2)
        rows = [order.index(syndrome) + shift for _, syndrome, _ in entries]
        colour = METRIC_COLOURS.get(open_set.variant, OTHER_COLOUR)
        name = capitalised(metric_title(open_set.variant))
        means, nearest = [mean for mean, _, _ in entries], [area for _, _, area in entries]
        # A marker as the format leaves the line out.
        axes.plot(means, rows, marker, color=colour, markersize=5.5, label=f"{name}, mean of k")
        axes.plot(
            nearest,
            rows,
            marker,
            color=colour,
            markersize=8.0,
            fillstyle="none",
            label=f"{name}, nearest",
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
        entries = areas(open_set)
        shown = short_labels([syndrome for _, syndrome, _ in entries])
        (lowest, worst, _), (highest, best, _) = entries[0], entries[-1]
        parts.append(
            f"{open_set.variant_title}, from {lowest:.2f} ({shown[worst]}) to {highest:.2f} ({shown[best]})"
        )
    return f"AUC of each syndrome, unseen, against known images, by the mean of k: {'; '.join(parts)}."


def areas(found: OpenSet) -> list[tuple[float, str, float]]:
    """Return AUC by the mean distance, syndrome, and AUC by the nearest image, rising, where defined."""
    return sorted(
        (entry.roc_auc_mean, entry.syndrome, entry.roc_auc_nearest)
        for entry in found.syndromes
        if entry.roc_auc_mean is not None and entry.roc_auc_nearest is not None
    )
