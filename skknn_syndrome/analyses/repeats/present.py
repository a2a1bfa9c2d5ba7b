"""Repeated cross-validation, and tests of the distances on its folds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import stdev

from skknn_syndrome.display.table import Column, Table, key_columns, stack
from skknn_syndrome.questions import Presentation
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.repeats import RepeatedCandidate, Repeats, Selection
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.results.verdicts import SMALLEST_P
from skknn_syndrome.wording import score_title


def repeats(found: Sequence[RepeatedCandidate]) -> Table:
    """Return how the mean of each score moves from split to split, a row a score."""
    columns, cells = key_columns(found, "metric", "n_neighbors")
    return Table(
        name="repeats",
        caption="The mean over the folds, on splits with other seeds",
        columns=(
            *columns,
            Column("score", "Score"),
            Column("n_repeats", "Splits"),
            Column("mean", "Mean"),
            Column("std", "SD over splits"),
            Column("least", "Least"),
            Column("greatest", "Greatest"),
        ),
        rows=tuple(
            (
                *cells(entry),
                name,
                len(means),
                sum(means) / len(means),
                stdev(means),
                min(means),
                max(means),
            )
            for entry in found
            for name, values in entry.repeat_means
            if len(means := [value for value in values if value is not None]) > 1
        ),
    )


def selections(found: Sequence[Selection]) -> Table:
    """Return how often each candidate was the best of its distance."""
    columns, cells = key_columns(found)
    return Table(
        name="selections",
        caption="Best configurations on splits with other seeds",
        columns=(
            *columns,
            Column("n_repeats", "Splits on which it was best"),
        ),
        rows=tuple((*cells(entry), entry.n_repeats) for entry in found),
    )


def repeated_comparisons(found: Sequence[DistanceComparison]) -> Table:
    """Return the two best distances compared over all splits, a row a score."""
    return Table(
        name="repeated_comparisons",
        caption="Distances compared over all splits: mean difference with 95 % interval and two-sided p of "
        "the corrected t test for repeated cross-validation (both unadjusted), p adjusted for the other "
        "scores (Holm), and the SD of the difference over the splits",
        columns=(
            Column("score", "Score"),
            Column("first", "Higher"),
            Column("second", "Lower"),
            Column("mean_difference", "Difference"),
            Column("confidence_low", "From"),
            Column("confidence_high", "To"),
            Column("p_value", "p", decimals=3, least=SMALLEST_P),
            Column("p_holm", "p (Holm)", decimals=3, least=SMALLEST_P),
            Column("repeat_std", "SD over splits"),
        ),
        rows=tuple(
            (
                entry.score,
                entry.first,
                entry.second,
                entry.mean_difference,
                entry.confidence_low,
                entry.confidence_high,
                entry.p_value,
                entry.p_holm,
                entry.repeat_std,
            )
            for entry in found
        ),
    )


def distance_comparisons(run: ProtocolResult) -> Table:
    """Return difference, interval and p of the best candidates of two distances, a row a score."""
    return Table(
        name=f"distance_comparisons_{run.protocol}",
        caption=f"Distances compared on one split, folds by {run.protocol}: mean difference with 95 % "
        "interval and two-sided p of the corrected resampled t test, and p adjusted for the other scores "
        "(Holm)",
        columns=(
            Column("score", "Score"),
            Column("first", "Higher"),
            Column("second", "Lower"),
            Column("mean_difference", "Difference"),
            Column("confidence_low", "From"),
            Column("confidence_high", "To"),
            Column("p_value", "p", decimals=3, least=SMALLEST_P),
            Column("p_holm", "p (Holm)", decimals=3, least=SMALLEST_P),
        ),
        rows=tuple(
            (
                entry.score,
                entry.first,
                entry.second,
                entry.mean_difference,
                entry.confidence_low,
                entry.confidence_high,
                entry.p_value,
                entry.p_holm,
            )
            for entry in run.comparisons
        ),
    )


@dataclass(frozen=True)
class RepeatFindings:
    """Other splits of the images, and the two best distances compared."""

    refit: str
    repeats: Repeats | None
    """None where there is one split alone."""
    comparisons: Sequence[DistanceComparison]
    """Over all splits, if there are several."""
    first_split: Sequence[DistanceComparison]
    """On the study's own; the same where it is the only one."""

    @property
    def comparison(self) -> DistanceComparison | None:
        """The two distances on the deciding score: over all splits, if there are several."""
        return self._on_refit(self.comparisons)

    @property
    def single_comparison(self) -> DistanceComparison | None:
        """The same on the study's own split, where `comparison` is over several."""
        return None if self.comparisons is self.first_split else self._on_refit(self.first_split)

    @property
    def p_value(self) -> float | None:
        """Of `comparison`, adjusted for the other scores where that was done."""
        return _adjusted(self.comparison)

    @property
    def single_p_value(self) -> float | None:
        """Of `single_comparison`, adjusted likewise."""
        return _adjusted(self.single_comparison)

    @property
    def significant_elsewhere(self) -> list[DistanceComparison]:
        """Significant differences of the two distances in scores that do not decide, equal ones once."""
        found: dict[tuple[str, float, float | None], DistanceComparison] = {}
        for entry in self.comparisons:
            if entry.significant and entry.score != self.refit:
                found.setdefault((entry.first, round(entry.mean_difference, 12), entry.p_value), entry)
        return list(found.values())

    @property
    def disagreeing(self) -> list[str]:
        """Scores by which the other distance is significantly better."""
        return self._significant(lambda entry, decided: entry.first != decided.first)

    @property
    def agreeing(self) -> list[str]:
        """Further scores by which the distance that the deciding score prefers is significantly better."""
        return self._significant(lambda entry, decided: entry.first == decided.first)

    def _significant(self, holds: Callable[[DistanceComparison, DistanceComparison], bool]) -> list[str]:
        decided = self.comparison
        return [
            score_title(entry.score)
            for entry in self.significant_elsewhere
            if decided is not None and holds(entry, decided)
        ]

    def _on_refit(self, entries: Sequence[DistanceComparison]) -> DistanceComparison | None:
        return next((entry for entry in entries if entry.score == self.refit), None)


def _adjusted(comparison: DistanceComparison | None) -> float | None:
    if comparison is None:
        return None
    return comparison.p_value if comparison.p_holm is None else comparison.p_holm


def find_repeats(study: StudyResult) -> RepeatFindings | None:
    """Return what the report says of other splits and of the two distances; None without either."""
    run = study.primary
    if study.repeats is None and not study.comparisons:
        return None
    return RepeatFindings(run.refit, study.repeats, study.comparisons, run.comparisons)


def _distances(study: StudyResult) -> Table | None:
    parts = ((run.protocol, distance_comparisons(run)) for run in study.protocols)
    return stack("distance_comparisons", Column("protocol", "Folds by"), parts)


def _own_distances(study: StudyResult) -> Table | None:
    run = study.primary
    return distance_comparisons(run) if run.comparisons else None


PRESENTATION = Presentation(
    question="repeats",
    tables={
        "distance_comparisons": _distances,
        "repeats": lambda study: repeats(study.repeats.candidates if study.repeats else ()),
        "selections": lambda study: selections(study.repeats.selections if study.repeats else ()),
        "repeated_comparisons": lambda study: repeated_comparisons(
            study.repeats.comparisons if study.repeats else ()
        ),
    },
    report_tables={"distance_comparisons": _own_distances},
    findings=find_repeats,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
)
