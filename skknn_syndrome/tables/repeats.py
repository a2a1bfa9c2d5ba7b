"""Other splits of the same images."""

from statistics import stdev

from skknn_syndrome.results import ProtocolResult
from skknn_syndrome.tables.table import Column, Table, key_columns


def repeats(run: ProtocolResult) -> Table:
    """Return how the mean of each score moves from split to split, a row a score."""
    found = () if run.repeats is None else run.repeats.candidates
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


def selections(run: ProtocolResult) -> Table:
    """Return how often each candidate was the best of its distance."""
    found = () if run.repeats is None else run.repeats.selections
    columns, cells = key_columns(found)
    return Table(
        name="selections",
        caption="Best candidates on splits with other seeds",
        columns=(
            *columns,
            Column("n_repeats", "Splits on which it was best"),
        ),
        rows=tuple((*cells(entry), entry.n_repeats) for entry in found),
    )


def repeated_comparisons(run: ProtocolResult) -> Table:
    """Return the two best distances compared over all splits, a row a score."""
    found = () if run.repeats is None else run.repeats.comparisons
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
            Column("p_value", "p", decimals=3, least=0.001),
            Column("p_holm", "p (Holm)", decimals=3, least=0.001),
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
