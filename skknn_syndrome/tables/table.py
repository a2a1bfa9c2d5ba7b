"""A table: named columns, rows of plain cells, and its ways onto paper."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from skknn_syndrome.results import candidate as candidates
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.wording import one_line

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
    decimals: int = 4
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


@dataclass(frozen=True)
class Table:
    """Rows under columns; numbers in full, rounded only where people read them."""

    name: str
    """Also the name of its CSV file."""
    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

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
        text = f"{cell:.{column.decimals}f}"
        # What rounds to zero has no sign.
        return text.lstrip("-") if float(text) == 0 else text
    if isinstance(cell, int):
        return f"{cell:,}"
    return one_line(cell, longest=column.longest)
