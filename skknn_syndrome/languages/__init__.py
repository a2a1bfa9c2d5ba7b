"""Languages of reports: a gettext catalogue each, plurals and signs of numbers by CLDR, nouns with cases."""

from skknn_syndrome.languages.catalogue import NOUN, available, load_language
from skknn_syndrome.languages.language import ENGLISH, Forms, Language
from skknn_syndrome.languages.speech import (
    day_in_words,
    gettext,
    is_english,
    language_code,
    ngettext,
    noun_counted,
    pgettext,
    said_in,
    written,
)

__all__ = [
    "ENGLISH",
    "NOUN",
    "Forms",
    "Language",
    "available",
    "day_in_words",
    "gettext",
    "is_english",
    "language_code",
    "load_language",
    "ngettext",
    "noun_counted",
    "pgettext",
    "said_in",
    "written",
]
