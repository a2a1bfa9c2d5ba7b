"""Pooled out-of-fold scores and differences, with intervals over resampled subjects."""

from collections.abc import Sequence

from skknn_syndrome.results import ProtocolResult, StudyResult
from skknn_syndrome.results.uncertainty import Interval, PooledDifference
from skknn_syndrome.tables.table import Cell, Column, Table, key_columns

_INTERVAL = (
    Column("estimate", "Estimate"),
    Column("low", "From"),
    Column("high", "To"),
    Column("method", "Interval"),
    Column("percentile_low", "Percentile from"),
    Column("percentile_high", "Percentile to"),
)


def pooled_scores(run: ProtocolResult) -> Table:
    """Return the scores of the best candidate of each distance, a row a score."""
    columns, cells = key_columns(run.pooled, "metric")
    what = _what(run.pooled[0].unit, run.pooled[0].confidence) if run.pooled else ""
    return Table(
        name="pooled_scores",
        caption=f"Pooled out-of-fold scores{what}",
        columns=(*columns, Column("score", "Score"), *_INTERVAL),
        rows=tuple(
            (*cells(entry), *_cells(interval)) for entry in run.pooled for interval in entry.all_scores
        ),
    )


def pooled_differences(study: StudyResult) -> Table:
    """Return how far the two best distances differ; in older files also what folds by image add."""
    difference = study.headline.difference
    entries = (*study.inflations, *(() if difference is None else (difference,)))
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
        f", with {confidence:.0%} intervals over resampled {unit}; a score that never varies has an exact "
        "one or none"
    )
