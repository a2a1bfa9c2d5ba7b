"""Forest plot of sensitivity and positive predictive value per class."""

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.analyses.per_class.result import Evaluation, SyndromeScores
from skknn_syndrome.display.extent import ends
from skknn_syndrome.display.lettering import drawn_labels
from skknn_syndrome.display.prose import count, percent
from skknn_syndrome.display.style import COLOURS
from skknn_syndrome.languages import gettext
from skknn_syndrome.results.intervals import MeanInterval

WIDTH, ROW, ABOVE = 4.2, 0.24, 0.95
"""Inches: of the figure, of a class, and of titles and axis."""


@dataclass(frozen=True)
class ForestRow:
    """One class with its sensitivity and PPV."""

    scores: SyndromeScores
    n_right: int
    """Images of the class that were predicted so."""
    n_tested: int
    """Its images, once a repeat."""

    @property
    def label(self) -> str:
        """The class."""
        return self.scores.syndrome


def forest_rows(evaluation: Evaluation) -> list[ForestRow]:
    """Return the classes that were tested, the highest sensitivity first."""
    by_name = {entry.syndrome: entry for entry in evaluation.per_syndrome}
    rows = [
        ForestRow(by_name[name], counts[place], sum(counts))
        for place, (name, counts) in enumerate(zip(evaluation.syndromes, evaluation.confusion, strict=True))
        if sum(counts)
    ]
    return sorted(rows, key=lambda row: (-row.scores.recall, row.label))


def shown_rows(evaluation: Evaluation) -> list[ForestRow]:
    """Return all classes, or of many the best and the worst alone."""
    return list(ends(forest_rows(evaluation)))


def draw_forest(evaluation: Evaluation) -> Figure:
    """Return sensitivity and PPV side by side, a row a class with its number of images."""
    rows = shown_rows(evaluation)
    figure = Figure(figsize=(WIDTH, ABOVE + ROW * len(rows)), layout="constrained")
    left, right = figure.subplots(1, 2, sharey=True)
    names = drawn_labels([row.label for row in rows])
    _draw(
        left,
        [(row.scores.recall, row.scores.sensitivity) for row in rows],
        COLOURS[0],
        gettext("Sensitivity (%)"),
    )
    _draw(right, [(row.scores.precision, row.scores.ppv) for row in rows], COLOURS[1], gettext("PPV (%)"))
    left.set_yticks(
        range(len(rows)), [f"{names[row.label]} ({count(row.n_tested)})" for row in rows], fontsize=8
    )
    left.set_ylim(len(rows) - 0.4, -0.6)
    if len(rows) < len(forest_rows(evaluation)):
        for axes in (left, right):
            axes.axhline(len(rows) / 2 - 0.5, color="#777777", linewidth=0.8, linestyle=":")
    return figure


def _draw(
    axes: Axes, shown: Sequence[tuple[float | None, MeanInterval | None]], colour: str, title: str
) -> None:
    for place, (share, interval) in enumerate(shown):
        if interval is not None and interval.low is not None and interval.high is not None:
            axes.plot([100 * interval.low, 100 * interval.high], [place, place], color=colour, linewidth=1.3)
        if share is not None:
            axes.plot([100 * share], [place], color=colour, marker="s", markersize=4)
    axes.set_xlim(-2, 102)
    axes.set_xticks([0, 50, 100])
    axes.set_title(title, fontsize=9)


def describe_forest(evaluation: Evaluation) -> str:
    """Return the alternative text."""
    rows = shown_rows(evaluation)
    told = gettext("%(name)s, sensitivity %(sensitivity)s of %(images)s images, PPV %(ppv)s")
    parts = [
        told
        % {
            "name": row.label,
            "sensitivity": percent(row.scores.recall),
            "images": count(row.n_tested),
            "ppv": percent(row.scores.precision),
        }
        for row in rows
    ]
    plot = gettext("Forest plot of sensitivity and PPV per syndrome.")
    told_all = len(rows) == len(forest_rows(evaluation))
    cut = "" if told_all else gettext("The best and the worst alone.")
    return f"{plot} {'; '.join(parts)}. {cut}".rstrip()
