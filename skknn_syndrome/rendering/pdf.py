"""PDF by Typst, as the package `typst` brings it."""

from datetime import datetime
from importlib.metadata import version
from pathlib import Path

import typst

from skknn_syndrome.errors import RenderingError


def typst_version() -> str:
    """Return the version of the Typst compiler's package."""
    return version("typst")


def compile_pdf(source: bytes, *, root: Path, created: datetime) -> bytes:
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

    Returns
    -------
    bytes
        The PDF.

    Raises
    ------
    RenderingError
        If Typst refuses the document.
    """
    document, result = root / "report.typ", root / "report.pdf"
    document.write_bytes(source)
    try:
        # Typst's own fonts come first; those of the machine fill in for scripts that they lack.
        typst.compile(document, result, root, timestamp=created)
    except typst.TypstError as error:
        raise RenderingError(f"The PDF can't be made: {'; '.join([error.message, *error.hints])}.") from error
    return result.read_bytes()
