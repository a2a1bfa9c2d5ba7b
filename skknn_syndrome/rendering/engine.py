"""The choice of a renderer, and the files that come of it."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal, get_args

from skknn_syndrome._files import write_bytes
from skknn_syndrome.errors import RenderingError, quote
from skknn_syndrome.figures.lettering import legible
from skknn_syndrome.rendering.embedded import embedded_version, render_embedded
from skknn_syndrome.rendering.formats import Engine as Engine
from skknn_syndrome.rendering.formats import Format as Format
from skknn_syndrome.rendering.formats import RenderedFile as RenderedFile
from skknn_syndrome.rendering.quarto import (
    GET_QUARTO,
    find_quarto,
    is_recent_enough,
    quarto_version,
    render_with_quarto,
)
from skknn_syndrome.rendering.source import Source, read_source
from skknn_syndrome.rendering.staging import STEM


@dataclass(frozen=True)
class _Renderer:
    name: Literal["quarto", "embedded"]
    version: Callable[[Format], str]
    render: Callable[[Source, Format], bytes]


def render_document(
    qmd: Path,
    output_dir: Path,
    *,
    formats: Sequence[Format],
    engine: Engine = "auto",
    timeout: float = 300,
) -> tuple[RenderedFile, ...]:
    """Render a static Quarto document.

    Parameters
    ----------
    qmd : Path
        The document. What it names (figures as SVG or PNG, a bibliography) lies in its folder or below.
    output_dir : Path
        Gets `report.html`, `report.pdf`, `report.docx`: each appears once it is complete, and not at all if
        its rendering fails. Made where it is missing.
    formats : sequence of {"html", "pdf", "docx"}
        What to render, in this order; a format named twice is rendered once.
    engine : {"auto", "quarto", "embedded"}
        ``"auto"`` takes Quarto where one is found that is recent enough, and the embedded renderer elsewhere.
        It does not fall back where Quarto fails: the report would change its look from one day to the next.
        The report's footer tells which engine rendered it.
    timeout : float
        Seconds that each run of a program may take.

    Returns
    -------
    tuple of RenderedFile
        One a format.

    Raises
    ------
    RenderingError
        If the engine is not there or too old, if the document or a file that it names can't be used, or if a
        reference leads nowhere.
    """
    check_choices(formats, engine)
    renderer = _renderer(engine, timeout)
    source = read_source(qmd, timeout=timeout)
    return tuple(_render(renderer, source, output_dir, format_) for format_ in dict.fromkeys(formats))


def check_choices(formats: Sequence[str], engine: str) -> None:
    """Refuse a format or an engine that there is not, before anything is made for it.

    Raises
    ------
    RenderingError
        Also if Quarto is asked for and not found.

    Examples
    --------
    >>> check_choices(["html", "pdf"], "embedded")
    """
    _check_choice("format", formats, Format)
    _check_choice("engine", [engine], Engine)
    if engine == "quarto" and find_quarto() is None:
        raise RenderingError(f"Quarto is neither at QUARTO_PATH nor on PATH: {GET_QUARTO}.")


def _render(renderer: _Renderer, source: Source, output_dir: Path, format_: Format) -> RenderedFile:
    began = time.perf_counter()
    path = output_dir / f"{STEM}.{format_}"
    write_bytes(path, renderer.render(_readable(source) if format_ == "pdf" else source, format_))
    seconds = time.perf_counter() - began
    return RenderedFile(format_, path, renderer.name, renderer.version(format_), seconds)


def _readable(source: Source) -> Source:
    """Return a document in letters that the fonts of this machine have: a PDF is drawn here, once for all."""
    return replace(source, text=legible(source.text, in_colour=True))


def _renderer(engine: Engine, timeout: float) -> _Renderer:
    quarto = None if engine == "embedded" else find_quarto()
    if quarto is not None:
        version = quarto_version(quarto)
        if engine == "quarto" or is_recent_enough(version):
            render = partial(render_with_quarto, quarto=quarto, version=version, timeout=timeout)
            return _Renderer("quarto", lambda _: ".".join(map(str, version)), render)
    return _Renderer("embedded", embedded_version, partial(render_embedded, timeout=timeout))


def _check_choice(what: str, chosen: Sequence[str], choices: object) -> None:
    for value in chosen:
        if value not in get_args(choices):
            raise RenderingError(
                f"There is no {what} {quote(value)}: choose of {', '.join(get_args(choices))}."
            )
