"""Calibration: reliability, expected errors, over- and underconfidence."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.analyses.calibration.result import (
    Calibration,
    CalibrationAnalysis,
    Reliability,
    TemperatureSelection,
)
from skknn_syndrome.display.prose import interval_text, number, percent, signed
from skknn_syndrome.display.style import (
    COLOURS,
    FAINT,
    GREY,
    LINES,
    METRIC_COLOURS,
    OTHER_COLOUR,
    WIDTH,
)
from skknn_syndrome.display.table import Column, Table, key_columns
from skknn_syndrome.questions import Advice, FigureMaker, Presentation
from skknn_syndrome.results.candidate import Candidate, entry_of
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.verdicts import DECIMALS
from skknn_syndrome.wording import capitalised, metric_title, votes


def calibrations(entries: Sequence[Calibration]) -> Table:
    """Return confidence, accuracy and errors of calibration, a row a distance and weighting scheme."""
    columns, cells = key_columns(entries)
    return Table(
        name="calibrations",
        caption="Calibration of the out-of-fold probabilities, all folds pooled: mean probability of the "
        "predicted syndrome, accuracy, and the gap between them with its 95 % confidence interval; expected "
        "calibration error (ECE) over adaptive bins; Brier score (0 to 2); log loss (in nats) of the images "
        "whose true syndrome has a probability above 0, and the share of the others",
        columns=(
            *columns,
            Column("mean_confidence", "Confidence", decimals=3),
            Column("accuracy", "Accuracy", decimals=3),
            Column("overconfidence", "Gap", decimals=3),
            Column("gap_low", "Gap, low", decimals=3),
            Column("gap_high", "Gap, high", decimals=3),
            Column("expected_error_adaptive", "ECE", decimals=3),
            Column("expected_error_equal_width", "ECE, equal width", decimals=3),
            Column("brier", "Brier", decimals=3),
            Column("log_loss_of_possible", "Log loss above 0", decimals=3),
            Column("zero_share", "At 0", decimals=3),
        ),
        rows=tuple(
            (
                *cells(entry),
                entry.mean_confidence,
                entry.accuracy,
                entry.overconfidence,
                None if entry.gap is None else entry.gap.low,
                None if entry.gap is None else entry.gap.high,
                entry.equal_mass.expected_error,
                entry.equal_width.expected_error,
                entry.brier,
                entry.log_loss_of_possible,
                entry.zero_share,
            )
            for entry in entries
        ),
    )


def temperatures(entries: Sequence[TemperatureSelection]) -> Table:
    """Return in how many folds each temperature was chosen, each distance in turn, rising."""
    columns, cells = key_columns(entries, "metric", "n_neighbors")
    return Table(
        name="temperatures",
        caption="Temperatures of softmax weights, in the unit of the distance: chosen by log loss inside the "
        "training parts, and in how many folds",
        columns=(
            *columns,
            Column("temperature", "Temperature", decimals=3),
            Column("n_folds", "Folds"),
            Column("at_edge", "At the edge of those tried"),
        ),
        rows=tuple(
            (*cells(entry), temperature, count, "yes" if at_edge else "no")
            for entry in entries
            for (temperature, at_edge), count in sorted(
                Counter((choice.temperature, choice.at_edge) for choice in entry.choices).items()
            )
        ),
    )


COUNT_HEIGHT = 0.3
"""Share of a panel's height that the tallest bar of counts takes."""
MOST_LINES = 3
PANEL_HEIGHT = 3.3


def draw_calibration(found: "CalibrationFindings") -> Figure:
    """Return the winner's reliability curve over adaptive bins, and below it those of all weighting schemes.

    Bars count the images in bins of equal width.
    """
    schemes = found.schemes[:MOST_LINES] if len(found.schemes) > 1 else ()
    figure = Figure(figsize=(WIDTH, PANEL_HEIGHT * (2 if schemes else 1) + 0.5), layout="constrained")
    panels = figure.subplots(2 if schemes else 1, 1, squeeze=False)[:, 0]
    _draw_counts(panels[0], found.own.equal_width)
    _draw_curve(panels[0], found.own, _colour(found.own))
    panels[0].set_title(f"{capitalised(_name(found.own))}; bars: images by confidence")
    for axes in panels:
        axes.plot([0, 1], [0, 1], color=GREY, linestyle=":", linewidth=1)
        axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="Confidence", ylabel="Accuracy")
    if schemes:
        _draw_schemes(panels[1], schemes)
    return figure


def _draw_schemes(axes: Axes, schemes: Sequence[Calibration]) -> None:
    for entry, colour, line in zip(schemes, COLOURS, LINES, strict=False):
        name = _name(entry) if entry.weights is None else votes(entry.weights)
        label = f"{name}: error {number(entry.equal_mass.expected_error)}"
        _draw_curve(axes, entry, colour, label=label, line=line)
    axes.set_title("Weighting schemes, with the expected calibration error")
    axes.legend(loc="lower right")


def describe_calibration(entries: Sequence[Calibration]) -> str:
    """Return the alternative text."""
    parts = [
        f"{_name(entry)}, confidence {entry.mean_confidence:.2f} and accuracy {entry.accuracy:.2f}"
        for entry in entries
    ]
    return f"Reliability curves: accuracy against confidence. {'; '.join(parts)}."


def say_calibration(entry: Calibration) -> str:
    """Return the message: the verdict, with confidence and accuracy."""
    numbers = f"mean confidence {percent(entry.mean_confidence)}, accuracy {percent(entry.accuracy)}"
    if entry.verdict == "inconclusive":
        return f"Neither over- nor underconfidence is significant: {numbers}"
    return f"The probabilities are {entry.verdict}: {numbers}"


def _name(entry: Calibration) -> str:
    title = metric_title(entry.variant)
    return title if entry.weights is None else f"{title}, {votes(entry.weights)}"


def _colour(entry: Calibration) -> str:
    return METRIC_COLOURS.get(entry.variant, OTHER_COLOUR)


def _draw_curve(
    axes: Axes, entry: Calibration, colour: str, *, label: str | None = None, line: object = "-"
) -> None:
    bins = entry.equal_mass.bins
    axes.plot(
        [found.confidence for found in bins],
        [found.accuracy for found in bins],
        color=colour,
        linestyle=cast("Any", line),
        linewidth=1.4,
        marker="o",
        markersize=5,
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
        color=FAINT,
        edgecolor="white",
        linewidth=0.5,
    )
    tallest = max(range(len(curve.bins)), key=lambda place: curve.bins[place].n_images)
    labels = [f"{most:,}" if place == tallest else "" for place in range(len(curve.bins))]
    axes.bar_label(bars, labels, padding=1)


@dataclass(frozen=True)
class CalibrationFindings:
    """The weighting schemes at the winner's distance and k."""

    schemes: Sequence[Calibration]
    winner: Candidate
    temperature: TemperatureSelection | None

    @property
    def own(self) -> Calibration:
        """The winner's own scheme, or the first where its own was not measured."""
        own = (entry for entry in self.schemes if entry.weights == self.winner.weights)
        return next(own, self.schemes[0])

    @property
    def better(self) -> Calibration | None:
        """The scheme with the least expected calibration error over adaptive bins; None if that is the own.

        Errors that are printed as equal are equal: of several the own one counts as the least.
        """
        errors = [round(entry.equal_mass.expected_error, DECIMALS) for entry in self.schemes]
        least = min(errors)
        if round(self.own.equal_mass.expected_error, DECIMALS) == least:
            return None
        return self.schemes[errors.index(least)]

    @property
    def costs_accuracy(self) -> bool:
        """Whether `better` has another accuracy than the own scheme."""
        better = self.better
        return better is not None and round(better.accuracy - self.own.accuracy, DECIMALS) != 0

    @property
    def direction(self) -> Literal["over", "under", "even"]:
        """The winner's verdict in short: "even" where it is inconclusive."""
        verdict = self.own.verdict
        return "over" if verdict == "overconfident" else "under" if verdict == "underconfident" else "even"

    @property
    def temperatures(self) -> list[tuple[float, int]]:
        """Temperatures that were chosen, with the number of folds, rising."""
        choices = () if self.temperature is None else self.temperature.choices
        return sorted(Counter(choice.temperature for choice in choices).items())

    @property
    def n_at_edge(self) -> int:
        """Folds whose temperature is the least or the greatest that was tried."""
        choices = () if self.temperature is None else self.temperature.choices
        return sum(choice.at_edge for choice in choices)


def find_calibration(study: StudyResult) -> CalibrationFindings | None:
    """Return what the report says of the winner's calibration; None where it was not measured."""
    found, winner = study.find(CalibrationAnalysis), study.primary.winner
    if found is None:
        return None
    schemes = [entry for entry in found.calibrations if entry.variant == winner.variant]
    temperature = entry_of(found.temperatures, winner)
    return CalibrationFindings(schemes, winner, temperature) if schemes else None


def _found(study: StudyResult) -> tuple[Sequence[Calibration], Sequence[TemperatureSelection]]:
    found = study.find(CalibrationAnalysis)
    return ((), ()) if found is None else (found.calibrations, found.temperatures)


def _drawn(study: StudyResult) -> Figure | None:
    found = find_calibration(study)
    return None if found is None else draw_calibration(found)


def _described(study: StudyResult) -> str:
    found = find_calibration(study)
    return "" if found is None else describe_calibration(found.schemes)


def _said(study: StudyResult) -> str | None:
    found = find_calibration(study)
    return None if found is None else say_calibration(found.own)


def advise(study: StudyResult) -> Iterator[Advice]:
    """Yield what to do about probabilities that are significantly over- or underconfident."""
    found = find_calibration(study)
    gap = None if found is None else found.own.gap
    if found is not None and gap is not None and gap.excludes_zero:
        yield Advice(
            rank=41,
            sentence="Recalibrate the probabilities before relying on their values: they are "
            f"{found.own.verdict} (mean confidence minus accuracy {signed(gap.estimate)}, "
            f"{interval_text(gap)}).",
        )


PRESENTATION = Presentation(
    question="calibration",
    tables={
        "calibrations": lambda study: calibrations(_found(study)[0]),
        "temperatures": lambda study: temperatures(_found(study)[1]),
    },
    figures=(FigureMaker(name="calibration", draw=_drawn, describe=_described, message=_said),),
    findings=find_calibration,
    advice=advise,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
)
