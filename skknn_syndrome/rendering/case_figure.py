"""Figure of a case sheet: the case among its neighbours, class by class."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.style import COLOURS, FAINT, INK, WIDTH
from skknn_syndrome.results.explanation import ClassDistances, Explanation
from skknn_syndrome.wording import one_line

MOST_CLASSES = 6
"""Rows of the figure: the most probable classes."""
LONGEST = 26


def draw_case(found: Explanation) -> Figure:
    """Return a row a class: how probable it is, and how far its images lie from the case."""
    shown = found.distances[:MOST_CLASSES]
    figure = Figure(figsize=(WIDTH * 1.4, 0.9 + 0.3 * len(shown)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(1, 2))
    near = {(each.name, each.cosine) for each in found.neighbors}
    for height, each in enumerate(shown):
        said = next(entry for entry in found.prediction.ranking if entry.name == each.name)
        left.barh(height, said.probability, height=0.55, color=INK if said.in_set else FAINT)
        _dots(right, height, each, near)
    names = [one_line(legible(each.name), longest=LONGEST) for each in shown]
    left.set_yticks(range(len(shown)), names)
    left.set(xlim=(0, 1), ylim=(len(shown) - 0.5, -0.6), xlabel="Probability")
    right.set(xlabel="Cosine distance from the case")
    right.set_xlim(left=0)
    for axes in (left, right):
        axes.grid(visible=False, axis="y")
    return figure


def _dots(axes: Axes, height: float, found: ClassDistances, near: set[tuple[str, float]]) -> None:
    others = [distance for distance in found.nearest if (found.name, distance) not in near]
    own = [distance for distance in found.nearest if (found.name, distance) in near]
    axes.plot(others, [height] * len(others), "|", color=FAINT, markersize=9)
    axes.plot([found.median] * 2, [height - 0.3, height + 0.3], color=INK, linewidth=1.6)
    axes.plot(own, [height] * len(own), "o", color=COLOURS[1], markersize=5)


def describe_case(found: Explanation) -> str:
    """Return the alternative text."""
    first = found.neighbors[0]
    ranking = ", ".join(
        f"{entry.name} {entry.probability:.2f}" for entry in found.prediction.ranking[:MOST_CLASSES]
    )
    return (
        f"Probabilities of the classes: {ranking}. Beside them the cosine distances of their images from the "
        f"case, the nearest neighbours marked; the nearest is of {first.name} at {first.cosine:.3f}."
    )
