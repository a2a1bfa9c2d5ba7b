"""Open-set recognition and rejection: findings, tables and figures of a report."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from matplotlib.figure import Figure

from skknn_syndrome.analyses.open_set import figures, tables
from skknn_syndrome.analyses.open_set.result import (
    ClassMeanNovelty,
    OpenSet,
    OpenSetAnalysis,
    RejectionEffect,
    SyndromeNovelty,
)
from skknn_syndrome.display.table import Column, Table, stack
from skknn_syndrome.questions import Advice, FigureMaker, Presentation
from skknn_syndrome.results.candidate import entry_of
from skknn_syndrome.results.intervals import Unit
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.verdicts import CAUGHT_HALF


@dataclass(frozen=True)
class NeighborNovelty:
    """The winner before syndromes that were left out, by the distance to its neighbours."""

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


@dataclass(frozen=True)
class Flagged:
    """The share of the images of absent syndromes that are flagged."""

    share: float
    low: float | None
    """Of the interval over syndromes; None where there is none."""
    high: float | None
    allowed: float
    """Share of the known ones that may be rejected."""
    of: Unit
    """What these are."""


@dataclass(frozen=True)
class OpenSetFindings:
    """What tells syndromes that were left out from known ones: class means, and the winner's neighbours."""

    neighbors: NeighborNovelty | None
    means: ClassMeanNovelty | None

    @property
    def flagged(self) -> Flagged | None:
        """By class means, the mean over syndromes; without these by neighbours, of all images."""
        means, near = self.means, None if self.neighbors is None else self.neighbors.open_set
        if means is not None and means.detected is not None:
            found, allowed = means.detected, means.allowed_false_rejections
            return Flagged(found.estimate, found.low, found.high, allowed, means.false_rejection_rate.unit)
        if near is None or near.caught_share is None:
            return None
        return Flagged(near.caught_share, None, None, near.allowed_false_rejections, "images")


def _means(study: StudyResult) -> ClassMeanNovelty | None:
    found = study.find(OpenSetAnalysis)
    return None if found is None else found.class_means


def _entries(study: StudyResult) -> tuple[OpenSet, ...]:
    found = study.find(OpenSetAnalysis)
    return () if found is None else found.open_sets


def find_open_set(study: StudyResult) -> OpenSetFindings | None:
    """Return what the report says of the winner and of class means; None where no syndrome was left out."""
    entry, means = entry_of(_entries(study), study.primary.winner), _means(study)
    if entry is None and means is None:
        return None
    return OpenSetFindings(None if entry is None else NeighborNovelty(entry), means)


def _of_winner(study: StudyResult) -> Table | None:
    found = entry_of(_entries(study), study.primary.winner)
    return None if found is None else tables.open_set_classes(found)


def _of_means(study: StudyResult) -> Table | None:
    found = _means(study)
    return None if found is None else tables.open_set_class_means(found)


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
        return draw(shown) if shown and all(figures.areas(entry) for entry in shown) else None

    return FigureMaker(
        name=name,
        draw=drawn,
        describe=lambda study: describe(_shown(study)),
        message=lambda study: say(_shown(study)),
    )


def _drawn(study: StudyResult) -> Figure | None:
    found = _means(study)
    return None if found is None or not found.judged else figures.draw_detection(found)


def _described(study: StudyResult) -> str:
    found = _means(study)
    return "" if found is None else figures.describe_detection(found)


def _said(study: StudyResult) -> str | None:
    found = _means(study)
    return None if found is None else figures.say_detection(found)


def advise(study: StudyResult) -> Iterator[Advice]:
    """Ask for review where most unknown syndromes are not flagged."""
    findings = find_open_set(study)
    found = None if findings is None else findings.flagged
    if found is not None and found.share < CAUGHT_HALF:
        yield Advice(
            42,
            "Have each case reviewed by somebody who can answer 'none of these': of the images with a "
            f"syndrome absent from training, {100 * (1 - found.share):.0f} % were not flagged.",
        )


PRESENTATION = Presentation(
    question="open_set",
    tables={
        "open_set_class_means": _of_means,
        "open_set_classes": _stacked("open_set_classes", tables.open_set_classes),
        "rejection": _stacked("rejection", tables.rejection),
    },
    report_tables={"open_set_classes": _of_winner},
    figures=(
        FigureMaker(name="detection", draw=_drawn, describe=_described, message=_said),
        _figure("novelty", figures.draw_novelty, figures.describe_novelty, say=figures.say_novelty),
        _figure("rejection", figures.draw_rejection, figures.describe_rejection, say=figures.say_rejection),
    ),
    findings=find_open_set,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    advice=advise,
)
