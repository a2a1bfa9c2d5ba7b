"""Catalogues of translations: gettext's .po files in this folder, one a language, read as they are."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from gettext import c2py
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from skknn_syndrome.errors import RenderingError, quote
from skknn_syndrome.languages.language import ENGLISH, Forms, Language, read_forms

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

FOLDER = Path(__file__).parent
"""A file that is put here, such as `fr.po`, is a further language."""
NOUN = "noun"
"""Context of the nouns of the data."""


def available() -> tuple[str, ...]:
    """Return the codes of the languages that a report can be in.

    Examples
    --------
    >>> available()[:2]
    ('de', 'en')
    """
    return tuple(sorted({ENGLISH.code, *(path.stem for path in FOLDER.glob("*.po"))}))


def load_language(code: str) -> Language:
    """Return a language with its translations.

    Raises
    ------
    RenderingError
        There is no catalogue of it, or it can't be read.
    """
    if code == ENGLISH.code:
        return ENGLISH
    if code not in available():
        raise RenderingError(
            f"There is no language {quote(code)}: take one of {', '.join(available())}.",
            code="unknown_language",
            parameter="meta",
        )
    return _read(FOLDER / f"{code}.po")


@lru_cache(maxsize=8)
def _read(path: Path) -> Language:
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415  reports in English need none of it
    from babel.messages.pofile import PoFileError  # noqa: PLC0415  likewise
    from babel.numbers import get_decimal_symbol, get_group_symbol  # noqa: PLC0415  likewise

    try:
        locale = Locale.parse(path.stem, sep="-")
        found = read_catalogue(path)
        plural: Callable[[int], int] = c2py(found.plural_expr)
        return Language(
            code=path.stem,
            texts=_texts(found),
            nouns=_nouns(found),
            plural=plural,
            number_name=locale.plural_form,
            decimal=get_decimal_symbol(locale),
            group=get_group_symbol(locale),
        )
    except (OSError, ValueError, PoFileError, UnknownLocaleError) as error:
        raise RenderingError(
            f"{path.name} can't be read as a catalogue: {error}.", code="unreadable_catalogue"
        ) from error


def read_catalogue(path: Path) -> "Catalog":
    """Return the entries of a .po file; what is wrong in it is an error, and passed over nowhere."""
    from babel.messages.pofile import read_po  # noqa: PLC0415  reports in English need none of it

    with path.open(encoding="utf-8") as stream:
        return read_po(stream, locale=path.stem.replace("-", "_"), abort_invalid=True)


def _texts(found: "Catalog") -> Mapping[tuple[str, str], tuple[str, ...]]:
    """Return what is translated; a fuzzy entry is of an older text, and counts as missing."""
    texts: dict[tuple[str, str], tuple[str, ...]] = {}
    for entry in found:
        forms = (entry.string,) if isinstance(entry.string, str) else tuple(entry.string or ("",))
        if entry.id and all(forms) and not entry.fuzzy and entry.context != NOUN:
            texts[entry.context or "", entry.id if isinstance(entry.id, str) else entry.id[0]] = forms
    return MappingProxyType(texts)


def _nouns(found: "Catalog") -> Mapping[str, Forms]:
    return MappingProxyType(
        {
            str(entry.id): read_forms(str(entry.string))
            for entry in found
            if entry.context == NOUN and entry.string and not entry.fuzzy
        }
    )
