"""Several labels an image in a file: a column each, an array, or one column of texts with a separator."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from numbers import Real
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome.data.identities import RefusalError, is_missing, read_id
from skknn_syndrome.data.multilabel import label_texts
from skknn_syndrome.data.rows import RawRow, RawTable
from skknn_syndrome.errors import Argument, EmbeddingsFileError, quote
from skknn_syndrome.results.audit import MappedLabels, RefusedRow

TakenAs: TypeAlias = Literal["0", "1", "drop"]
"""What an entry that says neither yes nor no is taken for; "drop" leaves its row out."""

Doubt: TypeAlias = Literal["uncertain", "missing"]

_UNCERTAIN = -1.0
_TEXTS: Mapping[str, float | None] = {"true": 1.0, "false": 0.0, "nan": None, "na": None, "n/a": None}
"""What else than numbers an entry of a text file may be."""
_PLAIN: Mapping[Hashable, bool] = {"0": False, "1": True, "0.0": False, "1.0": True, 0: False, 1: True}
"""What nearly all entries are, numbers and booleans equal to 0 and 1 among them."""


@dataclass
class LabelBook:
    """Labels of the rows of a table, noted as the rows are read.

    While rows are validated, a number stands for the set of labels of each, under which it comes back.

    Parameters
    ----------
    separator : str or None
        Between the labels of a cell; None where each label has a column.
    taken_as : mapping of {"uncertain", "missing"} to {"0", "1", "drop"}
        What -1 and what an empty cell of a column is taken for. Without an entry they are refused.
    places : dict of str to int
        The columns of the labels by name; with a separator they are found as rows are read.
    """

    separator: str | None
    taken_as: Mapping[Doubt, TakenAs]
    places: dict[str, int] = field(default_factory=dict)
    sets: dict[tuple[int, ...], int] = field(default_factory=dict)
    """The number of each set of labels, by the places of their names."""
    mapped: dict[tuple[str, Doubt, TakenAs], int] = field(default_factory=dict)
    in_doubt: dict[Doubt, int] = field(default_factory=dict)
    first_doubt: str = ""

    @property
    def names(self) -> list[str]:
        """Of the labels, in the order of their columns."""
        return [*self.places]

    def noting(self, table: RawTable) -> RawTable:
        """Return the table with the number of a set in the place of each row's label."""
        return replace(table, rows=self._rows(table), has_label_sets=True)

    def _rows(self, table: RawTable) -> Iterator[RawRow]:
        for number, row in enumerate(table.rows, start=1):
            if row.fault is not None:
                yield row
                continue
            try:
                places = self._places(row, number)
            except RefusalError as refusal:
                yield replace(row, syndrome=None, fault=refusal.detail, reason=refusal.reason)
                continue
            yield replace(row, syndrome=self.sets.setdefault(places, len(self.sets)))

    def _places(self, row: RawRow, number: int) -> tuple[int, ...]:
        if self.separator is not None:
            return self._places_in_text(row.syndrome, self.separator)
        given: Any = row.syndrome
        if isinstance(given, np.ndarray):
            given = given.tolist()
        cells = given if isinstance(given, (list, tuple)) else [given]  # of a single column
        marks = [_PLAIN.get(cell) if isinstance(cell, Hashable) else None for cell in cells]
        if None in marks:
            named = zip(self.names, cells, strict=True)
            marks = [self._value(name, cell, row, number) for name, cell in named]
        return tuple(place for place, mark in enumerate(marks) if mark)

    def _places_in_text(self, cell: object, separator: str) -> tuple[int, ...]:
        if is_missing(cell):
            return ()
        found = filter(None, map(str.strip, read_id(cell, "syndrome").split(separator)))
        return tuple(sorted({self.places.setdefault(name, len(self.places)) for name in found}))

    def _value(self, name: str, cell: object, row: RawRow, number: int) -> bool:
        value = _number(cell)
        if value in {0.0, 1.0}:
            return value == 1
        place = f"row {number}" if row.line is None else f"row {number} (line {row.line})"
        doubt: Doubt
        if value is None:
            doubt = "missing"
        elif value == _UNCERTAIN:
            doubt = "uncertain"
        else:
            raise EmbeddingsFileError(
                f"the label {quote(name)} is {quote(cell)} in {place}, and labels are 0 or 1; -1 for "
                "uncertain, or nothing. If it is no label, give a longer prefix for those that are",
                code="not_an_indicator",
            )
        taken = self.taken_as.get(doubt)
        if taken is None:
            self.in_doubt[doubt] = self.in_doubt.get(doubt, 0) + 1
            self.first_doubt = self.first_doubt or f"the label {quote(name)} is {doubt} in {place}"
            return False
        self.mapped[name, doubt, taken] = self.mapped.get((name, doubt, taken), 0) + 1
        if taken == "drop":
            raise RefusalError("label_in_doubt", f"the label {quote(name)} is {doubt}")
        return taken == "1"

    def check(self) -> None:
        """Refuse what was in doubt, and labels that are too few.

        Raises
        ------
        EmbeddingsFileError
            It names the first row and column, and says how many there are.
        """
        if self.in_doubt:
            counts = " and ".join(f"{number:,} {doubt}" for doubt, number in self.in_doubt.items())
            doubt = next(iter(self.in_doubt))
            raise EmbeddingsFileError(
                f"{self.first_doubt} (in all there are {counts} entries): say with {{argument}} whether they "
                "are 0, 1, or their rows left out",
                code=f"{doubt}_labels",
                parameter=f"{doubt}_labels",
                argument=Argument(f"{doubt}_labels"),
            )
        if len(self.names) < 2:  # noqa: PLR2004  several
            found = f"only {quote(self.names[0])}" if self.names else "none"
            raise EmbeddingsFileError(
                f"several labels an image were asked for, and there are {found}", code="too_few_labels"
            )

    def labels(self, numbers: Sequence[str]) -> tuple[NDArray[np.uint8], tuple[str, ...]]:
        """Return the indicator matrix of rows by the numbers of their sets, and the names of its columns.

        Labels found in texts are in alphabetical order, columns as they stand in the file.
        """
        matrix = np.zeros((len(self.sets), len(self.names)), dtype=np.uint8)
        for places, number in self.sets.items():
            matrix[number, list(places)] = 1
        order = range(len(self.names)) if self.separator is None else np.argsort(self.names, kind="stable")
        rows = matrix[[int(number) for number in numbers]]
        return rows[:, list(order)], tuple(self.names[place] for place in order)

    def shown(self, refused: Sequence[RefusedRow]) -> tuple[RefusedRow, ...]:
        """Return refused rows with the texts of their labels in the place of numbers."""
        matrix, names = self.labels([str(number) for number in range(len(self.sets))])
        texts = label_texts(matrix, names)
        return tuple(
            row.revised(syndrome=None if row.syndrome is None else texts[int(row.syndrome)])
            for row in refused
        )

    def account(self) -> tuple[MappedLabels, ...]:
        """Return what was taken for something, label by label."""
        return tuple(
            MappedLabels(label=label, entry=doubt, taken_as=taken, number=number)
            for (label, doubt, taken), number in self.mapped.items()
        )


def _number(cell: Any) -> float | None:  # noqa: ANN401  a cell of any format
    """Return the number in a cell, None where nothing is there, and NaN where it is none."""
    if is_missing(cell):
        return None
    if isinstance(cell, str):
        text = cell.strip().lower()
        try:
            return _TEXTS[text] if text in _TEXTS else float(text)
        except ValueError:
            return float("nan")
    return float(cell) if isinstance(cell, Real) else float("nan")
