"""A study, a comparison of models or an alignment made into a report: engine chosen, files written."""

import os
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeAlias, get_args

from skknn_syndrome._files import write_bytes
from skknn_syndrome._output import open_output, read_whole
from skknn_syndrome.display.lettering import legible
from skknn_syndrome.display.style import KINDS, VECTOR
from skknn_syndrome.errors import RenderingError, quote
from skknn_syndrome.rendering.document import DOCUMENT, AnyResult, write_document
from skknn_syndrome.rendering.embedded import embedded_version, render_embedded
from skknn_syndrome.rendering.meta import ReportMeta, load_meta
from skknn_syndrome.rendering.parts import FRAMES, PARTS, STEMS, Part
from skknn_syndrome.rendering.processes import ended_together
from skknn_syndrome.rendering.quarto import (
    EMBEDDED,
    GET_QUARTO,
    find_quarto,
    is_recent_enough,
    quarto_version,
    render_with_quarto,
)
from skknn_syndrome.rendering.source import Format, Source, read_source, reread
from skknn_syndrome.results.distance_alignment import DistanceAlignment
from skknn_syndrome.results.model_comparison import ModelComparison
from skknn_syndrome.results.study import StudyResult

_KIND = re.compile(rb'"kind"\s*:\s*"(\w+)"')
_BEGIN = 400
"""Bytes within which a result says what it is, if it is no study."""
_KINDS: Mapping[bytes, type[AnyResult]] = MappingProxyType(
    {b"model_comparison": ModelComparison, b"distance_alignment": DistanceAlignment}
)

Engine: TypeAlias = Literal["auto", "quarto", "embedded"]
"""Which renderer to use; ``"auto"`` takes Quarto where it is found."""


@dataclass(frozen=True)
class RenderedFile:
    """A file of a report."""

    format: Format
    path: Path
    engine: Literal["quarto", "embedded"]
    engine_version: str
    """Of Quarto, or of the programs within the embedded renderer."""
    seconds: float
    """How long this format took."""
    language: str = "en"
    """That of the document."""


@dataclass(frozen=True)
class _Renderer:
    name: Literal["quarto", "embedded"]
    version: Callable[[Format], str]
    render: Callable[[Source, Format], bytes]


def render_report(
    study: AnyResult | str | os.PathLike[str],
    output_dir: str | os.PathLike[str],
    formats: Format | Sequence[Format] = ("html",),
    engine: Engine = "auto",
    *,
    parts: Part | Sequence[Part] | None = None,
    thumbnails: str | os.PathLike[str] | None = None,
    meta: ReportMeta | str | os.PathLike[str] | None = None,
    show_ids: bool = False,
    force: bool = False,
) -> tuple[RenderedFile, ...]:
    """Write the report of a study, of a comparison of models, or of an alignment of distances.

    Parameters
    ----------
    study : StudyResult, ModelComparison, DistanceAlignment or path
        One of these, or the JSON file that holds it.
    output_dir : path
        Gets `summary.html`, `report.html` (the main text), `supplement.html` and `checklists.html`, the same
        as `.pdf` or `.docx`, and the `.qmd` that they come from with their figures, all at once at the end;
        of a study that has a map of its embeddings also `map.html`, the interactive one. Formats of the same
        study that lie there stay; what an earlier report of another study left is removed.
    formats : {"html", "pdf", "docx"} or sequence of these
        What to write: one format, or several.
    engine : {"auto", "quarto", "embedded"}
        ``"auto"`` takes Quarto where it is found, and the embedded renderer elsewhere.
    parts : {"summary", "main", "supplement", "checklists"} or sequence of these, optional
        Which documents; by default all that such a result has. Reports of comparisons and of alignments have
        the main text alone, which holds everything.
    thumbnails : path, optional
        A folder of images, called by their ids: small pictures of the most confident errors are put into the
        report. These may be patients.
    meta : ReportMeta or path, optional
        What the authors supply: title, authors, declarations, nouns, names of classes. Or the YAML file that
        holds it (`skknn-syndrome report --init-meta` writes an example).
    show_ids : bool, default=False
        Print ids of subjects and images; else numbered placeholders such as "subject 1" stand for them.
    force : bool
        Write over files that this package did not write, or that were changed since.

    Returns
    -------
    tuple of RenderedFile
        One a part and format, in the order asked for.

    Raises
    ------
    StudyFileError
        If `study` is a file and holds none of them.
    ForeignFileError
        If a file would be written over that this package did not write.
    FileInUseError
        If another process writes into the folder.
    RenderingError
        If there is no such format or part, or the engine is missing or fails; or `meta` is at fault. All of
        these are looked at before the study is read, as far as they do not depend on it.
    """
    wanted = list(dict.fromkeys([formats] if isinstance(formats, str) else formats))
    check_choices(wanted, engine)
    asked = None if parts is None else list(dict.fromkeys([parts] if isinstance(parts, str) else parts))
    _check_choice("parts", "part", asked or (), Part)
    supplied = meta if meta is None or isinstance(meta, ReportMeta) else load_meta(meta)
    loaded = study if isinstance(study, AnyResult) else load_any(Path(study))
    stems = [STEMS[part] for part in _parts_of(loaded, asked)]
    with open_output(Path(output_dir), kind="report", last=DOCUMENT) as output:
        shown = None if thumbnails is None else Path(thumbnails)
        source = None if isinstance(study, AnyResult) else Path(study)
        # Word alone shows pixels.
        kinds = KINDS if "docx" in wanted else (VECTOR,)
        names = [f"{stem}.{format_}" for stem in stems for format_ in wanted]
        if not force:
            # What has a name already: drawing takes seconds.
            output.refuse_foreign([*names, *(f"{STEMS[part]}.qmd" for part in FRAMES[loaded.report_kind])])
        write_document(
            loaded, output.staging, shown, source=source, kinds=kinds, meta=supplied, show_ids=show_ids
        )
        if not force:
            # Before the rendering, which takes longest.
            output.refuse_foreign([*output.staged(), *names])
        rendered = [
            file
            for stem in stems
            for file in render_document(
                output.staging / f"{stem}.qmd", output.staging, formats=wanted, engine=engine
            )
        ]
        unchanged = [path.stem for path in output.staging.glob("*.qmd") if output.is_unchanged(path.name)]
        output.commit(kept={f"{stem}.{name}" for stem in unchanged for name in get_args(Format)})
    return tuple(replace(file, path=output.folder / file.path.name) for file in rendered)


def _parts_of(result: AnyResult, asked: Sequence[Part] | None) -> Sequence[Part]:
    """Return the parts to write; refuse one that reports of such results do not have."""
    there = FRAMES[result.report_kind]
    for part in asked or ():
        if part not in there:
            raise RenderingError(
                f"The report of this result has no part {quote(part)}, only {', '.join(there)}.",
                code="part_not_there",
                parameter="parts",
            )
    return asked or [part for part in PARTS if part in there]


def load_any(path: Path) -> AnyResult:
    """Read a study, a comparison or an alignment, whichever its file says that it is.

    Raises
    ------
    StudyFileError
        It is none of them; what can't be read at all, the reader of studies tells.
    """
    try:
        begin = read_whole(path, _BEGIN).replace(b"\0", b"")  # which UTF-16 has between letters
    except OSError:
        begin = b""
    said = _KIND.search(begin)
    return _KINDS.get(said[1] if said else b"", StudyResult).load(path)


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
        Gets files called as the document, such as `report.html`: each appears once it is complete, and not at
        all if its rendering fails. Made where it is missing.
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
    wanted = tuple(dict.fromkeys(formats))
    write = partial(_write, renderer, source, output_dir, timeout=timeout)
    # Nearly all that each format takes is waiting for programs, which run side by side.
    with ThreadPoolExecutor(max(len(wanted), 1)) as pool, ended_together():
        begun = [pool.submit(copy_context().run, write, format_) for format_ in wanted]
        return tuple(each.result() for each in begun)


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
    _check_choice("formats", "format", formats, Format)
    _check_choice("engine", "engine", [engine], Engine)
    if engine == "quarto" and find_quarto() is None:
        raise RenderingError(
            f"Quarto is neither at QUARTO_PATH nor on PATH: {GET_QUARTO}.",
            code="no_quarto",
            parameter="engine",
            embedded=EMBEDDED,
        )


def _write(
    renderer: _Renderer, source: Source, output_dir: Path, format_: Format, *, timeout: float
) -> RenderedFile:
    began = time.perf_counter()
    path = output_dir / f"{source.path.stem}.{format_}"
    shown = _readable(source, timeout) if format_ == "pdf" else source
    write_bytes(path, renderer.render(shown, format_))
    seconds = time.perf_counter() - began
    return RenderedFile(format_, path, renderer.name, renderer.version(format_), seconds, source.language)


def _readable(source: Source, timeout: float) -> Source:
    """Return a document in letters that the fonts of this machine have: a PDF is drawn here, once for all."""
    text = legible(source.text, in_colour=True)
    return source if text == source.text else reread(source, text, timeout=timeout)


def _renderer(engine: Engine, timeout: float) -> _Renderer:
    quarto = None if engine == "embedded" else find_quarto()
    if quarto is not None:
        version = quarto_version(quarto)
        if engine == "quarto" or is_recent_enough(version):
            render = partial(render_with_quarto, quarto=quarto, version=version, timeout=timeout)
            return _Renderer("quarto", lambda _: ".".join(map(str, version)), render)
    return _Renderer("embedded", embedded_version, partial(render_embedded, timeout=timeout))


def _check_choice(parameter: str, what: str, chosen: Sequence[str], choices: object) -> None:
    for value in chosen:
        if value not in get_args(choices):
            raise RenderingError(
                f"There is no {what} {quote(value)}: choose of {', '.join(get_args(choices))}.",
                code=f"unknown_{what}",
                parameter=parameter,
            )
