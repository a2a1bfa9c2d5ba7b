"""The document to render, read and checked before anything else looks at it."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from skknn_syndrome.errors import RenderingError, quote
from skknn_syndrome.rendering.pandoc import read_markdown
from skknn_syndrome.rendering.syntax_tree import Node, image_targets

FIGURE_TYPES = frozenset({".svg", ".png"})
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""The first day that a zip file, and so a docx, can name."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Source:
    """A document and the files that it needs, all of them in its own folder."""

    path: Path
    text: str
    figures: tuple[Path, ...]
    """Relative to the document's folder, in order of appearance."""
    bibliography: tuple[Path, ...]
    """Likewise."""
    created: datetime
    """Midnight (UTC) of the document's date, so that the same document gives the same bytes on any day."""

    @property
    def folder(self) -> Path:
        """Where the document lies."""
        return self.path.parent


def read_source(path: Path, *, timeout: float) -> Source:
    """Read a document and check what it asks for.

    Parameters
    ----------
    path : Path
        A static Quarto document.
    timeout : float
        Seconds that reading may take.

    Returns
    -------
    Source
        The document with its figures and bibliography.

    Raises
    ------
    RenderingError
        If the document, a figure or the bibliography can't be read or lies outside the document's folder, or
        if the document's language is none.
    """
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RenderingError(f"{path} can't be read as a document: {error}.") from error
    tree = read_markdown(text, folder=path.parent, timeout=timeout)
    meta = tree["meta"]
    _check_language(meta)
    return Source(
        path=path,
        text=text,
        figures=tuple(_figure(target, path.parent) for target in image_targets(tree)),
        bibliography=tuple(_inside(target, path.parent) for target in _texts(meta.get("bibliography"))),
        created=_created(meta),
    )


def _inside(target: str, folder: Path) -> Path:
    """Return a path of the document as one relative to its folder, or refuse it."""
    relative = Path(target)
    if ":" in target or relative.is_absolute() or ".." in relative.parts:
        raise RenderingError(f"The document asks for {quote(target)}, which is not a file in its own folder.")
    found = folder / relative
    if not found.is_file():
        raise RenderingError(f"The document asks for {quote(target)}, which is not in {folder}.")
    if not found.resolve().is_relative_to(folder.resolve()):
        raise RenderingError(f"The document asks for {quote(target)}, a link to a file outside its folder.")
    return relative


def _figure(target: str, folder: Path) -> Path:
    relative = _inside(target, folder)
    if relative.suffix.lower() not in FIGURE_TYPES:
        raise RenderingError(f"The figure {quote(target)} is neither SVG nor PNG.")
    return relative


def _texts(entry: Node) -> list[str]:
    """Return the text of a metadata entry: of each item if it is a list."""
    if entry is None:
        return []
    if entry["t"] == "MetaList":
        return [text for item in entry["c"] for text in _texts(item)]
    return [_text(entry["c"])]


def _text(content: Any) -> str:  # noqa: ANN401  JSON of any shape
    """Return the plain text of inlines, or of text that stands by itself."""
    if isinstance(content, str):
        return content
    if isinstance(content, dict):
        return " " if content["t"] == "Space" else _text(content.get("c", ""))
    return "".join(_text(item) for item in content) if isinstance(content, list) else ""


def _check_language(meta: Node) -> None:
    for language in _texts(meta.get("lang")):
        if _LANGUAGE.fullmatch(language) is None:
            raise RenderingError(f"The document's language {quote(language)} is none: write one like 'en'.")


def _created(meta: Node) -> datetime:
    dates = [text for text in _texts(meta.get("date")) if _ISO_DATE.fullmatch(text)]
    try:
        return max([EARLIEST, *(datetime.fromisoformat(date).replace(tzinfo=UTC) for date in dates)])
    except ValueError as error:
        raise RenderingError(f"The document's date is none: {error}.") from error
