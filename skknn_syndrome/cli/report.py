"""`skknn-syndrome report`."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from skknn_syndrome._output import is_there
from skknn_syndrome.cli.console import say
from skknn_syndrome.cli.files import check_output_file, check_output_folder, did_you_mean
from skknn_syndrome.errors import Argument, RenderingError, StudyFileError

if TYPE_CHECKING:
    from skknn_syndrome.rendering import RenderedFile

EXAMPLES = (
    "skknn-syndrome report",
    "skknn-syndrome report results/study.json --to html --to pdf --output results/report",
    "skknn-syndrome report study.json --to docx --engine quarto",
    "skknn-syndrome report study.json --part summary --to pdf",
    "skknn-syndrome report artifacts/comparison/comparison.json",
    "skknn-syndrome report artifacts/report/report.qmd --to html",
    "skknn-syndrome report study.json --init-meta report.yaml",
    "skknn-syndrome report study.json --meta report.yaml --to html --to pdf",
)


class Format(StrEnum):
    """A kind of report; where an option may be repeated, Typer reads lists of enumerations alone."""

    HTML = "html"
    PDF = "pdf"
    DOCX = "docx"


class Part(StrEnum):
    """A document of the report."""

    SUMMARY = "summary"
    MAIN = "main"
    SUPPLEMENT = "supplement"
    CHECKLISTS = "checklists"


@dataclass(frozen=True, kw_only=True)
class Options:
    """What `report` takes."""

    study: Annotated[
        Path,
        typer.Argument(
            metavar="STUDY",
            help="The study.json that `skknn-syndrome study` wrote, the comparison.json of `compare`, or the "
            "alignment.json of `align`; or a .qmd of an earlier report, edited, to be rendered again.",
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
    parts: Annotated[
        list[Part] | None,
        typer.Option(
            "--part",
            help="Part of the report: one page, the main text, all tables and figures, or the reporting "
            "checklists; repeat for several. [default: all]",
        ),
    ] = None
    output: Annotated[
        Path | None,
        typer.Option(
            "--output",
            "-o",
            metavar="DIR",
            help="Folder for the report; an edited .qmd is rendered beside itself. "
            "[default: artifacts/report]",
        ),
    ] = None
    thumbnails: Annotated[
        Path | None,
        typer.Option(
            "--thumbnails",
            metavar="FOLDER",
            help="Folder of images named by image id: the report then shows thumbnails of the most confident "
            "errors. They may identify patients.",
        ),
    ] = None
    meta: Annotated[
        Path | None,
        typer.Option(
            "--meta",
            metavar="FILE",
            help="YAML file with title, authors, declarations, nouns, and names of classes: docs/report.md.",
        ),
    ] = None
    init_meta: Annotated[
        Path | None,
        typer.Option(
            "--init-meta",
            metavar="FILE",
            help="Write an example for --meta with the classes of STUDY, and no report.",
        ),
    ] = None
    show_ids: Annotated[
        bool,
        typer.Option(
            "--show-ids", help="Print ids of subjects and images; else placeholders such as subject 1."
        ),
    ] = False
    force: Annotated[
        bool,
        typer.Option("--force", help="Write over files that are none of an earlier report, or were changed."),
    ] = False


OUTPUT = Path("artifacts/report")
"""Where reports go by default."""


def run(options: Options) -> None:
    """Render the report of a study, of a comparison of models, or of an alignment of distances."""
    check_study(options.study)
    if options.init_meta is not None:
        _check_alone(options)
        _write_example(options.study, options.init_meta, force=options.force)
        return
    is_document = options.study.suffix == ".qmd"
    output = options.output or (options.study.parent if is_document else OUTPUT)
    check_output_folder(output)
    formats: list[Literal["html", "pdf", "docx"]] = [
        choice.value for choice in options.formats or (Format.HTML,)
    ]
    from skknn_syndrome.rendering import render_edited, render_report  # noqa: PLC0415  slow: matplotlib

    if is_document:
        _check_whole(options)
        files = render_edited(
            options.study, formats, engine=options.engine, output_dir=output, force=options.force
        )
    else:
        files = render_report(
            options.study,
            output,
            formats=formats,
            engine=options.engine,
            parts=[part.value for part in options.parts] if options.parts else None,
            thumbnails=options.thumbnails,
            meta=options.meta,
            show_ids=options.show_ids,
            force=options.force,
        )
    for file in files:
        say(f"Wrote {file.path} with {file.engine} {file.engine_version} in {file.seconds:.1f} s.")
    say(f"Open {files[0].path}")
    _say_languages(options, files)


def _say_languages(options: Options, files: "Sequence[RenderedFile]") -> None:
    """Tell which documents are not in the language that was asked for."""
    from skknn_syndrome.rendering.meta import load_meta  # noqa: PLC0415  slow to import: matplotlib

    wanted = None if options.meta is None else load_meta(options.meta).language
    english = dict.fromkeys(
        file.path.stem for file in files if wanted is not None and file.language != wanted
    )
    if english:
        say(f"In English, for the catalogue of {wanted!r} has the summary alone: {', '.join(english)}.")


def _check_whole(options: Options) -> None:
    """Refuse what an edited document decides itself."""
    if options.parts or options.thumbnails or options.meta or options.show_ids:
        raise RenderingError(
            "A .qmd is rendered as it is: {parts}, {thumbnails}, {meta} and {show_ids} are for a study.",
            code="document_is_whole",
            parts=Argument("parts"),
            thumbnails=Argument("thumbnails"),
            meta=Argument("meta"),
            show_ids=Argument("show_ids"),
        )


def _check_alone(options: Options) -> None:
    """Refuse what an example would not take up."""
    if options.meta is not None:
        raise RenderingError(
            "{init_meta} writes an example and no report: leave {meta} out.",
            code="two_metas",
            init_meta=Argument("init_meta"),
            meta=Argument("meta"),
        )


def _write_example(study: Path, path: Path, *, force: bool) -> None:
    """Write metadata for a result to be filled in."""
    from skknn_syndrome.rendering.meta.example import write_example  # noqa: PLC0415  slow to import: matplotlib
    from skknn_syndrome.rendering.report import load_any  # noqa: PLC0415  likewise

    check_output_file(path, "--init-meta")
    write_example(load_any(study), path, force=force)
    say(f"Wrote {path}: fill it in, and run skknn-syndrome report {study} --meta {path}")


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
