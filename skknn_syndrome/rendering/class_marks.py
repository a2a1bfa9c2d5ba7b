"""Marks around names of classes that a template inserts, which tell them from words of its own."""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

BEGIN, END = "\ue000", "\ue001"
"""For private use: no text of a result has one, for what is not printable is replaced."""
_NAMES: ContextVar[Collection[str]] = ContextVar("names", default=frozenset())


@contextmanager
def marking(names: Collection[str]) -> Iterator[None]:
    """Mark some names where they are inserted, until the end of the block."""
    token = _NAMES.set(frozenset(names))
    try:
        yield
    finally:
        _NAMES.reset(token)


def marked(value: str, shown: str) -> str:
    """Return what is shown of a value, between marks if that is one of the names.

    Examples
    --------
    >>> with marking(["Control"]):
    ...     marked("Control", "Control") == f"{BEGIN}Control{END}", marked("a Control", "a Control")
    (True, 'a Control')
    """
    return f"{BEGIN}{shown}{END}" if value in _NAMES.get() else shown


def unmarked(text: str) -> str:
    """Return a text without marks."""
    return text.replace(BEGIN, "").replace(END, "")
