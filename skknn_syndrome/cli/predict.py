"""`skknn-syndrome predict`."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from skknn_syndrome.cli.cases import CaseOptions, open_cases
from skknn_syndrome.cli.console import complain, say
from skknn_syndrome.cli.files import check_output_file, refuse_existing
from skknn_syndrome.errors import Argument, ModelFileError, ParameterError

if TYPE_CHECKING:
    from skknn_syndrome.results.prediction import Predictions

EXAMPLES = (
    "skknn-syndrome predict faces.model new.csv -o answers.csv",
    "skknn-syndrome predict faces.model new.parquet -o answers.json --top-k 5 --coverage 0.95",
)
ENDINGS = ".csv", ".parquet", ".json"


@dataclass(frozen=True, kw_only=True)
class Options(CaseOptions):
    """What `predict` takes."""

    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE", help="File of the answers: .csv, .parquet or .json."),
    ]
    top_k: Annotated[int | None, typer.Option(min=1, help="Length of the rankings. [default: all]")] = None
    coverage: Annotated[
        float | None,
        typer.Option(help="Coverage of the prediction sets, above 0 and below 1. [default: that of the fit]"),
    ] = None
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False


def run(options: Options) -> None:
    """Answer about new cases, write the answers, and show how many are in doubt."""
    _check_output(options)
    _check_coverage(options.coverage)
    model, cases = open_cases(options)
    found = model.predict(cases, top_k=options.top_k, coverage=options.coverage)
    _write(found, options.output)
    say(found.summary)
    say(found.novelty)
    if any("in_gallery" in each.flags for each in found.images):
        complain(
            "Warning: some vectors are in the gallery (column flags): of these the model is surer than of "
            "new cases.",
            style="yellow",
        )
    if any(set(each.flags) - {"in_gallery"} for each in found.images):
        complain(
            "Warning: some vectors are out of the gallery's range (column flags): are they of its encoder?",
            style="yellow",
        )
    say(f"Wrote {options.output}.")


def _check_output(options: Options) -> None:
    if options.output.suffix not in ENDINGS:
        raise ModelFileError(
            f"{options.output} ends in none of {', '.join(ENDINGS)}: name it by the format that you want.",
            code="unknown_suffix",
            parameter="output",
        )
    check_output_file(options.output)
    for read in (options.new, options.model):
        if options.output.exists() and read.exists() and options.output.samefile(read):
            raise ModelFileError(
                f"{options.output} is read, and can't be written over: choose another name for the answers.",
                code="output_is_input",
                parameter="output",
            )
    refuse_existing(options.output, force=options.force)


def _check_coverage(coverage: float | None) -> None:
    """Refuse the ends of the range before anything is loaded."""
    if coverage is not None and not 0 < coverage < 1:
        raise ParameterError(
            "{given} must be a share between 0 and 1, such as {example}.",
            code="out_of_range",
            parameter="coverage",
            given=Argument("coverage", coverage),
            example=0.9,
        )


def _write(found: "Predictions", path: Path) -> None:
    from skknn_syndrome._files import atomic_writer, write_text  # noqa: PLC0415

    if path.suffix == ".json":
        write_text(path, found.model_dump_json(indent=1))
    elif path.suffix == ".csv":
        write_text(path, _as_csv(found))
    else:
        with atomic_writer(path) as stream:
            found.to_frame().to_parquet(stream, index=False)


def _as_csv(found: "Predictions") -> str:
    """Return the answers as a table whose ids no spreadsheet takes for formulas."""
    from skknn_syndrome.display.table import Column, Table  # noqa: PLC0415

    rows = list(found.rows())
    columns = tuple(Column(key, key) for key in rows[0])
    return Table("answers", "", columns, tuple(tuple(row.values()) for row in rows)).to_csv()
