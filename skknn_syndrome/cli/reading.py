"""Data as the verbs ask for it."""

import secrets
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from skknn_syndrome.cli.console import errors, say
from skknn_syndrome.wording import counted

if TYPE_CHECKING:
    from skknn_syndrome.data import EmbeddingDataset


def read_dataset(
    path: Path,
    *,
    columns: dict[str, str] | None,
    n_features: int | None,
    hide_ids: bool,
    subjects: bool = True,
    average_rows: bool = False,
    suspects_are_told: bool = False,
) -> "EmbeddingDataset":
    """Load a file, and hide its ids where that is asked.

    What was refused or left unread is said here, after the ids are hidden, and not by the loader.
    """
    from skknn_syndrome.data import pseudonymise  # noqa: PLC0415  slow to import: pandas
    from skknn_syndrome.data.loading import Reading, read_embeddings  # noqa: PLC0415

    reading = Reading(columns or {}, n_features, subjects, average_rows, suspects_are_told)
    dataset = read_embeddings(path, reading)
    if dataset.audit.unread:
        say(dataset.audit.unread)
    if dataset.audit.n_merged:
        say(f"Averaged {dataset.audit.n_merged:,} rows into others of the same image.")
    if hide_ids:
        dataset = pseudonymise(dataset, secrets.token_bytes(32))
    refused = dataset.audit.refused
    if refused:
        errors.print(
            f"Warning: {len(refused):,} of {counted(dataset.audit.n_rows, 'row')} refused; "
            f"the first: {refused[0].message}",
            style="yellow",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
    return dataset


def command_line() -> str:
    """Return the command as it was typed, every file name without its folder."""
    return shlex.join(["skknn-syndrome", *(_without_folder(argument) for argument in sys.argv[1:])])


def _without_folder(argument: str) -> str:
    name, equals, value = argument.partition("=")
    if equals and name.startswith("--"):
        return f"{name}={_without_folder(value)}"
    return Path(argument).name if "/" in argument or "\\" in argument else argument
