"""Prediction sets: coverage and size by class."""

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.analyses.prediction_sets.result import ClassCoverage, SetCoverage
from skknn_syndrome.display.extent import ends
from skknn_syndrome.display.lettering import drawn_labels
from skknn_syndrome.display.messages import called
from skknn_syndrome.display.prose import number, percent
from skknn_syndrome.display.style import COLOURS, GREY, INK, WIDTH

ROW, ABOVE = 0.27, 1.35
"""Inches: of a class, and of legend and axis."""


def shown_classes(found: SetCoverage) -> tuple[ClassCoverage, ...]:
    """Return all classes, the least covered first, or of many the ends."""
    return ends(sorted(found.classes, key=lambda entry: (entry.covered.estimate, entry.syndrome)))


def draw_sets(found: SetCoverage, marginal: SetCoverage | None) -> Figure:
    """Return coverage and size side by side, a row a class, the least covered on top."""
    rows = shown_classes(found)
    figure = Figure(figsize=(WIDTH, ABOVE + ROW * len(rows)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True, width_ratios=(3, 2))
    names = drawn_labels([entry.syndrome for entry in rows])
    _draw_coverage(left, rows, found.coverage)
    if marginal is not None:
        beside = {entry.syndrome: entry.covered.estimate for entry in marginal.classes}
        left.plot(
            [100 * beside[entry.syndrome] for entry in rows if entry.syndrome in beside],
            [place for place, entry in enumerate(rows) if entry.syndrome in beside],
            "D",
            color=COLOURS[1],
            markerfacecolor="none",
            markersize=5,
            label="calibrated on all together",
        )
    right.barh(range(len(rows)), [entry.mean_size for entry in rows], color=INK, height=0.6)
    left.set(xlabel="Covered (%; dotted: nominal)", ylim=(len(rows) - 0.4, -0.6))
    left.set_yticks(range(len(rows)), [names[entry.syndrome] for entry in rows])
    right.set_xlabel("Syndromes in a set")
    figure.legend(loc="outside lower center", ncols=2)
    return figure


def _draw_coverage(axes: Axes, rows: tuple[ClassCoverage, ...], nominal: float) -> None:
    axes.axvline(100 * nominal, color=GREY, linestyle=":", linewidth=1)
    for place, entry in enumerate(rows):
        interval = entry.covered
        if interval.low is not None and interval.high is not None:
            axes.plot([100 * interval.low, 100 * interval.high], [place, place], color=INK, linewidth=1.3)
    axes.plot(
        [100 * entry.covered.estimate for entry in rows],
        range(len(rows)),
        "s",
        color=INK,
        markersize=5,
        label="calibrated on each syndrome",
    )


def say_sets(found: SetCoverage) -> str:
    """Return the message: what is covered overall and in the worst class, and how large sets are."""
    worst = found.worst
    return (
        f"Sets of a nominal coverage of {percent(found.coverage)} have the true syndrome of "
        f"{percent(found.covered.estimate)} of the images (least, {called(worst.syndrome)}: "
        f"{percent(worst.covered.estimate)}), with {number(found.mean_size, 1)} syndromes on average"
    )


def describe_sets(found: SetCoverage) -> str:
    """Return the alternative text."""
    parts = [
        f"{entry.syndrome}, {percent(entry.covered.estimate)} covered with sets of "
        f"{number(entry.mean_size, 1)}"
        for entry in shown_classes(found)
    ]
    return (
        f"Coverage and size of sets of a nominal coverage of {percent(found.coverage)}, per syndrome. "
        f"{'; '.join(parts)}."
    )
