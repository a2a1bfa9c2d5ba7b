"""`skknn-syndrome reproduce`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from skknn_syndrome._files import write_text
from skknn_syndrome.cli.console import make_console, say, show_table
from skknn_syndrome.cli.files import check_input_files, check_output_file, read_dataset
from skknn_syndrome.cli.options import ReadingOptions

EXAMPLES = (
    "skknn-syndrome reproduce monteiro mini_gm_public_v0.1.p",
    "skknn-syndrome reproduce apollo mini_gm_public_v0.1.p --output apollo.json",
)
WIDE = 150
"""Characters of a line that has room for all columns."""


@dataclass(frozen=True, kw_only=True)
class Options(ReadingOptions):
    """What `reproduce` takes."""

    source: Annotated[
        Literal["monteiro", "apollo"], typer.Argument(help="Whose published figures to run again.")
    ]
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="Embeddings: .csv, .tsv, .parquet, .npz, .p or .pkl.")
    ]
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Also write the result as JSON.")
    ] = None


def run(options: Options) -> None:
    """Run a published protocol, and show its figures beside what comes out."""
    check_output_file(options.output)
    check_input_files(options.data)
    from skknn_syndrome.analyses.published.compute import reproduce  # noqa: PLC0415  slow to import: imbalanced-learn
    from skknn_syndrome.analyses.published.present import narrow_tables, remarks, reproduction_tables  # noqa: PLC0415
    from skknn_syndrome.display.table import for_readers  # noqa: PLC0415

    dataset = read_dataset(options.data, options)
    say(f"Running the protocol of {options.source} on {dataset!r} ...")
    result = reproduce(options.source, dataset)
    tables = reproduction_tables if make_console().width >= WIDE else narrow_tables
    for table in tables(result):
        show_table(for_readers(table))
    for sentence in remarks(result):
        say(sentence)
    if options.output is not None:
        write_text(options.output, result.model_dump_json(indent=1) + "\n")
        say(f"Wrote {options.output}.")
