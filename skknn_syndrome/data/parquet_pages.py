"""Parquet page headers: what they claim to hold, read before any page is unpacked.

The footer's account of a column is no help. Where it is broken, pyarrow ends the process; where it is false,
pyarrow believes the pages.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any, TypeAlias

from skknn_syndrome._limits import check_pages
from skknn_syndrome.errors import EmbeddingsFileError

I32, I64 = 5, 6
"""Kinds of whole numbers."""

Wanted: TypeAlias = Mapping[int, Any]
"""Numbers of the fields to keep, with the kind of a whole number, or what to keep of the structs there."""

_TRUE, _FALSE, _BYTE, _I16, _DOUBLE, _BINARY, _LIST, _SET, _MAP, _STRUCT = 1, 2, 3, 4, 7, 8, 9, 10, 11, 12
_BITS = {_I16: 16, I32: 32, I64: 64}
_FIXED_BYTES = {_BYTE: 1, _DOUBLE: 8}
_LONG_LIST = 15
_MAX_FIELD = 2**15
_MAX_DEPTH = 64


class ThriftReader:
    """Reads structs from bytes that may be anything.

    Parameters
    ----------
    content : bytes
        They hold the structs somewhere.
    at : int
        Where the first one begins.

    Attributes
    ----------
    at : int
        Where the next one begins.
    """

    def __init__(self, content: bytes, at: int) -> None:
        self._content = content
        self.at = at

    def struct(self, wanted: Wanted, depth: int = 0) -> dict[int, Any]:
        """Read one struct.

        Raises
        ------
        ValueError, IndexError, KeyError
            If it is broken, or written so that Thrift's own reader may understand it in another way: a number
            beyond its kind, another kind than is wanted, or a field that comes twice.
        """
        if depth > _MAX_DEPTH:
            raise ValueError("nested too deep")
        kept: dict[int, Any] = {}
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self._integer(_I16)
            kind = head & 15
            if number in kept or not 0 < number < _MAX_FIELD:
                raise ValueError("a field that comes twice or has no number")
            if number in wanted:
                kept[number] = self._value(kind, wanted[number], depth)
            elif kind not in (_TRUE, _FALSE):  # a bool lies in the head itself
                self._value(kind, {}, depth)
        return kept

    def _value(self, kind: int, wanted: Wanted | int, depth: int) -> object:
        if isinstance(wanted, int):
            if kind != wanted:
                raise ValueError("a number of another kind")
            return self._integer(kind)
        if kind in _BITS:
            return self._integer(kind)
        if kind == _STRUCT:
            return self.struct(wanted, depth + 1)
        if kind in (_LIST, _SET):
            head = self._byte()
            size = head >> 4 if head >> 4 < _LONG_LIST else self._varint()
            return self._elements(size, (head & 15,), wanted, depth + 1)
        if kind == _MAP:
            size = self._varint()
            kinds = self._byte() if size else 0
            return self._elements(size, (kinds >> 4, kinds & 15), wanted, depth + 1)
        n_bytes = self._varint() if kind == _BINARY else _FIXED_BYTES[kind]
        self.at += n_bytes
        return None

    def _elements(self, size: int, kinds: tuple[int, ...], wanted: Wanted, depth: int) -> list[object]:
        if size > len(self._content) - self.at or depth > _MAX_DEPTH:
            raise ValueError("a list longer than its file, or nested too deep")
        kept: list[object] = []
        for _ in range(size):
            for kind in kinds:
                value = self._value(_BYTE if kind in (_TRUE, _FALSE) else kind, wanted, depth)
                if wanted:
                    kept.append(value)
        return kept

    def _byte(self) -> int:
        self.at += 1
        return self._content[self.at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while shift <= _BITS[I64]:
            byte = self._byte()
            value |= (byte & 127) << shift
            if byte < 128:  # noqa: PLR2004 - the highest bit says that more follow
                return value
            shift += 7
        raise ValueError("a number of more than 64 bits")

    def _integer(self, kind: int) -> int:
        value = self._varint()
        if value >> _BITS[kind]:
            raise ValueError("a number beyond its kind")
        return (value >> 1) ^ -(value & 1)


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


def broken_parquet() -> EmbeddingsFileError:
    """Make the error for a file whose parts do not fit together."""
    return EmbeddingsFileError("its Parquet data are broken; write it again", code="broken_parquet")


@contextmanager
def _bytes_that_may_be_anything() -> Iterator[None]:
    try:
        yield
    except EmbeddingsFileError:
        raise
    except (AttributeError, IndexError, KeyError, TypeError, ValueError) as error:
        raise broken_parquet() from error


class Footer:
    """A footer's account of where pages lie: read once for a file, since that takes most of the time.

    Parameters
    ----------
    content : bytes
        The whole file, whose footer pyarrow could read.

    Raises
    ------
    EmbeddingsFileError
        If the footer is broken.

    Examples
    --------
    >>> import io, pyarrow as pa
    >>> from pyarrow import parquet
    >>> stream = io.BytesIO()
    >>> parquet.write_table(pa.table({"a": ["x"], "b": [[0.0] * 1000]}), stream)
    >>> Footer(stream.getvalue()).claim([1]).n_values
    1000
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._start = (
            len(content) - _TAIL_BYTES - int.from_bytes(content[-_TAIL_BYTES : 4 - _TAIL_BYTES], "little")
        )
        with _bytes_that_may_be_anything():
            groups = ThriftReader(content, self._start).struct(_FOOTER).get(_ROW_GROUPS, [])
            # Of each group of rows the columns, with the fields that are asked for.
            self._groups = [[entry.get(_COLUMN, {}) for entry in group.get(_COLUMNS, [])] for group in groups]

    def claim(self, leaves: Collection[int]) -> Claim:
        """Add up what the pages of some columns claim.

        Parameters
        ----------
        leaves : collection of int
            Numbers of the columns, counted over all that hold values, as pyarrow counts them.

        Returns
        -------
        Claim
            No more than this is unpacked from these columns.

        Raises
        ------
        EmbeddingsFileError
            If the pages are broken, or there are too many of them.
        """
        n_values = n_bytes = largest = 0
        may_unfold = False
        with _bytes_that_may_be_anything():
            chunks = [group[leaf] for group in self._groups for leaf in leaves]
            # Those that the footer names, of which the walk below may find more.
            check_pages(sum(1 + (_DICTIONARY in chunk) for chunk in chunks), len(self._content))
            for n_pages, page in enumerate(chain.from_iterable(map(self._pages, chunks)), start=1):
                check_pages(n_pages, len(self._content))
                n_values += page.n_values
                n_bytes += page.n_bytes
                largest = max(largest, page.n_bytes)
                may_unfold |= page.may_unfold
        return Claim(n_values, n_bytes, largest, may_unfold)

    def _pages(self, chunk: dict[int, Any]) -> Iterator[Claim]:
        """Yield what each page claims that pyarrow would read, in its order."""
        start = chunk[_FIRST_PAGE]
        if 0 < chunk.get(_DICTIONARY, 0) < start:
            start = chunk[_DICTIONARY]
        end = min(self._start, start + chunk[_CHUNK_BYTES] + _PADDING)
        reader = ThriftReader(self._content, start)
        n_left = chunk[_N_VALUES]
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
