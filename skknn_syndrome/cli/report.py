"""`skknn-syndrome report`."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

import typer

from skknn_syndrome._output import is_there
from skknn_syndrome.cli.console import say
from skknn_syndrome.cli.files import check_output_folder, did_you_mean
from skknn_syndrome.errors import StudyFileError

EXAMPLES = (
    "skknn-syndrome report",
    "skknn-syndrome report results/study.json --to html --to pdf --output results/report",
    "skknn-syndrome report study.json --to docx --engine quarto",
    "skknn-syndrome report artifacts/comparison/comparison.json",
)


class Format(StrEnum):
    """A kind of report; where an option may be repeated, Typer reads lists of enumerations alone."""

    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What `report` takes."""

    study: Annotated[
        Path,
        typer.Argument(
            metavar="STUDY",
            help="The study.json that `skknn-syndrome study` wrote, the comparison.json of `compare`, or the "
            "alignment.json of `align`.",
        ),
    ] = Path("artifacts/study/study.json")
    formats: Annotated[
        list[Format] | None,
        typer.Option("--to", help="Format of the report; repeat for several. [default: html]"),
    ] = None
    engine: Annotated[
        Literal["auto", "quarto", "embedded"],
        typer.Option(help="Renderer; auto uses Quarto if it is installed, else the embedded renderer."),
    ] = "auto"
    output: Annotated[Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the report.")] = (
        Path("artifacts/report")
    )
    thumbnails: Annotated[
        Path | None,
        typer.Option(
            "--thumbnails",
            metavar="FOLDER",
            help="Folder of images named by image id: the report then shows thumbnails of the most confident "
            "errors. They may identify patients.",
        ),
    ] = None
    force: Annotated[
        bool,
        typer.Option("--force", help="Write over files that are none of an earlier report, or were changed."),
    ] = False


def run(options: Options) -> None:
    """Render the report of a study, of a comparison of models, or of an alignment of distances."""
    check_study(options.study)
    check_output_folder(options.output)
    from skknn_syndrome.rendering import render_report  # noqa: PLC0415  slow to import: matplotlib

    files = render_report(
        options.study,
        options.output,
        formats=[choice.value for choice in options.formats or (Format.HTML,)],
        engine=options.engine,
        thumbnails=options.thumbnails,
        force=options.force,
    )
    for file in files:
        say(f"Wrote {file.path} with {file.engine} {file.engine_version} in {file.seconds:.1f} s.")
    say(f"Open {files[0].path}")


def check_study(path: Path) -> None:
    """Refuse a path where no study is, and say where one comes from.

    Raises
    ------
    StudyFileError
        If nothing is there, or a folder.
    """
    if path.is_dir():
        names = "study.json", "study/study.json", "comparison.json", "alignment.json"
        inside = next(filter(Path.exists, (path / name for name in names)), None)
        hint = "there is no study.json in it" if inside is None else f"did you mean {inside}?"
        raise StudyFileError(
            f"{path} is a folder, and a report needs a file: {hint}", code="study_is_a_folder"
        )
    if not is_there(path):
        raise StudyFileError(
            f"There is no study at {path}: `skknn-syndrome study DATA` writes one.{did_you_mean(path)}",
            code="no_study",
        )
