"""`skknn-syndrome reproduce`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from skknn_syndrome._files import write_text
from skknn_syndrome.cli.console import output, say, show_table
from skknn_syndrome.cli.options import AverageRows, DataColumns, NoSubjects, NumberOfFeatures, read_columns
from skknn_syndrome.cli.places import check_input_files, check_output_file
from skknn_syndrome.cli.reading import read_dataset

EXAMPLES = """
**Examples**

    skknn-syndrome reproduce monteiro mini_gm_public_v0.1.p

    skknn-syndrome reproduce apollo mini_gm_public_v0.1.p --output apollo.json
"""

WIDE = 150
"""Characters of a line that has room for all columns."""


def run(
    source: Annotated[
        Literal["monteiro", "apollo"], typer.Argument(help="Whose published figures to run again.")
    ],
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="Embeddings: .csv, .tsv, .parquet, .npz, .p or .pkl.")
    ],
    output_file: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Also write the result as JSON.")
    ] = None,
    column: DataColumns = None,
    n_features: NumberOfFeatures = None,
    no_subjects: NoSubjects = False,  # noqa: FBT002
    average_rows: AverageRows = False,  # noqa: FBT002
) -> None:
    """Run a published protocol to the letter, leaks and all, and hold its figures beside what comes out."""
    check_output_file(output_file)
    columns = read_columns(column)
    check_input_files(data)
    from skknn_syndrome.study.reproducing import reproduce  # noqa: PLC0415  slow to import: imbalanced-learn
    from skknn_syndrome.tables.for_readers import for_readers  # noqa: PLC0415
    from skknn_syndrome.tables.reproduction import narrow_tables, remarks, reproduction_tables  # noqa: PLC0415

    dataset = read_dataset(
        data,
        columns=columns,
        n_features=n_features,
        hide_ids=False,
        subjects=not no_subjects,
        average_rows=average_rows,
    )
    say(f"Running the protocol of {source} on {dataset!r} ...")
    result = reproduce(source, dataset)
    tables = reproduction_tables if output.width >= WIDE else narrow_tables
    for table in tables(result):
        show_table(for_readers(table))
    for sentence in remarks(result):
        say(sentence)
    if output_file is not None:
        write_text(output_file, result.model_dump_json(indent=1) + "\n")
        say(f"Wrote {output_file}.")
