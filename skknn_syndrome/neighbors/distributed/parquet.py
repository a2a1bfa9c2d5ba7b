"""Embeddings in Parquet files, read by runs of rows: vectors in one column, or a column for each feature."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import parquet

from skknn_syndrome.data.column_layout import TABLE
from skknn_syndrome.data.feature_columns import in_order, is_feature, usual_prefix
from skknn_syndrome.data.parquet_types import is_list
from skknn_syndrome.errors import EmbeddingsFileError, quote

ROWS_AT_ONCE = 8192
"""Rows decoded at a time: writers make row groups of up to a million rows, far larger than a block."""


@dataclass(frozen=True)
class FeatureColumns:
    """Where a row's vector lies."""

    names: tuple[str, ...]
    """Feature columns in order of their numbers, or the one column of whole vectors."""
    holds_lists: bool
    dtype: np.dtype[Any]
    """The type that all values fit."""


@dataclass(frozen=True)
class ParquetArray:
    """One or more files with the same columns, sliced like one array."""

    files: tuple[Path, ...]
    starts: tuple[int, ...]
    """The first row of each file and, behind the last, the number of all rows."""
    columns: FeatureColumns
    n_features: int

    @property
    def shape(self) -> tuple[int, int]:
        """(n_rows, n_features)."""
        return self.starts[-1], self.n_features

    @property
    def dtype(self) -> np.dtype[Any]:
        """The type of the values."""
        return self.columns.dtype

    def __getitem__(self, rows: slice) -> NDArray[Any]:
        """Read consecutive rows; missing values are NaN.

        Raises
        ------
        EmbeddingsFileError
            If a file is broken, or a vector is missing or has another length than the first one.
        """
        kind = self.dtype if self.dtype.kind == "f" else np.float64  # integers may have gaps
        block: NDArray[Any] = np.empty((rows.stop - rows.start, self.n_features), kind)
        filled = 0
        for file, (start, stop) in zip(self.files, pairwise(self.starts), strict=True):
            wanted = range(max(rows.start, start) - start, min(rows.stop, stop) - start)
            for part in self._parts(file, wanted) if wanted else ():
                block[filled : filled + len(part)] = part
                filled += len(part)
        return block

    def _parts(self, file: Path, rows: range) -> Iterator[NDArray[Any]]:
        """Yield consecutive rows of one file, some thousands at a time."""
        with _opened(file) as opened:
            counts = [opened.metadata.row_group(number).num_rows for number in range(opened.num_row_groups)]
            groups = [
                (number, start)
                for number, (start, stop) in enumerate(pairwise(accumulate(counts, initial=0)))
                if start < rows.stop and stop > rows.start
            ]
            position = groups[0][1]
            wanted: dict[str, Any] = {
                "row_groups": [number for number, _ in groups],
                "columns": [*self.columns.names],
            }
            try:
                for batch in opened.iter_batches(ROWS_AT_ONCE, **wanted):
                    first, last = max(rows.start - position, 0), min(rows.stop - position, len(batch))
                    if last <= 0:
                        break  # what is left of a large row group
                    if first < last:
                        yield self._decoded(batch.slice(first, last - first), file, position + first)
                    position += len(batch)
            except (pa.ArrowException, OSError) as error:
                raise _broken(file) from error

    def _decoded(self, batch: pa.RecordBatch, file: Path, first: int) -> NDArray[Any]:
        # pyarrow makes nulls NaN, and integers with nulls floats.
        if not self.columns.holds_lists:
            return np.column_stack([column.to_numpy(zero_copy_only=False) for column in batch.columns])
        vectors = batch.column(0)
        lengths = pc.fill_null(pc.list_value_length(vectors), 0).to_numpy()
        others = np.flatnonzero(lengths != self.n_features)
        if others.size:
            raise EmbeddingsFileError(
                f"{file}: row {first + others[0]} (counted from 0) has {lengths[others[0]]} values instead "
                f"of {self.n_features}; leave the row out.",
                code="other_length",
            )
        values: NDArray[Any] = vectors.flatten().to_numpy(zero_copy_only=False)
        return values.reshape(-1, self.n_features)


def open_parquet(path: Path, features: str | None = None) -> ParquetArray:
    """Read the footers of a file, or of all `.parquet` files of a folder in order of their names.

    Parameters
    ----------
    path : Path
    features : str, optional
        The column with whole vectors, or the prefix of the feature columns.

    Returns
    -------
    ParquetArray

    Raises
    ------
    EmbeddingsFileError
        If there is no file or no row, a file is broken, or its columns hold no embeddings or are not those
        of the first file.
    """
    files = tuple(sorted(path.glob("*.parquet"))) if path.is_dir() else (path,)
    if not files:
        raise EmbeddingsFileError(
            f"{path}: the folder holds neither .parquet files nor a Zarr array; check the path.",
            code="no_files",
        )
    found, counts = [], []
    for file in files:
        with _opened(file) as opened:
            found.append(find_columns(file, opened.schema_arrow, features))
            counts.append(opened.metadata.num_rows)
        if found[-1] != found[0]:
            raise EmbeddingsFileError(
                f"{file}: its feature columns differ from those of {files[0].name}; write it anew.",
                code="other_columns",
            )
    if not any(counts):
        raise EmbeddingsFileError(f"{path}: it has no rows; write it again.", code="no_rows")
    n_features = _count_features(files[int(np.flatnonzero(counts)[0])], found[0])
    return ParquetArray(files, tuple(accumulate(counts, initial=0)), found[0], n_features)


def find_columns(path: Path, schema: pa.Schema, features: str | None) -> FeatureColumns:
    """Find the embeddings; other columns do not matter, unlike in a labelled data set.

    Parameters
    ----------
    path : Path
        For the sentence.
    schema : pyarrow.Schema
    features : str or None
        The column with whole vectors, or the prefix of the feature columns; None means `embedding`, or the
        prefix that most of the numbered columns share.

    Returns
    -------
    FeatureColumns

    Raises
    ------
    EmbeddingsFileError
        If there are none, a number is missing, or a column holds something else than numbers.
    """
    lists = {field.name for field in schema if is_list(field.type)}
    whole = TABLE.vectors if features is None else features
    names = (whole,) if whole in lists else _numbered(path, schema, features)
    kinds = [schema.field(name).type for name in names]
    values = [kind.value_type if is_list(kind) else kind for kind in kinds]
    for name, value in zip(names, values, strict=True):
        if not (pa.types.is_floating(value) or pa.types.is_integer(value)):
            raise EmbeddingsFileError(
                f"{path}: its column {quote(name)} holds {schema.field(name).type}; save features as floats.",
                code="not_numbers",
            )
    return FeatureColumns(
        names, whole in lists, np.result_type(*(value.to_pandas_dtype() for value in values))
    )


def _numbered(path: Path, schema: pa.Schema, features: str | None) -> tuple[str, ...]:
    prefix = usual_prefix(schema.names) if features is None else features
    names = [name for name in schema.names if is_feature(name, prefix)]
    if not names:
        named = "e" if features is None else features
        raise EmbeddingsFileError(
            f"{path}: there are no feature columns, such as {named}0 and {named}1; name their prefix, "
            "or the column of the vectors, with features=.",
            code="no_features",
            parameter="features",
        )
    try:
        return in_order(names, prefix)
    except EmbeddingsFileError as error:
        raise EmbeddingsFileError(f"{path}: {error}.", code=error.code or "unordered_features") from error


def _count_features(file: Path, columns: FeatureColumns) -> int:
    """Return the length of a file's first vector."""
    if not columns.holds_lists:
        return len(columns.names)
    with _opened(file) as opened:
        first = next(opened.iter_batches(batch_size=1, columns=[*columns.names]))
    length = pc.list_value_length(first.column(0))[0].as_py()
    if not length:
        raise EmbeddingsFileError(
            f"{file}: row 0 (counted from 0) has no vector; leave the row out.", code="no_vector"
        )
    return int(length)


def _opened(file: Path) -> parquet.ParquetFile:
    try:
        return parquet.ParquetFile(file, page_checksum_verification=True)
    except pa.ArrowException as error:
        raise _broken(file) from error


def _broken(file: Path) -> EmbeddingsFileError:
    return EmbeddingsFileError(
        f"{file}: its Parquet data are broken or were cut short; write it again.", code="broken_file"
    )
