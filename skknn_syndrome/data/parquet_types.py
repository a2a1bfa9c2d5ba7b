"""Which Arrow types the columns of a table of embeddings may have."""

import pyarrow as pa

from skknn_syndrome.data.columns import Layout
from skknn_syndrome.errors import EmbeddingsFileError, quote


def is_list(kind: pa.DataType) -> bool:
    """Tell whether a column of this type can hold a whole vector in each row."""
    lists = (pa.types.is_list, pa.types.is_large_list, pa.types.is_fixed_size_list)
    return any(is_kind(kind) for is_kind in lists)


def check_types(schema: pa.Schema, layout: Layout) -> None:
    """Refuse columns whose type can't be that of their part.

    Parameters
    ----------
    schema : pyarrow.Schema
        Of the whole file.
    layout : Layout
        Ids must be text or integers, dictionary-encoded or not; features floats, integers or lists of them.

    Raises
    ------
    EmbeddingsFileError
        That names the column and its type.
    """
    for name in (layout.syndrome, layout.subject, layout.image):
        if name is not None and not is_id(schema.field(name).type):
            raise EmbeddingsFileError(
                f"its column {quote(name)} holds {schema.field(name).type}; save ids as text or integers"
            )
    for name in layout.features:
        kind = schema.field(name).type
        value = kind.value_type if is_list(kind) else kind
        if not (pa.types.is_floating(value) or pa.types.is_integer(value)):
            raise EmbeddingsFileError(f"its column {quote(name)} holds {kind}; save features as floats")


def is_id(kind: pa.DataType) -> bool:
    """Tell whether a column of this type can hold ids."""
    value = kind.value_type if pa.types.is_dictionary(kind) else kind
    ids = (pa.types.is_string, pa.types.is_large_string, pa.types.is_string_view, pa.types.is_integer)
    return any(is_kind(value) for is_kind in ids)
