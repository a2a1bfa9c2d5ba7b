"""Figure of learning curves: scores against subjects per class, with power laws."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from skknn_syndrome.analyses.learning_curve.result import (
    FACTORS,
    HeadCurve,
    LearningCurveAnalysis,
    ScoreCurve,
)
from skknn_syndrome.display.messages import alike
from skknn_syndrome.display.prose import number
from skknn_syndrome.display.style import COLOURS, MARKERS, WIDTH
from skknn_syndrome.wording import capitalised, head_title, score_title

_ON_CURVE = 60
"""Points that a law is drawn through."""


PANEL_HEIGHT = 1.8


def draw_learning_curve(found: LearningCurveAnalysis) -> Figure:
    """Return a panel a score: points with bands, the law as a line, and dashed beyond the data."""
    scores = [curve.score for curve in found.heads[0].scores]
    figure = Figure(figsize=(WIDTH, 0.8 + PANEL_HEIGHT * len(scores)), layout="constrained")
    panels = figure.subplots(len(scores), 1, squeeze=False, sharex=True)[:, 0]
    for axes, score in zip(panels, scores, strict=True):
        for place, head in enumerate(found.heads):
            _draw_head(axes, head, head.curve(score), place)
        axes.set_title(capitalised(score_title(score)))
    _set_ticks(panels[0], found.heads[0].scores[0])
    panels[-1].set_xlabel(f"Training {found.unit} per syndrome")
    handles, labels = panels[0].get_legend_handles_labels()
    if len(found.heads) > 1:
        figure.legend(handles, labels, loc="outside lower center", ncols=1)
    return figure


def say_learning_curve(found: LearningCurveAnalysis) -> str | None:
    """Return the message: what more training data did to the first score; None where it is not defined."""
    head, curve = found.heads[0], found.heads[0].scores[0]
    first, now = curve.points[0], curve.now
    if first.estimate is None or now.estimate is None:
        return None
    title = f"{capitalised(score_title(curve.score))} of {head_title(head.head)}"
    if alike(first.estimate, now.estimate):
        return f"{title} stays at {number(now.estimate, 2)} with more {found.unit} per syndrome"
    verb = "rises" if now.estimate > first.estimate else "falls"
    return (
        f"{title} {verb} from {number(first.estimate, 2)} with {first.n_per_class:.0f} {found.unit} per "
        f"syndrome to {number(now.estimate, 2)} with {now.n_per_class:.0f}"
    )


def _draw_head(axes: Axes, head: HeadCurve, curve: ScoreCurve, place: int) -> None:
    colour = COLOURS[place % len(COLOURS)]
    known = [point for point in curve.points if point.estimate is not None]
    axes.plot(
        [point.n_per_class for point in known],
        [point.estimate or 0.0 for point in known],
        color=colour,
        marker=MARKERS[place % len(MARKERS)],
        markersize=4,
        linestyle="none" if curve.law else ":",
        label=head_title(head.head),
    )
    banded = [(point.n_per_class, point.low, point.high) for point in known if point.low is not None]
    if banded:
        sizes, low, high = (list(column) for column in zip(*banded, strict=True))
        axes.fill_between(sizes, low, high, color=colour, alpha=0.13, linewidth=0)
    if curve.law:
        first, now = curve.points[0].n_per_class, curve.now.n_per_class
        for start, end, line in ((first, now, "-"), (now, FACTORS[-1] * now, "--")):
            x = np.geomspace(start, end, _ON_CURVE)
            axes.plot(x, [curve.law.at(n) for n in x.tolist()], color=colour, linestyle=line, linewidth=1.2)
        for entry in curve.expected:
            axes.vlines(entry.n_per_class, entry.low, entry.high, color=colour, linewidth=1.0, alpha=0.6)


def _set_ticks(axes: Axes, curve: ScoreCurve) -> None:
    """Name some of the sizes that were measured, and the last that is extrapolated to."""
    sizes = [point.n_per_class for point in curve.points][::2]
    if curve.law:
        sizes.append(FACTORS[-1] * curve.now.n_per_class)
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_locator(FixedLocator(sizes))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter("{x:.0f}")


def describe_learning_curve(found: LearningCurveAnalysis) -> str:
    """Return the alternative text."""
    return f"Scores against {found.unit} per syndrome. " + " ".join(
        _describe(head, curve) for head in found.heads for curve in head.scores
    )


def _describe(head: HeadCurve, curve: ScoreCurve) -> str:
    first, now = curve.points[0], curve.now
    name = capitalised(f"{score_title(curve.score)} of {head_title(head.head)}")
    if first.estimate is None or now.estimate is None:
        return f"{name} is not defined at all sizes."
    twice = curve.at_factor(2)
    said = (
        f"{name}: {first.estimate:.3f} with {first.n_per_class:.0f}, "
        f"{now.estimate:.3f} with {now.n_per_class:.0f}"
    )
    if twice is None:
        return f"{said}."
    said += f" measured; by the power law {curve.fitted:.3f}"
    return f"{said}, and {twice.estimate:.3f} with {twice.n_per_class:.0f}."
