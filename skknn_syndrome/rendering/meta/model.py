"""Fields of a report's metadata: title, authors, declarations, nouns, and names of classes."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Self, TypeAlias

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    model_validator,
)
from pydantic_core import PydanticCustomError

from skknn_syndrome.languages import ENGLISH, available, load_language
from skknn_syndrome.vocabulary import DEFAULT, Noun, Role, Vocabulary, is_noun

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_ORCID = re.compile(r"(?:https://orcid\.org/)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
_EMAIL = re.compile(r"[^@\s<>]+@[^@\s<>]+\.[^@\s<>.]+")
_BLANK_LINES = re.compile(r"\n\s*\n")
LEAST_CONTRAST = 4.5
"""Of text on its ground, after WCAG 2.2, level AA."""
LINEAR_UP_TO = 0.04045
"""Values of sRGB are proportional to light up to here (IEC 61966-2-1)."""
LOGO_TYPES = frozenset({".png", ".svg"})


def orcid_checksum(digits: str) -> str:
    """Return the last character of an ORCID from the fifteen digits before it (ISO 7064, MOD 11-2).

    Examples
    --------
    >>> orcid_checksum("000000021825009")
    '7'
    """
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)  # noqa: PLR2004  the one value that takes two digits


def _as_orcid(text: str) -> str:
    found = _ORCID.fullmatch(text)
    if found is None:
        message = f"{text!r} is no ORCID: write its sixteen digits as in 0000-0002-1825-0097"
        raise ValueError(message)
    digits = found[1].replace("-", "")
    if orcid_checksum(digits[:-1]) != digits[-1]:
        message = (
            f"{text!r} is no ORCID: its last digit does not fit the others, so that one of them is wrong"
        )
        raise ValueError(message)
    return found[1]


def _as_colour(text: str) -> str:
    if not _COLOUR.fullmatch(text):
        message = f"{text!r} is no colour: write one as in '#0b5cad', in quotes"
        raise ValueError(message)
    return text.lower()


def _legible(colour: str) -> str:
    if contrast_with_white(colour) < LEAST_CONTRAST:
        message = (
            f"{colour!r} is too pale for text on white (contrast below {LEAST_CONTRAST}:1): take a darker one"
        )
        raise ValueError(message)
    return colour


def contrast_with_white(colour: str) -> float:
    """Return the contrast ratio of a colour with white, from 1 to 21 (WCAG 2.2).

    Examples
    --------
    >>> round(contrast_with_white("#000000")), round(contrast_with_white("#767676"), 2)
    (21, 4.54)
    """
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (
        value / 12.92 if value <= LINEAR_UP_TO else ((value + 0.055) / 1.055) ** 2.4 for value in channels
    )
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def _as_email(text: str) -> str:
    if not _EMAIL.fullmatch(text):
        message = f"{text!r} is no e-mail address: write one as in name@example.org"
        raise ValueError(message)
    return text


def _as_logo(text: str) -> str:
    if Path(text).suffix.lower() not in LOGO_TYPES:
        message = f"{text!r} is no PNG or SVG: give the path of one, beside this file"
        raise ValueError(message)
    return text


def _available(code: str) -> str:
    if code not in available():
        expected = " or ".join(map(repr, available()))
        raise PydanticCustomError("literal_error", "one of {expected}", {"expected": expected})
    load_language(code)
    return code


def _declined(forms: dict[str, str]) -> dict[str, str]:
    wrong = next((text for text in forms.values() if not is_noun(text)), None)
    if wrong is not None or "one" not in forms:
        message = (
            f"{wrong or 'it'!r} is no noun: give its forms as words, 'one', 'other' and, where it has one, "
            "'gender'"
        )
        raise ValueError(message)
    return forms


def _listed(value: object) -> object:
    """Take a single text for a list of one."""
    return (value,) if isinstance(value, str) else value


def _named(value: object) -> object:
    """Take a text for the name of a class, of which nothing else is said."""
    return {"name": value} if isinstance(value, str) else value


Text: TypeAlias = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Texts: TypeAlias = Annotated[tuple[Text, ...], BeforeValidator(_listed)]
Colour: TypeAlias = Annotated[str, AfterValidator(_as_colour)]


class _Part(BaseModel):
    """A part of the metadata: unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Author(_Part):
    """One author, as the title block names them."""

    name: Text
    affiliations: Texts = ()
    orcid: Annotated[str, AfterValidator(_as_orcid)] | None = None
    email: Annotated[str, AfterValidator(_as_email)] | None = None
    corresponding: bool = False
    """Whether readers write to this one, who then needs an e-mail address."""

    @model_validator(mode="after")
    def _can_be_written_to(self) -> Self:
        if self.corresponding and self.email is None:
            message = f"{self.name!r} is the corresponding author and needs an email"
            raise ValueError(message)
        return self


class Nouns(_Part):
    """What readers call a class, a subject and an image: one word, or the singular and the plural.

    `forms` has those in the report's language that its catalogue lacks.
    """

    classes: Annotated[Texts, Field(alias="class", max_length=2)] = ()
    subjects: Annotated[Texts, Field(alias="subject", max_length=2)] = ()
    images: Annotated[Texts, Field(alias="image", max_length=2)] = ()
    forms: dict[Role, Annotated[dict[str, Text], AfterValidator(_declined)]] = Field(default_factory=dict)

    def over(self, data: Vocabulary) -> Vocabulary:
        """Return these nouns, and those of the data where there are none."""
        return Vocabulary(
            classes=_noun(self.classes) or data.classes,
            subjects=_noun(self.subjects) or data.subjects,
            images=_noun(self.images) or data.images,
        )

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        self.over(DEFAULT)
        return self

    @property
    def given(self) -> dict[Role, tuple[str, ...]]:
        """Those that are given, by what they stand for."""
        every: dict[Role, tuple[str, ...]] = {
            "class": self.classes,
            "subject": self.subjects,
            "image": self.images,
        }
        return {role: words for role, words in every.items() if words}


def _noun(words: tuple[str, ...]) -> Noun | None:
    match words:
        case (one, many):
            return Noun(one, many)
        case (one,):
            return Noun.of(one)
    return None


class ClassNames(_Part):
    """How one class is shown."""

    name: Text | None = None
    """In tables and text."""
    short: Text | None = None
    """In figures and matrices, where there is little room."""
    id: Text | None = None
    """Of a catalogue, such as "OMIM 194050"."""
    colour: Colour | None = None


DECLARATIONS: Mapping[str, str] = MappingProxyType(
    {
        "ethics": "Ethical approval and consent",
        "funding": "Funding",
        "conflicts": "Conflicts of interest",
        "data_availability": "Data availability",
        "code_availability": "Code availability",
        "encoder": "Encoder",
        "protocol": "Study protocol",
        "registration": "Registration",
        "patient_involvement": "Involvement of patients and the public",
    }
)
"""Fields that the section of declarations shows, with their headings, in its order."""


class ReportMeta(_Part):
    """What the authors of a report supply; every field may be left out.

    Examples
    --------
    >>> meta = ReportMeta(title="Faces", authors=[{"name": "A. Author", "orcid": "0000-0002-1825-0097"}])
    >>> meta.authors[0].orcid, meta.supplied
    ('0000-0002-1825-0097', frozenset())
    """

    title: Text | None = None
    subtitle: Text | None = None
    authors: tuple[Author, ...] = ()
    ethics: Text | None = None
    funding: Text | None = None
    conflicts: Text | None = None
    data_availability: Text | None = None
    code_availability: Text | None = None
    encoder: Text | None = None
    """How images became embeddings, and why so."""
    protocol: Text | None = None
    registration: Text | None = None
    patient_involvement: Text | None = None
    nouns: Nouns = Nouns()
    classes: dict[str, Annotated[ClassNames, BeforeValidator(_named)]] = Field(default_factory=dict)
    """By label."""
    class_order: tuple[str, ...] = ()
    """Labels, the first ones first; all others follow in the order of the study."""
    accent_colour: Annotated[Colour, AfterValidator(_legible)] | None = None
    """Of links and rules."""
    logo: Annotated[str, AfterValidator(_as_logo)] | None = None
    """A PNG or SVG, relative to the folder of the file; in Python relative to the working directory."""
    language: Annotated[str, AfterValidator(_available)] = ENGLISH.code
    """Of the summary: that of a catalogue in `skknn_syndrome.languages`."""

    @property
    def supplied(self) -> frozenset[str]:
        """The declarations that are there."""
        return frozenset(name for name in DECLARATIONS if getattr(self, name) is not None)

    @property
    def declarations(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Heading and paragraphs of each declaration that is there."""
        for name, heading in DECLARATIONS.items():
            text = getattr(self, name)
            if text is not None:
                yield heading, tuple(" ".join(part.split()) for part in _BLANK_LINES.split(text.strip()))

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """All that the declarations say: words of the authors, which stay as they are."""
        return tuple(part for _, parts in self.declarations for part in parts)
