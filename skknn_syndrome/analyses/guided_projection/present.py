"""Guided projection: correlations before and after, for classes fitted to and classes left out."""

from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.analyses.guided_projection.result import (
    PAIRS,
    GuidedProjectionAnalysis,
    HeldOutJudgement,
    ProjectionMethod,
    Unit,
)
from skknn_syndrome.display.style import COLOURS, OTHER_COLOUR
from skknn_syndrome.display.table import Column, Table
from skknn_syndrome.questions import Presentation, Reported, figure_of, of_analysis
from skknn_syndrome.results.verdicts import PRINTED_AS_ZERO, SMALLEST_P
from skknn_syndrome.wording import sentence_list

UNITS: dict[Unit, str] = {"classes": "classes", "groups": "groups of classes"}
METHODS: dict[ProjectionMethod, str] = {"ridge": "ridge regression", "attention": "network"}
SHAPES = (("raw", "Embeddings", "o", COLOURS[0]), ("projected", "Projected", "s", COLOURS[1]))


@dataclass(frozen=True)
class GuidedProjectionFindings:
    """What the section speaks of."""

    found: GuidedProjectionAnalysis

    @property
    def leaves_out(self) -> bool:
        """Whether the reference has negative eigenvalues to speak of, and the projection lacks them."""
        return self.found.method == "ridge" and self.found.negative_share >= PRINTED_AS_ZERO

    @property
    def gist(self) -> str:
        """The verdicts in one sentence."""
        said = [
            f"{'carries over' if entry.verdict == 'carries over' else 'is not shown to carry over'} to new "
            f"{UNITS[entry.unit]}"
            for entry in self.found.judgements
        ]
        return f"A projection guided by the reference ({METHODS[self.found.method]}) {sentence_list(said)}."


def correlations(found: GuidedProjectionAnalysis) -> Table:
    """Return the correlation of each kind of pairs, a row a kind."""
    return Table(
        name="guided_projection",
        caption="Correlation with the reference by pairs of classes, as the mean over all folds; the test is "
        "of the first division into folds: its correlation after projecting, the 95 % quantile of permuted "
        "references, to which these folds are fitted again, and p",
        columns=(
            Column("method", "Projection"),
            Column("left_out", "Left out"),
            Column("n_folds", "Folds"),
            Column("pairs", "Pairs"),
            Column("raw", "Embeddings", decimals=3),
            Column("projected", "Projected", decimals=3),
            Column("observed", "Projected, first division", decimals=3),
            Column("null_high", "95 % of permuted", decimals=3),
            Column("p_value", "p", decimals=3, least=SMALLEST_P),
        ),
        rows=tuple(
            (
                METHODS[found.method],
                UNITS[entry.unit],
                entry.n_folds,
                PAIRS[pairs.pairs],
                pairs.raw,
                pairs.projected,
                *(
                    (entry.observed, entry.null_high, entry.p_value)
                    if pairs.pairs == entry.tested
                    else (None, None, None)
                ),
            )
            for entry in found.judgements
            for pairs in entry.correlations
        ),
    )


def draw_correlations(found: GuidedProjectionAnalysis) -> Figure:
    """Return the correlations with the reference before and after, a panel for what is left out."""
    figure = Figure(figsize=(1.0 + 3.6 * len(found.judgements), 3.4), layout="constrained")
    panels = figure.subplots(1, len(found.judgements), sharey=True, squeeze=False)[0]
    for axes, entry in zip(panels, found.judgements, strict=True):
        _draw_judgement(axes, entry)
    panels[0].set_ylabel("Correlation with the reference")
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=2)
    return figure


def _draw_judgement(axes: Axes, entry: HeldOutJudgement) -> None:
    places = range(len(PAIRS))
    for field, label, marker, colour in SHAPES:
        values = [getattr(pairs, field) for pairs in entry.correlations]
        # matplotlib leaves a gap for NaN.
        heights = [float("nan") if value is None else value for value in values]
        axes.plot(places, heights, linestyle="none", marker=marker, color=colour, label=label)
    at = [*PAIRS].index(entry.tested)
    # The quantile is of one division, and the other markers of all.
    axes.plot(
        at,
        entry.observed,
        linestyle="none",
        marker="x",
        color=OTHER_COLOUR,
        label="Projected, first division",
    )
    axes.hlines(
        entry.null_high,
        at - 0.3,
        at + 0.3,
        colors=OTHER_COLOUR,
        linestyles="--",
        label="95 % of permuted references",
    )
    axes.set_xticks([*places], [*PAIRS.values()])
    axes.set_xlim(-0.5, len(PAIRS) - 0.5)
    axes.axhline(0, color="#999999", linewidth=0.8)
    axes.set_title(f"{UNITS[entry.unit].capitalize()} left out")


def describe_correlations(found: GuidedProjectionAnalysis) -> str:
    """Return the alternative text."""
    said = [
        f"with {UNITS[entry.unit]} left out, "
        + sentence_list(
            [
                f"{_number(pairs.raw)} before and {_number(pairs.projected)} after for pairs with "
                f"{PAIRS[pairs.pairs].lower()}"
                for pairs in entry.correlations
            ]
        )
        for entry in found.judgements
    ]
    return f"Correlation with the reference before and after projecting: {'; '.join(said)}."


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.2f}"


def find_guided_projection(result: Reported) -> GuidedProjectionFindings | None:
    """Return what the section speaks of; None where nobody looked."""
    return of_analysis(GuidedProjectionAnalysis, GuidedProjectionFindings)(result)


PRESENTATION = Presentation(
    question="guided_projection",
    tables={"guided_projection": of_analysis(GuidedProjectionAnalysis, correlations)},
    figures=(
        figure_of(
            "guided-projection",
            of_analysis(GuidedProjectionAnalysis, draw_correlations),
            of_analysis(GuidedProjectionAnalysis, describe_correlations),
        ),
    ),
    findings=find_guided_projection,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    reports=frozenset({"study", "alignment"}),
)
