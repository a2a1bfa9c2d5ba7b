"""The document to render: read, checked, and copied with its files into a private folder."""

import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, TypeAlias

from skknn_syndrome._files import locked
from skknn_syndrome.errors import FileInUseError, RenderingError, quote
from skknn_syndrome.languages import ENGLISH, available, said_in
from skknn_syndrome.rendering.authors import flatten_authors
from skknn_syndrome.rendering.pandoc import Node, harden, image_targets, read_markdown

Format: TypeAlias = Literal["html", "pdf", "docx"]
"""A file for the browser, for paper, or for a word processor."""

FIGURE_TYPES = frozenset({".svg", ".png"})
EARLIEST = datetime(1980, 1, 1, tzinfo=UTC)
"""The first day that a zip file, and so a docx, can name."""

STEM = "report"
PREFIX = "skknn-syndrome-"
LOCK = ".skknn-syndrome.lock"
_MADE = re.compile(re.escape(PREFIX) + "[a-z0-9_]{8}")
"""The name that `tempfile` gives."""
THEME_FILES = ("custom.scss", "quarto.typ", "quarto.lua")
"""What the header may name beside the bibliography; in the folder `theme` of the report's own files."""

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")


@dataclass(frozen=True)
class Source:
    """A document and the files that it needs, all of them in its own folder."""

    path: Path
    text: str
    tree: Node
    """The text as pandoc reads it, harmless: the only reading, which each format is written from."""
    figures: tuple[Path, ...]
    """Relative to the document's folder, in order of appearance."""
    bibliography: tuple[Path, ...]
    """Likewise."""
    created: datetime
    """Midnight (UTC) of the document's date, so that the same document gives the same bytes on any day."""

    @property
    def part(self) -> str:
        """Which part of a report it says that it is; nothing for other documents."""
        return "".join(_texts(self.tree["meta"].get("part")))

    @property
    def language(self) -> str:
        """The language it is in, as far as there is a catalogue of it."""
        return _language(self.tree["meta"])

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
        raise RenderingError(
            f"{path} can't be read as a document: {error}.", code="unreadable_document"
        ) from error
    tree = read_markdown(text, folder=path.parent, timeout=timeout)
    meta, targets = tree["meta"], image_targets(tree)
    _check_language(meta)
    _finish(tree)
    return Source(
        path=path,
        text=text,
        tree=tree,
        figures=tuple(_figure(target, path.parent) for target in targets),
        bibliography=tuple(_inside(target, path.parent) for target in _texts(meta.get("bibliography"))),
        created=_created(meta),
    )


def reread(source: Source, text: str, *, timeout: float) -> Source:
    """Return a document with another text, which names the same files."""
    tree = read_markdown(text, folder=source.folder, timeout=timeout)
    _finish(tree)
    return replace(source, text=text, tree=tree)


def _finish(tree: Node) -> None:
    """Bring the authors of a tree into shape, and take from it whatever could do harm."""
    with said_in(_language(tree["meta"])):
        flatten_authors(tree["meta"])
    harden(tree)


def _language(meta: Node) -> str:
    said = "".join(_texts(meta.get("lang"))).partition("-")[0]
    return said if said in available() else ENGLISH.code


def _inside(target: str, folder: Path) -> Path:
    """Return a path of the document as one relative to its folder, or refuse it."""
    relative, found = Path(target), folder / target
    if ":" in target or relative.is_absolute() or ".." in relative.parts:
        raise _unusable(target, "which is not a file in its own folder", "file_from_elsewhere")
    if not found.is_file():
        raise _unusable(target, f"which is not in {folder}", "no_such_file")
    if not found.resolve().is_relative_to(folder.resolve()):
        raise _unusable(target, "a link to a file outside its folder", "link_to_elsewhere")
    return relative


def _unusable(target: str, reason: str, code: str) -> RenderingError:
    return RenderingError(f"The document asks for {quote(target)}, {reason}.", code=code)


def _figure(target: str, folder: Path) -> Path:
    relative = _inside(target, folder)
    if relative.suffix.lower() not in FIGURE_TYPES:
        raise RenderingError(f"The figure {quote(target)} is neither SVG nor PNG.", code="no_picture")
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
            raise RenderingError(
                f"The document's language {quote(language)} is none: write one like 'en'.", code="no_language"
            )


def _created(meta: Node) -> datetime:
    dates = [text for text in _texts(meta.get("date")) if _ISO_DATE.fullmatch(text)]
    try:
        return max([EARLIEST, *(datetime.fromisoformat(date).replace(tzinfo=UTC) for date in dates)])
    except ValueError as error:
        raise RenderingError(f"The document's date is none: {error}.", code="no_date") from error


@contextmanager
def staged(source: Source) -> Iterator[Path]:
    """Copy a document's files into a folder that is removed afterwards.

    Parameters
    ----------
    source : Source
        The document.

    Yields
    ------
    Path
        The folder. It holds nothing but the figures (PNG beside an SVG included), the bibliography and the
        theme, so that an engine has nothing else to read and may write as it likes.
    """
    with _private_folder() as folder:
        wanted = [*source.figures, *source.bibliography, *map(Path, THEME_FILES)]
        wanted += [figure.with_suffix(".png") for figure in source.figures]
        for relative in dict.fromkeys(wanted):
            _copy(source.folder / relative, folder / relative)
        yield folder


@contextmanager
def _private_folder() -> Iterator[Path]:
    """Make a folder where no project of Quarto's is above, and remove what killed runs left of theirs."""
    remove_abandoned(Path(tempfile.gettempdir()))
    with ExitStack() as stack:
        folder = _claim(stack)
        while folder is None:
            folder = _claim(stack)
        yield folder


def _claim(stack: ExitStack) -> Path | None:
    """Make a folder and hold its lock; None where another run took it for abandoned in between."""
    place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)))
    with suppress(FileInUseError, FileNotFoundError):
        stack.enter_context(locked(place / LOCK, f"{place} is in use."))
        folder = place / STEM  # the lock lies outside of what the engine sees
        # Emptied under the lock: without one, a folder that is not empty could be anybody's.
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        folder.mkdir()
        return folder
    return None


def remove_abandoned(folder: Path) -> None:
    """Remove the private folders that nobody holds any more: empty ones, and those with a lock of ours."""
    for place in folder.glob(f"{PREFIX}*"):
        # In use; another user's; somebody's that is called so; or just removed by another run.
        with suppress(FileInUseError, OSError):
            if _MADE.fullmatch(place.name) and not place.is_symlink():
                if _has_our_lock(place):
                    with locked(place / LOCK, f"{place} is in use."):
                        shutil.rmtree(place / STEM, ignore_errors=True)
                place.rmdir()


def _has_our_lock(place: Path) -> bool:
    """Tell a killed run's folder from somebody's that is called so."""
    if {entry.name for entry in place.iterdir()} not in ({LOCK}, {LOCK, STEM}):
        return False
    lock = (place / LOCK).lstat()
    return stat.S_ISREG(lock.st_mode) and lock.st_size == 0 and lock.st_uid == place.stat().st_uid


def _copy(original: Path, copy: Path) -> None:
    # What the document names was checked; what only may lie beside it could be a link to anywhere.
    if original.is_file() and not original.is_symlink():
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(original, copy)
