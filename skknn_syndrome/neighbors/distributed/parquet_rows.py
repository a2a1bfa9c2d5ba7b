"""Consecutive rows of one Parquet file, decoded piece by piece."""

from collections.abc import Iterator
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from pyarrow import parquet

from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.neighbors.distributed.parquet_columns import FeatureColumns

ROWS_AT_ONCE = 8192
"""Rows decoded at a time: writers make row groups of up to a million rows, far larger than a block."""


def open_parquet(file: Path) -> parquet.ParquetFile:
    """Read a file's footer.

    Raises
    ------
    EmbeddingsFileError
        If it is broken.
    """
    try:
        return parquet.ParquetFile(file, page_checksum_verification=True)
    except pa.ArrowException as error:
        raise _broken(file) from error


def count_features(file: Path, columns: FeatureColumns) -> int:
    """Return the length of a file's first vector."""
    if not columns.holds_lists:
        return len(columns.names)
    with open_parquet(file) as opened:
        first = next(opened.iter_batches(batch_size=1, columns=[*columns.names]))
    length = pc.list_value_length(first.column(0))[0].as_py()
    if not length:
        raise EmbeddingsFileError(f"{file}: row 0 (counted from 0) has no vector; leave the row out.")
    return int(length)


def iterate_rows(file: Path, rows: range, columns: FeatureColumns, n_features: int) -> Iterator[NDArray[Any]]:
    """Yield consecutive rows of a file, some thousands at a time.

    Parameters
    ----------
    file : Path
    rows : range
        Step 1, not empty, counted from the file's first row.
    columns : FeatureColumns
    n_features : int
        Length that each vector must have.

    Yields
    ------
    ndarray of shape (n, n_features)
        Missing values are NaN.

    Raises
    ------
    EmbeddingsFileError
        If the file is broken, or a vector is missing or has another length.
    """
    with open_parquet(file) as opened:
        counts = [opened.metadata.row_group(number).num_rows for number in range(opened.num_row_groups)]
        starts = [*accumulate(counts, initial=0)]
        groups = [
            n for n, (start, end) in enumerate(pairwise(starts)) if start < rows.stop and end > rows.start
        ]
        position = starts[groups[0]]
        try:
            for batch in opened.iter_batches(ROWS_AT_ONCE, row_groups=groups, columns=[*columns.names]):
                first, last = max(rows.start - position, 0), min(rows.stop - position, len(batch))
                if last <= 0:
                    break  # what is left of a large row group
                if first < last:
                    yield _decoded(
                        batch.slice(first, last - first), columns, n_features, (file, position + first)
                    )
                position += len(batch)
        except (pa.ArrowException, OSError) as error:
            raise _broken(file) from error


def _decoded(
    batch: pa.RecordBatch, columns: FeatureColumns, n_features: int, place: tuple[Path, int]
) -> NDArray[Any]:
    # pyarrow makes nulls NaN, and integers with nulls floats.
    if not columns.holds_lists:
        return np.column_stack([batch.column(name).to_numpy(zero_copy_only=False) for name in columns.names])
    vectors = batch.column(0)
    lengths = pc.fill_null(pc.list_value_length(vectors), 0).to_numpy()
    others = np.flatnonzero(lengths != n_features)
    if others.size:
        file, first = place
        raise EmbeddingsFileError(
            f"{file}: row {first + others[0]} (counted from 0) has {lengths[others[0]]} values instead of "
            f"{n_features}; leave the row out."
        )
    values: NDArray[Any] = vectors.flatten().to_numpy(zero_copy_only=False)
    return values.reshape(-1, n_features)


def _broken(file: Path) -> EmbeddingsFileError:
    return EmbeddingsFileError(f"{file}: its Parquet data are broken or were cut short; write it again.")
