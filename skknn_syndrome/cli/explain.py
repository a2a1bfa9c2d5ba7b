"""`skknn-syndrome explain`."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import typer

from skknn_syndrome.cli.cases import CaseOptions, open_cases
from skknn_syndrome.cli.console import complain, say
from skknn_syndrome.cli.files import check_output_folder
from skknn_syndrome.cli.report import Format
from skknn_syndrome.wording import percent_of

EXAMPLES = (
    "skknn-syndrome explain faces.model new.csv --image P7_1 -o case",
    "skknn-syndrome explain faces.model new.parquet --image P7_1 -o case --to html --to pdf --show-ids",
)


@dataclass(frozen=True, kw_only=True)
class Options(CaseOptions):
    """What `explain` takes."""

    image: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Image to explain; may be left out where the file has one."),
    ] = None
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the case sheet.")
    ] = Path("artifacts/case")
    n_neighbors: Annotated[int, typer.Option(min=1, help="Number of neighbours that are shown.")] = 10
    formats: Annotated[
        list[Format] | None,
        typer.Option("--to", help="Format of the case sheet; repeat for several. [default: html]"),
    ] = None
    engine: Annotated[
        Literal["auto", "quarto", "embedded"],
        typer.Option(help="Renderer; auto uses Quarto if it is installed, else the embedded renderer."),
    ] = "auto"
    show_ids: Annotated[
        bool,
        typer.Option(
            "--show-ids", help="Print ids of subjects and images; else placeholders such as subject 1."
        ),
    ] = False
    force: Annotated[
        bool,
        typer.Option("--force", help="Write over the sheet of another case, and over changed files."),
    ] = False


def run(options: Options) -> None:
    """Explain the answer about one case, and write its sheet."""
    check_output_folder(options.output)
    model, cases = open_cases(options)
    found = model.explain(cases, options.image, n_neighbors=options.n_neighbors)
    said = found.prediction
    names = {entry.name: entry.display_name or entry.name for entry in said.ranking}
    in_set = ", ".join(names[label] for label in said.prediction_set) or "none"
    say(f"{said.display_name}: {percent_of(said.probability)}; in the prediction set: {in_set}")
    if found.in_gallery:
        complain(
            "Warning: the vector is in the gallery: of these the model is surer than of new cases.", "yellow"
        )
    if said.possibly_none:
        say("Possibly none of the model's syndromes.")
    from skknn_syndrome.rendering import render_case_sheet  # noqa: PLC0415  slow to import: matplotlib

    formats: list[Literal["html", "pdf", "docx"]] = [
        choice.value for choice in options.formats or (Format.HTML,)
    ]
    files = render_case_sheet(
        found,
        options.output,
        formats,
        options.engine,
        show_ids=options.show_ids,
        force=options.force,
    )
    for file in files:
        say(f"Wrote {file.path} with {file.engine} {file.engine_version} in {file.seconds:.1f} s.")
