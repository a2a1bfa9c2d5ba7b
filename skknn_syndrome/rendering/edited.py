"""A report's document, rendered again after an edit."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from skknn_syndrome._output import open_output
from skknn_syndrome.rendering.report import Engine, RenderedFile, check_choices, render_document
from skknn_syndrome.rendering.source import Format

KIND = "edited report"
"""What the manifest of the folder calls such files."""


def render_edited(
    document: str | os.PathLike[str],
    formats: Format | Sequence[Format] = ("html",),
    engine: Engine = "auto",
    *,
    output_dir: str | os.PathLike[str] | None = None,
    force: bool = False,
) -> tuple[RenderedFile, ...]:
    """Render a report's document again, after an edit.

    Parameters
    ----------
    document : path
        A `.qmd` that `render_report` wrote, with the files beside it.
    formats, engine
        As in `render_report`.
    output_dir : path, optional
        Where the files go that are called as the document; by default beside it.
    force : bool
        Write over files that this package did not write, or that were changed since.

    Returns
    -------
    tuple of RenderedFile
        One a format, in the order asked for.

    Raises
    ------
    ForeignFileError
        If a file would be written over that this package did not write.
    RenderingError
        If the document can't be read or rendered.
    """
    wanted = list(dict.fromkeys([formats] if isinstance(formats, str) else formats))
    check_choices(wanted, engine)
    qmd = Path(document)
    folder = qmd.parent if output_dir is None else Path(output_dir)
    names = [f"{qmd.stem}.{format_}" for format_ in wanted]
    with open_output(folder, kind=KIND, last=names[0]) as output:
        if not force:
            output.refuse_foreign(names)
        rendered = render_document(qmd, output.staging, formats=wanted, engine=engine)
        output.commit(kept=tuple(output.written.get(KIND, ())))
    return tuple(replace(file, path=output.folder / file.path.name) for file in rendered)
