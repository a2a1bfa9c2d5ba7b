"""What is said in the language of a page: texts, counted nouns, numbers and days."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import date

from skknn_syndrome.languages.catalogue import load_language
from skknn_syndrome.languages.language import ENGLISH, Forms, Language, form_of, with_nouns


@dataclass(frozen=True)
class _Speech:
    language: Language = ENGLISH
    nouns: Mapping[str, Forms] = field(default_factory=dict)


_IN_ENGLISH = _Speech()
_SPEECH: ContextVar[_Speech] = ContextVar("speech", default=_IN_ENGLISH)


@contextmanager
def said_in(code: str, nouns: Mapping[str, Forms] | None = None) -> Iterator[None]:
    """Say everything in a language, in this thread, until the end of the block.

    Parameters
    ----------
    code : str
        Such as "de"; "en" needs no nouns.
    nouns : mapping of str to Forms, optional
        What "class", "subject" and "image" are called; by default the language's words for a syndrome, a
        subject and an image.

    Examples
    --------
    >>> with said_in("de"):
    ...     gettext("Summary"), written("1,116.5"), noun_counted(2, "syndrome")
    ('Zusammenfassung', '1.116,5', '2 Syndrome')
    """
    language = load_language(code)
    default = {"class": "syndrome", "subject": "subject", "image": "image"}
    known = {role: language.nouns[word] for role, word in default.items() if word in language.nouns}
    token = _SPEECH.set(_Speech(language, known | dict(nouns or {})))
    try:
        yield
    finally:
        _SPEECH.reset(token)


def language_code() -> str:
    """Return the code of the language that everything is said in."""
    return _SPEECH.get().language.code


def is_english() -> bool:
    """Tell whether texts are said as they are written."""
    return _SPEECH.get().language is ENGLISH


def gettext(text: str) -> str:
    """Return a text in the language of the page; one that its catalogue has not, in English."""
    return pgettext("", text)


def pgettext(context: str, text: str) -> str:
    """Return a text that is translated by itself where it stands in some context."""
    speech = _SPEECH.get()
    found = speech.language.texts.get((context, text))
    return text if found is None else with_nouns(found[0], speech.nouns)


def ngettext(one: str, other: str, number: int) -> str:
    """Return a text in the form that goes with a number."""
    speech = _SPEECH.get()
    found = speech.language.texts.get(("", one))
    if found is None:
        return one if number == 1 else other
    return with_nouns(found[speech.language.plural(number)], speech.nouns)


_ROLES = {"syndrome": "class", "subject": "subject", "image": "image"}


def noun_counted(number: int, noun: str) -> str | None:
    """Return a number with a noun of the data; None in English, or where the noun is another one."""
    speech = _SPEECH.get()
    forms = speech.nouns.get(_ROLES.get(noun, ""))
    if is_english() or forms is None:
        return None
    return f"{written(f'{number:,}')} {form_of(forms, speech.language.number_name(number))}"


def written(number: str) -> str:
    """Return a number with the decimal sign and the thousands of the language."""
    language = _SPEECH.get().language
    if language is ENGLISH:
        return number
    return number.translate({ord("."): language.decimal, ord(","): language.group})


def day_in_words(day: date) -> str:
    """Return a day as the language writes it."""
    from babel.dates import format_date  # noqa: PLC0415  reports in English need none of it

    return format_date(day, "long", locale=language_code().replace("-", "_"))
