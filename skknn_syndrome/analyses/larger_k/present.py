"""Larger k: scores beyond the upper edge of the grid."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.analyses.larger_k.result import SHOWN, GridCurve, LargerK
from skknn_syndrome.display.style import METRIC_COLOURS, METRIC_LINES, OTHER_COLOUR
from skknn_syndrome.questions import FigureMaker, Presentation
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.wording import capitalised, metric_title, score_title

Points = list[tuple[int, float, float]]
"""k, mean and standard deviation."""


def draw_score_beyond_grid(run: ProtocolResult, curves: Sequence[GridCurve]) -> Figure:
    """Return a panel a score: filled points on the grid, open ones beyond it, a line at its edge."""
    figure = Figure(figsize=(8.0, 3.6), layout="constrained")
    panels = figure.subplots(1, len(SHOWN), sharex=True)
    for axes, score in zip(panels, SHOWN, strict=True):
        for curve in curves:
            _draw_curve(axes, _on_grid(run, curve, score), _beyond(curve, score), curve)
        axes.axvline(curves[0].edge, color="#777777", linewidth=1.0, linestyle=":", label="Edge of the grid")
        axes.set_title(capitalised(score_title(score)))
        axes.set_xlabel("k")
        axes.set_xscale("log", base=2)
        axes.xaxis.set_major_formatter("{x:.0f}")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=len(handles))
    return figure


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


def _draw_curve(axes: Axes, on_grid: Points, beyond: Points, curve: GridCurve) -> None:
    colour = METRIC_COLOURS.get(curve.variant, OTHER_COLOUR)
    line = METRIC_LINES.get(curve.variant, "-")
    for points, marker, label in (
        (on_grid, "full", capitalised(metric_title(curve.variant))),
        (beyond, "none", None),
    ):
        if points:
            k, means, spreads = (list(column) for column in zip(*points, strict=True))
            axes.plot(
                k,
                means,
                color=colour,
                linestyle=line,
                marker="o",
                markersize=4,
                fillstyle=marker,
                label=label,
            )
            low, high = (
                [mean + sign * s for mean, s in zip(means, spreads, strict=True)] for sign in (-1, 1)
            )
            axes.fill_between(k, low, high, color=colour, alpha=0.13, linewidth=0)


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


PRESENTATION = Presentation(
    question="larger_k",
    figures=(FigureMaker(name="score-beyond-grid", draw=_drawn, describe=_described),),
    findings=find_larger_k,
    sections={"results": "section.qmd"},
)
