"""Pickled nested dictionaries of embeddings."""

from collections.abc import Iterator, Mapping, Sequence

from skknn_syndrome.data.column_layout import UNLABELLED
from skknn_syndrome.data.identities import IdKind, show_id
from skknn_syndrome.data.rows import RawRow, RawTable
from skknn_syndrome.data.safe_pickle import read_pickle
from skknn_syndrome.errors import Argument, EmbeddingsFileError, quote


def flatten_nested(nested: object) -> Iterator[RawRow]:
    """Walk through `{syndrome: {subject: {image: vector}}}` in its own order.

    Parameters
    ----------
    nested : object
        What was read from a pickle; nothing of it is trusted.

    Yields
    ------
    RawRow
        One per image, not validated yet.

    Raises
    ------
    EmbeddingsFileError
        If a level is not a dictionary, is empty, or has the integer 1 and the text "1" for ids of subjects or
        syndromes.

    Examples
    --------
    >>> [(row.image, row.vector) for row in flatten_nested({"a": {"s": {"i": [1.0], "j": None}}})]
    [('i', [1.0]), ('j', None)]
    """
    for syndrome, subjects in _level(nested, "syndrome", "the file"):
        under_syndrome = f"syndrome {quote(show_id(syndrome))}"
        for subject, images in _level(subjects, "subject", under_syndrome):
            under_subject = f"{under_syndrome}, subject {quote(show_id(subject))}"
            for image, vector in _level(images, "image", under_subject):
                yield RawRow(syndrome, subject, image, vector)


def _level(value: object, kind: IdKind, place: str) -> Iterator[tuple[object, object]]:
    if not isinstance(value, dict):
        raise EmbeddingsFileError(
            f"{place} holds a {type(value).__name__} where a dictionary of {kind}s should be; "
            "the shape is {syndrome: {subject: {image: vector}}}",
            code="not_nested",
        )
    if not value:
        raise EmbeddingsFileError(f"{place} holds no {kind}s; leave it out or fill it in", code="empty_level")
    for key in value:
        # Images come under the rule for duplicates instead, which holds for the whole file.
        if kind != "image" and isinstance(key, int) and show_id(key) in value:
            raise EmbeddingsFileError(
                f"{place} holds the {kind} id {show_id(key)} as an integer and as text; rename one",
                code="ambiguous_id",
            )
    yield from value.items()


def read_pickle_table(
    content: bytes, columns: Mapping[str, str] | None, covariates: Sequence[str] = ()
) -> RawTable:
    """Read `{syndrome: {subject: {image: vector}}}`.

    Parameters
    ----------
    content : bytes
        The whole file.
    columns : mapping of str to str or None
        Must be empty: a pickle has no columns.
    covariates : sequence of str, default=()
        Likewise.

    Returns
    -------
    RawTable
        In the dictionaries' order.

    Raises
    ------
    UnsafePickleError
        If the pickle holds more than plain data, or is broken.
    EmbeddingsFileError
        If `columns` or `covariates` are given; and from the rows, if a level is not a dictionary that holds
        something.
    """
    if any(name != UNLABELLED for name in (columns or {}).values()):
        raise EmbeddingsFileError(
            "a pickle has no columns to name; leave {columns} out",
            code="no_columns_to_name",
            parameter="columns",
            columns=Argument("columns"),
        )
    if covariates:
        raise EmbeddingsFileError(
            "a pickle has no columns for {covariates}: save its rows as a table (CSV, Parquet or npz) with a "
            "column for each",
            code="no_columns_to_name",
            parameter="covariates",
            covariates=Argument("covariates"),
        )
    return RawTable(flatten_nested(read_pickle(content)))
