"""Pandoc, as the package `pypandoc_binary` brings it, with its sandbox closed."""

import json
import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pypandoc

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.rendering.processes import Finished, run_program
from skknn_syndrome.rendering.syntax_tree import Node

READER = "markdown-raw_html-raw_tex-raw_attribute-latex_macros"
"""Quarto's Markdown without what would reach the output unread."""

_TRACEBACK = re.compile(r"\nstack traceback:.*", re.DOTALL)
_PREAMBLE = re.compile(r"^(Error running filter .*:|Failing because there were warnings\.)\n?", re.MULTILINE)


@cache
def pandoc_version() -> str:
    """Return pandoc's version, such as ``"3.9"``."""
    return str(pypandoc.get_pandoc_version())


def read_markdown(text: str, *, folder: Path, timeout: float) -> Node:
    """Return the syntax tree of a Markdown document.

    Parameters
    ----------
    text : str
        The document; raw HTML, raw TeX and TeX macros in it are plain text.
    folder : Path
        The working directory of pandoc, which reads no file.
    timeout : float
        Seconds that pandoc may take.

    Returns
    -------
    Node
        Pandoc's JSON.

    Raises
    ------
    RenderingError
        If pandoc can't make sense of the text.
    """
    return json.loads(_run(["--from", READER, "--to", "json"], text.encode(), folder, timeout))


def write_tree(tree: Node, arguments: Sequence[str | Path], *, folder: Path, timeout: float) -> bytes:
    """Return a syntax tree in another format.

    Parameters
    ----------
    tree : Node
        Pandoc's JSON.
    arguments : sequence of str or Path
        Pandoc's options: format, template, filters.
    folder : Path
        The working directory of pandoc, which reads the files named in `arguments` alone.
    timeout : float
        Seconds that pandoc may take.

    Returns
    -------
    bytes
        The file. It names no time of its making: the sandbox has no clock.

    Raises
    ------
    RenderingError
        If pandoc or a filter fails, or warns: of a reference to nothing, of literature that is not in the
        bibliography.
    """
    options = ["--from", "json", "--standalone", "--fail-if-warnings", *arguments]
    return _run(options, json.dumps(tree).encode(), folder, timeout)


def _run(arguments: Sequence[str | Path], text: bytes, folder: Path, timeout: float) -> bytes:
    # Without the sandbox, pandoc would read images, includes and bibliographies from anywhere.
    command = [pypandoc.get_pandoc_path(), "--sandbox", *arguments, "--output", "-"]
    finished = run_program(command, folder=folder, timeout=timeout, text=text)
    if finished.code:
        raise RenderingError(f"The report can't be rendered: {_reason(finished)}")
    return finished.output


def _reason(finished: Finished) -> str:
    """Return what pandoc complained of, on one line."""
    log = _PREAMBLE.sub("", _TRACEBACK.sub("", finished.log))
    return " ".join(log.split()) or f"pandoc ended with code {finished.code}."
