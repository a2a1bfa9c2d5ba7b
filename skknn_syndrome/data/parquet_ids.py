"""The ids in a Parquet table, from the types in which others write them."""

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from skknn_syndrome._limits import MAX_EXACT_FLOAT
from skknn_syndrome.data.parquet_types import IMAGE_PATH
from skknn_syndrome.errors import EmbeddingsFileError, quote


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
            "save ids as text or integers"
        )
    return [None if gone else int(value) for value, gone in zip(values, missing, strict=True)]
