"""A study made into a report."""

import os
from collections.abc import Sequence
from pathlib import Path

from skknn_syndrome.rendering.document import write_document
from skknn_syndrome.rendering.engine import Engine, Format, RenderedFile, check_choices, render_document
from skknn_syndrome.results import StudyResult


def render_report(
    study: StudyResult | str | os.PathLike[str],
    output_dir: str | os.PathLike[str],
    formats: Format | Sequence[Format] = ("html",),
    engine: Engine = "auto",
) -> tuple[RenderedFile, ...]:
    """Write a study's report.

    Parameters
    ----------
    study : StudyResult or path
        A study, or the `study.json` that holds one.
    output_dir : path
        Gets `report.html`, `report.pdf` or `report.docx`, and the `report.qmd` they come from with its
        figures.
    formats : {"html", "pdf", "docx"} or sequence of these
        What to write: one format, or several.
    engine : {"auto", "quarto", "embedded"}
        ``"auto"`` takes Quarto where it is found, and the embedded renderer elsewhere.

    Returns
    -------
    tuple of RenderedFile
        One a format, in the order asked for.

    Raises
    ------
    StudyFileError
        If `study` is a file and holds no study.
    RenderingError
        If there is no such format, or the engine is missing or fails. Formats and engine are looked at before
        the study is read.
    """
    wanted = [formats] if isinstance(formats, str) else formats
    check_choices(wanted, engine)
    loaded = study if isinstance(study, StudyResult) else StudyResult.load(study)
    folder = Path(output_dir)
    return render_document(write_document(loaded, folder), folder, formats=wanted, engine=engine)
