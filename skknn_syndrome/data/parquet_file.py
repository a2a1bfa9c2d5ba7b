"""Parquet tables, with whole vectors in one column or one value per column."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import numpy as np
import pyarrow as pa
from pyarrow import parquet

from skknn_syndrome.data.columns import TABLE, Layout, find_layout
from skknn_syndrome.data.parquet_types import check_types, is_id, is_list
from skknn_syndrome.data.rows import SIMULATED_NAME, RawRow, RawTable, read_simulated_name
from skknn_syndrome.data.unread_columns import ColumnValues
from skknn_syndrome.errors import EmbeddingsFileError

MAX_VALUES = 2**29
"""Values that one file may declare: 4 GiB as float64. Repeated values take next to no room in a file."""


def read_parquet_table(content: bytes, columns: Mapping[str, str] | None) -> RawTable:
    """Read a column `embedding` of lists, or numbered feature columns, beside the ids.

    Parameters
    ----------
    content : bytes
        The whole file.
    columns : mapping of str to str or None
        Names that differ from `syndrome`, `subject`, `image` (each also with `_id`), and from `embedding`
        or the features' prefix.

    Returns
    -------
    RawTable
        Nulls stay as None. The index that pandas adds to a table is left unread.

    Raises
    ------
    EmbeddingsFileError
        If the file is broken or declares more than 2**29 values; if a column is missing, is not understood,
        or has a type that can't be what it should.
    """
    schema = _opened(content).schema_arrow
    lists = [field.name for field in schema if is_list(field.type)]
    layout = find_layout(schema.names, columns, TABLE, lists, _id_values(content, schema))
    check_types(schema, layout)
    table = _read(content, layout)
    return RawTable(
        rows=_rows(table, layout),
        has_subjects=layout.subject is not None,
        has_images=layout.image is not None,
        feature_names=() if is_list(schema.field(layout.features[0]).type) else layout.features,
        layout=layout,
        simulated_name=_simulated_name(schema.metadata or {}),
    )


def _id_values(content: bytes, schema: pa.Schema) -> ColumnValues:
    """Return what gives the values of a column, if it can be one of ids."""

    @cache
    def values(name: str) -> list[object] | None:
        if name not in schema.names or not is_id(schema.field(name).type):
            return None
        file = _opened(content, [name])
        _check_size(file.metadata, 1)
        return [*_ids(_checked(file, [name]).column(name))]

    return values


def _opened(content: bytes, texts: Sequence[str] = ()) -> parquet.ParquetFile:
    try:
        return parquet.ParquetFile(
            pa.BufferReader(content), read_dictionary=texts, page_checksum_verification=True
        )
    except Exception as error:
        raise EmbeddingsFileError("its Parquet data are broken or were cut short; write it again") from error


def _read(content: bytes, layout: Layout) -> pa.Table:
    ids = [name for name in (layout.syndrome, layout.subject, layout.image) if name is not None]
    # Read as a dictionary, a long text in every row stays one text in memory.
    file = _opened(content, ids)
    first = file.schema_arrow.field(layout.features[0]).type
    is_fixed = pa.types.is_fixed_size_list(first)
    _check_size(file.metadata, first.list_size if is_fixed else len(layout.features))
    return _checked(file, [*dict.fromkeys([*ids, *layout.features])])


def _checked(file: parquet.ParquetFile, names: Sequence[str]) -> pa.Table:
    try:
        table = file.read(columns=names, use_threads=False)
        table.validate(full=True)
    except Exception as error:
        raise EmbeddingsFileError("its Parquet data are broken; write it again") from error
    return table


def _check_size(metadata: parquet.FileMetaData, width: int) -> None:
    # The footer's account of single columns is left alone: where it is broken, pyarrow ends the process.
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    n_values = width * sum(group.num_rows for group in groups)
    if n_values > MAX_VALUES or sum(group.total_byte_size for group in groups) > 8 * MAX_VALUES:
        raise EmbeddingsFileError(f"it declares more than {MAX_VALUES:,} values; split the file")


def _rows(table: pa.Table, layout: Layout) -> Iterator[RawRow]:
    nothing = [None] * table.num_rows
    syndromes = _ids(table.column(layout.syndrome))
    subjects = nothing if layout.subject is None else _ids(table.column(layout.subject))
    images = nothing if layout.image is None else _ids(table.column(layout.image))
    first = table.column(layout.features[0])
    vectors = _lists(first) if is_list(first.type) else _flat(table, layout.features)
    for syndrome, subject, image, vector in zip(syndromes, subjects, images, vectors, strict=True):
        yield RawRow(syndrome, subject, image, vector)


def _ids(column: pa.ChunkedArray) -> Iterator[object]:
    for chunk in column.chunks:
        if pa.types.is_dictionary(chunk.type):
            values = chunk.dictionary.to_pylist()
            yield from (None if index is None else values[index] for index in chunk.indices.to_pylist())
        else:
            yield from chunk.to_pylist()


def _lists(column: pa.ChunkedArray) -> Iterator[object]:
    """Yield each list as an array, as a list where it holds nulls, and None where it is null itself."""
    for scalar in column:
        values = scalar.values
        if values is None or values.null_count:
            yield scalar.as_py()
        else:
            yield values.to_numpy()


def _flat(table: pa.Table, features: tuple[str, ...]) -> Iterator[object]:
    """Yield each row as an array, or as a list where it holds nulls."""
    matrix = np.column_stack([table.column(name).to_numpy() for name in features])
    nulls = np.column_stack([table.column(name).is_null().to_numpy() for name in features])
    for values, missing in zip(matrix, nulls, strict=True):
        # Arrow turns null into NaN, which would hide that nothing was ever there.
        with_gaps = (None if gone else value for value, gone in zip(values, missing, strict=True))
        yield list(with_gaps) if missing.any() else values


def _simulated_name(metadata: Mapping[bytes, bytes]) -> str | None:
    name = metadata.get(SIMULATED_NAME.encode())
    return None if name is None else read_simulated_name(name.decode("utf-8", "replace"))
