"""Comma-separated text, one image per line."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from skknn_syndrome.data.columns import TABLE, Layout, find_layout
from skknn_syndrome.data.content import check_lines
from skknn_syndrome.data.rows import RawRow, RawTable
from skknn_syndrome.errors import EmbeddingsFileError, quote


def read_csv_table(content: bytes, columns: Mapping[str, str] | None) -> RawTable:
    """Read UTF-8 text with a header and commas between the cells.

    Parameters
    ----------
    content : bytes
        The whole file; a byte order mark is accepted.
    columns : mapping of str to str or None
        Names that differ from `syndrome`, `subject`, `image` (each also with `_id`) and one prefix for the
        numbered feature columns.

    Returns
    -------
    RawTable
        Ids are text exactly as written, "007" included. Numbers are those of Python's `float`, in ASCII and
        without underscores. Blank lines are no rows.

    Raises
    ------
    EmbeddingsFileError
        If the text is not UTF-8, or the header is missing or not understood; and from the rows, if
        quotation marks do not match.
    """
    check_lines(content)
    _check_utf8(content)
    lines = _lines(content)
    _, header = next(lines, (0, []))
    if len(header) == 1 and (";" in header[0] or "\t" in header[0]):
        raise EmbeddingsFileError("the cells of its header are not separated by commas; save it with commas")
    layout = find_layout(header, columns, TABLE)
    rows = _Rows(header, layout)
    return RawTable(
        rows=(rows.row(line, cells) for line, cells in lines),
        has_subjects=layout.subject is not None,
        has_images=layout.image is not None,
        feature_names=layout.features,
    )


def _check_utf8(content: bytes) -> None:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise EmbeddingsFileError(f"line {line} is not UTF-8; save the file as UTF-8") from None


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line that is not blank, after the number of the line they begin on."""
    # A stream, since a text of many lines in memory takes up to four bytes per character.
    reader = csv.reader(io.TextIOWrapper(io.BytesIO(content), "utf-8-sig", newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise EmbeddingsFileError(
                f"line {line} can't be taken apart ({error}); check its quotation marks"
            ) from None
        if cells is None:
            return
        if cells:
            yield line, cells


@dataclass(frozen=True)
class _Rows:
    header: Sequence[str]
    layout: Layout

    def row(self, line: int, cells: Sequence[str]) -> RawRow:
        if len(cells) != len(self.header):
            return RawRow(None, None, None, None, line, self._fault(len(cells)))
        cell = dict(zip(self.header, cells, strict=True))
        return RawRow(
            syndrome=cell[self.layout.syndrome],
            subject=None if self.layout.subject is None else cell[self.layout.subject],
            image=None if self.layout.image is None else cell[self.layout.image],
            vector=[_number(cell[name]) for name in self.layout.features],
            line=line,
        )

    def _fault(self, n_cells: int) -> str:
        fault = f"it has {n_cells} cells, but the header {len(self.header)}"
        return fault + (
            f", from column {quote(self.header[n_cells])} on" if n_cells < len(self.header) else ""
        )


def _number(cell: str) -> float | str | None:
    """Return the number in a cell, its text if it is none, and None if it is blank."""
    if not cell or cell.isspace():
        return None
    if "_" in cell or not cell.isascii():
        return cell  # float() would read 1_000 and digits of other scripts
    try:
        return float(cell)
    except ValueError:
        return cell
