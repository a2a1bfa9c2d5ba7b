"""The renderer that is always there: pandoc and Typst from Python packages, without network."""

import base64
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from skknn_syndrome.rendering.assets import assets_folder
from skknn_syndrome.rendering.formats import Format
from skknn_syndrome.rendering.pandoc import pandoc_version, read_markdown, write_tree
from skknn_syndrome.rendering.pdf import compile_pdf, typst_version
from skknn_syndrome.rendering.source import Source
from skknn_syndrome.rendering.staging import staged
from skknn_syndrome.rendering.syntax_tree import harden, retarget_images

FILTERS = ("callouts.lua", "tables.lua", "crossref.lua", "layout.lua")
_MEDIA_TYPES = MappingProxyType({".svg": "image/svg+xml", ".png": "image/png"})


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
    note = f"Rendered by the embedded renderer ({embedded_version(format_)})."
    with staged(source, note) as document:
        return _WRITERS[format_](source, document, timeout)


def _write(
    source: Source, document: Path, timeout: float, *options: str | Path, target: Callable[[str], str]
) -> bytes:
    """Read the staged document, make it harmless, point its images elsewhere and write it."""
    folder = document.parent
    tree = read_markdown(document.read_text("utf-8"), folder=folder, timeout=timeout)
    harden(tree)
    retarget_images(tree, target)
    filters = assets_folder() / "filters"
    arguments: list[str | Path] = [*options, "--wrap=none"]
    for name in FILTERS:
        arguments += ["--lua-filter", filters / name]
    arguments.append("--citeproc")  # after the filters, which take their own references out
    for entry in source.bibliography:
        arguments += ["--bibliography", entry]
    return write_tree(tree, arguments, folder=folder, timeout=timeout)


def _html(source: Source, document: Path, timeout: float) -> bytes:
    template = assets_folder() / "theme" / "template.html"
    return _write(
        source,
        document,
        timeout,
        *("--to", "html", "--template", template, "--mathml", "--toc", "--toc-depth=3"),
        target=lambda path: data_uri(document.parent / path),
    )


def _pdf(source: Source, document: Path, timeout: float) -> bytes:
    template = assets_folder() / "theme" / "template.typ"
    # Typst takes no data URIs: it reads the figures as files beneath the staging folder, its root.
    typst = _write(
        source,
        document,
        timeout,
        *("--to", "typst", "--template", template, "--toc"),
        target=lambda path: f"/{path}",
    )
    return compile_pdf(typst, root=document.parent, created=source.created, timeout=timeout)


def _docx(source: Source, document: Path, timeout: float) -> bytes:
    def picture(path: str) -> str:
        # Word shows SVG since 2016 only, and other word processors show it badly.
        png = (document.parent / path).with_suffix(".png")
        return data_uri(png if png.is_file() else document.parent / path)

    return _write(source, document, timeout, "--to", "docx", target=picture)


_WRITERS: Mapping[Format, Callable[[Source, Path, float], bytes]] = MappingProxyType(
    {"html": _html, "pdf": _pdf, "docx": _docx}
)


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
