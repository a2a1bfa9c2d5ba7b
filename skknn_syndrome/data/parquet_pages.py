"""What the pages of a Parquet file claim to hold, read from their heads before any is unpacked.

The footer's account of a column is no help. Where it is broken, pyarrow ends the process; where it is false,
pyarrow believes the pages.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from skknn_syndrome._limits import check_pages
from skknn_syndrome.data.thrift import I32, I64, ThriftReader, Wanted
from skknn_syndrome.errors import EmbeddingsFileError

# Numbers of the fields, from parquet.thrift of the format's definition.
_ROW_GROUPS, _COLUMNS, _COLUMN, _N_VALUES, _CHUNK_BYTES, _FIRST_PAGE, _DICTIONARY = 4, 1, 3, 5, 7, 9, 11
_FOOTER: Wanted = {
    _ROW_GROUPS: {
        _COLUMNS: {_COLUMN: {_N_VALUES: I64, _CHUNK_BYTES: I64, _FIRST_PAGE: I64, _DICTIONARY: I64}}
    }
}
_UNPACKED, _PACKED, _DATA, _DATA_2 = 2, 3, 5, 8
_COUNT, _ENCODING, _ENCODING_2 = 1, 2, 4
_PAGE: Wanted = {
    _UNPACKED: I32,
    _PACKED: I32,
    _DATA: {_COUNT: I32, _ENCODING: I32},
    _DATA_2: {_COUNT: I32, _ENCODING_2: I32},
}
_DELTA_BYTE_ARRAY = 7

_TAIL_BYTES = 8  # the footer's length, and the mark of the format
_PADDING = 100  # old writers counted too few bytes, and pyarrow reads on for so many

Groups: TypeAlias = list[list[dict[int, Any]]]
"""Of each group of rows the columns, with the fields that are asked for."""


@dataclass(frozen=True)
class Claim:
    """What some columns claim."""

    n_values: int
    """Elements of lists included."""
    n_bytes: int
    """Bytes of their pages, unpacked from compression but not from the encoding of values."""
    largest_page: int
    """The most bytes of one page; no text in it is longer."""
    may_unfold: bool
    """Whether texts begin as the one before, so that each may be as long as its page."""


def groups_of(content: bytes) -> Groups:
    """Read a footer's account of where pages lie: once for a file, since that takes most of the time.

    Parameters
    ----------
    content : bytes
        The whole file, whose footer pyarrow could read.

    Returns
    -------
    list of list of dict
        For `claim_of`.

    Raises
    ------
    EmbeddingsFileError
        If the footer is broken.
    """
    length = int.from_bytes(content[-_TAIL_BYTES : 4 - _TAIL_BYTES], "little")
    try:
        footer = ThriftReader(content, len(content) - _TAIL_BYTES - length).struct(_FOOTER)
        groups = footer.get(_ROW_GROUPS, [])
        return [[entry.get(_COLUMN, {}) for entry in group.get(_COLUMNS, [])] for group in groups]
    except _BROKEN as error:
        raise EmbeddingsFileError("its Parquet data are broken; write it again") from error


def claim_of(content: bytes, leaves: Collection[int], groups: Groups | None = None) -> Claim:
    """Add up what the pages of some columns claim.

    Parameters
    ----------
    content : bytes
        The whole file, whose footer pyarrow could read.
    leaves : collection of int
        Numbers of the columns, counted over all that hold values, as pyarrow counts them.
    groups : list of list of dict or None, default=None
        What `groups_of` returned, if that has been asked for.

    Returns
    -------
    Claim
        No more than this is unpacked from these columns.

    Raises
    ------
    EmbeddingsFileError
        If footer or pages are broken, or there are too many of them.

    Examples
    --------
    >>> import io, pyarrow as pa
    >>> from pyarrow import parquet
    >>> stream = io.BytesIO()
    >>> parquet.write_table(pa.table({"a": ["x"], "b": [[0.0] * 1000]}), stream)
    >>> claim_of(stream.getvalue(), [1]).n_values
    1000
    """
    n_values = n_bytes = largest = 0
    may_unfold = False
    found = groups_of(content) if groups is None else groups
    try:
        # Those that the footer names, of which the walk below may find more.
        check_pages(sum(1 + (_DICTIONARY in group[leaf]) for group in found for leaf in leaves), len(content))
        for n_pages, page in enumerate(_pages(content, leaves, found), start=1):
            check_pages(n_pages, len(content))
            n_values += page.n_values
            n_bytes += page.n_bytes
            largest = max(largest, page.n_bytes)
            may_unfold |= page.may_unfold
    except EmbeddingsFileError:
        raise
    except _BROKEN as error:
        raise EmbeddingsFileError("its Parquet data are broken; write it again") from error
    return Claim(n_values, n_bytes, largest, may_unfold)


_BROKEN = (AttributeError, IndexError, KeyError, TypeError, ValueError)
"""What comes of reading bytes that are no such structs."""


def _pages(content: bytes, leaves: Collection[int], groups: Groups) -> Iterator[Claim]:
    length = int.from_bytes(content[-_TAIL_BYTES : 4 - _TAIL_BYTES], "little")
    end = len(content) - _TAIL_BYTES - length
    for columns in groups:
        for leaf in leaves:
            yield from _chunk_pages(content, columns[leaf], end)


def _chunk_pages(content: bytes, column: dict[int, Any], end: int) -> Iterator[Claim]:
    """Yield what each page claims that pyarrow would read, in its order."""
    start = column[_FIRST_PAGE]
    if 0 < column.get(_DICTIONARY, 0) < start:
        start = column[_DICTIONARY]
    end = min(end, start + column[_CHUNK_BYTES] + _PADDING)
    reader = ThriftReader(content, start)
    n_left = column[_N_VALUES]
    while n_left > 0:
        if not 0 <= reader.at < end:
            raise ValueError("fewer values than it should hold")
        page = _claim(reader.struct(_PAGE), reader)
        n_left -= page.n_values
        yield page


def _claim(head: dict[int, Any], reader: ThriftReader) -> Claim:
    data = head.get(_DATA, {}), head.get(_DATA_2, {})
    n_values = sum(kind.get(_COUNT, 0) for kind in data)
    if min(n_values, head[_PACKED], head[_UNPACKED]) < 0:
        raise ValueError("a page of negative size")
    reader.at += head[_PACKED]
    encodings = data[0].get(_ENCODING), data[1].get(_ENCODING_2)
    return Claim(n_values, head[_UNPACKED], head[_UNPACKED], may_unfold=_DELTA_BYTE_ARRAY in encodings)
