"""Tables as people read them: one name for a score everywhere, nothing said twice, no empty columns."""

import re
from dataclasses import replace

from skknn_syndrome.tables.table import Cell, Table
from skknn_syndrome.wording import capitalised, metric_title, score_title, step_title

_WORD = re.compile(r"\w+")

SCORE = "score"
LONGEST_NAMES = 200
METRICS = frozenset({"metric", "distance", "first", "second", "compared", "head"})
"""Columns whose words may be names of distances, or of classifiers."""
STEPS = frozenset({"scaler", "resampler", "step"})
"""Columns of names of what prepares embeddings."""


def for_readers(table: Table) -> Table:
    """Return a table with the names that prose uses, and scores that are the same in all columns in one row.

    Accuracy is top-1 accuracy where no two syndromes are equally probable, and macro recall is balanced
    accuracy where every fold tests every syndrome: twice the same row would look like two findings.

    Examples
    --------
    >>> from skknn_syndrome.tables import Column
    >>> columns = (Column("metric", "Distance"), Column("score", "Score"), Column("mean", "Mean"))
    >>> scores = (("euclidean", "accuracy", 0.5), ("euclidean", "top_1_accuracy", 0.5))
    >>> for_readers(Table("t", "Scores", columns, scores)).rows
    (('Euclidean', 'Accuracy, top-1 accuracy', 0.5),)
    """
    keys = [column.key for column in table.columns]
    rows = [tuple(_named(key, cell) for key, cell in zip(keys, row, strict=True)) for row in table.rows]
    merged = _merged(rows, keys.index(SCORE)) if SCORE in keys else tuple(rows)
    # Names of several scores in one cell are not to be cut.
    columns = tuple(
        replace(column, longest=LONGEST_NAMES) if column.key == SCORE else column for column in table.columns
    )
    return _without_empty_columns(replace(table, columns=columns, rows=merged))


def _named(key: str, cell: Cell) -> Cell:
    """Return a cell with the names that prose has for distances and for steps."""
    if not isinstance(cell, str):
        return cell
    if key in METRICS:
        return _WORD.sub(lambda word: metric_title(word[0]), cell)
    return step_title(cell) if key in STEPS else cell


def _merged(rows: list[tuple[Cell, ...]], place: int) -> tuple[tuple[Cell, ...], ...]:
    """Return rows that differ in the score's name alone as one, which has all the names."""
    names: dict[tuple[Cell, ...], list[str]] = {}
    for row in rows:
        names.setdefault((*row[:place], *row[place + 1 :]), []).append(score_title(str(row[place])))
    return tuple(
        (*rest[:place], capitalised(", ".join(found)), *rest[place:]) for rest, found in names.items()
    )


def _without_empty_columns(table: Table) -> Table:
    if not table.rows:
        return table
    kept = [any(cell is not None for cell in cells) for cells in zip(*table.rows, strict=True)]
    return replace(
        table,
        columns=tuple(column for column, keep in zip(table.columns, kept, strict=True) if keep),
        rows=tuple(tuple(cell for cell, keep in zip(row, kept, strict=True) if keep) for row in table.rows),
    )
