"""What was chosen inside the folds."""

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from skknn_syndrome.figures.lettering import legible
from skknn_syndrome.figures.style import COLOURS, METRIC_COLOURS, OTHER_COLOUR
from skknn_syndrome.results import Candidate, NestedSelection
from skknn_syndrome.results.candidate import KNN
from skknn_syndrome.wording import capitalised, counted, metric_title, one_line, votes

LONGEST = 48
"""Characters of a candidate's name beside its bar."""


def count_choices(nested: NestedSelection) -> Counter[tuple[str, str, int]]:
    """Return in how many folds each distance, weighting scheme and k was chosen."""
    return Counter((choice.metric, choice.weights, choice.n_neighbors) for choice in nested.choices)


def choices_differ(nested: NestedSelection) -> bool:
    """Return whether folds chose different candidates: of equal ones there is nothing to draw."""
    return len({(choice.head, choice.params) for choice in nested.choices}) > 1


def draw_nested_selection(nested: NestedSelection, candidates: Sequence[Candidate]) -> Figure:
    """Return a panel for each distance and weighting scheme that was chosen: in how many folds each k was.

    Of heads other than nearest neighbours there is one panel, and a bar for each candidate that was chosen.
    """
    if any(choice.head != KNN for choice in nested.choices):
        return _draw_by_title(nested)
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


def _draw_by_title(nested: NestedSelection) -> Figure:
    counts = Counter((choice.head, choice.params) for choice in nested.choices).most_common()
    titles = {(choice.head, choice.params): choice.title for choice in nested.choices}
    figure = Figure(figsize=(7.0, 0.8 + 0.34 * len(counts)), layout="constrained")
    axes = figure.subplots()
    # Titles are tick labels, not places: two that are cut to the same text keep a bar each.
    bars = axes.barh(range(len(counts)), [count for _, count in counts], height=0.6, color=COLOURS[0])
    axes.bar_label(bars, padding=2, fontsize=9)
    shown = [one_line(legible(capitalised(titles[key])), longest=LONGEST) for key, _ in counts]
    axes.set_yticks(range(len(counts)), shown)
    axes.invert_yaxis()
    axes.set(xlim=(0, 1.15 * counts[0][1]), xlabel="Folds")
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(visible=False, axis="y")
    return figure


def describe_nested_selection(nested: NestedSelection) -> str:
    """Return the alternative text."""
    chosen = Counter((choice.head, choice.params) for choice in nested.choices)
    key, count = chosen.most_common(1)[0]
    most = next(choice for choice in nested.choices if (choice.head, choice.params) == key)
    title = most.title
    if most.head == KNN:
        title = f"{metric_title(most.metric)} distance, {votes(most.weights)}, k = {most.n_neighbors}"
    return (
        f"Inside {counted(len(nested.choices), 'fold')}, {counted(len(chosen), 'candidate')} were chosen, "
        f"most often {title}: in {counted(count, 'fold')}."
    )
