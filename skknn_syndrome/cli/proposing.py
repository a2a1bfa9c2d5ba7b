"""The command that would have worked, made of the one that was typed."""

import shlex
from collections.abc import Iterator, Mapping, Sequence

from skknn_syndrome.errors import SUBJECTS_UNREAD, ColumnsError, quote


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
