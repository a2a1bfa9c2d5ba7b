"""Options that several verbs share, and how their values are read."""

import re
from pathlib import Path
from typing import Annotated

import typer

from skknn_syndrome.cli.misuse import UsageError
from skknn_syndrome.errors import StudySettingsError

COLUMN_NAMES = ("syndrome", "subject", "image", "features")
"""What a column may be named for: `COLUMN_KEYS` of `skknn_syndrome.data.columns`, which is slow to import."""

MOST_NUMBERS = 10_000
"""How many values of k may be tried: a slip such as 1-150000000 would fill the memory."""

DataColumns = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="OURS=THEIRS",
        help="Where the file has other names, e.g. `--column syndrome=label`; ours are syndrome, subject, "
        "image, features (features: the prefix of the feature columns, or the column or array of vectors). "
        "Columns without a part are then left unread.",
    ),
]
NumberOfFeatures = Annotated[
    int | None,
    typer.Option(min=1, help="Length that every vector must have; by default the most common one."),
]
Pseudonymise = Annotated[
    bool,
    typer.Option(
        "--pseudonymise",
        help="Replace subject and image ids by salted hashes in all that is written and shown. "
        "The salt is thrown away, so nobody can go back, and the next run gives other names.",
    ),
]
NoSubjects = Annotated[
    bool,
    typer.Option("--no-subjects", help="Set subject ids aside: every image is on its own."),
]
AverageRows = Annotated[
    bool,
    typer.Option("--average-rows", help="Take several rows of one image as one image, with their mean."),
]


def check_n_jobs(number: int | None) -> int | None:
    """Return a number of fits at a time, or None, as it is.

    Raises
    ------
    typer.BadParameter
        If it is 0: joblib counts up from 1, and down from -1 for all cores.

    Examples
    --------
    >>> check_n_jobs(-1)
    -1
    """
    if number == 0:
        raise typer.BadParameter("0 fits at a time do nothing: take 1 or more, or -1 for all cores.")
    return number


NumberOfJobs = Annotated[
    int | None, typer.Option(callback=check_n_jobs, help="Fits at a time; -1 for all cores.")
]


def check_ignored(names: list[str] | None) -> list[str] | None:
    """Return names of checks as they are.

    Raises
    ------
    typer.BadParameter
        If one is no check.

    Examples
    --------
    >>> check_ignored(["SK007"])
    ['SK007']
    """
    if names:
        from skknn_syndrome.checks import codes_of  # noqa: PLC0415  who ignores nothing need not wait for it

        try:
            codes_of(names)
        except StudySettingsError as error:
            raise typer.BadParameter(str(error).removeprefix("ignore names ")) from error
    return names


def refuse_without_data(data: Path | None, **options: object) -> None:
    """Refuse options on how to read a file where there is none.

    Parameters
    ----------
    data : Path or None
        The file.
    **options
        The values of such options by their Python names; what is None or False was not given.

    Raises
    ------
    UsageError
        If one was given without a file.

    Examples
    --------
    >>> refuse_without_data(Path("faces.p"), n_features=320)
    >>> refuse_without_data(None, n_features=None)
    """
    given = [name for name, value in options.items() if value]
    if data is None and given:
        option = f"--{given[0].replace('_', '-')}"
        raise UsageError(f"{option} says how a file is read, and no file is named: add it, or drop {option}.")


def read_columns(pairs: list[str] | None) -> dict[str, str] | None:
    """Turn ``["syndrome=label"]`` into ``{"syndrome": "label"}``.

    Raises
    ------
    typer.BadParameter
        If a pair has no equals sign, a name is none of ours, or one comes twice.

    Examples
    --------
    >>> read_columns(["syndrome=label", "subject=patient"])
    {'syndrome': 'label', 'subject': 'patient'}
    """
    columns: dict[str, str] = {}
    for pair in pairs or ():
        ours, equals, theirs = pair.partition("=")
        if not (ours and equals):  # a column may be called "", as pandas' index is
            raise typer.BadParameter(f"{pair!r} is not of the form OURS=THEIRS.", param_hint="--column")
        if ours not in COLUMN_NAMES:
            names = ", ".join(COLUMN_NAMES)
            raise typer.BadParameter(f"{ours!r} is none of ours: {names}.", param_hint="--column")
        if ours in columns:
            raise typer.BadParameter(f"{ours!r} is given twice.", param_hint="--column")
        columns[ours] = theirs
    return columns or None


def read_numbers(text: str) -> list[int]:
    """Turn ``"1-5,10"`` into the numbers it names.

    Raises
    ------
    typer.BadParameter
        If it names none, more than 10,000, or something else than whole numbers from 1 up.

    Examples
    --------
    >>> read_numbers("1-5,10")
    [1, 2, 3, 4, 5, 10]
    """
    numbers: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*([1-9]\d{0,8})\s*(?:-\s*([1-9]\d{0,8})\s*)?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            raise typer.BadParameter(
                f"{part.strip()!r} is no number from 1 up and no range such as 1-15.",
                param_hint="--n-neighbors",
            )
        if len(numbers) + last - first >= MOST_NUMBERS:
            raise typer.BadParameter(
                f"{text!r} names more than {MOST_NUMBERS:,} numbers.", param_hint="--n-neighbors"
            )
        numbers.extend(range(first, last + 1))
    return numbers
