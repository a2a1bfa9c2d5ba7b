"""What went wrong, as one sentence in terms of the command line, and an exit code."""

import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from skknn_syndrome.errors import SUBJECTS_UNREAD, ColumnsError, SkknnSyndromeError, nearest_name, quote

if TYPE_CHECKING:
    from skknn_syndrome.cli.config import Run

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

UsageError: type[Exception] = typer.BadParameter.__mro__[1]
"""What Typer raises for wrong arguments: Click's class, or that of Typer's own copy, which is private."""

SENTENCES = {
    "one_subject": "All images have the subject id {subject}, so there are no folds by subject; the column "
    "of subjects may be a constant: name one whose ids differ with --column subject=NAME, or take "
    "--no-subjects or --protocol image.",
    "no_subjects": "--protocol subject needs subject ids: name their column with --column subject=NAME, or "
    "take --protocol image.",
    "near_duplicates_not_groupable": "--group-near-duplicates takes subject ids, and --metric cosine among "
    "the distances: give these, or leave it out.",
}
"""Templates of sentences, by the codes of errors, that differ from Python's by more than names."""


def explain(error: BaseException, run: "Run | None" = None) -> tuple[str, int]:
    """Return one sentence on an error, and the exit code that goes with it.

    Parameters
    ----------
    error : BaseException
    run : Run or None, default=None
        The verb that was running, whose options an error may speak of.

    Examples
    --------
    >>> explain(FileNotFoundError(2, "No such file or directory", "faces.p"))
    ('No such file or directory: faces.p', 1)
    """
    if isinstance(error, UsageError):
        return describe_misuse(error), WRONG_ARGUMENTS
    if isinstance(error, SkknnSyndromeError):
        return _explain_input(error, run)
    said = " ".join(str(error).split())
    if isinstance(error, MemoryError) or "failed to map segment" in said:
        said = "there is not enough memory for this: ask for less, or take a larger machine."
    elif isinstance(error, OSError) and error.filename:
        said = f"{error.strerror or said}: {error.filename}"
    elif not isinstance(error, ValueError | OSError):
        fault = f"this is a fault of the program ({type(error).__name__}: {said})"
        return f"{fault}; set {SHOW_TRACEBACK}=1 to see where, and report it.", PROGRAM_AT_FAULT
    return said, INPUT_AT_FAULT


def _explain_input(error: SkknnSyndromeError, run: "Run | None") -> tuple[str, int]:
    if isinstance(error, ColumnsError):
        return explain_columns(error, sys.argv[1:]), INPUT_AT_FAULT
    template = SENTENCES.get(error.code, error.template)
    said = " ".join((error.spelled(str) if run is None else run.spelled(error, template)).splitlines())
    at_fault = run is not None and error.parameter in run.names
    return f"{said}{_meant(error)}", WRONG_ARGUMENTS if at_fault else INPUT_AT_FAULT


def _meant(error: BaseException) -> str:
    """Name the file that was perhaps meant, where one that is not there is behind an error."""
    from skknn_syndrome.cli.files import did_you_mean  # noqa: PLC0415  most commands go well

    behind: BaseException | None = error
    while behind is not None:
        if isinstance(behind, FileNotFoundError) and behind.filename:
            return did_you_mean(Path(behind.filename))
        behind = behind.__cause__ or behind.__context__
    return ""


def describe_misuse(error: Exception) -> str:
    """Say what is wrong with the arguments, what was perhaps meant, and where the help is."""
    details: Any = error
    # Typer hands on what pydantic says of a value, with pydantic's marks.
    said: str = details.format_message().replace("Value error, ", "").replace(": Input should", ": it should")
    context = details.ctx
    if context is None:
        return said
    if type(error).__name__ == "NoSuchOption":
        hint = _hint(details.option_name, context)
        said = f"No such option: {details.option_name}.{'' if hint is None else f' {hint}'}"
    full_stop = "" if said.endswith((".", "?")) else "."
    return f"{said}{full_stop} Help: {context.command_path} --help"


def _hint(option: str, context: Any) -> str | None:  # noqa: ANN401  a context of Click's or Typer's
    arguments = [parameter for parameter in context.command.params if parameter.param_type_name == "argument"]
    if option == "--data" and any(argument.metavar == "DATA" for argument in arguments):
        names = ("FILE" if argument.metavar == "DATA" else argument.metavar for argument in arguments)
        return f"The file is an argument: {context.command_path} {' '.join(map(str, names))}."
    options = [name for parameter in context.command.params for name in parameter.opts if name[:2] == "--"]
    nearest = nearest_name(f"--{option.lstrip('-')}", [*options, "--help"])
    return None if nearest is None else f"Did you mean {nearest}?"


def explain_columns(error: ColumnsError, arguments: Sequence[str]) -> str:
    """Say what is wrong with the columns of a file, and which command would read it.

    Parameters
    ----------
    error : ColumnsError
        With the columns it proposes.
    arguments : sequence of str
        What was typed after the name of the program.

    Returns
    -------
    str
        The sentence, and the whole command on a line of its own.

    Examples
    --------
    >>> problems = {"no_labels": "there is no column 'syndrome'"}
    >>> error = ColumnsError(problems, {"syndrome": "label"}, place="my file.csv")
    >>> print(explain_columns(error, ["study", "my file.csv", "--cv", "5"]))
    my file.csv: there is no column 'syndrome'. Try:
    skknn-syndrome study 'my file.csv' --cv 5 --column syndrome=label
    """
    if error.perhaps_subject is not None:
        return _explain_either(error, arguments)
    if not error.proposes:
        return f"{error.sentence}."
    command = proposed_command(arguments, error.columns, average_rows=error.average_rows)
    hint = ""
    if SUBJECTS_UNREAD in error.problems:
        subject = _option("subject", error.columns["subject"])
        hint = f"\nIf no two images are of one person, put --no-subjects in place of {subject}."
    return f"{error.sentence}. Try:\n{command}{hint}"


def _explain_either(error: ColumnsError, arguments: Sequence[str]) -> str:
    """Leave it to the user whether a column holds subject ids: a wrong guess would make wrong folds."""
    with_subjects = proposed_command(arguments, error.columns_with_subject, average_rows=error.average_rows)
    without = proposed_command(arguments, error.columns, average_rows=error.average_rows, subjects=False)
    name = quote(error.perhaps_subject or "")
    return (
        f"{error.sentence}. If {name} holds people, try:\n{with_subjects}\n"
        f"If it doesn't, and no two images are of one person:\n{without}"
    )


def proposed_command(
    arguments: Sequence[str], columns: Mapping[str, str], *, average_rows: bool, subjects: bool = True
) -> str:
    """Return a command with other columns, quoted for a shell; all else stays as it was typed."""
    ends = [place for place, argument in enumerate(arguments) if argument == "--"]
    end = ends[0] if ends else len(arguments)
    kept = [*_without_columns(arguments[:end])]
    options = [_option(ours, theirs) for ours, theirs in columns.items()]
    flags = {"--average-rows": average_rows, "--no-subjects": not subjects}
    added = [flag for flag, is_asked in flags.items() if is_asked and flag not in kept]
    rest = shlex.join([*added, *arguments[end:]])
    return " ".join(["skknn-syndrome", shlex.join(kept), *options, *([rest] if rest else [])])


def _option(ours: str, theirs: str) -> str:
    return shlex.join(["--column", f"{ours}={theirs}"])


def _without_columns(arguments: Sequence[str]) -> Iterator[str]:
    is_value = False
    for argument in arguments:
        if is_value or argument == "--column":
            is_value = not is_value
        elif not argument.startswith("--column="):
            yield argument
