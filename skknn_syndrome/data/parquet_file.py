"""Parquet tables, with whole vectors in one column or one value per column."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice

import numpy as np
import pyarrow as pa

from skknn_syndrome.data.column_layout import TABLE, Layout
from skknn_syndrome.data.column_names import names_images
from skknn_syndrome.data.columns import find_layout
from skknn_syndrome.data.covariates import with_saved
from skknn_syndrome.data.embedded_rows import read_embedder, with_notes
from skknn_syndrome.data.feature_columns import not_numbered
from skknn_syndrome.data.parquet_source import ParquetSource
from skknn_syndrome.data.parquet_types import (
    check_types,
    column_names,
    decoded,
    is_id,
    is_image,
    is_list,
    is_text,
    whole_numbers,
)
from skknn_syndrome.data.rows import (
    AUGMENTED_FROM,
    COVARIATES_KEY,
    EMBEDDER_KEY,
    IMAGE_FAULT,
    LABEL_PREFIX_KEY,
    SIMULATED_NAME,
    RawTable,
    read_simulated_name,
)
from skknn_syndrome.data.subject_columns import ColumnValues
from skknn_syndrome.data.vectors import is_text_vector, read_text_vector
from skknn_syndrome.errors import EmbeddingsFileError

_PEEKED = 100
"""Rows that tell which columns of text hold vectors: the first cells may be blank."""


def read_parquet_table(
    content: bytes, columns: Mapping[str, str] | None, covariates: Sequence[str] = ()
) -> RawTable:
    """Read a column `embedding` of lists, also as text, or numbered feature columns, beside the ids.

    Parameters
    ----------
    content : bytes
        The whole file.
    columns : mapping of str to str or None
        Names that differ from `syndrome`, `subject`, `image` (each also with `_id`), and from `embedding`
        or the features' prefix.
    covariates : sequence of str, default=()
        Further columns to be kept; by default those that `save_embeddings` has written.

    Returns
    -------
    RawTable
        Nulls stay as None. The index that pandas adds to a table is left unread. Whole numbers stored as
        floats are integers. Pictures are named by their paths; if none has one, images are not named.

    Raises
    ------
    EmbeddingsFileError
        If the file is broken or claims more than is read; if a column is missing, is not understood, or has a
        type or values that can't be what they should.
    """
    source = ParquetSource(content)
    schema = source.schema
    embedder = read_embedder((schema.metadata or {}).get(EMBEDDER_KEY.encode()))
    given = _with_saved_labels(columns or {}, schema.metadata or {})
    if embedder is not None:  # further columns are what is known of the images, and no oversight
        given = {"features": "embedding", **given}
    texts = _text_vectors(source, given.get("features"))
    vectors = [field.name for field in schema if is_list(field.type)] + texts
    # Views stay views where another program wrote the table again, and left out what made it.
    marks = (AUGMENTED_FROM,) if embedder is None else (AUGMENTED_FROM, IMAGE_FAULT)
    noted = [name for name in marks if name in schema.names]
    layout = find_layout(
        [name for name in column_names(schema) if name not in noted],
        given,
        TABLE,
        vectors,
        _id_values(source, {*given.values()}),
        with_saved(covariates, _saved_covariates(schema.metadata or {})),
    )
    check_types(schema, layout, texts)
    parts = (*layout.labels, layout.syndrome, layout.subject, layout.image)
    kept = {column.name for column in layout.covariates}
    ids = source.ids({*noted, *kept, *(name for name in parts if name is not None)})
    for name in {*ids} - {*layout.labels, IMAGE_FAULT, *kept}:
        if _holds_floats(source, name):
            ids[name] = whole_numbers(ids[name], name)
    first = layout.features[0]
    read_vectors = _read_texts(source, first) if first in texts else _read_numbers(source, layout.features)
    table = RawTable.of_columns(
        layout,
        ids,
        read_vectors,
        feature_names=() if first in vectors else layout.features,
        simulated_name=_simulated_name(schema.metadata or {}),
    )
    rows = with_notes(table.rows, ids) if noted else table.rows
    return replace(table, rows=rows, has_images=_has_images(schema, layout, ids), embedder=embedder)


def _text_vectors(source: ParquetSource, given: str | None) -> list[str]:
    """Return the columns of text whose first cell that is not blank is a vector."""
    texts = [field.name for field in source.schema if is_text(field.type)]
    # Where the column of vectors was named, the others are left alone.
    is_named = given in source.schema.names
    looked_at = [name for name in texts if name == given] if is_named else not_numbered(texts)
    return [name for name in looked_at if is_text_vector(_first_text(source, name))]


def _first_text(source: ParquetSource, name: str) -> str:
    cells = (str(text or "") for text in islice(source.texts(name), _PEEKED))
    return next((cell for cell in cells if cell.strip()), "")


def _holds_floats(source: ParquetSource, name: str) -> bool:
    return bool(pa.types.is_floating(decoded(source.schema.field(name).type)))


def _id_values(source: ParquetSource, named: Collection[str]) -> ColumnValues:
    """Return what gives the values of a column, if it can be one of ids.

    Of pictures these are their paths, where the column's name speaks of images or was given: nothing else
    can take its ids from pictures.
    """

    @cache
    def values(name: str) -> list[object] | None:
        kind = source.schema.field(name).type if name in source.schema.names else pa.null()
        if not is_id(kind) and not (is_image(kind) and (names_images(name) or name in named)):
            return None
        found = source.ids([name])[name]
        if not _holds_floats(source, name):
            return found
        try:
            return whole_numbers(found, name)
        except EmbeddingsFileError:
            return None  # measurements have no part, and need not be whole

    return values


def _has_images(schema: pa.Schema, layout: Layout, ids: Mapping[str, Sequence[object]]) -> bool:
    if layout.image is None:
        return False
    # Pictures that were made in memory have no path, none of them. Any other column has to name its images.
    return not is_image(schema.field(layout.image).type) or any(
        path is not None for path in ids[layout.image]
    )


def _read_texts(source: ParquetSource, name: str) -> Iterator[object]:
    for number, text in enumerate(source.texts(name), start=1):
        yield read_text_vector(str(text or ""), f"row {number}")


def _read_numbers(source: ParquetSource, features: tuple[str, ...]) -> Iterator[object]:
    for batch in source.vectors(features):
        first = batch.column(features[0])
        yield from _lists(first) if is_list(first.type) else _flat(batch, features)


def _lists(column: pa.Array) -> Iterator[object]:
    """Yield each list as an array, as a list where it holds nulls, and None where it is null itself."""
    for scalar in column.storage if isinstance(column, pa.ExtensionArray) else column:
        values = scalar.values
        if values is None or values.null_count:
            yield scalar.as_py()
        else:
            yield values.to_numpy()


def _flat(batch: pa.RecordBatch, features: tuple[str, ...]) -> Iterator[object]:
    """Yield each row as an array, or as a list where it holds nulls."""
    columns = [batch.column(name) for name in features]
    matrix = np.column_stack([column.to_numpy(zero_copy_only=False) for column in columns])
    nulls = np.column_stack([column.is_null().to_numpy(zero_copy_only=False) for column in columns])
    for values, missing in zip(matrix, nulls, strict=True):
        # Arrow turns null into NaN, which would hide that nothing was ever there.
        with_gaps = (None if gone else value for value, gone in zip(values, missing, strict=True))
        yield list(with_gaps) if missing.any() else values


def _with_saved_labels(given: Mapping[str, str], metadata: Mapping[bytes, bytes]) -> Mapping[str, str]:
    """Return names with the prefix of labels that `save_embeddings` has written, unless labels were named."""
    prefix = metadata.get(LABEL_PREFIX_KEY.encode())
    if prefix is None or {"labels", "syndrome"} & {*given}:
        return given
    return {**given, "labels": prefix.decode("utf-8", "replace")}


def _saved_covariates(metadata: Mapping[bytes, bytes]) -> list[str]:
    """Return the covariates that `save_embeddings` has written, as they were asked for."""
    text = metadata.get(COVARIATES_KEY.encode(), b"[]")
    try:
        return [str(column) for column in json.loads(text)]
    except (ValueError, TypeError):
        raise EmbeddingsFileError(
            "its note of covariates is broken; name them, or write the file again", code="broken_mark"
        ) from None


def _simulated_name(metadata: Mapping[bytes, bytes]) -> str | None:
    name = metadata.get(SIMULATED_NAME.encode())
    return None if name is None else read_simulated_name(name.decode("utf-8", "replace"))
