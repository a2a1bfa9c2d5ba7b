"""`skknn-syndrome audit`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skknn_syndrome.cli.console import say, show_table
from skknn_syndrome.cli.files import check_input_files, read_dataset
from skknn_syndrome.cli.options import CovariateOptions
from skknn_syndrome.errors import quote

if TYPE_CHECKING:
    from skknn_syndrome.data import EmbeddingDataset

EXAMPLES = ("skknn-syndrome audit faces.p", "skknn-syndrome audit faces.csv --threshold 0.9 --strict")
FINDINGS = 1
"""Exit code of `--strict` where anything was found."""
ROWS_ON_SCREEN = 20
"""How many findings of a kind are shown unless all are asked for: a broken file may have thousands."""


@dataclass(frozen=True, kw_only=True)
class Options(CovariateOptions):
    """What `audit` takes."""

    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="Embeddings: .csv, .tsv, .parquet, .npz, .p or .pkl.")
    ]
    threshold: Annotated[
        float,
        typer.Option(
            min=-1,
            max=1,
            help="Cosine similarity from which images of two subjects count as near-duplicates.",
        ),
    ] = 0.95
    strict: Annotated[bool, typer.Option("--strict", help="Exit with code 1 if anything is found.")] = False
    show_all: Annotated[
        bool, typer.Option("--all", help="Show every finding, not only the first 20 of each kind.")
    ] = False


def run(options: Options) -> None:
    """Look for what can't be used in a file, and for what looks dangerous."""
    check_input_files(options.data)
    dataset = read_dataset(
        options.data,
        options,
        pseudonymise=options.pseudonymise,
        suspects_are_told=True,
        refused_are_told=True,
    )
    from skknn_syndrome.analyses.dataset.present import data_warnings, refused_rows  # noqa: PLC0415  slow
    from skknn_syndrome.analyses.near_duplicates.present import near_duplicates  # noqa: PLC0415
    from skknn_syndrome.neighbors.near_duplicates import find_near_duplicates  # noqa: PLC0415  SciPy: not for a refusal
    from skknn_syndrome.wording import counted  # noqa: PLC0415

    found = find_near_duplicates(dataset, threshold=options.threshold)
    tables = [refused_rows(dataset.audit), data_warnings(dataset.audit), near_duplicates(found)]
    say(f"Read {dataset!r}: {dataset.audit.n_rows:,} rows, {len(dataset.audit.refused):,} refused.")
    _show_covariates(dataset)
    for table in tables:
        show_table(table, at_most=None if options.show_all else ROWS_ON_SCREEN)
    if found is None:
        say("Without subject ids, images of one person under two ids can't be looked for.")
    n_findings = sum(len(table.rows) for table in tables)
    say(f"{counted(n_findings, 'finding')}." if n_findings else "Nothing was found.")
    if options.strict and n_findings:
        raise typer.Exit(FINDINGS)


def _show_covariates(dataset: "EmbeddingDataset") -> None:
    """Show images and subjects of each level, missing values too, and what differs within subjects."""
    if not dataset.covariates:
        return
    from skknn_syndrome.analyses.subgroups.participants import summarise  # noqa: PLC0415  slow to import
    from skknn_syndrome.analyses.subgroups.tables import participants  # noqa: PLC0415
    from skknn_syndrome.wording import counted  # noqa: PLC0415

    found = [summarise(entry, dataset.label_texts, dataset.subjects) for entry in dataset.covariates]
    show_table(participants(found))
    for entry in found:
        if entry.n_varying:
            say(f"The images of {counted(entry.n_varying, 'subject')} differ in {quote(entry.name)}.")
