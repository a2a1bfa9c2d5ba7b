"""Prediction sets: tables of coverage and size, overall and by class."""

from skknn_syndrome.analyses.prediction_sets.result import PredictionSets, SetCoverage
from skknn_syndrome.display.prose import percent
from skknn_syndrome.display.table import Cell, Column, Table

PER_SYNDROME, TOGETHER = "each syndrome", "all together"


def prediction_sets(found: PredictionSets) -> Table:
    """Return coverage and size, a row a nominal coverage, those of each class before those of all."""
    kinds = ((PER_SYNDROME, found.class_conditional), (TOGETHER, found.marginal))
    return Table(
        name="prediction_sets",
        caption="Prediction sets of the best configuration: nominal coverage, and for whom; share of the "
        f"images whose set has their syndrome{_once(found)}, with its 95 % confidence interval, and that "
        "of the syndrome where it is least; mean number of syndromes in a set; shares of sets with one "
        "syndrome, with none and with all, and how many of the single ones are right",
        columns=(
            Column("calibrated", "Calibrated on"),
            Column("promised", "Nominal", decimals=2),
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
    """Return the same by class, a row a nominal coverage and a class, the least covered of each first."""
    beside = {(entry.coverage, own.syndrome): own for entry in found.marginal for own in entry.classes}
    rows = [
        (entry.coverage, own, beside.get((entry.coverage, own.syndrome)))
        for entry in found.class_conditional
        for own in sorted(entry.classes, key=lambda own: (own.covered.estimate, own.syndrome))
    ]
    return Table(
        name="prediction_set_classes",
        caption=f"Coverage by syndrome{_once(found)}, with its 95 % confidence interval, and mean "
        "size of the sets of its images; beside it the coverage of sets that are calibrated on all syndromes "
        "together; and whether too few subjects have the syndrome for it ever to be left out",
        columns=(
            Column("promised", "Nominal", decimals=2),
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


def _once(found: PredictionSets) -> str:
    """Return how the images of a subject count."""
    by_subject = found.class_conditional[0].covered.unit == "subjects"
    return " (each subject counting once)" if by_subject else ""


def share(coverage: float) -> str:
    """Return a coverage as prose has it.

    Examples
    --------
    >>> share(0.9).isascii(), share(0.9)[:2]
    (False, '90')
    """
    return str(percent(coverage))
