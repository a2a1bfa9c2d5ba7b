"""What a search chooses inside the folds, and what choosing on the reporting folds adds."""

from collections import Counter
from collections.abc import Sequence

from skknn_syndrome.results import NestedSelection
from skknn_syndrome.results.candidate import Scalar
from skknn_syndrome.tables.table import Column, Table, key_columns


def nested_choices(nested: NestedSelection) -> Table:
    """Return how often each candidate was chosen, the most frequent first."""
    columns, cells = key_columns(nested.choices)
    counts = Counter(cells(choice) for choice in nested.choices)
    return Table(
        name="nested_choices",
        caption="Candidates chosen inside the training parts, and in how many folds",
        columns=(
            *columns,
            Column("n_folds", "Folds"),
            Column("share", "Share of the folds", decimals=2),
        ),
        rows=tuple(
            (*candidate, count, count / len(nested.choices))
            for candidate, count in sorted(counts.items(), key=lambda item: (-item[1], _sortable(item[0])))
        ),
    )


def _sortable(cells: Sequence[Scalar]) -> tuple[tuple[bool, float, str], ...]:
    """Return what orders candidates by their parameters, numbers by size, whatever kinds their heads have."""
    return tuple(
        (isinstance(cell, str), cell if isinstance(cell, int | float) else 0.0, str(cell)) for cell in cells
    )


def optimism(nested: NestedSelection) -> Table:
    """Return both means of every score and their difference with its test, a row a score."""
    return Table(
        name="optimism",
        caption="What choosing and reporting on the same folds adds: mean over the folds of the candidate "
        "chosen on them and of those chosen inside the training parts, and their difference with its 95 % "
        "confidence interval (corrected resampled t test over the folds)",
        columns=(
            Column("score", "Score"),
            Column("chosen_mean", "Chosen on these folds"),
            Column("nested_mean", "Chosen inside"),
            Column("optimism", "Difference"),
            Column("low", "From"),
            Column("high", "To"),
            Column("p_value", "p"),
        ),
        rows=tuple(
            (
                entry.score,
                entry.chosen_mean,
                entry.nested_mean,
                entry.difference,
                entry.low,
                entry.high,
                entry.p_value,
            )
            for entry in nested.optimism
        ),
    )


def nested_scores(nested: NestedSelection) -> Table:
    """Return the pooled scores of what was chosen inside, with their intervals; no rows without them."""
    pooled = nested.pooled
    what = "" if pooled is None else f", with {pooled.confidence:.0%} intervals over resampled {pooled.unit}"
    return Table(
        name="nested_scores",
        caption=f"Pooled out-of-fold scores of the nested search{what}",
        columns=(
            Column("score", "Score"),
            Column("estimate", "Estimate"),
            Column("low", "From"),
            Column("high", "To"),
            Column("method", "Interval"),
        ),
        rows=tuple(
            (entry.score, entry.estimate, entry.low, entry.high, entry.method)
            for entry in (() if pooled is None else pooled.all_scores)
        ),
    )
