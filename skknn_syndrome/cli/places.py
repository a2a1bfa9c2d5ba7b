"""Places of files on the command line, looked at before anything slow is imported or computed."""

import errno
import os
from pathlib import Path

from skknn_syndrome.errors import EmbeddingsFileError, SkknnSyndromeError


def check_input_files(*paths: Path | None) -> None:
    """Refuse a file that is not there, which nearly every wrong path is; None, which names none, passes.

    Whatever else may be wrong with a file is told by its reader, which opens it.

    Raises
    ------
    EmbeddingsFileError
        Naming the file.

    Examples
    --------
    >>> check_input_files(None, Path("."))
    """
    for path in paths:
        # A link that leads nowhere is no file; a name that can't be one is for the reader to tell.
        if path is not None and "\0" not in str(path) and not path.exists():
            missing = FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path))
            raise EmbeddingsFileError(f"{path}: there is no such file.") from missing


def check_output_folder(path: Path) -> None:
    """Refuse a folder that nothing can be written into; one that is not there yet may be made.

    Raises
    ------
    SkknnSyndromeError
        If it, or what it would lie in, is a file or may not be written to.

    Examples
    --------
    >>> check_output_folder(Path("artifacts") / "study")
    """
    if path.is_symlink() and not path.exists():
        raise SkknnSyndromeError(f"{path} is a link that leads nowhere: name another folder with --output.")
    there = next(place for place in (path, *path.absolute().parents) if place.exists())
    if not there.is_dir():
        raise SkknnSyndromeError(f"{there} is a file, not a folder: name another folder with --output.")
    if not os.access(there, os.W_OK | os.X_OK):
        raise SkknnSyndromeError(
            f"You have no permission to write into {there}: name another folder with --output."
        )


def check_output_file(path: Path | None) -> None:
    """Refuse a file that can't be written; None, which names no file, passes.

    Raises
    ------
    SkknnSyndromeError
        If it is a folder, or its folder can't be written into.

    Examples
    --------
    >>> check_output_file(Path("result.json"))
    """
    if path is None:
        return
    if path.is_dir():
        raise SkknnSyndromeError(f"{path} is a folder: name a file in it with --output.")
    check_output_folder(path.parent)
