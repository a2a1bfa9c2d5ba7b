"""Figures of an alignment: two heatmaps in one order, all pairs, two facing dendrograms, power."""

from collections.abc import Sequence
from typing import Final

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.figure import Figure

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.alignment.result import AlignmentAnalysis, Dendrogram
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.prose import number, p
from skknn_syndrome.display.style import COLOURS
from skknn_syndrome.results.verdicts import ENOUGH_POWER
from skknn_syndrome.wording import one_line

_LONGEST: Final = 24
_MOST_NAMED: Final = 80
"""Classes whose names a figure has room for."""
_MOST_POINTS: Final = 3_000
"""Pairs that are drawn one by one; more are counted in hexagons."""
_ROW: Final = 0.14
"""Inches a class of a dendrogram, where names stand."""
_TALLEST: Final = 9.0


def mantel_text(p_value: float | None) -> str:
    """Return a p-value; where a distance does not vary there is none."""
    return "not defined" if p_value is None else p(p_value)


def names_of(found: AlignmentAnalysis) -> list[str]:
    """Return the classes as figures write them."""
    return [one_line(legible(name), longest=_LONGEST) for name in found.names]


def square(found: AlignmentAnalysis, entries: Sequence[float]) -> Float64Array:
    """Return distances of pairs as a symmetric matrix."""
    n_classes = len(found.names)
    matrix: Float64Array = np.zeros((n_classes, n_classes))
    matrix[np.triu_indices(n_classes, 1)] = entries
    return matrix + matrix.T


def draw_heatmaps(found: AlignmentAnalysis) -> Figure:
    """Return both matrices in the order of the reference; each has its own scale."""
    side = 3.4 if len(found.names) > _MOST_NAMED else max(3.0, min(4.2, 0.16 * len(found.names)))
    figure = Figure(figsize=(2 * side + 1.8, side + 1.0), layout="constrained")
    panels = figure.subplots(1, 2, sharey=True)
    for axes, title, entries in zip(
        panels, ("Visual", "Reference"), (found.visual, found.given), strict=True
    ):
        matrix = square(found, entries)
        np.fill_diagonal(matrix, np.nan)  # no distance of a pair
        image = axes.imshow(matrix, cmap="viridis", interpolation="nearest", rasterized=True)
        axes.set_title(title)
        axes.grid(visible=False)
        _name_classes(axes, found)
        figure.colorbar(image, ax=axes, shrink=0.75, label="Distance")
    return figure


def _name_classes(axes: Axes, found: AlignmentAnalysis) -> None:
    if len(found.names) > _MOST_NAMED:
        axes.set_xticks([])
        axes.set_yticks([])
        return
    size = max(4.0, min(8.0, 300 / len(found.names)))
    axes.set_xticks(range(len(found.names)), names_of(found), rotation=90, fontsize=size)
    axes.set_yticks(range(len(found.names)), names_of(found), fontsize=size)


def draw_pairs(found: AlignmentAnalysis) -> Figure:
    """Return each pair at its reference and its visual distance."""
    figure = Figure(figsize=(5.2, 4.0), layout="constrained")
    axes = figure.subplots()
    if len(found.given) > _MOST_POINTS:
        shades = axes.hexbin(found.given, found.visual, gridsize=45, mincnt=1, bins="log", cmap="Blues")
        figure.colorbar(shades, ax=axes, label="Pairs", format="{x:,.0f}")
    else:
        axes.scatter(found.given, found.visual, s=12, alpha=0.55, color=COLOURS[0], linewidths=0)
    slope, start = np.polyfit(found.given, found.visual, 1) if np.ptp(found.given) else (0.0, np.nan)
    ends = np.array([min(found.given), max(found.given)])
    axes.plot(ends, start + slope * ends, color=COLOURS[1], linewidth=1.5)
    pearson = found.correlations["pearson"]
    axes.set_title(f"r = {number(pearson.estimate, 2)}, Mantel {mantel_text(pearson.p_value)}", loc="left")
    axes.set_xlabel("Reference distance")
    axes.set_ylabel("Visual distance")
    return figure


def describe_pairs(found: AlignmentAnalysis) -> str:
    """Return the alternative text."""
    pearson = found.correlations["pearson"]
    return (
        f"Visual against reference distance of {len(found.given):,} pairs of {len(found.names)} classes: "
        f"Pearson correlation {number(pearson.estimate)}, Mantel test {mantel_text(pearson.p_value)}."
    )


def describe_heatmaps(found: AlignmentAnalysis) -> str:
    """Return the alternative text."""
    return (
        f"Visual and reference distances between {len(found.names)} classes as two heatmaps, both in the "
        f"order of the reference: from {found.names[0]} to {found.names[-1]}."
    )


def draw_trees(found: AlignmentAnalysis) -> Figure:
    """Return the two dendrograms face to face, a line between the places of each class."""
    n_classes = len(found.names)
    named = n_classes <= _MOST_NAMED
    height = min(_TALLEST, max(2.6, (_ROW if named else 0.03) * n_classes + 0.6))
    figure = Figure(figsize=(8.4, height), layout="constrained")
    widths = (3, 1.3, 1.6, 1.3, 3) if named else (3, 0.01, 2.2, 0.01, 3)
    left, names_left, middle, names_right, right = figure.subplots(1, 5, width_ratios=widths)
    trees, names = found.dendrograms, names_of(found)
    _draw_tree(left, trees.visual, "Visual")
    _draw_tree(right, trees.reference, "Reference")
    right.invert_xaxis()
    size = max(4.0, min(8.0, 72 * (height - 0.6) / n_classes))
    for axes, tree in ((names_left, trees.visual), (names_right, trees.reference)):
        axes.set_axis_off()
        axes.set_ylim(n_classes - 0.5, -0.5)
        for place, tip in enumerate(tree.order if named else ()):
            axes.text(0.5, place, names[tip], fontsize=size, ha="center", va="center")
    _join(middle, trees.visual.order, trees.reference.order)
    return figure


def _draw_tree(axes: Axes, tree: Dendrogram, title: str) -> None:
    """Draw elbows from each node to its parent, the root at the left."""
    heights = heights_of(tree)
    elbows = [
        [
            (tree.depths[parent], heights[parent]),
            (tree.depths[parent], heights[node]),
            (tree.depths[node], heights[node]),
        ]
        for node, parent in enumerate(tree.parents)
        if parent >= 0
    ]
    axes.add_collection(LineCollection(elbows, colors="#333333", linewidths=0.8))
    axes.set_xlim(-0.02 * (max(tree.depths) or 1), max(tree.depths) or 1)
    axes.set_ylim(len(tree.order) - 0.5, -0.5)
    axes.set_title(title)
    axes.set_axis_off()


def heights_of(tree: Dendrogram) -> list[float]:
    """Return where each node lies: tips at their places, others half-way between their children's ends."""
    heights = [0.0] * len(tree.parents)
    for place, tip in enumerate(tree.order):
        heights[tip] = float(place)
    ends: dict[int, tuple[float, float]] = {}
    for node, parent in enumerate(tree.parents):  # children come before parents
        if node in ends:
            heights[node] = sum(ends[node]) / 2
        low, high = ends.get(parent, (heights[node], heights[node]))
        ends[parent] = min(low, heights[node]), max(high, heights[node])
    return heights


def _join(axes: Axes, left: Sequence[int], right: Sequence[int]) -> None:
    at_right = {tip: place for place, tip in enumerate(right)}
    lines = [[(0, place), (1, at_right[tip])] for place, tip in enumerate(left)]
    axes.add_collection(LineCollection(lines, colors=COLOURS[0], linewidths=0.7, alpha=0.6))
    axes.set_xlim(0, 1)
    axes.set_ylim(len(left) - 0.5, -0.5)
    axes.set_axis_off()


def describe_trees(found: AlignmentAnalysis) -> str:
    """Return the alternative text."""
    trees = found.dendrograms
    return (
        f"Dendrogram of the visual distances beside that of the reference, a line for each of the "
        f"{len(found.names)} classes. Baker's gamma is {number(trees.bakers_gamma)}, the cophenetic "
        f"correlation {number(trees.cophenetic)}."
    )


def draw_power(found: AlignmentAnalysis) -> Figure | None:
    """Return power against the size of the correlation; None where it is not simulated, or always enough."""
    if not found.power or found.power[0].power >= ENOUGH_POWER:
        return None
    figure = Figure(figsize=(5.2, 3.0), layout="constrained")
    axes = figure.subplots()
    sizes = [point.correlation for point in found.power]
    axes.plot(sizes, [point.power for point in found.power], color=COLOURS[0], marker="o", markersize=4)
    axes.axhline(ENOUGH_POWER, color="#555555", linewidth=0.9, linestyle="--")
    pearson = found.correlations["pearson"].estimate
    if pearson is not None:
        axes.axvline(pearson, color=COLOURS[1], linewidth=1.2)
        axes.annotate(
            "observed",
            (pearson, 0.02),
            xytext=(4, 0),
            textcoords="offset points",
            color=COLOURS[1],
            fontsize=9,
        )
    axes.set_ylim(0, 1.03)
    axes.set_xlabel("Correlation with the reference")
    axes.set_ylabel("Power")
    return figure


def describe_power(found: AlignmentAnalysis) -> str:
    """Return the alternative text."""
    said = "; ".join(f"{number(point.power, 2)} at {number(point.correlation, 1)}" for point in found.power)
    return f"Power of the Mantel test with {len(found.names)} classes by size of the correlation: {said}."


def say_pairs(found: AlignmentAnalysis) -> str:
    """Return the correlation of the two distances, and whether it is significant."""
    pearson = found.correlations["pearson"]
    tested = f"r = {number(pearson.estimate, 2)}, Mantel test {mantel_text(pearson.p_value)}"
    if found.is_shown:
        return f"Visual distance rises with reference distance ({tested})"
    return f"No significant rise of visual with reference distance ({tested})"


def say_trees(found: AlignmentAnalysis) -> str:
    """Return how far the two dendrograms agree."""
    return (
        f"Agreement of the two trees: Baker's gamma {number(found.dendrograms.bakers_gamma, 2)}, of at most 1"
    )


def say_power(found: AlignmentAnalysis) -> str:
    """Return from which correlation on the power is enough."""
    enough = f"{100 * ENOUGH_POWER:.0f} %"
    if found.detectable is None:
        return f"No simulated correlation is found with a power of {enough}"
    return f"Correlations from {number(found.detectable, 1)} on are found with a power of {enough}"
