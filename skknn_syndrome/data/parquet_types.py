"""Arrow types of the columns in a table of embeddings, and the ids in them."""

from collections.abc import Collection, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from skknn_syndrome._limits import MAX_EXACT_FLOAT
from skknn_syndrome.data.column_layout import TABLE, Layout
from skknn_syndrome.errors import EmbeddingsFileError, quote

_LISTS = (
    pa.types.is_list,
    pa.types.is_large_list,
    pa.types.is_fixed_size_list,
    pa.types.is_list_view,
    pa.types.is_large_list_view,
)
_TEXTS = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view)
IMAGE_PATH = "path"
"""The field of a picture that says which file it came from."""


def stored(kind: pa.DataType) -> pa.DataType:
    """Return the type that holds the values: a tensor's is a list of them."""
    return kind.storage_type if isinstance(kind, pa.FixedShapeTensorType) else kind


def decoded(kind: pa.DataType) -> pa.DataType:
    """Return the type of the values, where they are encoded by a dictionary."""
    return kind.value_type if pa.types.is_dictionary(kind) else kind


def is_list(kind: pa.DataType) -> bool:
    """Tell whether a column of this type can hold a whole vector in each row."""
    return any(is_kind(stored(kind)) for is_kind in _LISTS)


def is_image(kind: pa.DataType) -> bool:
    """Tell whether a column of this type holds pictures as Hugging Face's data sets do, each with its path.

    Examples
    --------
    >>> is_image(pa.struct({"bytes": pa.binary(), "path": pa.string()})), is_image(pa.string())
    (True, False)
    """
    if not pa.types.is_struct(kind) or kind.get_field_index(IMAGE_PATH) < 0:
        return False
    path = decoded(kind.field(IMAGE_PATH).type)
    return any(is_kind(path) for is_kind in (*_TEXTS, pa.types.is_null))


def leaf_of(name: str, kind: pa.DataType) -> str:
    """Return the dotted name of what is read of a column of ids: of pictures their paths alone."""
    return f"{name}.{IMAGE_PATH}" if is_image(kind) else name


def column_names(schema: pa.Schema) -> list[str]:
    """Return the names of the columns that can have a part.

    Pictures are left out where another column names the images, since they can only do that.
    """
    others = [field.name for field in schema if not is_image(field.type)]
    if any(name in others for name in TABLE.image):
        return others
    return list(schema.names)


def is_text(kind: pa.DataType) -> bool:
    """Tell whether a column of this type holds text, encoded by a dictionary or not."""
    return any(is_kind(decoded(kind)) for is_kind in _TEXTS)


def check_types(schema: pa.Schema, layout: Layout, text_vectors: Collection[str] = ()) -> None:
    """Refuse columns whose type can't be that of their part.

    Parameters
    ----------
    schema : pyarrow.Schema
        Of the whole file.
    layout : Layout
        Ids must be text or whole numbers, dictionary-encoded or not, of images also pictures with a path;
        features floats, integers or lists of them, or tensors with one row for each image.
    text_vectors : collection of str, default=()
        Columns that hold vectors as text.

    Raises
    ------
    EmbeddingsFileError
        That names the column and its type.
    """
    for label in layout.labels:
        held = schema.field(label).type
        if not (is_id(held) or pa.types.is_boolean(held)):
            raise EmbeddingsFileError(
                f"its column {quote(label)} holds {held}; save labels as 0 and 1", code="unsupported_type"
            )
    for name in (None if layout.labels else layout.syndrome, layout.subject, layout.image):
        kind = None if name is None else schema.field(name).type
        if kind is not None and not is_id(kind) and not (name == layout.image and is_image(kind)):
            raise EmbeddingsFileError(
                f"its column {quote(name)} holds {kind}; save ids as text or integers",
                code="unsupported_type",
            )
    for name, _ in layout.covariates:
        held = schema.field(name).type
        if not (is_id(held) or pa.types.is_boolean(held)):
            raise EmbeddingsFileError(
                f"its column {quote(name)} holds {held}; save covariates as text or numbers",
                code="unsupported_type",
            )
    for name in (name for name in layout.features if name not in text_vectors):
        _check_feature(name, schema.field(name).type)


def _check_feature(name: str, kind: pa.DataType) -> None:
    value = stored(kind).value_type if is_list(kind) else kind
    if not (pa.types.is_floating(value) or pa.types.is_integer(value)):
        raise EmbeddingsFileError(
            f"its column {quote(name)} holds {kind}; save features as floats", code="unsupported_type"
        )
    if isinstance(kind, pa.FixedShapeTensorType) and any(length != 1 for length in kind.shape[:-1]):
        raise EmbeddingsFileError(
            f"its column {quote(name)} holds tensors of shape {tuple(kind.shape)}; save one row of numbers "
            "for each image",
            code="wrong_shape",
        )


def is_id(kind: pa.DataType) -> bool:
    """Tell whether a column of this type can hold ids."""
    value = decoded(kind)
    # Integers with a gap become floats in pandas; whether they are whole shows in the values.
    return any(is_kind(value) for is_kind in (*_TEXTS, pa.types.is_integer, pa.types.is_floating))


def array_ids(array: pa.Array) -> list[object]:
    """Return the ids in an array of text, numbers or pictures with their paths; None where one is missing.

    Examples
    --------
    >>> array_ids(pa.array(["a", None, "a"]).dictionary_encode())
    ['a', None, 'a']
    >>> array_ids(pa.array([{"bytes": None, "path": "faces/1.jpg"}]))
    ['faces/1.jpg']
    """
    if pa.types.is_struct(array.type):
        array = pc.struct_field(array, IMAGE_PATH)
    if not pa.types.is_dictionary(array.type):
        return [*array.to_pylist()]
    # A long text that comes again stays one text.
    values = array.dictionary.to_pylist()
    return [None if index is None else values[index] for index in array.indices.to_pylist()]


def whole_numbers(ids: Sequence[object], name: str) -> list[object]:
    """Undo what pandas does to a column of integers as soon as one is missing: it makes floats of them.

    Parameters
    ----------
    ids : sequence of float or None
    name : str
        Of their column, for the sentence.

    Returns
    -------
    list of int or None

    Raises
    ------
    EmbeddingsFileError
        If one is not a whole number, or beyond 2**53 and so not exact.

    Examples
    --------
    >>> whole_numbers([939.0, None, float("nan")], "subject")
    [939, None, None]
    """
    values = np.array(ids, dtype=np.float64)
    missing = np.isnan(values)
    exact = missing | ((values == np.floor(values)) & (np.abs(values) <= MAX_EXACT_FLOAT))
    if not exact.all():
        raise EmbeddingsFileError(
            f"its column {quote(name)} holds numbers that are not whole, first in row {exact.argmin() + 1}; "
            "save ids as text or integers",
            code="not_whole",
        )
    return [None if gone else int(value) for value, gone in zip(values, missing, strict=True)]
