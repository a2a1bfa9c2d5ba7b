"""Pandoc's syntax tree as JSON: what it holds, made harmless."""

from collections.abc import Callable, Iterator
from typing import Any, TypeAlias

Node: TypeAlias = Any
"""JSON of pandoc: an element is a mapping of ``t``, its type, and ``c``, its content."""

METADATA = frozenset(
    {"title", "subtitle", "author", "date", "lang", "abstract", "keywords", "nocite", "link-citations"}
    | {"number-sections"}
)
"""What a document may say of itself; other entries could name files to read."""

ATTRIBUTES = frozenset({"fig-alt", "alt", "title", "width", "height"})
"""Others, such as ``onclick``, would reach the HTML as they are."""

# Where an element's attributes stand in its content: (identifier, classes, pairs).
_ATTRIBUTES_AT = {"Header": 1} | dict.fromkeys(
    ("Div", "Span", "Link", "Image", "Code", "CodeBlock", "Table", "Figure"), 0
)
_SCHEMES = ("http://", "https://", "mailto:", "#")


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
    web, to a mailbox or to a place in the document loses its target and keeps its text.
    """
    tree["meta"] = {name: value for name, value in tree["meta"].items() if name in METADATA}
    for element in elements(tree):
        if element["t"] in _ATTRIBUTES_AT:
            attributes = element["c"][_ATTRIBUTES_AT[element["t"]]]
            attributes[2] = [pair for pair in attributes[2] if pair[0] in ATTRIBUTES]
        if element["t"] == "Link" and not element["c"][2][0].lower().startswith(_SCHEMES):
            element["t"], element["c"] = "Span", element["c"][:2]


def retarget_images(tree: Node, new_target: Callable[[str], str]) -> None:
    """Give every image of a tree, in place, the target that `new_target` makes of its own."""
    for element in elements(tree):
        if element["t"] == "Image":
            element["c"][2][0] = new_target(element["c"][2][0])
