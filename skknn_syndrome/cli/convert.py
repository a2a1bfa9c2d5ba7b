"""`skknn-syndrome convert`."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from skknn_syndrome.cli.console import say
from skknn_syndrome.cli.files import check_input_files, read_dataset
from skknn_syndrome.cli.options import CovariateOptions
from skknn_syndrome.errors import EmbeddingsFileError

EXAMPLES = (
    "skknn-syndrome convert faces.p faces.parquet",
    "skknn-syndrome convert faces.csv faces.npz --pseudonymise",
)


@dataclass(frozen=True, kw_only=True)
class Options(CovariateOptions):
    """What `convert` takes."""

    data: Annotated[
        Path,
        typer.Argument(metavar="DATA", help="File of embeddings: .csv, .tsv, .parquet, .npz, .p or .pkl."),
    ]
    out: Annotated[Path, typer.Argument(metavar="OUT", help="File to write: .parquet or .npz.")]
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False


def run(options: Options) -> None:
    """Convert a file of embeddings to a format that runs no code when it is opened."""
    if os.path.lexists(options.out) and not options.force:  # a link that leads nowhere is there too
        raise EmbeddingsFileError(
            f"{options.out} is there already: choose another name, or write over it with --force.",
            code="file_exists",
        )
    check_input_files(options.data)
    from skknn_syndrome.data import save_embeddings  # noqa: PLC0415  slow to import: pandas

    dataset = read_dataset(options.data, options, pseudonymise=options.pseudonymise)
    save_embeddings(dataset, options.out)
    say(f"Wrote {dataset!r} to {options.out}.")
