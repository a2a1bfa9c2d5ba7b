"""Tables: named columns, rows of plain cells, and their ways onto paper."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from skknn_syndrome.results import candidate as candidates
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.one_line import cut, short_repr
from skknn_syndrome.results.significance import decimals_of_p
from skknn_syndrome.vocabulary import in_words, vocabulary
from skknn_syndrome.wording import capitalised, counted, metric_title, one_line, score_title, step_title

if TYPE_CHECKING:
    import pandas as pd

Cell = str | int | float | None

# A spreadsheet takes a cell that begins so for a formula and runs it (OWASP, "CSV injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
MISSING = "\N{EN DASH}"


@dataclass(frozen=True)
class Column:
    """One column's heading and how its numbers are shown to people."""

    key: str
    """The heading in CSV: lower case, without spaces."""
    heading: str
    """The heading for people."""
    decimals: int = 3
    least: float = 0.0
    """What lies below is shown as less than this: a p-value is never 0."""
    longest: int = 80
    """Characters that people see of a text; CSV has it all."""


_KEY_HEADINGS: Mapping[str, str] = MappingProxyType(
    {"metric": "Distance", "weights": "Weights", "n_neighbors": "k", "head": "Classifier"}
)


def key_columns(
    entries: Iterable[CandidateKey], *knn: str
) -> tuple[tuple[Column, ...], Callable[[CandidateKey], tuple[Cell, ...]]]:
    """Return the columns that tell candidates apart, and what gives an entry's cells in them.

    Parameters
    ----------
    entries : iterable of CandidateKey
        Of all rows.
    *knn : str
        The parameters to show where all are k-NN; by default all.
    """
    names, cells = candidates.key_columns(entries, knn or candidates.KNN_COLUMNS)
    return tuple(Column(name, _KEY_HEADINGS.get(name, name)) for name in names), cells


@dataclass(frozen=True, repr=False)
class Table:
    """Rows under columns; numbers in full, rounded only where people read them."""

    name: str
    """Also the name of its CSV file."""
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def __repr__(self) -> str:
        """Name it and count its rows and columns.

        Examples
        --------
        >>> Table("scores", "Scores of the heads", (Column("head", "Classifier"),), (("knn",),))
        Table('scores': 1 row x 1 column, 'Scores of the heads')
        """
        size = f"{counted(len(self.rows), 'row')} x {counted(len(self.columns), 'column')}"
        return cut(f"Table({short_repr(self.name)}: {size}, {short_repr(self.caption)})")

    def to_csv(self) -> str:
        r"""Return the table as CSV (RFC 4180), numbers in full.

        A text that a spreadsheet would run as a formula gets an apostrophe in front; None is an empty cell.

        Examples
        --------
        >>> Table("t", "", (Column("a", "A"), Column("b", "B")), (("=1+1", -0.5),)).to_csv()
        "a,b\r\n'=1+1,-0.5\r\n"
        """
        stream = io.StringIO()
        # CRLF, the module's default: with LF alone, Python 3.11 leaves a carriage return in a cell unquoted.
        writer = csv.writer(stream)
        writer.writerow(column.key for column in self.columns)
        writer.writerows([_neutralise(cell) for cell in row] for row in self.rows)
        return stream.getvalue()

    def to_frame(self) -> "pd.DataFrame":
        """Return the table as a data frame, numbers in full; columns are called by their keys.

        Examples
        --------
        >>> Table("t", "", (Column("a", "A"), Column("b", "B")), (("x", -0.5),)).to_frame().to_dict("list")
        {'a': ['x'], 'b': [-0.5]}
        """
        import pandas as pd  # noqa: PLC0415  a second of import that writing CSV does not need

        return pd.DataFrame(list(self.rows), columns=[column.key for column in self.columns])

    def only(self, *keys: str) -> "Table":
        """Return the table with some of its columns, where there is little room."""
        places = [place for place, column in enumerate(self.columns) if column.key in keys]
        return replace(
            self,
            columns=tuple(self.columns[place] for place in places),
            rows=tuple(tuple(row[place] for place in places) for row in self.rows),
        )

    def to_text(self) -> list[list[str]]:
        """Return the cells as people read them: rounded, shortened, on one line; a dash where none is."""
        return [
            [_show(cell, column) for cell, column in zip(row, self.columns, strict=True)] for row in self.rows
        ]

    def numeric_columns(self) -> tuple[bool, ...]:
        """Return for each column whether it holds numbers alone, and so belongs to the right."""
        return tuple(
            all(cell is None or not isinstance(cell, str) for cell in cells)
            for cells in zip(*self.rows, strict=True)
        )


def _neutralise(cell: Cell) -> Cell:
    if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS):
        return f"'{cell}"
    return cell


def _show(cell: Cell, column: Column) -> str:
    if cell is None:
        return MISSING
    if isinstance(cell, float):
        if 0 <= cell < column.least:
            return f"< {column.least:g}"
        # With a least value it is a p-value.
        decimals = decimals_of_p(cell, column.decimals) if column.least else column.decimals
        text = f"{cell:.{decimals}f}"
        # What rounds to zero has no sign.
        return text.lstrip("-") if float(text) == 0 else text
    if isinstance(cell, int):
        return f"{cell:,}"
    return one_line(cell, longest=column.longest)


def stack(name: str, key: Column, parts: Iterable[tuple[Cell, Table]]) -> Table | None:
    """Return like tables as one, with a column that says which is which; None where there are none.

    Examples
    --------
    >>> one = Table("t_a", "Scores", (Column("mean", "Mean"),), ((0.5,),))
    >>> stack("t", Column("metric", "Distance"), [("a", one), ("b", one)]).rows
    (('a', 0.5), ('b', 0.5))
    """
    stacked = [(value, table) for value, table in parts]
    if not stacked:
        return None
    return replace(
        stacked[0][1],
        name=name,
        columns=(key, *stacked[0][1].columns),
        rows=tuple((value, *row) for value, table in stacked for row in table.rows),
    )


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
    >>> from skknn_syndrome.display.table import Column
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
    return _in_words(_without_empty_columns(replace(table, columns=columns, rows=merged)))


def _in_words(table: Table) -> Table:
    """Return a table in the nouns of the data; names in its cells are quoted by the vocabulary."""
    if vocabulary().is_default:
        return table
    return replace(
        table,
        caption=in_words(table.caption),
        columns=tuple(replace(column, heading=in_words(column.heading)) for column in table.columns),
        rows=tuple(
            tuple(in_words(cell) if isinstance(cell, str) else cell for cell in row) for row in table.rows
        ),
    )


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
