"""Square matrices of distances between names: from a table or a data frame, and checked."""

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np

from skknn_syndrome._limits import check_count
from skknn_syndrome._typing import BoolArray, Float64Array
from skknn_syndrome.data.identities import is_missing, text_fault
from skknn_syndrome.data.rooted_tree import MOST_TIPS, reference_error
from skknn_syndrome.errors import ReferenceDistancesError, quote
from skknn_syndrome.wording import counted

Matrix: TypeAlias = tuple[tuple[str, ...], Float64Array]
"""Names, and the distances between them."""

ROUNDING = 1e-6
"""What an entry may be wrong by, as a share of the largest: distances computed in float32 are not exact."""

_FEWEST_NAMES = 2
_MISSING = {"NA", "nan", "NaN", "<NA>"}
_DECIMAL_COMMA = re.compile(r"[-+]?[0-9]*,[0-9]+")
_EXPECTED = "a square table was expected, with the same names in its first row and in its first column"


def read_matrix(text: str) -> Matrix:
    r"""Read a table whose header and first column hold the names, in the order of its rows.

    Raises
    ------
    ReferenceDistancesError
        As `checked_matrix`; or if rows and columns have other names, or it is no table.

    Examples
    --------
    >>> read_matrix("class,Unio,Pinna\nUnio,0,2\nPinna,2,0\n")[0]
    ('Unio', 'Pinna')
    """
    first_line = text[: text.find("\n")]
    delimiter = next((mark for mark in "\t;" if mark in first_line), ",")
    table = filter(any, csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    rows: list[str] = []
    numbers: list[Float64Array] = []
    try:
        header = next(table, [""])
        corner, *columns = header
        for cells in table:
            if not rows and len(cells) == len(header) + 1:
                corner, columns = "", header  # R writes no cell above the column of names
            _check_width(len(rows) + 1, cells, columns)
            rows.append(cells[0])
            numbers.append(_numbers(cells[1:], cells[0], columns))
    except csv.Error as error:
        raise reference_error("not_csv", f"it is neither a table nor a tree ({error})") from None
    if not columns:
        raise reference_error(
            "no_columns",
            f"its only column is {quote(header[0])}: {_EXPECTED} (.csv, .tsv), or a tree; "
            "files of PHYLIP and MEGA are not read",
        )
    _check_named(corner, rows, columns)
    order = _places(rows, columns)
    return checked_matrix(rows, np.array(numbers)[:, order])


def _check_width(number: int, cells: Sequence[str], columns: Sequence[str]) -> None:
    check_count(len(columns), MOST_TIPS, "columns of distances")
    n_cells = len(cells) - 1
    if n_cells == len(columns):
        return
    if number == 1 and n_cells <= 1 < len(columns) and not _is_number(cells[0]):
        raise _one_triangle("lower")
    hint = ": are these decimal commas? Write points" if n_cells == 2 * len(columns) else f"; {_EXPECTED}"
    raise reference_error(
        "not_square",
        f"row {number:,}, {quote(cells[0])}, has {counted(n_cells, 'distance')} for "
        f"{counted(len(columns), 'column')}{hint}",
    )


def _check_named(corner: str, rows: Sequence[str], columns: Sequence[str]) -> None:
    """Refuse distances in the place of names; in a symmetric matrix they are even the same in both places."""
    in_rows, in_columns = (all(map(_is_number, names)) for names in (rows, columns))
    if not rows or in_rows != in_columns or (in_rows and _is_number(corner)):
        found = f"the first row begins with {quote(corner)}, {quote(columns[0])}" + (
            f", the first column goes on with {quote(rows[0])}" if rows else ", and there is no other"
        )
        raise reference_error("no_names", f"{found}: {_EXPECTED}")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def matrix_of_frame(frame: Any) -> Matrix:  # noqa: ANN401  pandas is slow to import
    """Return the names of a data frame's rows, and its distances in their order."""
    rows, columns = [*map(str, frame.index)], [*map(str, frame.columns)]
    order = _places(rows, columns, "; set_index makes a column the names of the rows")
    lines = [_numbers(cells, row, columns) for cells, row in zip(frame.to_numpy(), rows, strict=True)]
    return checked_matrix(rows, np.array(lines).reshape(len(rows), len(columns))[:, order])


def _places(rows: Sequence[str], columns: Sequence[str], advice: str = "") -> list[int]:
    """Return which column belongs to each row."""
    check_unique(rows, "has more than one row:")
    check_unique(columns, "has more than one column:")
    places = {name: place for place, name in enumerate(columns)}
    no_column, no_row = [name for name in rows if name not in places], [*{*columns}.difference(rows)]
    if no_column or no_row:
        odd = [(no_column, "column"), (sorted(no_row, key=columns.index), "row")]
        found = " and ".join(f"no {lacks} {quote(names[0])}" for names, lacks in odd if names)
        raise reference_error(
            "names_differ",
            f"there is {found} ({counted(len(rows), 'row')}, {counted(len(columns), 'column')}): "
            f"{_EXPECTED}{advice}",
        )
    return [places[name] for name in rows]


def _numbers(cells: Sequence[object], row: str, columns: Sequence[str]) -> Float64Array:
    try:
        return np.array(cells, dtype=np.float64)
    except (TypeError, ValueError):
        return np.array([_number(cell, row, column) for cell, column in zip(cells, columns, strict=True)])


def _number(cell: Any, row: str, column: str) -> float:  # noqa: ANN401  whatever a table holds
    if is_missing(cell) or str(cell).strip() in _MISSING:
        return np.nan
    try:
        return float(cell)
    except (TypeError, ValueError):
        said = f"{_between(row, column)} is {quote(cell)}"
        if _DECIMAL_COMMA.fullmatch(str(cell).strip()):
            point = str(cell).strip().replace(",", ".")
            raise reference_error("decimal_comma", f"{said}, with a decimal comma: write {point}") from None
        raise reference_error("no_number", f"{said}, which is no number") from None


def checked_matrix(names: Sequence[str], values: object) -> Matrix:
    """Return names and their distances, which are symmetric and 0 on the diagonal to the last bit.

    Raises
    ------
    ReferenceDistancesError
        If these are no distances, under a code of its own for each fault; or no names.

    Examples
    --------
    >>> checked_matrix(["Noonan", "Kabuki"], [[0, 1], [1, np.nan]])
    Traceback (most recent call last):
    skknn_syndrome.errors.ReferenceDistancesError: the distance from 'Kabuki' to 'Kabuki' is missing.
    """
    _check_names(names)
    distances = square_array(values)
    if len(distances) != len(names):
        raise _not_square(distances, f", for {counted(len(names), 'name')}")
    _check_distances(distances, names)
    distances = (distances + distances.T) / 2
    np.fill_diagonal(distances, 0)
    return tuple(names), np.maximum(distances, 0)


def square_array(values: object) -> Float64Array:
    """Return a copy of a square matrix of numbers."""
    try:
        distances = np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise reference_error("no_number", f"the distances are no matrix of numbers ({error})") from None
    if distances.ndim == 1:
        raise reference_error(
            "not_square",
            f"the distances are a vector of {len(distances):,}, no square matrix; "
            "scipy.spatial.distance.squareform makes one of condensed distances",
        )
    if distances.ndim != 2 or distances.shape[0] != distances.shape[1]:  # noqa: PLR2004
        raise _not_square(distances, ", which is no square matrix")
    return distances


def _not_square(distances: Float64Array, fault: str) -> ReferenceDistancesError:
    size = " x ".join(map(str, distances.shape)) or "a single number"
    return reference_error("not_square", f"the distances are {size}{fault}")


def _one_triangle(which: str) -> ReferenceDistancesError:
    return reference_error(
        "one_triangle",
        f"only the {which} triangle is filled, and both halves are needed: with pandas, frame.fillna(0) + "
        "frame.fillna(0).T has both",
    )


def _check_names(names: Sequence[str]) -> None:
    if len(names) < _FEWEST_NAMES:
        raise reference_error("too_few_names", f"there is no distance between {counted(len(names), 'name')}")
    for number, name in enumerate(names, start=1):
        fault = "is empty" if is_missing(name) else text_fault(name)
        if fault is not None:
            raise reference_error("invalid_name", f"name {number:,} {fault}")
    check_unique(names, "stands for more than one class:")


def check_unique(names: Sequence[str], fault: str) -> None:
    """Refuse a name that comes twice."""
    name, number = Counter(names).most_common(1)[0] if names else ("", 1)
    if number > 1:
        raise reference_error("repeated_name", f"the name {quote(name)} {fault} {number:,}")


def _check_distances(distances: Float64Array, names: Sequence[str]) -> None:
    def refuse(code: str, at: BoolArray, says: str) -> None:
        if at.any():
            row, column = divmod(int(at.argmax()), len(names))
            values = distances[row, column], distances[column, row]
            between = _between(names[row], names[column])
            raise reference_error(code, f"{between} {says.format(*values)}")

    filled = (distances != 0) & ~np.isnan(distances)
    below, above = np.tril(filled, -1).any(), np.triu(filled, 1).any()
    if below != above:
        raise _one_triangle("lower" if below else "upper")
    refuse("missing_distance", np.isnan(distances), "is missing")
    refuse("infinite_distance", np.isinf(distances), "is infinite")
    near = ROUNDING * np.abs(distances).max()
    refuse("negative_distance", distances < -near, "is negative, {:g}")
    own = np.eye(len(distances), dtype=bool) & (distances > near)
    hint = ": these may be similarities" if (np.diag(distances) >= distances.max() - near).all() else ""
    refuse("diagonal_not_zero", own, f"is {{:g}}, not 0{hint}")
    refuse("not_symmetric", np.abs(distances - distances.T) > near, "is {:g}, and {:g} the other way round")


def _between(row: str, column: str) -> str:
    return f"the distance from {quote(row)} to {quote(column)}"
