"""Options that several verbs share, how their values are read, and how they were spelled before."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from skknn_syndrome.cli.console import complain
from skknn_syndrome.errors import Argument, ParameterError, StudySettingsError

COLUMN_NAMES = ("syndrome", "subject", "image", "features", "labels")
"""What a column may be named for: `COLUMN_KEYS` of `data.column_layout`, which is slow to import."""

MOST_NUMBERS = 10_000
"""How many values of k may be tried: a slip such as 1-150000000 would fill the memory."""

RENAMED = {"--repeats": "--n-repeats"}
"""What was spelled otherwise in the version before: an option, or with its value ``"--option=old"``."""


def renew(arguments: Sequence[str]) -> list[str]:
    """Return arguments as they are spelled now, with a hint on each that was spelled as before.

    Examples
    --------
    >>> renew(["study", "--repeats", "3"])
    ['study', '--n-repeats', '3']
    """
    words: list[str] = []
    for place, word in enumerate(arguments):
        if word == "--":  # what follows is no option
            return [*words, *arguments[place:]]
        option, equals, value = word.partition("=")
        before = words[-1] if words else ""
        if f"{before}={word}" in RENAMED:
            words.append(_renewed(f"{before}={word}").partition("=")[2])
        elif word in RENAMED:
            words.append(_renewed(word))
        else:
            words.append(_renewed(option) + equals + value if option in RENAMED else word)
    return words


def renew_setting(key: str, value: object) -> tuple[str, object]:
    """Return the key and the value of a file's setting as they are spelled now.

    Examples
    --------
    >>> renew_setting("repeats", 3)
    ('n-repeats', 3)
    """
    if f"--{key}" in RENAMED:
        key = _renewed(f"--{key}").removeprefix("--")
    if isinstance(value, list):
        return key, [renew_setting(key, entry)[1] for entry in value]
    spelled = f"--{key}={value}"
    return key, _renewed(spelled).partition("=")[2] if spelled in RENAMED else value


def _renewed(spelled: str) -> str:
    complain(f"Hint: {spelled} is now {RENAMED[spelled]}; the next version takes that alone.")
    return RENAMED[spelled]


def check_columns(pairs: list[str] | None) -> list[str] | None:
    """Return pairs such as ``syndrome=label`` as they are.

    Raises
    ------
    typer.BadParameter
        If one has no equals sign, its name is none of ours, or comes twice.
    """
    columns_of(pairs)
    return pairs


def columns_of(pairs: list[str] | None) -> dict[str, str]:
    """Turn ``["syndrome=label"]`` into ``{"syndrome": "label"}``.

    Examples
    --------
    >>> columns_of(["syndrome=label", "subject=patient"])
    {'syndrome': 'label', 'subject': 'patient'}
    """
    columns: dict[str, str] = {}
    for pair in pairs or ():
        ours, equals, theirs = pair.partition("=")
        if not (ours and equals):  # a column may be called "", as pandas' index is
            raise typer.BadParameter(f"{pair!r} is not of the form OURS=THEIRS.")
        if ours not in COLUMN_NAMES:
            raise typer.BadParameter(f"{ours!r} is none of ours: {', '.join(COLUMN_NAMES)}.")
        if ours in columns:
            raise typer.BadParameter(f"{ours!r} is given twice.")
        columns[ours] = theirs
    return columns


@dataclass(frozen=True, kw_only=True)
class ReadingOptions:
    """How a file of embeddings is read."""

    columns: Annotated[
        list[str] | None,
        typer.Option(
            "--column",
            metavar="OURS=THEIRS",
            callback=check_columns,
            help="Name of a column that is called otherwise in the file, as in `--column syndrome=label`; "
            "OURS is syndrome, subject, image, features (the prefix of the feature columns, or the column or "
            "array of vectors) or, for several labels an image, labels (the prefix of their columns of 0 "
            "and 1). All other columns are then ignored.",
        ),
    ] = None
    n_features: Annotated[
        int | None,
        typer.Option(min=1, help="Required length of the vectors. [default: the most common one]"),
    ] = None
    no_subjects: Annotated[
        bool,
        typer.Option("--no-subjects", help="Ignore subject ids: treat every image as a subject of its own."),
    ] = False
    average_rows: Annotated[
        bool,
        typer.Option("--average-rows", help="Average several rows of the same image."),
    ] = False
    label_separator: Annotated[
        str | None,
        typer.Option(
            metavar="TEXT",
            help="Separator between several labels of an image in one cell, as in `--label-separator ';'`.",
        ),
    ] = None
    uncertain_labels: Annotated[
        Literal["0", "1", "drop"] | None,
        typer.Option(help="Meaning of -1 in a label column; `drop` leaves out the row."),
    ] = None
    missing_labels: Annotated[
        Literal["0", "1", "drop"] | None,
        typer.Option(help="Meaning of an empty cell in a label column; `drop` leaves out the row."),
    ] = None


@dataclass(frozen=True, kw_only=True)
class PseudonymOptions(ReadingOptions):
    """How a file of embeddings is read whose ids may be hidden."""

    pseudonymise: Annotated[
        bool,
        typer.Option(
            "--pseudonymise",
            help="Replace subject and image ids by salted hashes in all output. The salt is not kept: ids "
            "cannot be recovered, and every run gives new ones.",
        ),
    ] = False


@dataclass(frozen=True, kw_only=True)
class CovariateOptions(PseudonymOptions):
    """How a file of embeddings is read whose further columns may be kept."""

    covariates: Annotated[
        list[str] | None,
        typer.Option(
            "--covariate",
            metavar="COLUMN",
            help="Further column to keep, such as `--covariate sex`, or numbers in bands, `--covariate "
            "age:0,2,6`; repeat for several.",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class LevelOptions(CovariateOptions):
    """How a file of embeddings is read whose classes lie in groups."""

    levels: Annotated[
        list[str] | None,
        typer.Option(
            "--level",
            metavar="COLUMN",
            help="Column of a taxonomic level above the labels: `--level genus --level family`.",
        ),
    ] = None
    level_file: Annotated[
        Path | None,
        typer.Option(
            "--levels",
            metavar="CSV",
            help="The same from a file: a class a row, a level a column, the classes first.",
        ),
    ] = None


@dataclass(frozen=True, kw_only=True)
class TaxonomyOptions(LevelOptions):
    """What a study is asked about such groups."""

    level_head: Annotated[
        str | None,
        typer.Option(
            metavar="HEAD",
            help="Classifier that is fitted at every level, such as lda. [default: random_forest]",
        ),
    ] = None
    hold_out: Annotated[
        list[str] | None,
        typer.Option(
            metavar="LEVEL",
            help="Hold out whole groups of a level: with `--hold-out species`, is a new species placed in "
            "its genus? Repeat for several.",
        ),
    ] = None


def refuse_other_pseudonyms(options: PseudonymOptions, *, resume: bool) -> None:
    """Refuse to resume what is kept under other ids.

    Raises
    ------
    ParameterError
    """
    if resume and options.pseudonymise:
        raise ParameterError(
            "{pseudonymise} makes up other ids in each run, of which {resume} can take up nothing: write the "
            "file anew with `skknn-syndrome convert` and {pseudonymise}, and study that one.",
            code="pseudonyms_not_resumed",
            parameter="resume",
            resume=Argument("resume"),
            pseudonymise=Argument("pseudonymise"),
        )


def refuse_without_data(options: PseudonymOptions, data: object) -> None:
    """Refuse options on how to read a file where there is none.

    Parameters
    ----------
    options : PseudonymOptions
    data : path or list of paths
        The files that are named; None, or no path, where none is.

    Raises
    ------
    ParameterError
        If one was given without a file.

    Examples
    --------
    >>> refuse_without_data(PseudonymOptions(n_features=320), "faces.p")
    >>> refuse_without_data(PseudonymOptions(no_subjects=True), None)
    """
    labels = "label_separator", "uncertain_labels", "missing_labels"
    columns = "covariates", "levels", "level_file", *labels
    names = "columns", "n_features", "average_rows", "pseudonymise", *columns
    for name in () if data else names:
        if getattr(options, name, None):
            raise ParameterError(
                "{option} says how a file is read, and no file is named: add it, or drop {option}.",
                code="no_file_named",
                parameter=name,
                option=Argument(name),
            )


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


def check_temperature(temperature: float) -> float:
    """Return a temperature as it is.

    Raises
    ------
    typer.BadParameter
        If it is infinite or no number, which no range rules out.

    Examples
    --------
    >>> check_temperature(0.07)
    0.07
    """
    if not temperature < float("inf"):
        raise typer.BadParameter(f"{temperature} can't be: take a number above 0.")
    return temperature


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
        from skknn_syndrome.checks.running import codes_of  # noqa: PLC0415  who ignores nothing need not wait for it

        try:
            codes_of(names)
        except StudySettingsError as error:
            raise typer.BadParameter(str(error)) from error
    return names


def check_numbers(text: str) -> str:
    """Return text such as ``"1-5,10"`` as it is.

    Raises
    ------
    typer.BadParameter
        If it names none, more than 10,000, or something else than whole numbers from 1 up.
    """
    numbers_of(text)
    return text


def numbers_of(text: str) -> list[int]:
    """Turn ``"1-5,10"`` into the numbers it names.

    Examples
    --------
    >>> numbers_of("1-5,10")
    [1, 2, 3, 4, 5, 10]
    """
    numbers: list[int] = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*([1-9]\d{0,8})\s*(?:-\s*([1-9]\d{0,8})\s*)?", part)
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            raise typer.BadParameter(f"{part.strip()!r} is no number from 1 up and no range such as 1-15.")
        if len(numbers) + last - first >= MOST_NUMBERS:
            raise typer.BadParameter(f"{text!r} names more than {MOST_NUMBERS:,} numbers.")
        numbers.extend(range(first, last + 1))
    return numbers
