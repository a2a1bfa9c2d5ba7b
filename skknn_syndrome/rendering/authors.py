"""Authors of a document: from Quarto's metadata to what pandoc and the embedded templates write."""

import re
from dataclasses import dataclass
from typing import Any

from skknn_syndrome.languages import gettext
from skknn_syndrome.rendering.pandoc import Node

_HEX = re.compile(r"[0-9a-f]{6}")
_ORCID = re.compile(r"[0-9]{4}(-[0-9]{3}[0-9X]){3}")
_SPACE: Node = {"t": "Space"}


@dataclass(frozen=True)
class _Author:
    name: str
    affiliations: tuple[str, ...] = ()
    orcid: str = ""
    email: str = ""
    corresponding: bool = False


def flatten_authors(meta: Node) -> None:
    """Make of Quarto's authors, in place, what pandoc and the embedded templates write.

    Parameters
    ----------
    meta : Node
        The metadata of pandoc's tree. ``author`` becomes a list of names; ``byline``, ``affiliations`` and
        ``correspondence`` have the rest. An accent colour that is none is left out.
    """
    colour = meta.get("accent-colour")
    if colour is not None and not _HEX.fullmatch(_plain(colour)):
        del meta["accent-colour"]
    given = meta.get("author")
    if given is None or given["t"] != "MetaList":
        return
    authors = [_read(entry) for entry in given["c"]]
    places = dict.fromkeys(name for author in authors for name in author.affiliations)
    numbers = {name: place for place, name in enumerate(places, start=1)}
    meta["author"] = {"t": "MetaList", "c": [_inlines(_words(author.name)) for author in authors]}
    if any(author.affiliations or author.orcid or author.email for author in authors):
        meta["byline"] = _inlines(_joined([_byline(author, numbers) for author in authors]))
    if numbers:
        lines = [[_superscript(str(number)), *_words(name)] for name, number in numbers.items()]
        meta["affiliations"] = {"t": "MetaList", "c": [_inlines(line) for line in lines]}
    written_to = [author for author in authors if author.corresponding and author.email]
    if written_to:
        links = [_link(f"mailto:{author.email}", str(author.email)) for author in written_to]
        meta["correspondence"] = _inlines(
            [*_words(gettext("Correspondence:")), _SPACE, *_joined([[one] for one in links])]
        )


def _read(entry: Node) -> _Author:
    """Return an author; one who is a name alone has no fields."""
    if entry["t"] != "MetaMap":
        return _Author(_plain(entry))
    fields = entry["c"]
    places = fields.get("affiliations", {"t": "MetaList", "c": []})
    orcid = _plain(fields.get("orcid"))
    return _Author(
        name=_plain(fields.get("name")),
        affiliations=tuple(_plain(_name(place)) for place in places["c"] if isinstance(place, dict)),
        orcid=orcid if _ORCID.fullmatch(orcid) else "",
        email=_plain(fields.get("email")),
        corresponding=fields.get("corresponding", {}).get("c") is True,
    )


def _name(place: Node) -> Node:
    return place["c"].get("name") if place["t"] == "MetaMap" else place


def _byline(author: _Author, numbers: dict[str, int]) -> list[Node]:
    inlines = _words(author.name)
    marks = ",".join(str(numbers[name]) for name in author.affiliations)
    if marks:
        inlines.append(_superscript(marks))
    if author.orcid:
        inlines += [_SPACE, _link(f"https://orcid.org/{author.orcid}", f"ORCID {author.orcid}")]
    return inlines


def _joined(parts: list[list[Node]]) -> list[Node]:
    """Return inlines with commas between."""
    joined: list[Node] = []
    for part in parts:
        joined += [*([{"t": "Str", "c": ","}, _SPACE] if joined else []), *part]
    return joined


def _words(text: str) -> list[Node]:
    inlines = [inline for word in text.split() for inline in (_SPACE, {"t": "Str", "c": word})]
    return inlines[1:]


def _superscript(text: str) -> Node:
    return {"t": "Superscript", "c": [{"t": "Str", "c": text}]}


def _link(target: str, text: str) -> Node:
    return {"t": "Link", "c": [["", [], []], _words(text), [target, ""]]}


def _inlines(content: list[Node]) -> Node:
    return {"t": "MetaInlines", "c": content}


def _plain(node: Any) -> str:  # noqa: ANN401  JSON of any shape
    """Return the text of metadata, nothing of what is no text."""
    if isinstance(node, list):
        return "".join(map(_plain, node))
    if isinstance(node, dict):
        return " " if node["t"] in {"Space", "SoftBreak"} else _plain(node.get("c"))
    return node if isinstance(node, str) else ""


def blocks_of(meta: Node) -> list[Node]:
    """Return affiliations and correspondence as blocks, for what has no template of ours: Word.

    Pandoc itself writes the names, of which Word's properties have a list as well.
    """
    lines = [
        *meta.get("affiliations", {"c": []})["c"],
        *([meta["correspondence"]] if "correspondence" in meta else []),
    ]
    if not lines:
        return []
    shown = [meta["byline"]["c"], *(line["c"] for line in lines)]
    paragraphs = [{"t": "Para", "c": inlines} for inlines in shown]
    return [{"t": "Div", "c": [["", [], [["custom-style", "Author"]]], paragraphs]}]


def lift_logo(tree: Node) -> None:
    """Put the logo that a document begins with into its metadata, in place, for the title block."""
    match tree["blocks"]:
        case [{"t": "Para", "c": [{"t": "Image", "c": [[_, ["logo"], _], *_]}]}, *_]:
            tree["meta"]["logo"] = _inlines(tree["blocks"].pop(0)["c"])
