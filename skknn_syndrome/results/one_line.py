"""Representations of objects that fit on one line."""

import reprlib
from collections.abc import Iterable, Mapping
from typing import Final

LONGEST: Final = 200
"""Characters of a representation."""
_LONGEST_TEXT: Final = 60
_LONGEST_PART: Final = 60
_MOST_ENTRIES: Final = 6
"""Of a list that is shown with all its entries."""

_SHORT = reprlib.Repr()
_SHORT.maxstring = _SHORT.maxother = _LONGEST_TEXT


def short_repr(value: object) -> str:
    """Return how a value looks within another one: long texts cut, long lists counted.

    Examples
    --------
    >>> short_repr((1, 2)), short_repr((0.5,) * 1000)
    ('(1, 2)', '<1,000 entries>')
    """
    if isinstance(value, tuple | list | Mapping):
        text = repr(value) if len(value) <= _MOST_ENTRIES else ""
        counted = f"<{len(value):,} {'entry' if len(value) == 1 else 'entries'}>"
        return text if text and len(text) <= _LONGEST_PART else counted
    if isinstance(value, str | int | float | None):
        return _SHORT.repr(value)
    text = repr(value)
    return text if len(text) <= _LONGEST_PART else f"<{type(value).__name__}>"


def call_repr(name: str, parts: Iterable[tuple[str, object]], *, longest: int = LONGEST) -> str:
    """Return how an object would be made, short: what is too much is left out at the end.

    Examples
    --------
    >>> call_repr("Point", [("x", 1), ("y", 2)])
    'Point(x=1, y=2)'
    >>> call_repr("Point", [("x", 1), ("y", 2)], longest=16)
    'Point(x=1, ...)'
    """
    said: list[str] = []
    shown = [f"{key}={short_repr(value)}" for key, value in parts]
    for part in shown:
        if len(f"{name}({', '.join([*said, part, '...'])})") > longest and len(said) + 1 < len(shown):
            return f"{name}({', '.join([*said, '...'])})"
        said.append(part)
    return cut(f"{name}({', '.join(said)})", longest)


def cut(text: str, longest: int = LONGEST) -> str:
    """Return a text with dots in its middle, where it is too long.

    Examples
    --------
    >>> cut("Study('a very long name')", 16)
    "Study('...name')"
    """
    if len(text) <= longest:
        return text
    half = (longest - 3) // 2
    return f"{text[: longest - 3 - half]}...{text[-half:]}"
