"""The logo of a report: a small PNG, or an SVG that runs and loads nothing."""

import re
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from skknn_syndrome._output import read_whole
from skknn_syndrome.errors import RenderingError, quote

MOST_BYTES = 2_000_000
"""Of a logo: it goes into each document."""
_PNG = b"\x89PNG\r\n\x1a\n"
_BEFORE_PARSING = ("<!ENTITY", "<?xml-stylesheet", "\0")
"""What grows, or loads, as soon as an SVG is read."""
_REFUSED = frozenset(
    {
        *(
            "script",
            "foreignobject",
            "iframe",
            "embed",
            "object",
            "audio",
            "video",
            "handler",
            "listener",
            "a",
        ),
        *("set", "animate", "animatemotion", "animatetransform"),
    }
)
"""Elements that run, lead elsewhere or change others afterwards, in lower case."""
_OWN = re.compile(r"\s*(?:#|data:image/(?:png|jpeg|gif|webp)[;,])", re.IGNORECASE)
"""What stands in the file itself."""
_LOADED = re.compile(r"@import|\\|url\(\s*['\"]?\s*(?!#|data:image/(?:png|jpeg|gif|webp)[;,])", re.IGNORECASE)
"""What styles load; a backslash may spell anything."""


def logo_beside(file: Path, named: str) -> Path:
    """Return where a logo lies that a file names.

    Raises
    ------
    RenderingError
        It is not in the folder of the file, or below it.
    """
    logo = file.parent / named
    if not logo.resolve().is_relative_to(file.parent.resolve()):
        raise _refusal(
            f"{file}: the logo {quote(named)} is not in the folder of this file: copy it there.",
            "logo_outside",
        )
    if not logo.is_file():
        raise _refusal(
            f"{file}: the logo {quote(named)} is not there; its path begins in the folder of this file.",
            "no_logo",
        )
    return logo


def read_logo(path: Path) -> bytes:
    """Return the bytes of a logo.

    Raises
    ------
    RenderingError
        It can't be read or is too large; it is no PNG, or no SVG; or the SVG runs or loads something.
    """
    try:
        content = read_whole(path, MOST_BYTES + 1)
    except OSError as error:
        raise _refusal(f"The logo {path} can't be read ({error.strerror}).", "no_logo") from error
    if len(content) > MOST_BYTES:
        raise _refusal(
            f"The logo {path} has more than {MOST_BYTES:,} bytes: take a smaller one.", "large_logo"
        )
    if path.suffix.lower() == ".png":
        if not content.startswith(_PNG):
            raise _refusal(f"The logo {path} is no PNG: name one.", "unreadable_logo")
        return content
    found = next(_faults(path, content), None)
    if found is not None:
        raise _refusal(f"The logo {path} holds {found}: save it as a plain SVG, or as PNG.", "active_logo")
    return content


def _faults(path: Path, content: bytes) -> Iterator[str]:
    """Yield what an SVG holds that a picture does not need."""
    try:
        text = content.decode("utf-8-sig")
        yield from (quote(mark) for mark in _BEFORE_PARSING if mark in text)
        root = ET.fromstring(text)  # noqa: S314  without entities, which were refused
    except (UnicodeDecodeError, ET.ParseError) as error:
        raise _refusal(f"The logo {path} is no SVG in UTF-8: save it as one.", "unreadable_logo") from error
    for element in root.iter():
        tag = _local(str(element.tag))
        if tag in _REFUSED:
            yield f"the element {quote(tag)}"
        if tag == "style" and _LOADED.search("".join(element.itertext())):
            yield "a style that loads something"
        for name, value in element.attrib.items():
            if _local(name).startswith("on"):
                yield f"the script {quote(_local(name))}"
            if _local(name) in {"href", "src"} and not _OWN.match(value):
                yield "a link"
            if _LOADED.search(value):
                yield "a style that loads something"


def _local(name: str) -> str:
    return name.rpartition("}")[2].lower()


def _refusal(sentence: str, code: str) -> RenderingError:
    return RenderingError(sentence, code=code, parameter="meta")
