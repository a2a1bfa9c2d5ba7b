"""Scores and ROC curves class by class, and the most frequent errors."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TypeVar

from matplotlib.figure import Figure

from skknn_syndrome.analyses.per_class.figures import (
    describe_confusion,
    describe_micro_roc,
    describe_syndrome_roc,
    draw_confusion,
    draw_micro_roc,
    draw_syndrome_roc,
    say_confusion,
    say_micro_roc,
    say_syndrome_roc,
)
from skknn_syndrome.analyses.per_class.forest import describe_forest, draw_forest
from skknn_syndrome.analyses.per_class.result import Evaluation, PerClassAnalysis, RankCorrelation, TopK
from skknn_syndrome.display.table import Column, Table, stack
from skknn_syndrome.questions import Advice, FigureMaker, Presentation
from skknn_syndrome.results.candidate import entry_of
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.verdicts import LOW_F1
from skknn_syndrome.wording import one_line

Shown = TypeVar("Shown")


def per_syndrome(evaluation: Evaluation) -> Table:
    """Return precision, recall, F1, AUC, top-k accuracy and support, a row a syndrome, worst F1 first."""
    ks = sorted({entry.k for row in evaluation.per_syndrome for entry in row.top_k})
    return Table(
        name=f"per_syndrome_{evaluation.variant}",
        caption=f"Scores of each syndrome, {evaluation.title}, all folds pooled, lowest F1 first"
        f"{_means(evaluation.mean_top_k)}",
        columns=(
            Column("syndrome", "Syndrome"),
            Column("n_images", "Images"),
            Column("n_subjects", "Subjects"),
            Column("precision", "Precision", decimals=3),
            Column("recall", "Sensitivity", decimals=3),
            Column("f1", "F1", decimals=3),
            Column("roc_auc", "AUC", decimals=3),
            *(Column(f"top_{k}_accuracy", f"Top-{k}", decimals=3) for k in ks),
        ),
        rows=tuple(
            (
                row.syndrome,
                row.n_images,
                row.n_subjects,
                row.precision,
                row.recall,
                row.f1,
                row.roc_auc,
                *_accuracies(row.top_k, ks),
            )
            for row in sorted(evaluation.per_syndrome, key=lambda row: (row.f1, row.syndrome))
        ),
    )


def _accuracies(entries: Sequence[TopK], ks: Sequence[int]) -> list[float | None]:
    by_k = {entry.k: entry.accuracy for entry in entries}
    return [by_k.get(k) for k in ks]


def _means(entries: Sequence[TopK]) -> str:
    if not entries:
        return ""
    means = ", ".join(f"top-{entry.k} {entry.accuracy:.3f}" for entry in entries)
    return f"; mean over syndromes: {means}"


def confusions(evaluation: Evaluation, *, most: int = 10) -> Table:
    """Return the most frequent errors, the most frequent first."""
    names = evaluation.syndromes
    found = [
        (names[true], names[predicted], count, count / sum(row))
        for true, row in enumerate(evaluation.confusion)
        for predicted, count in enumerate(row)
        if count and true != predicted
    ]
    return Table(
        name=f"confusions_{evaluation.variant}",
        caption=f"Most frequent confusions, {evaluation.title}",
        columns=(
            Column("syndrome", "Syndrome"),
            Column("misclassified_as", "Misclassified as"),
            Column("n_images", "Images"),
            Column("share", "Share of its images", decimals=3),
        ),
        rows=tuple(sorted(found, key=lambda row: (-row[2], -row[3], row[0], row[1]))[:most]),
    )


HARD_SYNDROMES = 3
"""How many of the hardest syndromes the prose names."""


@dataclass(frozen=True)
class HardSyndrome:
    """A syndrome with a low F1, and what it is most often misclassified as."""

    syndrome: str
    f1: float
    recall: float
    n_images: int
    misclassified_as: str | None
    share: float
    """Of its images, those misclassified so."""
    beyond_chance: bool = False
    """Whether its errors fall on `misclassified_as` more often than by chance."""


@dataclass(frozen=True)
class PerClassFindings:
    """The errors of the best candidate."""

    evaluation: Evaluation

    @cached_property
    def weakest(self) -> list[HardSyndrome]:
        """The syndromes with the lowest F1, the hardest first: of those that are tested and have errors."""
        tested = {
            name
            for name, row in zip(self.evaluation.syndromes, self.evaluation.confusion, strict=True)
            if sum(row)
        }
        failing = [row for row in self.evaluation.per_syndrome if row.syndrome in tested and row.f1 < 1]
        ranked = sorted(failing, key=lambda row: (row.f1, row.syndrome))
        return [self._hard(row.syndrome) for row in ranked[:HARD_SYNDROMES]]

    @property
    def size_recall(self) -> RankCorrelation | None:
        """Whether small or large syndromes have the lower recall."""
        return self.evaluation.size_recall

    def n_confused(self, first: str, second: str) -> int:
        """Return how many images of either of two syndromes are misclassified as the other."""
        names = self.evaluation.syndromes
        row, column = names.index(first), names.index(second)
        return self.evaluation.confusion[row][column] + self.evaluation.confusion[column][row]

    def most_confused(self, first: str, second: str) -> bool:
        """Return whether these two are confused, in both directions, more often than any other pair.

        A pair that is the only one is not called so.
        """
        names = self.evaluation.syndromes
        others = [
            self.n_confused(one, other)
            for place, one in enumerate(names)
            for other in names[:place]
            if {one, other} != {first, second}
        ]
        return bool(others) and self.n_confused(first, second) > max(others)

    def _hard(self, syndrome: str) -> HardSyndrome:
        evaluation = self.evaluation
        position = evaluation.syndromes.index(syndrome)
        row = evaluation.confusion[position]
        errors = [(count, -column) for column, count in enumerate(row) if column != position and count]
        count, column = max(errors, default=(0, 0))
        other = evaluation.syndromes[-column] if count else None
        scores = next(entry for entry in evaluation.per_syndrome if entry.syndrome == syndrome)
        return HardSyndrome(
            syndrome=syndrome,
            f1=scores.f1,
            recall=scores.recall,
            n_images=scores.n_images,
            misclassified_as=other,
            share=count / sum(row),
            beyond_chance=other is not None and evaluation.confused_pair(syndrome, other) is not None,
        )


def find_per_class(study: StudyResult) -> PerClassFindings | None:
    """Return what the report says of the winner's errors."""
    evaluation = entry_of(_evaluations(study), study.primary.winner)
    return None if evaluation is None else PerClassFindings(evaluation)


def _evaluations(study: StudyResult) -> Sequence[Evaluation]:
    found = study.find(PerClassAnalysis)
    return () if found is None else found.evaluations


def _of_all(make: Callable[[Evaluation], Table], name: str, study: StudyResult) -> Table | None:
    """Return a table of every distance."""
    parts = ((entry.variant, make(entry)) for entry in _evaluations(study))
    return stack(name, Column("metric", "Distance"), parts)


def _of_winner(make: Callable[[Evaluation], Shown], study: StudyResult) -> Shown | None:
    """Return a table, a figure or its description of the winner."""
    found = find_per_class(study)
    return None if found is None else make(found.evaluation)


def _described(describe: Callable[[Evaluation], str], study: StudyResult) -> str:
    return _of_winner(describe, study) or ""


def _micro_roc(study: StudyResult) -> Figure | None:
    evaluations = _evaluations(study)
    return draw_micro_roc(evaluations) if evaluations else None


def advise(study: StudyResult) -> Iterator[Advice]:
    """Say of which syndromes more images would help."""
    found = find_per_class(study)
    for entry in () if found is None else found.weakest:
        # What chance would do as well is no reason to collect anything.
        if entry.f1 < LOW_F1 and entry.beyond_chance:
            hard_one, other = (
                one_line(str(name), longest=60) for name in (entry.syndrome, entry.misclassified_as)
            )
            yield Advice(
                30,
                f"Collect images that distinguish {hard_one} from {other}: "
                f"{100 * entry.share:.0f} % of the former are misclassified as the latter.",
                holds_by_chance=True,
            )


_TABLES = {"per_syndrome": per_syndrome, "confusions": confusions}

PRESENTATION = Presentation(
    question="per_class",
    tables={name: partial(_of_all, make, name) for name, make in _TABLES.items()},
    report_tables={name: partial(_of_winner, make) for name, make in _TABLES.items()},
    figures=(
        FigureMaker(
            name="micro-roc",
            draw=_micro_roc,
            describe=lambda study: describe_micro_roc(_evaluations(study)),
            message=lambda study: say_micro_roc(_evaluations(study)),
        ),
        FigureMaker(
            name="class-forest",
            draw=partial(_of_winner, draw_forest),
            describe=partial(_described, describe_forest),
        ),
        FigureMaker(
            name="syndrome-roc",
            draw=partial(_of_winner, draw_syndrome_roc),
            describe=partial(_described, describe_syndrome_roc),
            message=partial(_of_winner, say_syndrome_roc),
        ),
        FigureMaker(
            name="confusion",
            draw=partial(_of_winner, draw_confusion),
            describe=partial(_described, describe_confusion),
            message=partial(_of_winner, say_confusion),
        ),
    ),
    findings=find_per_class,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
    advice=advise,
)
