"""`skknn-syndrome convert`."""

import os
from pathlib import Path
from typing import Annotated

import typer

from skknn_syndrome.cli.console import say
from skknn_syndrome.cli.options import (
    AverageRows,
    DataColumns,
    NoSubjects,
    NumberOfFeatures,
    Pseudonymise,
    read_columns,
)
from skknn_syndrome.cli.places import check_input_files
from skknn_syndrome.cli.reading import read_dataset
from skknn_syndrome.errors import EmbeddingsFileError

EXAMPLES = """
**Examples**

    skknn-syndrome convert faces.p faces.parquet

    skknn-syndrome convert faces.csv faces.npz --pseudonymise
"""


def run(
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="Embeddings: .csv, .tsv, .parquet, .npz, .p or .pkl.")
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="The file to write: .parquet or .npz.")],
    column: DataColumns = None,
    n_features: NumberOfFeatures = None,
    no_subjects: NoSubjects = False,  # noqa: FBT002
    average_rows: AverageRows = False,  # noqa: FBT002
    pseudonymise: Pseudonymise = False,  # noqa: FBT002  Typer reads options so
    force: Annotated[bool, typer.Option("--force", help="Write over a file that is there.")] = False,  # noqa: FBT002
) -> None:
    """Write a file that can be opened without running a program, such as a pickle is."""
    if os.path.lexists(out) and not force:  # a link that leads nowhere is there too
        raise EmbeddingsFileError(
            f"{out} is there already: choose another name, or write over it with --force."
        )
    columns = read_columns(column)
    check_input_files(data)
    from skknn_syndrome.data import save_embeddings  # noqa: PLC0415  slow to import: pandas

    dataset = read_dataset(
        data,
        columns=columns,
        n_features=n_features,
        hide_ids=pseudonymise,
        subjects=not no_subjects,
        average_rows=average_rows,
    )
    save_embeddings(dataset, out)
    say(f"Wrote {dataset!r} to {out}.")
