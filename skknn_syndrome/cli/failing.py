"""What went wrong, as one sentence and an exit code."""

import sys
from pathlib import Path

from skknn_syndrome.cli.misuse import UsageError, describe_misuse
from skknn_syndrome.cli.nearness import nearest_file
from skknn_syndrome.cli.proposing import explain_columns
from skknn_syndrome.cli.spelling import choices_in_options, in_options
from skknn_syndrome.errors import ColumnsError, SkknnSyndromeError, StudySettingsError

INPUT_AT_FAULT = 1
"""Exit code where the data or a file is at fault; 0 is for success."""
WRONG_ARGUMENTS = 2
"""Exit code where an option or an argument is at fault."""
PROGRAM_AT_FAULT = 3
"""Exit code where nobody but this program can be at fault."""
INTERRUPTED = 130
"""Exit code after Ctrl-C, as shells have it."""
READER_LEFT = 141
"""Exit code where a pipe closed before all of a help was read, as shells have it."""
SHOW_TRACEBACK = "SKKNN_SYNDROME_TRACEBACK"
"""The environment variable with which a fault of this program shows where it is."""


def explain(error: BaseException) -> tuple[str, int]:
    """Return one sentence on an error, and the exit code that goes with it.

    Examples
    --------
    >>> explain(FileNotFoundError(2, "No such file or directory", "faces.p"))
    ('No such file or directory: faces.p', 1)
    """
    if isinstance(error, UsageError):
        return describe_misuse(error), WRONG_ARGUMENTS
    if isinstance(error, SkknnSyndromeError) and not isinstance(error, StudySettingsError):
        return _explain_input(error), INPUT_AT_FAULT
    if isinstance(error, MemoryError) or "failed to map segment" in str(error):
        return "there is not enough memory for this: ask for less, or take a larger machine.", INPUT_AT_FAULT
    said = " ".join(str(error).split())
    if isinstance(error, ValueError):
        return _explain_value(said)
    if isinstance(error, OSError):
        return f"{error.strerror or said}: {error.filename}" if error.filename else said, INPUT_AT_FAULT
    sentence = f"this is a fault of the program ({type(error).__name__}: {said})"
    return f"{sentence}; set {SHOW_TRACEBACK}=1 to see where, and report it.", PROGRAM_AT_FAULT


def _explain_input(error: SkknnSyndromeError) -> str:
    if isinstance(error, ColumnsError):
        return explain_columns(error, sys.argv[1:])
    return f"{choices_in_options(str(error))}{_meant(error)}"


def _explain_value(message: str) -> tuple[str, int]:
    """Tell a value that an option should not have from data that no study can be made of."""
    sentence = in_options(message)
    return sentence, INPUT_AT_FAULT if sentence == message else WRONG_ARGUMENTS


def _meant(error: BaseException) -> str:
    """Name the file that was perhaps meant, where one that is not there is behind an error."""
    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, FileNotFoundError) and behind.filename:
            nearest = nearest_file(Path(behind.filename))
            return "" if nearest is None else f" Did you mean {nearest}?"
        behind = behind.__cause__ or behind.__context__
    return ""
