"""Open-set recognition and rejection: tables, figures, findings."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from skknn_syndrome.analyses.open_set.result import (
    OpenSet,
    OpenSetAnalysis,
    RejectionCurve,
    RejectionEffect,
    SyndromeNovelty,
)
from skknn_syndrome.display.extent import ends
from skknn_syndrome.display.lettering import drawn_labels, short_labels
from skknn_syndrome.display.messages import alike, called
from skknn_syndrome.display.prose import number, percent
from skknn_syndrome.display.style import GREY, METRIC_COLOURS, METRIC_LINES, OTHER_COLOUR, WIDTH
from skknn_syndrome.display.table import Column, Table, stack
from skknn_syndrome.questions import Advice, FigureMaker, Presentation
from skknn_syndrome.results.candidate import entry_of
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.verdicts import CAUGHT_HALF
from skknn_syndrome.wording import capitalised, counted, metric_title


def open_set_classes(found: OpenSet) -> Table:
    """Return AUC and what a threshold catches, a row a syndrome, the worst first."""
    judged = sorted(
        found.syndromes,
        key=lambda entry: (entry.roc_auc_mean is None, entry.roc_auc_mean or 0.0, entry.syndrome),
    )
    return Table(
        name=f"open_set_classes_{found.variant}",
        caption=f"Each syndrome left out of training in turn, {found.title}: "
        f"AUC of its images against the known ones, by the distance to the nearest "
        "image and by the mean distance to the neighbours that vote; and the share flagged where at most "
        f"{100 * found.allowed_false_rejections:.0f} % of the known images may be rejected",
        columns=(
            Column("syndrome", "Syndrome"),
            Column("n_unknown", "Images"),
            Column("roc_auc_nearest", "AUC, nearest", decimals=3),
            Column("roc_auc_mean", "AUC, mean", decimals=3),
            Column("threshold", "Threshold", decimals=3),
            Column("false_rejection_rate", "Known rejected", decimals=3),
            Column("caught", "Flagged", decimals=3),
            Column("reason", "Why not"),
        ),
        rows=tuple(
            (
                entry.syndrome,
                entry.n_unknown,
                entry.roc_auc_nearest,
                entry.roc_auc_mean,
                entry.threshold,
                entry.false_rejection_rate,
                entry.caught,
                entry.reason,
            )
            for entry in judged
        ),
    )


def rejection(found: OpenSet) -> Table:
    """Return the rejection curves, point by point, known images alone first."""
    curves = (("known", found.known_curve), ("known and unknown", found.open_curve))
    return Table(
        name=f"rejection_{found.variant}",
        caption=f"Error among the accepted images, the most novel rejected first, {found.variant_title}",
        columns=(
            Column("images", "Images"),
            Column("threshold", "Threshold"),
            Column("rejected_share", "Rejected", decimals=3),
            Column("n_accepted", "Accepted"),
            Column("error", "Error", decimals=3),
        ),
        rows=tuple(
            (images, point.threshold, point.rejected_share, point.n_accepted, point.error)
            for images, curve in curves
            if curve is not None
            for point in curve.points
        ),
    )


MARKERS = ("s", "o", "^", "D")
STEP = 0.22
"""Distances stand a little apart, so that equal values do not hide each other."""


def draw_novelty(found: Sequence[OpenSet]) -> Figure:
    """Return a row a syndrome with its AUC under each distance, the best of the last distance on top.

    Novelty is the mean distance to the neighbours that vote. Of many syndromes the hardest and the easiest
    stand.
    """
    order = ends([syndrome for _, syndrome, _ in areas(found[-1])])
    shown = drawn_labels(order)
    figure = Figure(figsize=(WIDTH, 1.3 + 0.27 * len(order)), layout="constrained")
    axes = figure.add_subplot()
    axes.axvline(0.5, color=GREY, linestyle=":", linewidth=1)
    for place, (open_set, marker) in enumerate(zip(found, MARKERS, strict=False)):
        entries = [entry for entry in areas(open_set) if entry[1] in shown]
        shift = STEP * (place - (len(found) - 1) / 2)
        axes.plot(
            [mean for mean, _, _ in entries],
            [order.index(syndrome) + shift for _, syndrome, _ in entries],
            marker,  # as the format, it leaves the line out
            color=METRIC_COLOURS.get(open_set.variant, OTHER_COLOUR),
            markersize=6,
            label=capitalised(metric_title(open_set.variant)),
        )
    axes.set_yticks(range(len(order)), [shown[name] for name in order])
    axes.set_ylim(-0.6, len(order) - 0.4)
    axes.set_xlabel("AUC, unknown against known images\n(dotted: by chance)")
    if len(found) > 1:
        figure.legend(loc="outside lower center", ncols=len(found))
    return figure


def say_novelty(found: Sequence[OpenSet]) -> str:
    """Return the message: which absent syndrome is hardest to tell from known ones."""
    entries = areas(found[-1])
    (lowest, worst, _), (highest, best, _) = entries[0], entries[-1]
    if alike(lowest, highest):
        return f"Images of each absent syndrome are detected with an AUC of {number(lowest, 2)}"
    return (
        f"Absent from training, {called(worst)} is hardest to detect (AUC {number(lowest, 2)}), "
        f"{called(best)} easiest ({number(highest, 2)})"
    )


def describe_novelty(found: Sequence[OpenSet]) -> str:
    """Return the alternative text."""
    parts = []
    for open_set in found:
        entries = areas(open_set)
        shown = short_labels([syndrome for _, syndrome, _ in entries])
        (lowest, worst, _), (highest, best, _) = entries[0], entries[-1]
        parts.append(
            f"{open_set.variant_title}, from {lowest:.2f} ({shown[worst]}) to {highest:.2f} ({shown[best]})"
        )
    return f"AUC of each syndrome, unknown, against known images, by the mean of k: {'; '.join(parts)}."


def areas(found: OpenSet) -> list[tuple[float, str, float]]:
    """Return AUC by the mean distance, syndrome, and AUC by the nearest image, rising, where defined."""
    return sorted(
        (entry.roc_auc_mean, entry.syndrome, entry.roc_auc_nearest)
        for entry in found.syndromes
        if entry.roc_auc_mean is not None and entry.roc_auc_nearest is not None
    )


def draw_rejection(found: Sequence[OpenSet]) -> Figure:
    """Return error against rejected share: of known images, and of known and unknown ones together."""
    figure = Figure(figsize=(WIDTH, 3.6), layout="constrained")
    known, both = figure.subplots(1, 2, sharex=True, sharey=True)
    for open_set in found:
        _draw(known, open_set.variant, open_set.known_curve)
        if open_set.open_curve is not None:
            _draw(both, open_set.variant, open_set.open_curve)
    known.set(title="Known images", ylabel="Error among the accepted")
    both.set(title="Known and unknown")
    known.set_ylim(bottom=0)
    figure.supxlabel("Share rejected, the most novel first", fontsize="medium")
    if len(found) > 1:
        known.legend()
    return figure


def say_rejection(found: Sequence[OpenSet]) -> str | None:
    """Return the message: what rejecting a fifth of the known images does to the error of the others."""
    effect = found[-1].known_curve.effect
    if effect is None:
        return None
    shares = [
        percent(value) for value in (effect.rejected_share, effect.error_of_all, effect.error_of_accepted)
    ]
    rejected, before, after = shares
    if effect.verdict == "inconclusive":
        return f"Rejecting {rejected} of the known images does not change the error significantly ({before})"
    verb = "lowers" if effect.verdict == "fewer_errors" else "raises"
    return f"Rejecting {rejected} of the known images {verb} the error of the others from {before} to {after}"


def describe_rejection(found: Sequence[OpenSet]) -> str:
    """Return the alternative text."""
    parts = []
    for open_set in found:
        first, last = open_set.known_curve.points[0], open_set.known_curve.points[-1]
        parts.append(
            f"{open_set.variant_title}, from {percent(first.error)} with none rejected "
            f"to {percent(last.error)} with {100 * last.rejected_share:.0f} % rejected"
        )
    return f"Error among the accepted images against the share rejected. Known images: {'; '.join(parts)}."


def _draw(axes: Axes, variant: str, curve: RejectionCurve) -> None:
    axes.plot(
        [point.rejected_share for point in curve.points],
        [point.error for point in curve.points],
        color=METRIC_COLOURS.get(variant, OTHER_COLOUR),
        linestyle=METRIC_LINES.get(variant, "-"),
        marker=".",
        label=capitalised(metric_title(variant)),
    )


@dataclass(frozen=True)
class OpenSetFindings:
    """The winner before syndromes that were left out."""

    open_set: OpenSet

    @property
    def judged(self) -> list[SyndromeNovelty]:
        """The syndromes that have an AUC, the hardest first."""
        return sorted(
            (entry for entry in self.open_set.syndromes if entry.reason is None),
            key=lambda entry: (self.area(entry) or 0.0, entry.syndrome),
        )

    @property
    def macro_area(self) -> float | None:
        """Mean AUC by the novelty that thresholds are made of."""
        found = self.open_set
        return found.macro_roc_auc_mean if found.novelty == "mean" else found.macro_roc_auc_nearest

    @property
    def other_area(self) -> float | None:
        """Mean AUC by the other novelty."""
        found = self.open_set
        return found.macro_roc_auc_nearest if found.novelty == "mean" else found.macro_roc_auc_mean

    @property
    def known_effect(self) -> RejectionEffect | None:
        """What rejecting about a fifth of the known images does; None in files of earlier versions."""
        return self.open_set.known_curve.effect

    @property
    def open_effect(self) -> RejectionEffect | None:
        """The same of known and unknown images together."""
        curve = self.open_set.open_curve
        return None if curve is None else curve.effect

    def area(self, entry: SyndromeNovelty) -> float | None:
        """Return a syndrome's AUC by the novelty that thresholds are made of."""
        return entry.roc_auc_mean if self.open_set.novelty == "mean" else entry.roc_auc_nearest


def _entries(study: StudyResult) -> tuple[OpenSet, ...]:
    found = study.find(OpenSetAnalysis)
    return () if found is None else found.open_sets


def find_open_set(study: StudyResult) -> OpenSetFindings | None:
    """Return what the report says of the winner; None where no syndrome was left out."""
    entry = entry_of(_entries(study), study.primary.winner)
    return None if entry is None else OpenSetFindings(entry)


def _of_winner(study: StudyResult) -> Table | None:
    found = find_open_set(study)
    return None if found is None else open_set_classes(found.open_set)


def _stacked(name: str, make: Callable[[OpenSet], Table]) -> Callable[[StudyResult], Table | None]:
    """Return how a table of all distances is made."""
    metric = Column("metric", "Distance")
    return lambda study: stack(name, metric, [(entry.variant, make(entry)) for entry in _entries(study)])


def _shown(study: StudyResult) -> list[OpenSet]:
    """Return what figures draw, the winner last: they order syndromes by it."""
    winner = study.primary.winner.variant
    return sorted(_entries(study), key=lambda entry: entry.variant == winner)


def _figure(
    name: str,
    draw: Callable[[Sequence[OpenSet]], Figure],
    describe: Callable[[Sequence[OpenSet]], str],
    *,
    say: Callable[[Sequence[OpenSet]], str | None],
) -> FigureMaker:
    """Return how a figure is made of a study in which some syndromes have an AUC under every distance."""

    def drawn(study: StudyResult) -> Figure | None:
        shown = _shown(study)
        return draw(shown) if shown and all(areas(entry) for entry in shown) else None

    return FigureMaker(
        name=name,
        draw=drawn,
        describe=lambda study: describe(_shown(study)),
        message=lambda study: say(_shown(study)),
    )


def advise(study: StudyResult) -> Iterator[Advice]:
    """Ask for review where most unknown syndromes are not flagged."""
    findings = find_open_set(study)
    found = None if findings is None else findings.open_set
    if found is not None and found.caught_share is not None and found.caught_share < CAUGHT_HALF:
        yield Advice(
            42,
            "Have each case reviewed by somebody who can answer 'none of these': of "
            f"{counted(found.n_unknown, 'image')} with a syndrome absent from training, "
            f"{100 * (1 - found.caught_share):.0f} % were not flagged.",
        )


PRESENTATION = Presentation(
    question="open_set",
    tables={
        "open_set_classes": _stacked("open_set_classes", open_set_classes),
        "rejection": _stacked("rejection", rejection),
    },
    report_tables={"open_set_classes": _of_winner},
    figures=(
        _figure("novelty", draw_novelty, describe_novelty, say=say_novelty),
        _figure("rejection", draw_rejection, describe_rejection, say=say_rejection),
    ),
    findings=find_open_set,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    advice=advise,
)
