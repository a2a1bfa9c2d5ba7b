"""Parquet columns, read piece by piece once what they claim has been checked."""

from collections.abc import Collection, Iterator, Sequence
from functools import cached_property

import pyarrow as pa
from pyarrow import parquet

from skknn_syndrome._limits import (
    BATCH_BYTES,
    MAX_COLUMNS,
    check_claim,
    check_count,
    check_pages,
    check_text_claim,
)
from skknn_syndrome.data.parquet_pages import Footer, broken_parquet
from skknn_syndrome.data.parquet_types import array_ids, is_list, leaf_of, stored
from skknn_syndrome.errors import EmbeddingsFileError

_BATCH_ROWS = 65_536
_CHARACTER_BYTES = 4
"""What a character of a vector takes at most once it is read: of "1,1,1" two make a number."""


def opened(content: bytes, texts: Sequence[str] = ()) -> parquet.ParquetFile:
    """Open a file; columns in `texts` are read as a dictionary, which holds a text that comes again once.

    Raises
    ------
    EmbeddingsFileError
        If the file is broken.
    """
    try:
        return parquet.ParquetFile(
            pa.BufferReader(content), read_dictionary=texts, page_checksum_verification=True
        )
    except Exception as error:
        raise EmbeddingsFileError(
            "its Parquet data are broken or were cut short; write it again", code="broken_parquet"
        ) from error


class ParquetSource:
    """One file, of which nothing is unpacked before its claims have been looked at.

    Parameters
    ----------
    content : bytes
        The whole file.

    Attributes
    ----------
    schema : pyarrow.Schema
        Of the whole file.

    Raises
    ------
    EmbeddingsFileError
        If the file is broken, or has too many columns or pages.
    """

    def __init__(self, content: bytes) -> None:
        self._content = content
        file = opened(content)
        self.schema = file.schema_arrow
        check_count(len(self.schema.names), MAX_COLUMNS, "columns")
        groups = range(file.num_row_groups)
        # Each column of a group has a page, and all are named in the footer, which is read before the pages.
        check_pages(len(groups) * len(file.schema), len(content))
        # The footer's account of single columns is left alone: where it is broken, pyarrow ends the process.
        self._n_rows = sum(file.metadata.row_group(number).num_rows for number in groups)
        if self._n_rows != file.metadata.num_rows:
            raise broken_parquet()
        self._paths = [file.schema.column(number).path.split(".") for number in range(len(file.schema))]

    def ids(self, names: Collection[str]) -> dict[str, list[object]]:
        """Read columns that can hold ids.

        Parameters
        ----------
        names : collection of str

        Returns
        -------
        dict of str to list
            Text and numbers as they are, of pictures the paths, and None where a value is missing.

        Raises
        ------
        EmbeddingsFileError
            If the data are broken, or are or unfold to more than is read.
        """
        ids: dict[str, list[object]] = {name: [] for name in names}
        for batch in self._id_batches([*ids]):
            for name in ids:
                ids[name] += array_ids(batch.column(name))
        return ids

    def texts(self, name: str) -> Iterator[object]:
        """Read a column of text in which each may be a vector, a few rows at a time.

        Parameters
        ----------
        name : str

        Yields
        ------
        str or None
            None where a text is missing.

        Raises
        ------
        EmbeddingsFileError
            If the data are broken, or are or unfold to more than is read.
        """
        n_rows = n_bytes = 0
        for batch in self._id_batches([name]):
            for text in array_ids(batch.column(name)):
                n_rows += 1
                # A text that comes again takes room in the file once, but in memory in each row.
                n_bytes += _CHARACTER_BYTES * len(str(text or ""))
                check_claim(n_rows, n_bytes, len(self._content))
                yield text

    def _id_batches(self, names: Sequence[str]) -> Iterator[pa.RecordBatch]:
        leaves = [leaf_of(name, self.schema.field(name).type) for name in names]
        claim = self._footer.claim(self._numbers(leaves))
        check_text_claim(self._n_rows, claim.n_bytes, len(self._content))
        # Texts are read as a dictionary, which holds one that comes again once. pyarrow can't do so for the
        # paths of pictures, nor for texts that begin as the one before. Of these, few rows at a time are
        # read, since each may be as long as its page.
        is_plain = claim.may_unfold or any(leaf not in names for leaf in leaves)
        n_batch = _rows_of(claim.largest_page) if is_plain else _BATCH_ROWS
        n_rows = n_bytes = 0
        for batch in self._batches(leaves, n_batch, () if is_plain else leaves):
            n_rows += batch.num_rows
            n_bytes += batch.nbytes if is_plain else 0
            check_text_claim(n_rows, n_bytes, len(self._content))
            yield batch

    def vectors(self, features: Sequence[str]) -> list[pa.RecordBatch]:
        """Read feature columns.

        Raises
        ------
        EmbeddingsFileError
            If the data are broken, or more than is read.
        """
        claim = self._footer.claim(self._numbers(features))
        n_bytes = max(claim.n_bytes, claim.n_values * max(map(self._value_bytes, features)))
        check_claim(self._n_rows, n_bytes, len(self._content))
        row_bytes = n_bytes // max(1, self._n_rows)
        batches = [*self._batches(features, _rows_of(row_bytes))]
        pa.default_memory_pool().release_unused()  # Arrow keeps as much again as the batches take
        return batches

    @cached_property
    def _footer(self) -> Footer:
        return Footer(self._content)

    def _value_bytes(self, name: str) -> int:
        """Return the bytes that a value takes once it is validated."""
        kind = self.schema.field(name).type
        value = stored(kind).value_type if is_list(kind) else kind
        return 4 if pa.types.is_float16(value) or pa.types.is_float32(value) else 8

    def _numbers(self, names: Collection[str]) -> list[int]:
        """Return the numbers of the columns that hold the values of these."""
        wanted = {*names}
        return [
            number
            for number, path in enumerate(self._paths)
            if any(".".join(path[:length]) in wanted for length in range(1, len(path) + 1))
        ]

    def _batches(
        self, names: Sequence[str], n_rows: int, texts: Sequence[str] = ()
    ) -> Iterator[pa.RecordBatch]:
        file = opened(self._content, texts)
        n_left = self._n_rows
        try:
            for batch in file.iter_batches(n_rows, columns=[*dict.fromkeys(names)], use_threads=False):
                batch.validate(full=True)
                n_left -= batch.num_rows
                yield batch
        except Exception as error:
            # Before 26, for instance, pyarrow can't read a list of fixed length that is null.
            raise EmbeddingsFileError(
                f"its Parquet data are broken, or need a newer pyarrow than {pa.__version__}; write it again",
                code="broken_parquet",
            ) from error
        if n_left:  # pyarrow ends without a word where the lists of a page end before their group of rows
            raise broken_parquet()


def _rows_of(row_bytes: int) -> int:
    """Return the number of rows that are read at a time."""
    return max(1, min(_BATCH_ROWS, BATCH_BYTES // max(1, row_bytes)))
