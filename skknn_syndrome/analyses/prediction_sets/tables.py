"""Prediction sets: tables of coverage and size, overall and by class."""

from skknn_syndrome.analyses.prediction_sets.result import PredictionSets, SetCoverage
from skknn_syndrome.display.prose import percent
from skknn_syndrome.display.table import Cell, Column, Table

PER_SYNDROME, TOGETHER = "each syndrome", "all together"


def prediction_sets(found: PredictionSets) -> Table:
    """Return coverage and size, a row a promise, those of each class before those of the mean alone."""
    kinds = ((PER_SYNDROME, found.class_conditional), (TOGETHER, found.marginal))
    return Table(
        name="prediction_sets",
        caption="Prediction sets of the best configuration: what is promised, and for whom; share of the "
        "images whose set has their syndrome, with its 95 % confidence interval, and that of the syndrome "
        "where it is least; mean number of syndromes in a set; shares of sets with one syndrome, with none "
        "and with all, and how many of the single ones are right",
        columns=(
            Column("calibrated", "Calibrated on"),
            Column("promised", "Promised", decimals=2),
            Column("covered", "Covered", decimals=3),
            Column("low", "Low", decimals=3),
            Column("high", "High", decimals=3),
            Column("worst_syndrome", "Least covered"),
            Column("worst", "There", decimals=3),
            Column("mean_size", "Syndromes", decimals=2),
            Column("single_share", "Single", decimals=3),
            Column("single_right", "Of these right", decimals=3),
            Column("empty_share", "Empty", decimals=3),
            Column("full_share", "Full", decimals=3),
        ),
        rows=tuple(_row(kind, entry) for kind, entries in kinds for entry in entries),
    )


def _row(kind: str, entry: SetCoverage) -> tuple[Cell, ...]:
    return (
        kind,
        entry.coverage,
        entry.covered.estimate,
        entry.covered.low,
        entry.covered.high,
        entry.worst.syndrome,
        entry.worst.covered.estimate,
        entry.mean_size,
        entry.single_share,
        entry.single_right,
        entry.empty_share,
        entry.full_share,
    )


def prediction_set_classes(found: PredictionSets) -> Table:
    """Return the same by class, a row a promise and a class, the least covered of each promise first."""
    beside = {(entry.coverage, own.syndrome): own for entry in found.marginal for own in entry.classes}
    rows = [
        (entry.coverage, own, beside.get((entry.coverage, own.syndrome)))
        for entry in found.class_conditional
        for own in sorted(entry.classes, key=lambda own: (own.covered.estimate, own.syndrome))
    ]
    return Table(
        name="prediction_set_classes",
        caption="Coverage by syndrome, with its 95 % confidence interval, and mean size of the sets of its "
        "images; beside it the coverage of sets that are calibrated on all syndromes together; "
        "and whether too few subjects have the syndrome for it ever to be left out",
        columns=(
            Column("promised", "Promised", decimals=2),
            Column("syndrome", "Syndrome"),
            Column("n_images", "Images"),
            Column("covered", "Covered", decimals=3),
            Column("low", "Low", decimals=3),
            Column("high", "High", decimals=3),
            Column("mean_size", "Syndromes", decimals=2),
            Column("covered_together", "Covered, all together", decimals=3),
            Column("always_in", "In every set"),
        ),
        rows=tuple(
            (
                coverage,
                own.syndrome,
                own.n_images,
                own.covered.estimate,
                own.covered.low,
                own.covered.high,
                own.mean_size,
                None if other is None else other.covered.estimate,
                "yes" if own.always_in else "no",
            )
            for coverage, own, other in rows
        ),
    )


def promise(coverage: float) -> str:
    """Return a promise as prose has it.

    Examples
    --------
    >>> promise(0.9).isascii(), promise(0.9)[:2]
    (False, '90')
    """
    return str(percent(coverage))
