"""One language: its translations, the plural that a number takes, and the forms of nouns."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

Forms: TypeAlias = Mapping[str, str]
"""A noun: its forms by number and case, such as ``"other dative"``, and its ``"gender"``."""

NUMBERS = ("zero", "one", "two", "few", "many", "other")
"""Names of grammatical numbers in CLDR."""
GENDER = "gender"

_ROLE = r"(?P<role>[Cc]lass|[Ss]ubject|[Ii]mage)"
_SLOT = re.compile(rf"\{{{_ROLE}(?:(?P<choices> +\w+:[^{{}}|]*(?:\|[^{{}}|]*)*)|(?P<form>(?: +\w+)*))\}}")
"""Where a translation has a noun of the data, or what agrees with its gender."""


@dataclass(frozen=True)
class Language:
    """What a catalogue says, and what CLDR says of its language."""

    code: str
    texts: Mapping[tuple[str, str], tuple[str, ...]] = field(default_factory=dict)
    """Translations by context ("" for none) and English text: one, or a form for each plural."""
    nouns: Mapping[str, Forms] = field(default_factory=dict)
    """By the English noun."""
    plural: Callable[[int], int] = lambda number: int(number != 1)
    """Which of the forms of a text goes with a number."""
    number_name: Callable[[int], str] = lambda number: "one" if number == 1 else "other"
    """The name in CLDR of the grammatical number."""
    decimal: str = "."
    group: str = ","


ENGLISH = Language("en")
"""That in which all text is written: it needs no catalogue."""


def form_of(forms: Forms, wanted: str) -> str:
    """Return a form of a noun; where it has none of that case, that of the number alone.

    Examples
    --------
    >>> forms = {"one": "Bild", "other": "Bilder", "dative other": "Bildern", "genitive": "Bildes"}
    >>> [form_of(forms, wanted) for wanted in ("other dative", "other genitive", "genitive", "dative", "")]
    ['Bildern', 'Bilder', 'Bildes', 'Bild', 'Bild']
    """
    by_words = {_words(name): text for name, text in forms.items()}
    words = _words(wanted)
    number = words & set(NUMBERS)
    return by_words.get(words) or by_words.get(number) or forms.get("other") or forms["one"]


def _words(form: str) -> frozenset[str]:
    """Return what tells a form from others; it is that for one where it names no number."""
    words = frozenset(form.split())
    return words if words & set(NUMBERS) else words | {"one"}


def with_nouns(text: str, nouns: Mapping[str, Forms]) -> str:
    """Return a translation with the nouns of the data, and with what agrees with their gender.

    Parameters
    ----------
    text : str
        With slots such as ``{class other dative}``, ``{Class}`` for a first letter that is large, and
        ``{class feminine: die | masculine: der | neuter: das}``.
    nouns : mapping of str to Forms
        Of ``"class"``, ``"subject"`` and ``"image"``.

    Examples
    --------
    >>> nouns = {"class": {"one": "Art", "other": "Arten", "gender": "feminine"}}
    >>> with_nouns("{class feminine: die richtige | neuter: das richtige} {class} von 3 {class other}", nouns)
    'die richtige Art von 3 Arten'
    """

    def put(found: re.Match[str]) -> str:
        forms = nouns[found["role"].lower()]
        said = _agreeing(found["choices"], forms) if found["choices"] else form_of(forms, found["form"])
        return said[:1].upper() + said[1:] if found["role"][0].isupper() else said

    return _SLOT.sub(put, text)


def _agreeing(choices: str, forms: Forms) -> str:
    given = dict(choice.strip().split(":", 1) for choice in choices.split("|"))
    return given.get(forms.get(GENDER, ""), [*given.values()][-1]).strip()


def asks_for_gender(language: Language) -> bool:
    """Tell whether a text of a language depends on the gender of a noun."""
    return any(
        found["choices"]
        for forms in language.texts.values()
        for text in forms
        for found in _SLOT.finditer(text)
    )


_FORM = re.compile(r"\s*([\w ]+?)\s*:\s*([^;:]+?)\s*")


def read_forms(text: str) -> Forms:
    """Return the forms of a noun from the line that a catalogue has for it.

    Raises
    ------
    ValueError
        It is none, or lacks the form for one.

    Examples
    --------
    >>> dict(read_forms("one: Bild; other: Bilder; dative other: Bildern; gender: neuter"))
    {'one': 'Bild', 'other': 'Bilder', 'dative other': 'Bildern', 'gender': 'neuter'}
    """
    found = [_FORM.fullmatch(part) for part in text.split(";") if part.strip()]
    forms = {entry[1]: entry[2] for entry in found if entry is not None}
    if None in found or "one" not in forms:
        message = f"{text!r} is no noun: write one as in 'one: Bild; other: Bilder; gender: neuter'"
        raise ValueError(message)
    return MappingProxyType(forms)
