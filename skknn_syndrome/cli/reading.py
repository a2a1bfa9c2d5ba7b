"""Data as the verbs ask for it."""

import secrets
import shlex
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

from skknn_syndrome.cli.console import errors
from skknn_syndrome.errors import RefusedRowsWarning

if TYPE_CHECKING:
    from skknn_syndrome.data import EmbeddingDataset


def read_dataset(
    path: Path, *, columns: dict[str, str] | None, n_features: int | None, hide_ids: bool
) -> "EmbeddingDataset":
    """Load a file, and hide its ids where that is asked.

    What was refused is said here, after the ids are hidden, and not by the loader.
    """
    from skknn_syndrome.data import load_embeddings, pseudonymise  # noqa: PLC0415  slow to import: pandas

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RefusedRowsWarning)
        dataset = load_embeddings(path, columns=columns, n_features=n_features)
    if hide_ids:
        dataset = pseudonymise(dataset, secrets.token_bytes(32))
    refused = dataset.audit.refused
    if refused:
        errors.print(
            f"Warning: {len(refused)} of {dataset.audit.n_rows} rows were refused; "
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
