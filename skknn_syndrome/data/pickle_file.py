"""Nested dictionaries in a pickle, read without running it."""

from collections.abc import Mapping

from skknn_syndrome.data.flattening import flatten_nested
from skknn_syndrome.data.rows import RawTable
from skknn_syndrome.data.unpickling import read_pickle
from skknn_syndrome.errors import EmbeddingsFileError


def read_pickle_table(content: bytes, columns: Mapping[str, str] | None) -> RawTable:
    """Read `{syndrome: {subject: {image: vector}}}`.

    Parameters
    ----------
    content : bytes
        The whole file.
    columns : mapping of str to str or None
        Must be empty: a pickle has no columns.

    Returns
    -------
    RawTable
        In the dictionaries' order.

    Raises
    ------
    UnsafePickleError
        If the pickle holds more than plain data, or is broken.
    EmbeddingsFileError
        If `columns` are given; and from the rows, if a level is not a dictionary that holds something.
    """
    if columns:
        raise EmbeddingsFileError("a pickle has no columns to name; leave columns out")
    return RawTable(flatten_nested(read_pickle(content)))
