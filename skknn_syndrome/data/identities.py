"""Ids of syndromes, subjects and images."""

import re
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import Literal, TypeAlias

import numpy as np

from skknn_syndrome.results.audit import RefusalReason

IdKind: TypeAlias = Literal["syndrome", "subject", "image"]

MAX_ID_LENGTH = 1000
"""Characters an id may have: ids live in arrays of fixed width, where the longest sets the size of all."""
_MAX_SHOWN_LENGTH = 100
_WHOLE_FLOAT_TEXT = re.compile(r"(?:0|-?[1-9][0-9]{0,15})\.0")


class RefusalError(Exception):
    """One row is refused; caught where rows are read, and never seen outside.

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
    if is_missing(value):
        raise RefusalError("empty_id", f"its {kind} id is empty")
    if not isinstance(value, str):
        raise RefusalError("invalid_id", f"its {kind} id is a {type(value).__name__}")
    fault = text_fault(value)
    if fault is not None:
        raise RefusalError("invalid_id", f"its {kind} id {fault}")
    return str(value)


def text_fault(text: str) -> str | None:
    """Return what keeps a text out of arrays and files, None where nothing does."""
    if len(text) > MAX_ID_LENGTH:
        return f"has {len(text):,} characters"
    if "\0" in text:
        return "holds a NUL character"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return "is not valid Unicode"
    return None


def plain_ids(column: Sequence[str | None]) -> list[str | None]:
    """Return a column of ids with whole numbers that were written as floats as integers.

    pandas turns a column of integers into floats as soon as one value is missing; so 939 becomes "939.0" in
    CSV.

    Parameters
    ----------
    column : sequence of str or None
        All values of one column of ids. None and blank text are missing.

    Returns
    -------
    list of str or None
        Integers, if each value that is there has the form "939.0". Otherwise the values as they are: one
        other value, such as "12" beside "12.0", shows that the text was not written from floats.

    Examples
    --------
    >>> plain_ids(["939.0", ""]), plain_ids(["12", "12.0"])
    (['939', ''], ['12', '12.0'])
    """
    if all(is_missing(text) or _WHOLE_FLOAT_TEXT.fullmatch(str(text)) for text in dict.fromkeys(column)):
        return [text and text.removesuffix(".0") for text in column]
    return list(column)


def is_missing(value: object) -> bool:
    """Tell whether a cell holds nothing: None, NaN or white space.

    Examples
    --------
    >>> is_missing(" "), is_missing(float("nan")), is_missing(0)
    (True, True, False)
    """
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


_HABIT = 0.5
_SLIP = 0.05


def mostly_repeated(ids: Sequence[Hashable]) -> bool:
    """Tell whether half of the rows at least have an id that comes again: a habit, and not a slip.

    Examples
    --------
    >>> mostly_repeated(["1", "2", "1", "2", "3"]), mostly_repeated(["1", "2", "3", "4", "1"])
    (True, False)
    """
    return bool(ids) and _repeated(ids) >= _HABIT


def ids_by_place(
    images: Sequence[str], subjects: Sequence[str] | None, syndromes: Sequence[str]
) -> list[str] | None:
    """Return image ids that were numbered anew for each subject, or syndrome, with their place before them.

    Parameters
    ----------
    images, subjects, syndromes : sequence of str
        Ids of each row; None for subjects that are not known.

    Returns
    -------
    list of str or None
        None unless most ids come again, and hardly any comes again in the same place.

    Examples
    --------
    >>> ids_by_place(["1", "2", "1"], ["s", "s", "t"], ["a", "a", "a"])
    ['s/1', 's/2', 't/1']
    >>> ids_by_place(["1", "1"], ["s", "s"], ["a", "a"])
    """
    if not mostly_repeated(images):
        return None
    inner = [] if subjects is None else [subjects]
    for place in (inner, [syndromes, *inner]) if inner else ([syndromes],):
        parts = [*zip(*place, images, strict=True)]
        names = ["/".join(part) for part in parts]
        if _repeated(parts) <= _SLIP and len({*names}) == len({*parts}):
            return names if max(map(len, names)) <= MAX_ID_LENGTH else None
    return None


def _repeated(ids: Sequence[Hashable]) -> float:
    return sum(number for number in Counter(ids).values() if number > 1) / len(ids)
