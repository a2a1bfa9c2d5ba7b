"""Texts of a result by the fields that hold them: read, or changed throughout."""

from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Annotated, Final, Literal, TypeAlias, TypeVar, get_args, get_origin

from skknn_syndrome.results.base import Result

Kind = TypeVar("Kind", bound=Result)

Change: TypeAlias = Callable[[str, str], str]
"""Of a text, from the name of its field and the text itself."""

LABELS = frozenset(
    {
        *("syndrome", "syndromes", "label", "names", "predicted", "most_likely", "misclassified_as"),
        *("absent_from_train", "absent_from_test", "largest_set", "positive_class", "subject_syndromes"),
        *("only_data", "only_reference", "near_misses", "only_development", "only_test", "mostly", "lies_in"),
    }
)
"""Fields that hold labels of classes, and others beside them."""
SUBJECTS = frozenset({"subject", "subjects"})
"""Fields that hold ids of subjects."""
_WITHOUT_TEXT: Final = frozenset({int, float, bool, type(None), ...})
"""What annotations of numbers are made of."""
IMAGES = frozenset({"image", "images", "unmatched"})
"""Fields that hold ids of images."""
SENTENCES = frozenset({"message"})
"""Fields that hold sentences, which may quote labels and ids."""


def texts_of(found: object, field: str = "") -> Iterator[tuple[str, str]]:
    """Yield each text of a result with the field that holds it; mappings hold none, nor do literal choices.

    Examples
    --------
    >>> from skknn_syndrome.results.near_duplicates import NearDuplicate
    >>> pair = NearDuplicate(images=("i", "j"), subjects=("s", "t"), syndromes=("a", "a"), cosine=0.97)
    >>> [text for name, text in texts_of(pair) if name in SUBJECTS]
    ['s', 't']
    """
    if isinstance(found, str):
        yield field, found
    elif isinstance(found, Result):
        for name in _fields(type(found)):
            yield from texts_of(getattr(found, name), name)
    elif isinstance(found, tuple) and not _has_numbers(found):
        for entry in found:
            yield from texts_of(entry, field)


def with_texts(found: Kind, change: Change) -> Kind:
    """Return a result with its texts changed, validated anew; the same one where none changes.

    Parameters
    ----------
    found : Result
    change : callable
        From the name of a field and a text of it to another text, or the same.

    Returns
    -------
    Result

    Examples
    --------
    >>> from skknn_syndrome.results.dataset import SyndromeCount
    >>> counted = SyndromeCount(syndrome="a", n_images=3, n_subjects=2)
    >>> with_texts(counted, lambda field, text: f"class {text}" if field in LABELS else text).syndrome
    'class a'
    """
    changed = {
        name: made
        for name in _fields(type(found))
        if (made := _changed(held := getattr(found, name), name, change)) is not held
    }
    return found.revised(**changed) if changed else found


def _changed(value: object, field: str, change: Change) -> object:
    if isinstance(value, str):
        made = change(field, value)
        return value if made == value else made
    if isinstance(value, Result):
        return with_texts(value, change)
    if isinstance(value, tuple) and not _has_numbers(value):
        entries = [_changed(entry, field, change) for entry in value]
        same = all(made is entry for made, entry in zip(entries, value, strict=True))
        return value if same else type(value)(entries)
    return value


@cache
def _fields(kind: type[Result]) -> tuple[str, ...]:
    """Return the fields that may hold texts: most of a large result is numbers."""
    return tuple(name for name, field in kind.model_fields.items() if _may_hold_text(field.annotation))


def _may_hold_text(annotation: object) -> bool:
    if annotation in _WITHOUT_TEXT or get_origin(annotation) in {Literal, Mapping, dict}:
        return False
    inner = get_args(annotation)
    if get_origin(annotation) is Annotated:
        inner = inner[:1]
    return any(map(_may_hold_text, inner)) if inner else True


def _has_numbers(value: tuple[object, ...]) -> bool:
    """Tell whether a tuple is an array of numbers, which may be long and holds no text."""
    return bool(value) and isinstance(value[0], int | float)
