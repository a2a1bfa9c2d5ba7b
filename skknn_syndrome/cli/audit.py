"""`skknn-syndrome audit`."""

from pathlib import Path
from typing import Annotated

import typer

from skknn_syndrome.cli.console import say, show_table
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
from skknn_syndrome.wording import counted

EXAMPLES = """
**Examples**

    skknn-syndrome audit faces.p

    skknn-syndrome audit faces.csv --threshold 0.9 --strict
"""
FINDINGS = 1
"""Exit code of `--strict` where anything was found."""
ROWS_ON_SCREEN = 20
"""How many findings of a kind are shown unless all are asked for: a broken file may have thousands."""


def run(
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="Embeddings: .csv, .tsv, .parquet, .npz, .p or .pkl.")
    ],
    threshold: Annotated[
        float,
        typer.Option(min=-1, max=1, help="Cosine similarity from which two subjects may be one person."),
    ] = 0.95,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 if anything is found.")] = False,  # noqa: FBT002
    show_all: Annotated[  # noqa: FBT002
        bool, typer.Option("--all", help="Show every finding, not the first 20 of each kind alone.")
    ] = False,
    column: DataColumns = None,
    n_features: NumberOfFeatures = None,
    no_subjects: NoSubjects = False,  # noqa: FBT002
    average_rows: AverageRows = False,  # noqa: FBT002
    pseudonymise: Pseudonymise = False,  # noqa: FBT002
) -> None:
    """Show what can't be used in a file of embeddings, and what looks dangerous."""
    columns = read_columns(column)
    check_input_files(data)
    from skknn_syndrome.study import find_near_duplicates  # noqa: PLC0415  slow to import: scikit-learn
    from skknn_syndrome.tables import data_warnings, near_duplicates, refused_rows  # noqa: PLC0415

    dataset = read_dataset(
        data,
        columns=columns,
        n_features=n_features,
        hide_ids=pseudonymise,
        subjects=not no_subjects,
        average_rows=average_rows,
        suspects_are_told=True,
    )
    found = find_near_duplicates(dataset, threshold=threshold)
    tables = [refused_rows(dataset.audit), data_warnings(dataset.audit), near_duplicates(found)]
    say(f"Read {dataset!r}: {dataset.audit.n_rows:,} rows, {len(dataset.audit.refused):,} refused.")
    for table in tables:
        show_table(table, at_most=None if show_all else ROWS_ON_SCREEN)
    if found is None:
        say("Without subject ids, images of one person under two ids can't be looked for.")
    n_findings = sum(len(table.rows) for table in tables)
    say(f"{counted(n_findings, 'finding')}." if n_findings else "Nothing was found.")
    if strict and n_findings:
        raise typer.Exit(FINDINGS)
