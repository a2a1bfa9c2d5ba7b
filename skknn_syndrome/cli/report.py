"""`skknn-syndrome report`."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from skknn_syndrome._output import is_there
from skknn_syndrome.cli.choices import FormatChoice
from skknn_syndrome.cli.console import say
from skknn_syndrome.cli.nearness import nearest_file
from skknn_syndrome.cli.places import check_output_folder
from skknn_syndrome.errors import StudyFileError

EXAMPLES = """
**Examples**

    skknn-syndrome report

    skknn-syndrome report results/study.json --to html --to pdf --output results/report

    skknn-syndrome report study.json --to docx --engine quarto
"""


def run(
    study: Annotated[
        Path, typer.Argument(metavar="STUDY", help="The study.json that `skknn-syndrome study` wrote.")
    ] = Path("artifacts/study/study.json"),
    to: Annotated[
        list[FormatChoice] | None,
        typer.Option(help="Format; repeat for several. [default: html]"),
    ] = None,
    engine: Annotated[
        Literal["auto", "quarto", "embedded"],
        typer.Option(help="auto takes Quarto where it is found, and the embedded renderer elsewhere."),
    ] = "auto",
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the report.")
    ] = Path("artifacts/report"),
    force: Annotated[  # noqa: FBT002  Typer reads options so
        bool,
        typer.Option("--force", help="Write over files that are none of an earlier report, or were changed."),
    ] = False,
) -> None:
    """Write the report of a study; it needs study.json and nothing else."""
    check_study(study)
    check_output_folder(output)
    from skknn_syndrome.rendering import render_report  # noqa: PLC0415  slow to import: matplotlib

    files = render_report(
        study,
        output,
        formats=[choice.value for choice in to or (FormatChoice.HTML,)],
        engine=engine,
        force=force,
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
        inside = next(filter(Path.exists, (path / "study.json", path / "study" / "study.json")), None)
        hint = "there is no study.json in it" if inside is None else f"did you mean {inside}?"
        raise StudyFileError(f"{path} is a folder, and a report needs a file: {hint}")
    if not is_there(path):
        nearest = nearest_file(path)
        hint = "" if nearest is None else f" Did you mean {nearest}?"
        raise StudyFileError(f"There is no study at {path}: `skknn-syndrome study DATA` writes one.{hint}")
