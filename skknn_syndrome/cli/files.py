"""Files named on the command line: input looked for and read, places of output looked at beforehand."""

import errno
import os
import shlex
import sys
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING

from skknn_syndrome.cli.console import complain, say
from skknn_syndrome.cli.options import ReadingOptions, columns_of
from skknn_syndrome.errors import Argument, EmbeddingsFileError, ModelFileError, SkknnSyndromeError

if TYPE_CHECKING:
    from skknn_syndrome.data import EmbeddingDataset

_ALIKE, _ALIKE_WITHOUT_ENDING = 0.75, 0.7
"""Names of files that share little but their ending are not alike."""


def check_input_files(*paths: Path | None, kind: str = "file") -> None:
    """Refuse a file that is not there, which nearly every wrong path is; None, which names none, passes.

    Whatever else may be wrong with a file is told by its reader, which opens it. `kind` is what a path may
    lead to.

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
            raise EmbeddingsFileError(f"{path}: there is no such {kind}.", code="no_such_file") from missing


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
        raise _no_folder(f"{path} is a link that leads nowhere")
    there = next(place for place in (path, *path.absolute().parents) if place.exists())
    if not there.is_dir():
        raise _no_folder(f"{there} is a file, not a folder")
    if not os.access(there, os.W_OK | os.X_OK):
        raise _no_folder(f"You have no permission to write into {there}")


def _no_folder(fault: str) -> SkknnSyndromeError:
    return SkknnSyndromeError(f"{fault}: name another folder with --output.", code="output_folder_unusable")


def check_output_file(path: Path | None, option: str = "--output") -> None:
    """Refuse a file that an option names and that can't be written; None, which names no file, passes.

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
        raise SkknnSyndromeError(
            f"{path} is a folder: name a file in it with {option}.", code="output_file_is_a_folder"
        )
    check_output_folder(path.parent)


def refuse_existing(path: Path, *, force: bool) -> None:
    """Refuse a file that is there, unless it may be written over.

    Raises
    ------
    ModelFileError

    Examples
    --------
    >>> refuse_existing(Path("no such file"), force=False)
    """
    if os.path.lexists(path) and not force:
        raise ModelFileError(
            f"{path} is there already: choose another name, or write over it with {{force}}.",
            code="file_exists",
            parameter="output",
            force=Argument("force", value=True),
        )


def did_you_mean(path: Path) -> str:
    """Ask whether the file in the same folder whose name is most like a path's was meant, if one is alike.

    Examples
    --------
    >>> did_you_mean(Path("no such folder") / "faces.p")
    ''
    """
    try:
        names = sorted(entry.name for entry in path.parent.iterdir() if entry.is_file())
    except OSError:  # no such folder, or one that may not be read
        return ""
    for name in get_close_matches(path.name, names, cutoff=_ALIKE):
        if get_close_matches(path.stem, [Path(name).stem], cutoff=_ALIKE_WITHOUT_ENDING):
            return f" Did you mean {path.with_name(name)}?"
    return ""


def read_dataset(
    path: Path,
    options: ReadingOptions,
    *,
    pseudonymise: bool = False,
    suspects_are_told: bool = False,
    refused_are_told: bool = False,
    salt: bytes | None = None,
) -> "EmbeddingDataset":
    """Load a file, and hide its ids where that is asked: those of one salt are the same in several files.

    What was refused or left unread is said here, after the ids are hidden, and not by the loader. Refused
    rows are left to a caller that tells of them itself.
    """
    from skknn_syndrome import data  # noqa: PLC0415  slow to import: pandas
    from skknn_syndrome.data.loading import Reading, read_embeddings  # noqa: PLC0415
    from skknn_syndrome.wording import counted  # noqa: PLC0415

    dataset = read_embeddings(
        path,
        Reading(
            columns_of(options.columns),
            options.n_features,
            not options.no_subjects,
            options.average_rows,
            suspects_are_told,
            options.label_separator,
            options.uncertain_labels,
            options.missing_labels,
            getattr(options, "covariates", None) or (),
            getattr(options, "levels", None) or (),
            getattr(options, "level_file", None),
        ),
    )
    if dataset.audit.unread:
        say(dataset.audit.unread)
    if dataset.audit.n_merged:
        say(f"Averaged {dataset.audit.n_merged:,} rows into others of the same image.")
    if dataset.audit.n_augmented:
        say(
            f"Set aside {counted(dataset.audit.n_augmented, 'augmented view')}, which may serve training "
            "parts alone: see docs/images.md."
        )
    if dataset.embedder is not None and dataset.embedder.n_zero_filled:
        unread = counted(dataset.embedder.n_zero_filled, "image")
        complain(f"Warning: {unread} could not be read, of which vectors of zeros are left.", style="yellow")
    for entry in dataset.audit.mapped_labels:
        say(entry.message)
    if pseudonymise:
        import secrets  # noqa: PLC0415  hashlib: a part of the time of a help

        dataset = data.pseudonymise(dataset, salt or secrets.token_bytes(32))
    refused = dataset.audit.refused
    if refused and not refused_are_told:
        complain(
            f"Warning: {len(refused):,} of {counted(dataset.audit.n_rows, 'row')} refused; "
            f"the first: {refused[0].message}",
            style="yellow",
        )
    return dataset


def command_line() -> str:
    """Return the command as it was typed, every file name without its folder."""
    # A study that was resumed is the one that was begun.
    typed = [argument for argument in sys.argv[1:] if argument != "--resume"]
    return shlex.join(["skknn-syndrome", *map(_without_folder, typed)])


def _without_folder(argument: str) -> str:
    name, equals, value = argument.partition("=")
    if equals and name.startswith("--"):
        return f"{name}={_without_folder(value)}"
    return Path(argument).name if "/" in argument or "\\" in argument else argument
