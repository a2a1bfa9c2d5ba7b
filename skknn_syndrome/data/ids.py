"""What may be the id of a syndrome, a subject or an image."""

import math
import re
from collections.abc import Sequence
from typing import Literal, TypeAlias

import numpy as np

from skknn_syndrome._limits import MAX_EXACT_FLOAT
from skknn_syndrome.results.audit import RefusalReason

IdKind: TypeAlias = Literal["syndrome", "subject", "image"]

MAX_ID_LENGTH = 1000
"""Characters an id may have: ids live in arrays of fixed width, where the longest sets the size of all."""
_MAX_SHOWN_LENGTH = 100
_WHOLE_FLOAT_TEXT = re.compile(r"(0|-?[1-9][0-9]{0,15})\.0")


class RefusalError(Exception):
    """One row is refused; caught where rows are judged, and never seen outside.

    Parameters
    ----------
    reason : RefusalReason
        The kind of fault.
    detail : str
        What is wrong, without a word from the file's cells or ids, so that it may be shown to anyone.
    """

    def __init__(self, reason: RefusalReason, detail: str) -> None:
        super().__init__(detail)
        self.reason: RefusalReason = reason
        self.detail = detail


def read_id(value: object, kind: IdKind) -> str:
    """Return an id as text, exactly as written.

    Parameters
    ----------
    value : object
        A string or an integer (Python's or NumPy's).
    kind : {"syndrome", "subject", "image"}
        What it is the id of, for the sentence.

    Returns
    -------
    str
        The id; an integer in decimal digits.

    Raises
    ------
    RefusalError
        `empty_id` for None, NaN and nothing but white space; `invalid_id` for anything but text and integers,
        for NUL characters (NumPy drops them at the end of a string), lone surrogates (no file can hold them)
        and more than 1,000 characters.

    Examples
    --------
    >>> read_id("007", "image"), read_id(7, "image")
    ('007', '7')
    """
    if isinstance(value, (int, np.integer)) and not isinstance(value, bool):
        return str(int(value))
    if _is_missing(value):
        raise RefusalError("empty_id", f"its {kind} id is empty")
    if not isinstance(value, str):
        raise RefusalError("invalid_id", f"its {kind} id is a {type(value).__name__}")
    fault = _fault_of(value)
    if fault is not None:
        raise RefusalError("invalid_id", f"its {kind} id {fault}")
    return str(value)


def _fault_of(text: str) -> str | None:
    if len(text) > MAX_ID_LENGTH:
        return f"has {len(text):,} characters"
    if "\0" in text:
        return "holds a NUL character"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "is not valid Unicode"
    return None


def plain_ids(column: Sequence[object]) -> list[object]:
    """Return a column of ids with whole numbers that were stored as floats as the text of an integer.

    pandas turns a column of integers into floats as soon as one value is missing; so 939 becomes 939.0 in
    Parquet, and "939.0" in CSV.

    Parameters
    ----------
    column : sequence of object
        All values of one column of ids. None, NaN and blank text are missing.

    Returns
    -------
    list of object
        Integers as text and None for NaN, if each value that is there is a whole number as a float, or text
        of the form "939.0". Otherwise the values as they are: one other value, such as "12" beside "12.0",
        shows that the text was not written from floats. Floats beyond 2**53 are not exact and count as other
        values.

    Examples
    --------
    >>> plain_ids([939.0, float("nan")]), plain_ids(["939.0", ""]), plain_ids(["12", "12.0"])
    (['939', None], ['939', ''], ['12', '12.0'])
    """
    plain = [_plain_id(value) for value in column]
    if any(text is None and not _is_missing(value) for text, value in zip(plain, column, strict=True)):
        return list(column)
    return [
        text if text is not None else value if isinstance(value, str) else None
        for text, value in zip(plain, column, strict=True)
    ]


def _plain_id(value: object) -> str | None:
    """Return a whole number that was stored as a float as the text of an integer, None for all else."""
    if isinstance(value, str):
        match = _WHOLE_FLOAT_TEXT.fullmatch(value)
        return match[1] if match else None
    number = float(value) if isinstance(value, (float, np.floating)) else math.nan
    return str(int(number)) if abs(number) <= MAX_EXACT_FLOAT and number.is_integer() else None


def _is_missing(value: object) -> bool:
    if isinstance(value, str):
        return not value or value.isspace()
    return value is None or (isinstance(value, (float, np.floating)) and bool(np.isnan(value)))


def show_id(value: object) -> str | None:
    """Return an id of whatever kind as text that any file can hold; what is no valid id is shortened.

    Examples
    --------
    >>> show_id("007"), show_id(1.5), show_id(None)
    ('007', '1.5', None)
    """
    if value is None:
        return None
    try:
        return read_id(value, "image")
    except RefusalError:
        text = value[:_MAX_SHOWN_LENGTH] if isinstance(value, str) else repr(value)[:_MAX_SHOWN_LENGTH]
        return text.replace("\0", "\\x00").encode("utf-8", "backslashreplace").decode("utf-8")
