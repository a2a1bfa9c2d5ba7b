"""Nouns of the data: what reports, tables, figures and messages call a class, a subject and an image.

All text of the package is written in the default nouns (syndrome, subject, image), as the message ids of a
translation are written in one language. `in_words` puts the nouns in their place that are spoken of at the
moment; what the text quotes, such as labels, file names and options, stays.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple, Self, TypeAlias

from skknn_syndrome.languages import is_english

Role: TypeAlias = Literal["class", "subject", "image"]
"""What a noun stands for."""

_SAME = frozenset({"species", "series", "offspring"})
"""Nouns with one form for one and for several."""
_IRREGULAR = MappingProxyType(
    {
        "person": "people",
        "child": "children",
        "mouse": "mice",
        "genus": "genera",
        "taxon": "taxa",
        "phylum": "phyla",
        "man": "men",
        "woman": "women",
        "fungus": "fungi",
        "larva": "larvae",
    }
)
MOST_LETTERS = 40
"""Characters of a noun."""
_PLAIN = re.compile(r"(?!\d)[^\W_]+(?:[ '\u2019-][^\W_]+)*")
"""What a noun may be: it goes into documents, their headers and HTML as it is, after all else was escaped."""
_LETTERS_AS_AN = frozenset("AEFHILMNORSX")
"""Letters whose names begin with a vowel: an MRI, an X-ray."""
_AS_AN = re.compile(
    r"(?!uni(?![nm])|u[st][aeiou]|ur[aeio]|eu|ewe|one\b|once)[aeiou]|hour|honest|honou?r|heir", re.IGNORECASE
)


def is_noun(text: str) -> bool:
    """Tell whether a text may be a noun: a word or words, and nothing that a document could take for more.

    Examples
    --------
    >>> is_noun("skin lesion"), is_noun("<b>")
    (True, False)
    """
    return len(text) <= MOST_LETTERS and _PLAIN.fullmatch(text) is not None


class Noun(NamedTuple):
    """A noun in both numbers."""

    one: str
    many: str

    @classmethod
    def of(cls, one: str) -> Self:
        """Return a noun with its plural by the rules of English.

        Examples
        --------
        >>> [Noun.of(one).many for one in ("lesion", "species", "diagnosis", "family", "skin biopsy")]
        ['lesions', 'species', 'diagnoses', 'families', 'skin biopsies']
        """
        *before, last = one.split(" ")
        return cls(one, " ".join([*before, _plural(last)]))

    def __call__(self, number: int) -> str:
        """Return the form that goes with a number."""
        return self.one if number == 1 else self.many


def _plural(word: str) -> str:
    if word in _SAME:
        return word
    if word in _IRREGULAR:
        return _IRREGULAR[word]
    if re.search(r"[sx]is$", word):
        return f"{word[:-2]}es"
    if re.search(r"[^aeiou]y$", word):
        return f"{word[:-1]}ies"
    return f"{word}es" if re.search(r"(s|x|z|ch|sh)$", word) else f"{word}s"


_CLASS, _SUBJECT, _IMAGE = (
    Noun("syndrome", "syndromes"),
    Noun("subject", "subjects"),
    Noun("image", "images"),
)


LONGEST_LABEL = 24
"""Characters of a label in figures."""
TAIL = 10
"""Characters kept of a long name's end: names often differ there."""
LONGEST_CELL, LONGEST_TEXT = 80, 400
"""Characters of a heading, and of what is put into a sentence or a table."""


def shortened(name: str) -> tuple[str, ...]:
    """Return a long name as figures, headings and tables have it, in this order; a short one has no others.

    Examples
    --------
    >>> shortened("A syndrome with a long name, type 2"), shortened("Noonan")
    (('A syndrome wi…me, type 2',), ())
    """
    dots = "\N{HORIZONTAL ELLIPSIS}"
    cut = (f"{name[: most - 1]}{dots}" for most in (LONGEST_CELL, LONGEST_TEXT) if len(name) > most)
    if len(name) <= LONGEST_LABEL:
        return ()
    return (f"{name[: LONGEST_LABEL - TAIL - 1]}{dots}{name[-TAIL:]}", *cut)


@dataclass(frozen=True)
class Vocabulary:
    """The nouns of some data, what is quoted and stays as it is, and how its classes look.

    Raises
    ------
    ValueError
        A noun is no plain word or words; or that of one role is also that of another, or its default, so that
        a text could not be told apart.
    """

    classes: Noun = _CLASS
    subjects: Noun = _SUBJECT
    images: Noun = _IMAGE
    kept: frozenset[str] = frozenset()
    """Labels, ids and names that hold one of the words that are replaced, and are none."""
    colours: Mapping[str, str] = field(default_factory=dict, hash=False, compare=False)
    """Colours of classes, by what readers see them called."""

    def __post_init__(self) -> None:
        """Refuse nouns that are none, or would be taken for those of another role."""
        for role, noun in self.nouns.items():
            for form in noun:
                if not is_noun(form):
                    message = (
                        f"the noun of the {role} has to be a word or words of letters and digits, "
                        f"joined by spaces, hyphens or apostrophes, {MOST_LETTERS} characters at most"
                    )
                    raise ValueError(message)
        for role, noun in self.nouns.items():
            forms = {form.lower() for form in noun}
            for other in self.nouns:
                if other != role and not forms.isdisjoint(
                    [*_WORDS[other], *(form.lower() for form in self.nouns[other])]
                ):
                    message = f"the noun of the {role} can't be {noun.one!r}, the word for the {other}"
                    raise ValueError(message)

    @property
    def nouns(self) -> dict[Role, Noun]:
        """The nouns by what they stand for."""
        return {"class": self.classes, "subject": self.subjects, "image": self.images}

    def keeping(self, names: Iterable[str]) -> Self:
        """Return the same with further names that stay as they are, also where they are shortened.

        A name that is one of the words alone, such as that of a column called "subject", is kept in quotes
        and nowhere else: the text would keep all words.
        """
        forms = (form for name in names for form in (name, *shortened(name)))
        return replace(
            self, kept=self.kept.union(form for form in forms if holds_noun(form) and not _is_word(form))
        )

    @property
    def is_default(self) -> bool:
        """Whether all text is as it is written."""
        return self.nouns == _DEFAULT_NOUNS


_DEFAULT_NOUNS: Mapping[Role, Noun] = MappingProxyType(
    {"class": _CLASS, "subject": _SUBJECT, "image": _IMAGE}
)
_WORDS: Mapping[Role, Mapping[str, int]] = MappingProxyType(
    {
        "class": {"syndrome": 1, "syndromes": 2},
        "subject": {"subject": 1, "subjects": 2, "person": 1, "persons": 2, "people": 2},
        "image": {"image": 1, "images": 2},
    }
)
"""The words in which text is written, with their numbers; 2 is for several."""
_ROLES: Mapping[str, tuple[Role, int]] = MappingProxyType(
    {word: (role, number) for role, words in _WORDS.items() for word, number in words.items()}
)
_WORD = re.compile(rf"\b(?:{'|'.join(_ROLES)})\b", re.IGNORECASE)
_QUOTED = (
    r"`[^`]*`",  # code
    r"\]\([^)]*\)",  # the target of a link or an image
    r"[@#](?:tbl|fig|sec|eq)-[\w-]+",  # references, and what they refer to
    r"https?://\S+",
    r"docs/[^\s)]+",
    r"skknn\\*[-_]syndrome",
    r"(?:\\?-){2}[a-z][\w\\-]*",  # options
)
DEFAULT = Vocabulary()

_SPOKEN: ContextVar[Vocabulary] = ContextVar("vocabulary", default=DEFAULT)


def vocabulary() -> Vocabulary:
    """Return the vocabulary that is spoken at the moment."""
    return _SPOKEN.get()


@contextmanager
def speaking(spoken: Vocabulary) -> Iterator[Vocabulary]:
    """Speak of the data in some nouns, in this thread, until the end of the block.

    Examples
    --------
    >>> with speaking(Vocabulary(classes=Noun.of("species"), subjects=Noun.of("specimen"))):
    ...     noun("class"), noun("subject", 3), in_words("Images of each syndrome, by subject")
    ('species', 'specimens', 'Images of each species, by specimen')
    >>> noun("class")
    'syndrome'
    """
    token = _SPOKEN.set(spoken)
    try:
        yield spoken
    finally:
        _SPOKEN.reset(token)


def noun(role: Role, number: int = 1) -> str:
    """Return the noun for a class, a subject or an image, in the form that goes with a number."""
    return vocabulary().nouns[role](number)


def holds_noun(text: str) -> bool:
    """Tell whether a text holds a word that `in_words` replaces.

    Examples
    --------
    >>> holds_noun("Down syndrome"), holds_noun("image_12"), holds_noun("imagery")
    (True, False, False)
    """
    return _WORD.search(text) is not None


def _is_word(name: str) -> bool:
    return name.strip().lower() in _ROLES


def in_words(text: str) -> str:
    """Return a text in the nouns that are spoken; what it quotes stays, and so does text that is so already.

    In another language than English, nouns come from its catalogue and nothing is replaced.

    Examples
    --------
    >>> lesions = Vocabulary(Noun.of("lesion"), Noun.of("individual"), kept=frozenset({"No syndrome"}))
    >>> with speaking(lesions):
    ...     in_words("A subject's syndrome is `syndrome`, and 'No syndrome' an image of a person")
    "An individual's lesion is `syndrome`, and 'No syndrome' an image of an individual"
    """
    spoken = vocabulary()
    if spoken.is_default or not text or not is_english():
        return text
    pattern = _pattern(_kept(spoken))
    return pattern.sub(lambda found: _said(found, spoken), text)


def _kept(spoken: Vocabulary) -> frozenset[str]:
    """Return what stays: quoted names, and nouns of several words that hold a word which is replaced."""
    own = (form for entry in spoken.nouns.values() for form in entry if holds_noun(form))
    return spoken.kept.union(own)


@lru_cache(maxsize=16)
def _pattern(kept: Iterable[str]) -> re.Pattern[str]:
    names = sorted(kept, key=len, reverse=True)
    # Markdown has a backslash before each mark, and YAML in its header two.
    quoted = [rf"(?<!\w){_escaped(name)}(?!\w)" for name in names]
    words = "|".join(sorted(_ROLES, key=len, reverse=True))
    # Behind an article too, which would begin to match before the name does.
    none_quoted = f"(?!{'|'.join(quoted)})" if quoted else ""
    ours = (
        rf"(?P<article>\b[Aa]n?(?P<gap>\s+))?{none_quoted}"
        rf"(?<![\w'/.])(?P<noun>{words})(?P<owner>\\?['\u2019]s)?(?![\w=]|\.\w|\\?_)"
    )
    return re.compile("|".join([*(f"(?:{part})" for part in (*quoted, *_QUOTED)), ours]), re.IGNORECASE)


def _escaped(name: str) -> str:
    return "".join(char if char.isalnum() else r"\\*" + re.escape(char) for char in name)


def _said(found: re.Match[str], spoken: Vocabulary) -> str:
    word = found["noun"]
    if word is None:
        return found[0]
    role, number = _ROLES[word.lower()]
    own = spoken.nouns[role]
    text = own(number)
    if _is_default(role, own, word):
        return found[0]
    article = _article(found, text)
    if word.isupper():
        text = text.upper()
    elif word[0].isupper():
        text = text[0].upper() + text[1:]
    owner = found["owner"] or ""
    if owner and text.endswith(("s", "S")):
        owner = owner[:-1]
    return f"{article}{text}{owner}"


def _is_default(role: Role, own: Noun, word: str) -> bool:
    """Tell whether a word is written so in this vocabulary: "person" stays where subjects are subjects."""
    return own == _DEFAULT_NOUNS[role] or word.lower() in own


def _article(found: re.Match[str], text: str) -> str:
    if found["article"] is None:
        return ""
    written = found["article"].removesuffix(found["gap"])
    n = "n" if _takes_an(text) else ""
    return f"{written[0]}{n.upper() if found['noun'].isupper() else n}{found['gap']}"


def _takes_an(text: str) -> bool:
    """Tell whether a noun is spoken with a vowel first: initials are spelled out."""
    first = re.split(r"[ '\u2019-]", text)[0]
    if len(first) == 1 or sum(letter.isupper() for letter in first) > 1:
        return first[0].upper() in _LETTERS_AS_AN
    return _AS_AN.match(text) is not None


KNOWN: Mapping[Role, tuple[str, ...]] = MappingProxyType(
    {
        "class": (
            *("species", "genus", "family", "order", "breed", "taxon", "diagnosis", "disease", "disorder"),
            *("lesion", "finding", "phenotype", "syndrome", "variety", "tissue", "class"),
        ),
        "subject": ("patient", "specimen", "individual", "person", "participant", "animal", "donor", "mouse"),
        "image": ("photograph", "scan", "slide", "radiograph"),
    }
)
"""Words that name a column as people would name what it holds."""
_MEANT: Mapping[str, str] = MappingProxyType(
    {"label": "class", "target": "class", "category": "class", "dx": "diagnosis", "photo": "photograph"}
)


def noun_in(role: Role, words: Iterable[str]) -> str | None:
    """Return the noun that the name of a column has for what the column holds; None where it has none.

    Parameters
    ----------
    role : {"class", "subject", "image"}
    words : iterable of str
        Of the name, in lower case and singular.

    Examples
    --------
    >>> noun_in("class", ["species", "name"]), noun_in("class", ["dx"]), noun_in("subject", ["patient", "id"])
    ('species', 'diagnosis', 'patient')
    >>> noun_in("class", ["syndrome"]), noun_in("class", ["y"]), noun_in("image", ["file"])
    (None, None, None)
    """
    meant = [_MEANT.get(word, word) for word in words]
    found = next((word for word in meant if word in KNOWN[role]), None)
    return None if found in _WORDS[role] else found
