"""Pandoc in its sandbox, and its syntax trees as JSON."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeAlias

import pypandoc

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.rendering.processes import Finished, run_program

READER = "markdown-raw_html-raw_tex-raw_attribute-latex_macros"
"""Quarto's Markdown without what would reach the output unread. A study's own texts hold none of it, for they
are escaped where the template is filled: this, and `harden`, are for Markdown that comes in another way."""

_TRACEBACK = re.compile(r"\nstack traceback:.*", re.DOTALL)
_PREAMBLE = re.compile(r"^(Error running filter .*:|Failing because there were warnings\.)\n?", re.MULTILINE)

Node: TypeAlias = Any
"""JSON of pandoc: an element is a mapping of ``t``, its type, and ``c``, its content."""

METADATA = frozenset(
    {"title", "subtitle", "author", "date", "lang", "abstract", "keywords", "nocite", "link-citations"}
    | {"number-sections", "part", "part-title", "labels"}
    | {"byline", "affiliations", "correspondence", "accent-colour"}
)
"""What a document may say of itself; other entries could name files to read."""

ATTRIBUTES = frozenset({"fig-alt", "alt", "title", "width", "height"})
"""Others, such as ``onclick``, would reach the HTML as they are."""

# Where an element's attributes stand in its content: (identifier, classes, pairs).
_ATTRIBUTES_AT = {"Header": 1} | dict.fromkeys(
    ("Div", "Span", "Link", "Image", "Code", "CodeBlock", "Table", "Figure"), 0
)
_HARMLESS = re.compile(r"https?://|mailto:|#|(summary|report|supplement|checklists)\.html#", re.IGNORECASE)
"""Beginnings of links to the web, to a mailbox, to a place in the document or in a part beside it."""


@cache
def pandoc_version() -> str:
    """Return pandoc's version, such as ``"3.9"``."""
    return str(pypandoc.get_pandoc_version())


def read_markdown(text: str, *, folder: Path, timeout: float) -> Node:
    """Return the syntax tree of a Markdown document.

    Parameters
    ----------
    text : str
        The document; raw HTML, raw TeX and TeX macros in it are plain text.
    folder : Path
        The working directory of pandoc, which reads no file.
    timeout : float
        Seconds that pandoc may take.

    Returns
    -------
    Node
        Pandoc's JSON.

    Raises
    ------
    RenderingError
        If pandoc can't make sense of the text.
    """
    return json.loads(_run(["--from", READER, "--to", "json"], text.encode(), folder, timeout))


def write_tree(tree: Node, arguments: Sequence[str | Path], *, folder: Path, timeout: float) -> bytes:
    """Return a syntax tree in another format.

    Parameters
    ----------
    tree : Node
        Pandoc's JSON.
    arguments : sequence of str or Path
        Pandoc's options: format, template, filters.
    folder : Path
        The working directory of pandoc, which reads the files named in `arguments` alone.
    timeout : float
        Seconds that pandoc may take.

    Returns
    -------
    bytes
        The file. It names no time of its making: the sandbox has no clock.

    Raises
    ------
    RenderingError
        If pandoc or a filter fails, or warns: of a reference to nothing, of literature that is not in the
        bibliography.
    """
    options = ["--from", "json", "--standalone", "--fail-if-warnings", *arguments]
    return _run(options, json.dumps(tree).encode(), folder, timeout)


def _run(arguments: Sequence[str | Path], text: bytes, folder: Path, timeout: float) -> bytes:
    # Without the sandbox, pandoc would read images, includes and bibliographies from anywhere.
    command = [pypandoc.get_pandoc_path(), "--sandbox", *arguments, "--output", "-"]
    finished = run_program(command, folder=folder, timeout=timeout, text=text)
    if finished.code:
        raise RenderingError(f"The report can't be rendered: {_reason(finished)}", code="pandoc_failed")
    return finished.output


def _reason(finished: Finished) -> str:
    """Return what pandoc complained of, on one line."""
    log = _PREAMBLE.sub("", _TRACEBACK.sub("", finished.log))
    return " ".join(log.split()) or f"pandoc ended with code {finished.code}."


def elements(node: Node) -> Iterator[Node]:
    """Yield all elements of a tree, in order.

    Examples
    --------
    >>> [element["t"] for element in elements([{"t": "Str", "c": "a"}, {"t": "Space"}])]
    ['Str', 'Space']
    """
    if isinstance(node, dict):
        if "t" in node:
            yield node
        for child in node.values():
            yield from elements(child)
    elif isinstance(node, list):
        for child in node:
            yield from elements(child)


def image_targets(tree: Node) -> tuple[str, ...]:
    """Return the targets of all images, in order and each once."""
    return tuple(dict.fromkeys(image["c"][2][0] for image in elements(tree) if image["t"] == "Image"))


def harden(tree: Node) -> None:
    """Take from a tree, in place, whatever could run or read something once it is rendered.

    Metadata, attributes and links are reduced to what is known to be harmless: a link elsewhere than to the
    web, to a mailbox, to a place in the document or in a part beside it loses its target and keeps its text.
    """
    tree["meta"] = {name: value for name, value in tree["meta"].items() if name in METADATA}
    for element in elements(tree):
        if element["t"] in _ATTRIBUTES_AT:
            attributes = element["c"][_ATTRIBUTES_AT[element["t"]]]
            attributes[2] = [pair for pair in attributes[2] if pair[0] in ATTRIBUTES]
        if element["t"] == "Link" and not _HARMLESS.match(element["c"][2][0]):
            element["t"], element["c"] = "Span", element["c"][:2]


def retarget_images(tree: Node, new_target: Callable[[str], str]) -> None:
    """Give every image of a tree, in place, the target that `new_target` makes of its own."""
    for element in elements(tree):
        if element["t"] == "Image":
            element["c"][2][0] = new_target(element["c"][2][0])


def engine_note(text: str) -> Node:
    """Return a note of one paragraph on what rendered a document, as a block of its class.

    Examples
    --------
    >>> engine_note("By hand.")["c"][0]
    ['', ['engine-note'], []]
    """
    words = [inline for word in text.split() for inline in ({"t": "Space"}, {"t": "Str", "c": word})]
    return {"t": "Div", "c": [["", ["engine-note"], []], [{"t": "Para", "c": words[1:]}]]}
