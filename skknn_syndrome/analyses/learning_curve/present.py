"""Learning curve and sample sizes: tables and findings."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from skknn_syndrome.analyses.learning_curve.figures import (
    describe_learning_curve,
    draw_learning_curve,
    say_learning_curve,
)
from skknn_syndrome.analyses.learning_curve.result import (
    PLANNED_WIDTHS,
    PLANNED_WIDTHS_OF_A_CLASS,
    HeadCurve,
    LearningCurveAnalysis,
    NoFit,
    ScoreCurve,
)
from skknn_syndrome.display.table import Cell, Column, Table
from skknn_syndrome.questions import Presentation, figure_of, of_analysis
from skknn_syndrome.wording import head_title, score_title, sentence_list

WHY_NOT: dict[NoFit, str] = {
    "few_sizes": "there are too few training sizes",
    "undefined": "it is not defined in every resample",
    "chance": "the macro AUC is not significantly above 0.5",
    "flat": "it does not rise significantly with the number of {unit}",
    "spread": "it varies more with more {unit}",
}


def _curves(found: LearningCurveAnalysis) -> Iterator[tuple[HeadCurve, ScoreCurve]]:
    return ((head, curve) for head in found.heads for curve in head.scores)


def learning_curve(found: LearningCurveAnalysis) -> Table:
    """Return each score at each size."""
    return Table(
        name="learning_curve",
        caption="Scores of pooled out-of-fold predictions by training size, means over "
        f"{found.n_repeats} orders of the {found.unit}",
        columns=(
            Column("head", "Classifier"),
            Column("score", "Score"),
            Column("share", "Share"),
            Column("n_per_class", "Per syndrome", decimals=1),
            Column("n_images", "Images", decimals=1),
            Column("estimate", "Estimate"),
            Column("low", "From"),
            Column("high", "To"),
            Column("std", "SD over the orders"),
        ),
        rows=tuple(
            (
                head.head,
                curve.score,
                point.share,
                point.n_per_class,
                point.n_images,
                point.estimate,
                point.low,
                point.high,
                point.std,
            )
            for head, curve in _curves(found)
            for point in curve.points
        ),
    )


def power_laws(found: LearningCurveAnalysis) -> Table:
    """Return the law of each score, or why there is none."""
    return Table(
        name="power_laws",
        caption=f"Power laws a - b n^-c of the scores, n the training {found.unit} per syndrome",
        columns=(
            Column("head", "Classifier"),
            Column("score", "Score"),
            Column("asymptote", "a"),
            Column("scale", "b"),
            Column("exponent", "c"),
            Column("rmse", "RMSE"),
            Column("no_fit", "No fit"),
        ),
        rows=tuple((head.head, curve.score, *_law(curve)) for head, curve in _curves(found)),
    )


def _law(curve: ScoreCurve) -> tuple[Cell, ...]:
    law = curve.law
    if law is None:
        return None, None, None, None, curve.no_fit
    return law.asymptote, law.scale, law.exponent, law.rmse, None


def expected_scores(found: LearningCurveAnalysis) -> Table:
    """Return the scores to expect of more subjects, below what was measured and what the law gives there."""
    percent = f"{100 * found.confidence:.0f} %"
    return Table(
        name="expected_scores",
        caption=f"Scores of the power law for more {found.unit}, with {percent} prediction intervals; beside "
        f"that of the study's own number, the score measured with its {percent} confidence interval (CI). "
        "The gain is that of the power law over its own value there, with its CI; four times the number is "
        "an extrapolation",
        columns=(
            Column("head", "Classifier"),
            Column("score", "Score"),
            Column("factor", "Times"),
            Column("n_per_class", "Per syndrome", decimals=0),
            Column("measured", "Measured", decimals=3),
            Column("estimate", "Power law", decimals=3),
            Column("low", "From", decimals=3),
            Column("high", "To", decimals=3),
            Column("gain", "Gain", decimals=3),
            Column("gain_low", "Gain from", decimals=3),
            Column("gain_high", "Gain to", decimals=3),
            Column("width", "Width of the CI", decimals=3),
        ),
        rows=tuple(row for head, curve in _curves(found) if curve.law for row in _expected(head, curve)),
    )


def _expected(head: HeadCurve, curve: ScoreCurve) -> Iterator[tuple[Cell, ...]]:
    now, name = curve.now, (head.head, curve.score)
    measured = now.estimate, curve.fitted, now.low, now.high
    yield (*name, 1, now.n_per_class, *measured, None, None, None, curve.width)
    for entry in curve.expected:
        interval, gain = (entry.low, entry.high), (entry.gain, entry.gain_low, entry.gain_high)
        yield (*name, entry.factor, entry.n_per_class, None, entry.estimate, *interval, *gain, entry.width)


def planned_subjects(found: LearningCurveAnalysis) -> Table:
    """Return how many subjects intervals of some widths take, in all and per class."""
    return Table(
        name="planned_subjects",
        caption=f"{found.unit.capitalize()} that a planned study needs for a {100 * found.confidence:.0f} % "
        f"confidence interval of some width, from its width with the {found.n_units:,} {found.unit} of this "
        "one",
        columns=(
            Column("head", "Classifier"),
            Column("score", "Score"),
            Column("width", "Width", decimals=2),
            Column("n_units", found.unit.capitalize()),
            Column("per_class", "Per syndrome"),
        ),
        rows=tuple(
            (head.head, curve.score, width, needed, -(-needed // found.n_classes))
            for head, curve in _curves(found)
            for width in PLANNED_WIDTHS
            if (needed := found.subjects_for(curve, width)) is not None
        ),
    )


def planned_by_class(found: LearningCurveAnalysis) -> Table:
    """Return the same for the sensitivity of each class."""
    return Table(
        name="planned_by_class",
        caption=f"Sensitivity of each syndrome with its {100 * found.confidence:.0f} % confidence interval, "
        f"and how many {found.unit} of the syndrome an interval of some width takes",
        columns=(
            Column("syndrome", "Syndrome"),
            Column("n_units", found.unit.capitalize()),
            Column("sensitivity", "Sensitivity", decimals=3),
            Column("low", "From", decimals=3),
            Column("high", "To", decimals=3),
            *(Column(f"width_{width:g}", f"Width {width:g}") for width in PLANNED_WIDTHS_OF_A_CLASS),
        ),
        rows=tuple(
            (
                entry.syndrome,
                entry.n_subjects,
                entry.sensitivity.estimate,
                entry.sensitivity.low,
                entry.sensitivity.high,
                *(entry.subjects_for(width) for width in PLANNED_WIDTHS_OF_A_CLASS),
            )
            for entry in found.classes
        ),
    )


@dataclass(frozen=True)
class LearningCurveFindings:
    """What the prose speaks of."""

    found: LearningCurveAnalysis

    @property
    def rising(self) -> list[tuple[HeadCurve, ScoreCurve]]:
        """Of each head, the first of its curves that is extrapolated."""
        curves = {head.head: (head, curve) for head, curve in reversed([*_curves(self.found)]) if curve.law}
        return [curves[head.head] for head in self.found.heads if head.head in curves]

    @property
    def reasons(self) -> list[tuple[str, str]]:
        """Why others are not, each reason once, behind the scores that it holds for."""
        named: dict[NoFit, list[str]] = {}
        for head, curve in _curves(self.found):
            if curve.no_fit:
                of_head = f" of {head_title(head.head)}" if len(self.found.heads) > 1 else ""
                named.setdefault(curve.no_fit, []).append(f"{score_title(curve.score)}{of_head}")
        unit = self.found.unit
        return [(sentence_list(names), WHY_NOT[reason].format(unit=unit)) for reason, names in named.items()]

    @property
    def planned(self) -> list[tuple[ScoreCurve, float, int, int]]:
        """Of the first head, each score with the middle of the widths, and the subjects it takes."""
        width, found = PLANNED_WIDTHS[1], self.found
        return [
            (curve, width, needed, -(-needed // found.n_classes))
            for curve in found.heads[0].scores
            if (needed := found.subjects_for(curve, width)) is not None
        ]

    @property
    def chosen_inside(self) -> list[str]:
        """Heads whose parameters were chosen inside the training parts."""
        return [head_title(head.head) for head in self.found.heads if head.chosen == "inside"]

    @property
    def own(self) -> HeadCurve | None:
        """The curve of the study's best candidate; None where it was not asked for."""
        return next((head for head in self.found.heads if head.chosen == "study"), None)


def _table(make: Callable[[LearningCurveAnalysis], Table]) -> Callable[..., Table | None]:
    return of_analysis(LearningCurveAnalysis, make)


find_learning_curve = of_analysis(LearningCurveAnalysis, LearningCurveFindings)
"""Returns what the report says of learning curves; None where a study has none."""

PRESENTATION = Presentation(
    question="learning_curve",
    tables={
        "learning_curve": _table(learning_curve),
        "power_laws": _table(power_laws),
        "expected_scores": _table(expected_scores),
        "planned_subjects": _table(planned_subjects),
        "planned_by_class": _table(planned_by_class),
    },
    report_tables={
        "planned_subjects": _table(
            lambda found: planned_subjects(found.revised(heads=found.heads[:1])).only(
                "score", "width", "n_units", "per_class"
            )
        )
    },
    figures=(
        figure_of(
            "learning-curve",
            of_analysis(LearningCurveAnalysis, draw_learning_curve),
            of_analysis(LearningCurveAnalysis, describe_learning_curve),
            of_analysis(LearningCurveAnalysis, say_learning_curve),
        ),
    ),
    findings=find_learning_curve,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
)
