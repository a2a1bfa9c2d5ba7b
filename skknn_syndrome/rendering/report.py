"""A study made into a report."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import get_args

from skknn_syndrome._output import open_output
from skknn_syndrome.rendering.document import DOCUMENT, write_document
from skknn_syndrome.rendering.engine import Engine, Format, RenderedFile, check_choices, render_document
from skknn_syndrome.rendering.staging import STEM
from skknn_syndrome.results import StudyResult

FORCE = "pass force=True to write over"
"""How to, as `ForeignFileError` says it."""


def render_report(
    study: StudyResult | str | os.PathLike[str],
    output_dir: str | os.PathLike[str],
    formats: Format | Sequence[Format] = ("html",),
    engine: Engine = "auto",
    *,
    force: bool = False,
) -> tuple[RenderedFile, ...]:
    """Write a study's report.

    Parameters
    ----------
    study : StudyResult or path
        A study, or the `study.json` that holds one.
    output_dir : path
        Gets `report.html`, `report.pdf` or `report.docx`, and the `report.qmd` they come from with its
        figures, all at once at the end. Formats of the same study that lie there stay; what an earlier report
        of another study left is removed.
    formats : {"html", "pdf", "docx"} or sequence of these
        What to write: one format, or several.
    engine : {"auto", "quarto", "embedded"}
        ``"auto"`` takes Quarto where it is found, and the embedded renderer elsewhere.
    force : bool
        Write over files that this package did not write, or that were changed since.

    Returns
    -------
    tuple of RenderedFile
        One a format, in the order asked for.

    Raises
    ------
    StudyFileError
        If `study` is a file and holds no study.
    ForeignFileError
        If a file would be written over that this package did not write.
    FileInUseError
        If another process writes into the folder.
    RenderingError
        If there is no such format, or the engine is missing or fails. Formats and engine are looked at before
        the study is read.
    """
    wanted = list(dict.fromkeys([formats] if isinstance(formats, str) else formats))
    check_choices(wanted, engine)
    loaded = study if isinstance(study, StudyResult) else StudyResult.load(study)
    with open_output(Path(output_dir), kind="report", last=DOCUMENT) as output:
        document = write_document(loaded, output.staging)
        if not force:
            # Before the rendering, which takes longest.
            output.refuse_foreign([*output.staged(), *(f"{STEM}.{name}" for name in wanted)], FORCE)
        rendered = render_document(document, output.staging, formats=wanted, engine=engine)
        others = {f"{STEM}.{name}" for name in get_args(Format)}
        output.commit(kept=others if output.is_unchanged(DOCUMENT) else ())
    return tuple(replace(file, path=output.folder / file.path.name) for file in rendered)
