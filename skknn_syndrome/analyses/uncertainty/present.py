"""Pooled out-of-fold scores and their differences, with confidence intervals."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from skknn_syndrome.analyses.uncertainty.result import Discordance, UncertaintyAnalysis
from skknn_syndrome.analyses.uncertainty.top_k import describe_top_k, draw_top_k
from skknn_syndrome.display.table import Cell, Column, Table, key_columns
from skknn_syndrome.questions import FigureMaker, Presentation
from skknn_syndrome.results.candidate import entry_of
from skknn_syndrome.results.intervals import Interval, PooledDifference, PooledScores
from skknn_syndrome.results.study import StudyResult

_INTERVAL = (
    Column("estimate", "Estimate"),
    Column("low", "From"),
    Column("high", "To"),
    Column("method", "Interval"),
    Column("percentile_low", "Percentile from"),
    Column("percentile_high", "Percentile to"),
)


def pooled_scores(entries: Sequence[PooledScores]) -> Table:
    """Return the scores of the best candidate of each distance, a row a score."""
    columns, cells = key_columns(entries, "metric")
    what = _what(entries[0].unit, entries[0].confidence) if entries else ""
    return Table(
        name="pooled_scores",
        caption=f"Pooled out-of-fold scores{what}",
        columns=(*columns, Column("score", "Score"), *_INTERVAL),
        rows=tuple((*cells(entry), *_cells(interval)) for entry in entries for interval in entry.all_scores),
    )


def main_scores(study: StudyResult) -> Table | None:
    """Return the pooled scores of the best candidate alone, with one interval each."""
    found = find_uncertainty(study)
    if found is None or found.pooled is None:
        return None
    table = pooled_scores([found.pooled]).only("score", "estimate", "low", "high")
    return replace(
        table,
        name="main_scores",
        caption=f"Best configuration: {table.caption[0].lower()}{table.caption[1:]}",
    )


def pooled_differences(entries: Sequence[PooledDifference]) -> Table:
    """Return how far the two best distances differ; in older files also what folds by image add."""
    what = _what(entries[0].unit, entries[0].confidence) if entries else ""
    return Table(
        name="pooled_differences",
        caption=f"Differences of pooled out-of-fold scores{what}; of these fits, and no test of the methods",
        columns=(Column("compared", "Compared"), Column("score", "Score"), *_INTERVAL),
        rows=tuple(_rows(entries)),
    )


def _rows(entries: Sequence[PooledDifference]) -> list[tuple[Cell, ...]]:
    return [(_name(entry), *_cells(interval)) for entry in entries for interval in entry.all_scores]


def _name(entry: PooledDifference) -> str:
    if entry.kind == "distance":
        return f"{entry.first} minus {entry.second}"
    return f"by {entry.first} minus by {entry.second}, {entry.variant}"


def _cells(interval: Interval) -> tuple[Cell, ...]:
    return (
        interval.score,
        interval.estimate,
        interval.low,
        interval.high,
        interval.method,
        interval.percentile_low,
        interval.percentile_high,
    )


def _what(unit: str, confidence: float) -> str:
    return (
        f", with {100 * confidence:.0f} % confidence intervals over resampled {unit}; a score that "
        "never varies has an exact one or none"
    )


@dataclass(frozen=True)
class UncertaintyFindings:
    """The winner's pooled scores, and the two best distances compared."""

    pooled: PooledScores | None
    """None where the winner's are not among those that were pooled."""
    all_pooled: Sequence[PooledScores]
    discordance: Discordance | None

    def estimate(self, score: str) -> Interval | None:
        """Return one of the winner's scores, with its interval if it has one; None if it is not defined."""
        entry = None if self.pooled is None else self.pooled.scores.get(score)
        return None if entry is None or entry.estimate is None else entry


def find_uncertainty(study: StudyResult) -> UncertaintyFindings | None:
    """Return what the report says of intervals; None where there are none."""
    found = study.find(UncertaintyAnalysis)
    if found is None:
        return None
    winner = entry_of(found.pooled, study.primary.winner)
    return UncertaintyFindings(winner, found.pooled, found.discordance)


def _pooled(study: StudyResult) -> Sequence[PooledScores]:
    found = study.find(UncertaintyAnalysis)
    return () if found is None else found.pooled


def _differences(study: StudyResult) -> Sequence[PooledDifference]:
    found = study.find(UncertaintyAnalysis)
    own = () if found is None or found.difference is None else (found.difference,)
    return (*_inflations_of_older_files(study), *own)


PRESENTATION = Presentation(
    question="uncertainty",
    tables={
        "pooled_scores": lambda study: pooled_scores(_pooled(study)),
        "pooled_differences": lambda study: pooled_differences(_differences(study)),
    },
    report_tables={"main_scores": main_scores},
    figures=(FigureMaker(name="top-k", draw=draw_top_k, describe=describe_top_k),),
    findings=find_uncertainty,
    sections={"results": "section.qmd", "supplement": "supplement.qmd"},
)


def _inflations_of_older_files(study: StudyResult) -> tuple[PooledDifference, ...]:
    """Return pooled differences of protocols, which studies of schema 3 and older have."""
    # By name: questions know nothing of one another.
    found = next((entry for entry in study.analyses if entry.question == "inflation"), None)
    inflations: tuple[PooledDifference, ...] = getattr(found, "inflations", ())
    return inflations
