"""Larger k: scores beyond the upper edge of the grid."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.analyses.larger_k.result import SHOWN, GridCurve, LargerK
from skknn_syndrome.display.messages import k_is
from skknn_syndrome.display.prose import number
from skknn_syndrome.display.style import (
    GREY,
    METRIC_COLOURS,
    METRIC_LINES,
    OTHER_COLOUR,
    WIDTH,
    LineEnd,
    label_ends,
)
from skknn_syndrome.questions import FigureMaker, Presentation
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.wording import capitalised, metric_title, score_title

Points = list[tuple[int, float, float]]
"""k, mean and standard deviation."""


PANEL_HEIGHT = 1.8


def draw_score_beyond_grid(run: ProtocolResult, curves: Sequence[GridCurve]) -> Figure:
    """Return a panel a score: filled points on the grid, open ones beyond it, a line at its edge."""
    figure = Figure(figsize=(WIDTH, 0.8 + PANEL_HEIGHT * len(SHOWN)), layout="constrained")
    panels = figure.subplots(len(SHOWN), 1, sharex=True)
    for axes, score in zip(panels, SHOWN, strict=True):
        lines = [
            _draw_curve(axes, _on_grid(run, curve, score), _beyond(curve, score), curve) for curve in curves
        ]
        axes.axvline(curves[0].edge, color=GREY, linewidth=1.0, linestyle=":")
        label_ends(axes, [line for line in lines if line is not None], PANEL_HEIGHT - 0.3)
        axes.set_title(capitalised(score_title(score)))
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_formatter("{x:.0f}")
    panels[-1].set_xlabel("k; dotted: the edge of the grid")
    return figure


def say_score_beyond_grid(curves: Sequence[GridCurve]) -> str | None:
    """Return the message: whether the score is higher beyond the grid; None where it is not defined."""
    score = curves[0].refit
    found = [
        (highest, at_edge, curve, best)
        for curve in curves
        if curve.refit == score
        and (best := curve.best_n_neighbors(score)) is not None
        and (highest := curve.mean(score, best)) is not None
        and (at_edge := curve.mean(score, curve.edge)) is not None
    ]
    if not found:
        return None
    highest, at_edge, curve, best = max(found, key=lambda entry: entry[0])
    title = capitalised(score_title(score))
    if best <= curve.edge:
        return f"{title} is no higher beyond the edge of the grid, {k_is(curve.edge)} ({number(at_edge)})"
    return (
        f"{title} is highest beyond the grid: {number(highest)} at {k_is(best)}, {number(at_edge)} at "
        f"its edge, "
        f"{k_is(curve.edge)}"
    )


def describe_score_beyond_grid(curves: Sequence[GridCurve]) -> str:
    """Return the alternative text."""
    parts = [
        f"{score_title(score)} ({curve.variant}) is {curve.mean(score, curve.edge):.3f} at the edge, "
        f"k = {curve.edge}, and highest at k = {best} with {curve.mean(score, best):.3f}"
        for score in SHOWN
        for curve in curves
        if (best := curve.best_n_neighbors(score)) is not None and curve.mean(score, curve.edge) is not None
    ]
    return f"Scores from the edge of the grid on: {'; '.join(parts)}."


def _on_grid(run: ProtocolResult, curve: GridCurve, score: str) -> Points:
    return [
        (candidate.n_neighbors, found.mean, found.std or 0.0)
        for candidate in run.candidates
        if (candidate.variant, candidate.weights) == (curve.variant, curve.weights)
        and (found := candidate.scores[score]).mean is not None
    ]


def _beyond(curve: GridCurve, score: str) -> Points:
    found = curve.scores[score]
    return [
        (k, mean, std or 0.0)
        for k, mean, std in zip(curve.grid, found.means, found.stds, strict=True)
        if mean is not None
    ]


def _draw_curve(axes: Axes, on_grid: Points, beyond: Points, curve: GridCurve) -> LineEnd | None:
    colour = METRIC_COLOURS.get(curve.variant, OTHER_COLOUR)
    line = METRIC_LINES.get(curve.variant, "-")
    for points, marker in ((on_grid, "full"), (beyond, "none")):
        if points:
            k, means, spreads = (list(column) for column in zip(*points, strict=True))
            axes.plot(k, means, color=colour, linestyle=line, marker="o", markersize=4, fillstyle=marker)
            low, high = (
                [mean + sign * s for mean, s in zip(means, spreads, strict=True)] for sign in (-1, 1)
            )
            axes.fill_between(k, low, high, color=colour, alpha=0.13, linewidth=0)
    drawn = [*on_grid, *beyond]
    return LineEnd(capitalised(metric_title(curve.variant)), drawn[-1][1], colour) if drawn else None


def find_larger_k(study: StudyResult) -> LargerK | None:
    """Return the scores beyond the grid; None where none were needed."""
    found = study.find(LargerK)
    return found if found is not None and found.curves else None


def _drawn(study: StudyResult) -> Figure | None:
    found = find_larger_k(study)
    return None if found is None else draw_score_beyond_grid(study.primary, found.curves)


def _described(study: StudyResult) -> str:
    found = find_larger_k(study)
    return "" if found is None else describe_score_beyond_grid(found.curves)


def _said(study: StudyResult) -> str | None:
    found = find_larger_k(study)
    return None if found is None else say_score_beyond_grid(found.curves)


PRESENTATION = Presentation(
    question="larger_k",
    figures=(FigureMaker(name="score-beyond-grid", draw=_drawn, describe=_described, message=_said),),
    findings=find_larger_k,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
)
