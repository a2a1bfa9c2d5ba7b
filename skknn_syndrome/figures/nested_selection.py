"""What was chosen inside the folds."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from matplotlib.figure import Figure

from skknn_syndrome.figures.style import METRIC_COLOURS, OTHER_COLOUR
from skknn_syndrome.results import Candidate, NestedSelection
from skknn_syndrome.wording import capitalised, counted, metric_title, votes


def count_choices(nested: NestedSelection) -> Counter[tuple[str, str, int]]:
    """Return in how many folds each distance, weighting scheme and k was chosen."""
    return Counter((choice.metric, choice.weights, choice.n_neighbors) for choice in nested.choices)


def draw_nested_selection(nested: NestedSelection, candidates: Sequence[Candidate]) -> Figure:
    """Return a panel for each distance and weighting scheme that was chosen: in how many folds each k was."""
    counts = count_choices(nested)
    schemes = sorted({(metric, weights) for metric, weights, _ in counts})
    grid = sorted({candidate.n_neighbors for candidate in candidates})
    figure = Figure(figsize=(7.0, 0.6 + 1.05 * len(schemes)), layout="constrained")
    panels = figure.subplots(len(schemes), 1, squeeze=False, sharex=True, sharey=True)[:, 0]
    width = 0.8 * min((high - low for low, high in pairwise(grid)), default=1)
    for axes, (metric, weights) in zip(panels, schemes, strict=True):
        colour = METRIC_COLOURS.get(metric, OTHER_COLOUR)
        found = [(k, counts[metric, weights, k]) for k in grid if counts[metric, weights, k]]
        bars = axes.bar([k for k, _ in found], [count for _, count in found], width=width, color=colour)
        axes.bar_label(bars, padding=1, fontsize=9)
        axes.set_title(capitalised(f"{metric_title(metric)}, {votes(weights)}"), loc="left", fontsize=9.5)
        axes.set(xlim=(grid[0] - width, grid[-1] + width), ylim=(0, 1.25 * max(counts.values())))
        axes.yaxis.get_major_locator().set_params(integer=True, nbins=3)
        axes.grid(visible=False, axis="x")
    panels[-1].xaxis.get_major_locator().set_params(integer=True)
    panels[-1].set_xlabel("k")
    figure.supylabel("Folds", fontsize=10)
    return figure


def describe_nested_selection(nested: NestedSelection) -> str:
    """Return the alternative text."""
    counts = count_choices(nested)
    (metric, weights, k), count = counts.most_common(1)[0]
    return (
        f"Inside {counted(len(nested.choices), 'fold')}, {counted(len(counts), 'candidate')} were chosen, "
        f"most often {metric_title(metric)} distance, {votes(weights)}, k = {k}: "
        f"in {counted(count, 'fold')}."
    )
