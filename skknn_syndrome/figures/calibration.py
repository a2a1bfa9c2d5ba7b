"""Reliability curves."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.figures.style import METRIC_COLOURS, OTHER_COLOUR
from skknn_syndrome.results import Calibration
from skknn_syndrome.results.calibration import Reliability
from skknn_syndrome.wording import capitalised, metric_title, votes

COUNT_HEIGHT = 0.3
"""Share of a panel's height that the tallest bar of counts takes."""
SIDE = 2.75


def draw_calibration(entries: Sequence[Calibration]) -> Figure:
    """Return a panel a candidate: a row a distance, a column a weighting scheme.

    Filled marks are adaptive bins, rings bins of equal width; bars count the images of the latter.
    """
    variants = list(dict.fromkeys(entry.variant for entry in entries))
    columns = max(sum(entry.variant == variant for entry in entries) for variant in variants)
    figure = Figure(figsize=(SIDE * columns + 0.7, (SIDE + 0.2) * len(variants) + 0.6), layout="constrained")
    grid = figure.subplots(len(variants), columns, squeeze=False, sharex=True, sharey=True)
    for panels, variant in zip(grid, variants, strict=True):
        chosen = [entry for entry in entries if entry.variant == variant]
        for axes, entry in zip(panels, chosen, strict=False):
            _draw(axes, entry)
        for axes in panels[len(chosen) :]:
            axes.set_visible(False)
        panels[0].set_ylabel("Share recognised")
    for axes in grid[-1]:
        axes.set_xlabel("Confidence")
    handles, labels = grid[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=4)
    return figure


def describe_calibration(entries: Sequence[Calibration]) -> str:
    """Return the alternative text."""
    parts = [
        f"{_name(entry)}, confidence {entry.mean_confidence:.2f} and accuracy {entry.accuracy:.2f}"
        for entry in entries
    ]
    return f"Reliability curves: share recognised against confidence. {'; '.join(parts)}."


def _name(entry: Calibration) -> str:
    title = metric_title(entry.variant)
    return title if entry.weights is None else f"{title}, {votes(entry.weights)}"


def _draw(axes: Axes, entry: Calibration) -> None:
    colour = METRIC_COLOURS.get(entry.variant, OTHER_COLOUR)
    axes.plot([0, 1], [0, 1], color="#888888", linestyle=":", linewidth=1, label="Confidence = share")
    _draw_counts(axes, entry.equal_width)
    _draw_curve(axes, entry.equal_mass, colour, marker="o", label="Adaptive bins")
    _draw_curve(axes, entry.equal_width, colour, marker="s", label="Bins of equal width", faint=True)
    axes.set(xlim=(0, 1), ylim=(0, 1.02), aspect="equal")
    name = capitalised(_name(entry))
    axes.set_title(f"{name}\nerror {entry.equal_mass.expected_error:.3f}", fontsize=9.5)


def _draw_curve(
    axes: Axes, curve: Reliability, colour: str, *, marker: str, label: str, faint: bool = False
) -> None:
    axes.plot(
        [found.confidence for found in curve.bins],
        [found.accuracy for found in curve.bins],
        color=colour,
        linestyle=":" if faint else "-",
        linewidth=1,
        marker=marker,
        markersize=4.5,
        fillstyle="none" if faint else "full",
        label=label,
        clip_on=False,
    )


def _draw_counts(axes: Axes, curve: Reliability) -> None:
    most = max(found.n_images for found in curve.bins)
    bars = axes.bar(
        [found.lower for found in curve.bins],
        [COUNT_HEIGHT * found.n_images / most for found in curve.bins],
        width=[found.upper - found.lower for found in curve.bins],
        align="edge",
        color="#cccccc",
        edgecolor="white",
        linewidth=0.5,
        label="Images in a bin of equal width",
    )
    tallest = max(range(len(curve.bins)), key=lambda place: curve.bins[place].n_images)
    labels = [f"{most:,}" if place == tallest else "" for place in range(len(curve.bins))]
    axes.bar_label(bars, labels, padding=1, fontsize=7.5, color="#555555")
