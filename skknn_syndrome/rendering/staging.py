"""A private folder that holds the document and what it needs, and nothing else."""

import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from skknn_syndrome._files import locked
from skknn_syndrome.errors import FileInUseError
from skknn_syndrome.rendering.source import Source

STEM = "report"
PREFIX = "skknn-syndrome-"
LOCK = ".skknn-syndrome.lock"
_MADE = re.compile(re.escape(PREFIX) + "[a-z0-9_]{8}")
"""The name that `tempfile` gives."""
THEME_FILES = ("custom.scss", "quarto.typ", "quarto.lua")
"""What the header may name beside the bibliography; in the folder `theme` of the report's own files."""


def with_note(text: str, note: str) -> str:
    """Return a document that ends with a note on its engine.

    A block of class ``engine-note`` is plain Markdown: it reaches every format through both engines.

    Examples
    --------
    >>> print(with_note("Text.", "Rendered by hand."))
    Text.
    <BLANKLINE>
    ::: {.engine-note}
    Rendered by hand.
    :::
    <BLANKLINE>
    """
    return f"{text}\n\n::: {{.engine-note}}\n{note}\n:::\n"


@contextmanager
def staged(source: Source, note: str) -> Iterator[Path]:
    """Copy a document with its files into a folder that is removed afterwards.

    Parameters
    ----------
    source : Source
        The document.
    note : str
        What it says of its engine.

    Yields
    ------
    Path
        The copy, `report.qmd`. Nothing beside it but its figures (PNG beside an SVG included), its
        bibliography and theme, so that an engine has nothing else to read and may write as it likes.
    """
    with _private_folder() as folder:
        wanted = [*source.figures, *source.bibliography, *map(Path, THEME_FILES)]
        wanted += [figure.with_suffix(".png") for figure in source.figures]
        for relative in dict.fromkeys(wanted):
            _copy(source.folder / relative, folder / relative)
        document = folder / f"{STEM}.qmd"
        document.write_text(with_note(source.text, note), "utf-8")
        yield document


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
