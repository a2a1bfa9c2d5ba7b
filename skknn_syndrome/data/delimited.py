"""Delimited text (CSV, TSV): one image a line."""

import csv
import io
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from skknn_syndrome._limits import (
    LINE_BYTES,
    MAX_COLUMNS,
    MAX_VALUES_OF_IDS,
    ROW_BYTES,
    check_count,
    check_room,
    check_text_claim,
)
from skknn_syndrome.data.column_layout import TABLE, Layout
from skknn_syndrome.data.columns import find_layout, label_columns
from skknn_syndrome.data.covariates import covariate_columns
from skknn_syndrome.data.embedded_rows import with_notes
from skknn_syndrome.data.feature_columns import not_numbered, usual_prefix, with_prefix
from skknn_syndrome.data.identities import plain_ids
from skknn_syndrome.data.rows import AUGMENTED_FROM, RawRow, RawTable
from skknn_syndrome.data.subject_columns import INDEX_NAMES
from skknn_syndrome.data.vectors import is_text_vector, read_number, read_text_vector
from skknn_syndrome.errors import ColumnsError, EmbeddingsFileError, quote

_SEPARATORS = b",;\t|"
_PEEKED = 100
"""Rows that tell which columns hold vectors: the first cells may be blank."""
_MOST_CHARACTERS = 2**24
"""Characters of a cell: a vector has 20 for each value, and an open quotation mark takes in the file."""
_LIMIT = threading.Lock()
_WITH_COMMAS = "its numbers have decimal commas: save them with decimal points"
_DECIMAL_COMMA = re.compile(r"\s*-?[0-9]*,[0-9]+\s*")


def read_csv_table(
    content: bytes, columns: Mapping[str, str] | None, covariates: Sequence[str] = ()
) -> RawTable:
    """Read UTF-8 text with a header, and commas, semicolons, tabs or vertical bars between the cells.

    Parameters
    ----------
    content : bytes
        The whole file; a byte order mark is accepted.
    columns : mapping of str to str or None
        Names that differ from `syndrome`, `subject`, `image` (each also with `_id`), and from `embedding` or
        the one prefix of numbered feature columns.
    covariates : sequence of str, default=()
        Further columns to be kept.

    Returns
    -------
    RawTable
        Ids are text as written, "007" included; but a column of whole numbers with ".0" is one of integers.
        Numbers are those of Python's `float`, in ASCII and without underscores. Blank lines are no rows.

    Raises
    ------
    EmbeddingsFileError
        If the text is not UTF-8, quotation marks do not match, or the header is missing or not understood;
        and from the rows, if a vector was shortened when it was written.
    """
    check_lines(content)
    _check_utf8(content)
    table = _Table.of(content)
    vectors = table.vector_columns
    # Ids are taken in a first pass: what they are shows in a whole column only.
    labels = {*label_columns(table.header, columns, TABLE)}
    may_be_ids = {*not_numbered(table.header)} - {*vectors} - labels
    most_rows = max(content.count(end) for end in (b"\n", b"\r"))
    looked_at = may_be_ids
    if most_rows * len(may_be_ids) > MAX_VALUES_OF_IDS:
        looked_at = {name for name in may_be_ids if name.casefold() in INDEX_NAMES}
    kept = {column.name for column in covariate_columns(covariates, table.header)}
    ids = table.columns(looked_at | kept | {*TABLE.id_names, AUGMENTED_FROM, *(columns or {}).values()})
    layout = _layout(table, columns, vectors, ids, covariates)
    unexamined = tuple(name for name in layout.unread if name in may_be_ids and name not in ids)
    layout = replace(layout, unexamined=unexamined)
    views = {AUGMENTED_FROM: ids[AUGMENTED_FROM]} if AUGMENTED_FROM in ids else {}
    return RawTable(
        rows=with_notes(table.rows(layout, ids), views),
        has_subjects=layout.subject is not None,
        has_images=layout.image is not None,
        feature_names=() if layout.features[0] in vectors else layout.features,
        layout=layout,
    )


def _layout(
    table: "_Table",
    columns: Mapping[str, str] | None,
    vectors: Sequence[str],
    ids: Mapping[str, Sequence[object]],
    covariates: Sequence[str],
) -> Layout:
    try:
        names = [name for name in table.header if name != AUGMENTED_FROM]
        layout = find_layout(names, columns, TABLE, vectors, ids.get, covariates)
    except ColumnsError as error:
        prefix = error.columns.get("features") or usual_prefix(table.header)
        if not table.has_decimal_commas(with_prefix(table.header, prefix)):
            raise
        raise error.after("decimal_commas", _WITH_COMMAS) from error
    if table.has_decimal_commas(layout.features):
        raise EmbeddingsFileError(_WITH_COMMAS, code="decimal_commas")
    return layout


def check_lines(content: bytes) -> None:
    r"""Refuse a text with too many lines for its size, or too many columns.

    Parameters
    ----------
    content : bytes
        The whole file.

    Raises
    ------
    EmbeddingsFileError
        With what was found and the limit.

    Examples
    --------
    >>> check_lines(b"syndrome,e0\nNoonan,0.5\n")
    """
    header = content[: min((end for end in map(content.find, (b"\n", b"\r")) if end >= 0), default=None)]
    check_count(1 + max(map(header.count, _SEPARATORS)), MAX_COLUMNS, "columns")
    n_lines = max(content.count(b"\n"), content.count(b"\r"))
    check_text_claim(n_lines, 0, len(content), LINE_BYTES)


def _check_utf8(content: bytes) -> None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EmbeddingsFileError(
            f"line {line} is not UTF-8; save the file as UTF-8", code="not_utf8"
        ) from None


def _lines(content: bytes, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line that is not blank, after the number of the line they begin on."""
    # A stream, since a text of many lines in memory takes up to four bytes per character.
    stream = io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline="")
    reader = csv.reader(stream, strict=True, delimiter=delimiter)
    while True:
        line = reader.line_num + 1
        try:
            cells = _next_cells(reader)
        except csv.Error as error:
            raise EmbeddingsFileError(
                f"line {line} can't be taken apart ({error}); check its quotation marks",
                code="broken_quotes",
            ) from None
        if cells is None:
            return
        if cells:
            yield line, cells


def _next_cells(reader: Iterator[list[str]]) -> list[str] | None:
    # The limit is one for the whole process, and other code may rely on it: it is lifted for one line only.
    with _LIMIT:
        usual = csv.field_size_limit(_MOST_CHARACTERS)
        try:
            return next(reader, None)
        finally:
            csv.field_size_limit(usual)


@dataclass(frozen=True)
class _Table:
    content: bytes
    header: Sequence[str]
    delimiter: str

    @classmethod
    def of(cls, content: bytes) -> "_Table":
        _, header = next(_lines(content, ","), (0, []))
        delimiter = next((mark for mark in ";\t|" if mark in header[0]), ",") if len(header) == 1 else ","
        _, header = next(_lines(content, delimiter), (0, []))
        if len(header) == 1:
            raise EmbeddingsFileError(
                f"its header has one column only, {quote(header[0])}: put commas, semicolons, tabs or | "
                "between the cells",
                code="one_column",
            )
        return cls(content, header, delimiter)

    def lines(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the lines below the header."""
        return islice(_lines(self.content, self.delimiter), 1, None)

    @cached_property
    def first_cells(self) -> dict[str, str]:
        """The first cell that is not blank of each column."""
        first: dict[str, str] = {}
        for _, cells in islice(self.lines(), _PEEKED):
            if len(cells) == len(self.header):
                filled = {name: cell for name, cell in zip(self.header, cells, strict=True) if cell.strip()}
                first = filled | first
        return first

    @property
    def vector_columns(self) -> list[str]:
        """The columns that hold vectors as text."""
        return [name for name, cell in self.first_cells.items() if is_text_vector(cell)]

    def columns(self, names: set[str]) -> Mapping[str, Sequence[object]]:
        """Return columns of ids, with None in rows that can't be taken apart."""
        places = {name: place for place, name in enumerate(self.header) if name in names}
        held: dict[str, list[str | None]] = {name: [] for name in places}
        for n_rows, (_, cells) in enumerate(self.lines(), start=1):
            check_room(n_rows * ROW_BYTES)
            whole = len(cells) == len(self.header)
            for name, place in places.items():
                held[name].append(cells[place] if whole else None)
        return {name: plain_ids(column) for name, column in held.items()}

    def has_decimal_commas(self, features: Sequence[str]) -> bool:
        """Tell whether columns hold numbers as some spreadsheets write them."""
        if self.delimiter == ",":
            return False  # a quoted cell is at fault by itself
        return any(_DECIMAL_COMMA.fullmatch(self.first_cells.get(name, "")) for name in features)

    def rows(self, layout: Layout, ids: Mapping[str, Sequence[object]]) -> Iterator[RawRow]:
        """Yield the rows, with ids that were taken before."""
        nothing: Sequence[object] = ()
        syndromes = nothing if layout.labels or layout.syndrome is None else ids[layout.syndrome]
        subjects = nothing if layout.subject is None else ids[layout.subject]
        images = nothing if layout.image is None else ids[layout.image]
        covariates = [ids[column.name] for column in layout.covariates]
        places = [self.header.index(name) for name in layout.features]
        label_places = [self.header.index(name) for name in layout.labels]
        is_text = len(places) == 1 and layout.features[0] in self.vector_columns
        for number, (line, cells) in enumerate(self.lines()):
            if len(cells) != len(self.header):
                yield RawRow(None, None, None, None, line, self._fault(len(cells)))
                continue
            yield RawRow(
                syndrome=[cells[place] for place in label_places]
                if label_places
                else syndromes[number]
                if syndromes
                else None,
                subject=subjects[number] if subjects else None,
                image=images[number] if images else None,
                vector=read_text_vector(cells[places[0]], f"line {line}")
                if is_text
                else [read_number(cells[place]) for place in places],
                line=line,
                covariates=tuple(column[number] for column in covariates),
            )

    def _fault(self, n_cells: int) -> str:
        fault = f"it has {n_cells} cells, but the header {len(self.header)}"
        return fault + (
            f", from column {quote(self.header[n_cells])} on" if n_cells < len(self.header) else ""
        )
