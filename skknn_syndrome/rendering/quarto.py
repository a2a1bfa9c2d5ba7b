"""Quarto, found, asked for its version, and run."""

import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from skknn_syndrome.errors import Argument, RenderingError, quote
from skknn_syndrome.languages import gettext, said_in
from skknn_syndrome.rendering.embedded import copy_fonts
from skknn_syndrome.rendering.processes import Finished, run_program
from skknn_syndrome.rendering.source import STEM, Format, Source, staged

LEAST_VERSION = (1, 4)
"""The first with the format ``typst``, by which Quarto makes a PDF without a TeX installation."""

EMBEDDED = Argument("engine", "embedded")
GET_QUARTO = "install it from https://quarto.org/docs/download, or choose {embedded}"
"""What to do where there is none; `EMBEDDED` is what it names."""

SILENT_FAILURES = (
    "Unable to resolve crossref",
    "Could not fetch resource",
    "Citeproc: citation",
    "Could not convert image",
)
"""Warnings that Quarto ends with exit code 0 for, though the report misses something."""

TARGETS: Mapping[Format, tuple[str, ...]] = MappingProxyType(
    {
        "html": ("html", "-M", "embed-resources:true", "-M", "html-math-method:mathml"),
        "pdf": ("typst",),
        "docx": ("docx",),
    }
)
"""Formats as Quarto calls them; HTML has to be one file, since only that one is taken over, and its formulas
need no script, which Quarto would fetch from the network."""

LAST_LINES = 12
_VERSION_SECONDS = 60
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def find_quarto() -> Path | None:
    """Return Quarto's program: what ``QUARTO_PATH`` names, or the first on ``PATH``.

    Returns
    -------
    Path or None
        None where there is none.

    Raises
    ------
    RenderingError
        If ``QUARTO_PATH`` is set and leads to no program: whoever set it wants that one and no other.
    """
    named = os.environ.get("QUARTO_PATH")
    if not named:
        on_path = shutil.which("quarto")
        return None if on_path is None else Path(on_path)
    for place in (Path(named), Path(named, "quarto"), Path(named, "bin", "quarto")):
        found = shutil.which(place)
        if found is not None:
            return Path(found).absolute()
    raise RenderingError(
        f"QUARTO_PATH is {quote(named)}, where no Quarto is: correct or unset it.", code="quarto_path_astray"
    )


def quarto_version(quarto: Path) -> tuple[int, ...]:
    """Return Quarto's version.

    Parameters
    ----------
    quarto : Path
        The program.

    Returns
    -------
    tuple of int
        Such as ``(1, 9, 37)``.

    Raises
    ------
    RenderingError
        If the program does not say.
    """
    finished = run_program([quarto, "--version"], folder=Path.cwd(), timeout=_VERSION_SECONDS)
    found = re.search(r"^\d+(\.\d+)+", finished.output.decode("utf-8", errors="replace"), re.MULTILINE)
    if finished.code or found is None:
        raise RenderingError(
            "{quarto} does not tell its version: is it Quarto? If not, " + GET_QUARTO + ".",
            code="no_quarto_version",
            quarto=quarto,
            embedded=EMBEDDED,
        )
    return tuple(int(part) for part in found[0].split("."))


def is_recent_enough(version: tuple[int, ...]) -> bool:
    """Return whether reports can be rendered by this version of Quarto."""
    return version >= LEAST_VERSION


def render_with_quarto(
    source: Source, format_: Format, *, quarto: Path, version: tuple[int, ...], timeout: float
) -> bytes:
    """Return a document as Quarto renders it.

    Parameters
    ----------
    source : Source
        The document.
    format_ : {"html", "pdf", "docx"}
        PDF is made through Typst.
    quarto : Path
        The program.
    version : tuple of int
        Its version.
    timeout : float
        Seconds that it may take.

    Returns
    -------
    bytes
        The file.

    Raises
    ------
    RenderingError
        If Quarto is too old, fails, takes too long, or warns of something missing in the report.
    """
    shown = ".".join(map(str, version))
    _check_version(quarto, version)
    with staged(source) as folder:
        with said_in(source.language):
            note = gettext("Rendered by Quarto %(version)s.") % {"version": shown}
        (folder / f"{STEM}.qmd").write_text(with_note(source.text, note), "utf-8")
        _check(_run(quarto, folder, format_, source, timeout))
        result = folder / f"{STEM}.{format_}"
        if not result.is_file():
            raise RenderingError(
                f"Quarto ended without an error and without a {format_} file.", code="quarto_wrote_nothing"
            )
        return result.read_bytes()


def with_note(text: str, note: str) -> str:
    """Return a document that ends with a note on its engine, as a block of class ``engine-note``.

    Examples
    --------
    >>> print(with_note("Text.", "Rendered by hand."))
    Text.
    <BLANKLINE>
    ::: {.engine-note}
    Rendered by hand.
    :::
    <BLANKLINE>
    """
    return f"{text}\n\n::: {{.engine-note}}\n{note}\n:::\n"


def _check_version(quarto: Path, version: tuple[int, ...]) -> None:
    if not is_recent_enough(version):
        raise RenderingError(
            "{quarto} is version {version}, and reports need {least} or later: " + GET_QUARTO + ".",
            code="quarto_too_old",
            parameter="engine",
            quarto=quarto,
            version=".".join(map(str, version)),
            least=".".join(map(str, LEAST_VERSION)),
            embedded=EMBEDDED,
        )


def _run(quarto: Path, folder: Path, format_: Format, source: Source, timeout: float) -> Finished:
    # The document holds no code to run; should a label ever look like some, it is not run either.
    arguments: list[str | Path] = [quarto, "render", f"{STEM}.qmd", "--to", *TARGETS[format_], "--no-execute"]
    environment = {"NO_COLOR": "1", "SOURCE_DATE_EPOCH": f"{source.created.timestamp():.0f}"}
    if format_ == "pdf":
        environment["TYPST_FONT_PATHS"] = str(copy_fonts(folder / "fonts"))
    return run_program(arguments, folder=folder, timeout=timeout, environment=environment)


def _check(finished: Finished) -> None:
    """Refuse a run that failed, or that passed over something missing."""
    log = _COLOURS.sub("", finished.output.decode("utf-8", errors="replace") + finished.log)
    lines = [line.rstrip() for line in log.splitlines() if line.strip()]
    if finished.code:
        last = "\n".join(lines[-LAST_LINES:])
        raise RenderingError(
            f"Quarto failed with code {finished.code}. Its last lines:\n{last}", code="quarto_failed"
        )
    missing = [line for line in lines if any(warning in line for warning in SILENT_FAILURES)]
    if missing:
        raise RenderingError(
            "Quarto left something out of the report:\n" + "\n".join(missing), code="quarto_left_out"
        )
