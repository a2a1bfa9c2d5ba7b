"""The renderer that is always there: pandoc and Typst from Python packages, without network."""

import base64
import json
import re
import shutil
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType

from matplotlib import get_data_path

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.languages import gettext, said_in
from skknn_syndrome.rendering.authors import blocks_of, lift_logo
from skknn_syndrome.rendering.pandoc import engine_note, pandoc_version, retarget_images, write_tree
from skknn_syndrome.rendering.processes import Finished, run_program
from skknn_syndrome.rendering.source import Format, Source, staged
from skknn_syndrome.rendering.templates import assets_folder

FILTERS = ("callouts.lua", "tables.lua", "crossref.lua", "layout.lua")
_MEDIA_TYPES = MappingProxyType({".svg": "image/svg+xml", ".png": "image/png"})
REFUSED = 1
"""Exit code of the child where the document is at fault."""
CHILD = Path(__file__).with_name("typst_child.py")
"""Not imported here: Typst is to be loaded in that process alone."""
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
"""Those of figures: what letters a PDF can show is the same as in these."""


def embedded_version(format_: Format) -> str:
    """Return the versions of what renders a format, such as ``"pandoc 3.9"``."""
    pandoc = f"pandoc {pandoc_version()}"
    return f"{pandoc}, Typst {typst_version()}" if format_ == "pdf" else pandoc


def render_embedded(source: Source, format_: Format, *, timeout: float) -> bytes:
    """Return a document in another format.

    Parameters
    ----------
    source : Source
        The document.
    format_ : {"html", "pdf", "docx"}
        HTML is one file with its figures inside, which runs no script and asks for nothing.
    timeout : float
        Seconds that pandoc may take each time it is called.

    Returns
    -------
    bytes
        The file; the same document, package and versions give the same bytes.

    Raises
    ------
    RenderingError
        If a cross-reference or citation leads nowhere, or the document can't be rendered.
    """
    return _WRITERS[format_](source, timeout)


def _html(source: Source, timeout: float) -> bytes:
    def figure(path: str) -> str:
        return data_uri(source.folder / path)

    template = assets_folder() / "theme" / "template.html"
    contents = () if source.part == "summary" else ("--toc", "--toc-depth=3")
    options = ("--to", "html", "--template", template, "--mathml", *contents)
    return _write(source, "html", figure, options, timeout)


def _pdf(source: Source, timeout: float) -> bytes:
    # On paper, contents before a text of eight pages or of one table would keep the reader from it.
    contents = ("--toc",) if source.part in {"", "supplement"} else ()
    options = ("--to", "typst", "--template", assets_folder() / "theme" / "template.typ", *contents)
    # Typst takes no data URIs: it reads the figures as files beneath the private folder, its root.
    typst = _write(source, "pdf", lambda path: f"/{path}", options, timeout)
    with staged(source) as root:
        # The last rows are a foot to be kept together, and nothing that a rule sets apart.
        typst = _RULE_OF_FOOT.sub(rb"\1", typst)
        return compile_pdf(typst, root=root, created=source.created, timeout=timeout)


def _docx(source: Source, timeout: float) -> bytes:
    def figure(path: str) -> str:
        # Word shows SVG since 2016 only, and other word processors show it badly.
        png = (source.folder / path).with_suffix(".png")
        return data_uri(png if png.is_file() and not png.is_symlink() else source.folder / path)

    return _write(source, "docx", figure, ("--to", "docx"), timeout)


_RULE_OF_FOOT = re.compile(rb"table\.hline\(\),\n(\s*table\.footer\()")
_WRITERS: Mapping[Format, Callable[[Source, float], bytes]] = MappingProxyType(
    {"html": _html, "pdf": _pdf, "docx": _docx}
)


def _write(
    source: Source,
    format_: Format,
    figure: Callable[[str], str],
    options: Sequence[str | Path],
    timeout: float,
) -> bytes:
    """Write the document with a note on its engine, and with its figures where `figure` says."""
    tree = deepcopy(source.tree)
    retarget_images(tree, figure)
    if format_ == "docx":
        tree["blocks"][:0] = blocks_of(tree["meta"])
        labels = tree["meta"].get("labels", {}).get("c", {})
        tree["meta"] |= {name: label for name, label in labels.items() if name == "date"}
    else:
        lift_logo(tree)
    with said_in(source.language):
        note = gettext("Rendered by the embedded renderer (%(programs)s).")
    tree["blocks"].append(engine_note(note % {"programs": embedded_version(format_)}))
    filters = assets_folder() / "filters"
    arguments: list[str | Path] = [*options, "--wrap=none"]
    for name in FILTERS:
        arguments += ["--lua-filter", filters / name]
    arguments.append("--citeproc")  # after the filters, which take their own references out
    for entry in source.bibliography:
        arguments += ["--bibliography", entry]
    return write_tree(tree, arguments, folder=source.folder, timeout=timeout)


def data_uri(path: Path) -> str:
    """Return an SVG or PNG file as a data URI (RFC 2397).

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "dot.svg"
    >>> _ = path.write_text("<svg/>")
    >>> data_uri(path)
    'data:image/svg+xml;base64,PHN2Zy8+'
    """
    return f"data:{_MEDIA_TYPES[path.suffix.lower()]};base64,{base64.b64encode(path.read_bytes()).decode()}"


def typst_version() -> str:
    """Return the version of the Typst compiler's package."""
    return version("typst")


def copy_fonts(folder: Path) -> Path:
    """Copy the fonts of figures into `folder`, made where it is missing, and return it."""
    folder.mkdir(exist_ok=True)
    for name in FONTS:
        shutil.copyfile(Path(get_data_path(), "fonts", "ttf", name), folder / name)
    return folder


def compile_pdf(source: bytes, *, root: Path, created: datetime, timeout: float) -> bytes:
    """Return a Typst document as a tagged PDF.

    Parameters
    ----------
    source : bytes
        The document, UTF-8. It must hold no code but the template's, since code may read below `root` and ask
        for packages from the network; pandoc escapes whatever is text.
    root : Path
        A private folder, the only one that the document can read from.
    created : datetime
        What the PDF says of its making; with a fixed one, the same document gives the same bytes.
    timeout : float
        Seconds that Typst may take.

    Returns
    -------
    bytes
        The PDF.

    Raises
    ------
    RenderingError
        If Typst refuses the document, takes too long, or ends for lack of memory.
    """
    document, result = root / "report.typ", root / "report.pdf"
    document.write_bytes(source)
    request = {
        "document": str(document),
        "result": str(result),
        "root": str(root),
        "fonts": str(copy_fonts(root / "fonts")),
        "created": created.timestamp(),
    }
    # -P: the modules beside the child are not to be taken for others of the same name.
    command: list[str | Path] = [sys.executable, "-P", CHILD, json.dumps(request)]
    finished = run_program(command, folder=root, timeout=timeout, name="Typst")
    if finished.code:
        raise RenderingError(f"The PDF can't be made: {_typst_reason(finished)}", code="typst_failed")
    return result.read_bytes()


def _typst_reason(finished: Finished) -> str:
    if finished.code == REFUSED and finished.output:
        return f"{json.loads(finished.output)}."
    last = (finished.log.splitlines() or [f"code {finished.code}"])[-1]
    ended = (
        f"Typst was ended by {_signal_name(-finished.code)}"
        if finished.code < 0
        else f"Typst ended without a result ({last})"
    )
    # An allocation that fails aborts Typst, and the system kills what takes too much.
    if -finished.code in {signal.SIGABRT, signal.SIGKILL} or last.startswith("MemoryError"):
        return f"{ended}, most likely for lack of memory. Give it more, or write the report with --to html."
    return f"{ended}. Write the report with --to html."


def _signal_name(number: int) -> str:
    known = {entry.value: entry.name for entry in signal.Signals}
    return known.get(number, f"signal {number}")  # those between SIGRTMIN and SIGRTMAX have no names
