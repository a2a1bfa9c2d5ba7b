"""Parts of a report: summary, main text, supplement and checklists, and references between them."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias, get_args

from skknn_syndrome.languages import ENGLISH, gettext, said_in
from skknn_syndrome.results.analysis import ReportKind

Part: TypeAlias = Literal["summary", "main", "supplement", "checklists"]
"""A document of its own. The main text begins with the summary; the supplement has all other tables and
figures."""

PARTS: tuple[Part, ...] = get_args(Part)
"""In the order of reading."""

STEMS: Mapping[Part, str] = MappingProxyType(
    {"summary": "summary", "main": "report", "supplement": "supplement", "checklists": "checklists"}
)
"""Names of their files, without the ending."""

FRAMES: Mapping[ReportKind, Mapping[Part, str]] = MappingProxyType(
    {
        "study": MappingProxyType({part: f"{stem}.qmd" for part, stem in STEMS.items()}),
        "comparison": MappingProxyType({"main": "comparison.qmd"}),
        "alignment": MappingProxyType({"main": "alignment.qmd"}),
    }
)
"""The template of each part, by the kind of result; a kind without a part has no such document."""

_IN_ENGLISH: Mapping[Part, str] = MappingProxyType({})
_NAMES: Mapping[str, str] = MappingProxyType({"fig": "Figure", "tbl": "Table"})
_LABEL = r"(fig|tbl)-[a-z0-9_-]*[a-z0-9]"
# A backslash stands before whatever a study's own texts could be mistaken by.
_TARGET = re.compile(rf"(?<!\\)\{{#({_LABEL})")
_REFERENCE = re.compile(rf"(?<![\\\w])@({_LABEL})")
_FIGURE = re.compile(rf"^!\[(.*)\]\((figures/[^)]+)\)\{{#({_LABEL})", re.MULTILINE)
_TABLE = re.compile(rf"^((?:\|.*\n)+)\n: (.*) \{{#({_LABEL})\}}$", re.MULTILINE)


class _Place(NamedTuple):
    """Where a figure or table stands."""

    kind: str
    number: str
    anchor: str

    @property
    def name(self) -> str:
        """As other documents cite it."""
        return f"{gettext(_NAMES[self.kind])}\N{NO-BREAK SPACE}{self.number}"


def targets(text: str) -> list[str]:
    """Return the labels of the figures and tables of a document, in the order of reading.

    Examples
    --------
    >>> targets("![A](figures/a.svg){#fig-a} and : B {#tbl-b}")
    ['fig-a', 'tbl-b']
    """
    return [found[1] for found in _TARGET.finditer(text)]


def linked(texts: Mapping[Part, str], languages: Mapping[Part, str] = _IN_ENGLISH) -> dict[Part, str]:
    r"""Return the documents with references from one to the other, and a supplement numbered S1, S2 ...

    Within the main text, Quarto's own references stay. One to what stands in another part becomes its
    number with a link that only HTML has. The supplement's numbers are written out, for Quarto has no letter
    in them.

    Parameters
    ----------
    texts : mapping of str to str
        As the templates are filled.
    languages : mapping of str to str
        Codes of the languages of parts that are not in English.

    Examples
    --------
    >>> parts = linked({"main": "See @tbl-a.", "supplement": "| a |\n|---|\n| b |\n\n: Of a {#tbl-a}\n"})
    >>> parts["main"]
    'See [Table\xa0S1](supplement.html#s-tbl-a).'
    >>> print(parts["supplement"])
    ::: {#s-tbl-a}
    | a |
    |---|
    | b |
    <BLANKLINE>
    : **Table S1:** Of a
    :::
    <BLANKLINE>
    """
    main = _numbered(targets(texts.get("main", "")))
    extra = _numbered(targets(texts.get("supplement", "")), letter="S")
    resolved: dict[Part, str] = {}
    for part, text in texts.items():
        with said_in(languages.get(part, ENGLISH.code)):
            resolved[part] = _resolved(part, text, main, extra)
    return resolved


def _numbered(labels: list[str], letter: str = "") -> dict[str, _Place]:
    found: dict[str, _Place] = {}
    for label in labels:
        kind = label[:3]
        number = 1 + sum(other.startswith(kind) for other in found)
        anchor = f"s-{label}" if letter else label
        found[label] = _Place(kind, f"{letter}{number}", anchor)
    return found


def _resolved(part: Part, text: str, main: Mapping[str, _Place], extra: Mapping[str, _Place]) -> str:
    own = set(targets(text))

    def cited(found: re.Match[str]) -> str:
        label = found[1]
        if label in own:
            return f"[{extra[label].name}](#{extra[label].anchor})" if part == "supplement" else found[0]
        for stem, places in ((STEMS["supplement"], extra), (STEMS["main"], main)):
            if label in places:
                return f"[{places[label].name}]({stem}.html#{places[label].anchor})"
        return found[0]  # the renderer says that it leads nowhere

    resolved = _REFERENCE.sub(cited, text)
    return _with_numbers(resolved, extra) if part == "supplement" else resolved


def _with_numbers(text: str, places: Mapping[str, _Place]) -> str:
    def figure(found: re.Match[str]) -> str:
        place = places[found[3]]
        return f"![**{_plain(place)}:** {found[1]}]({found[2]}){{#{place.anchor}"

    def table(found: re.Match[str]) -> str:
        place = places[found[3]]
        # Around the table, since not every pandoc lets a table have a label that Quarto does not know.
        return f"::: {{#{place.anchor}}}\n{found[1]}\n: **{_plain(place)}:** {found[2]}\n:::"

    return _TABLE.sub(table, _FIGURE.sub(figure, text))


def _plain(place: _Place) -> str:
    return place.name.replace("\N{NO-BREAK SPACE}", " ")
