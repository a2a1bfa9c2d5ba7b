"""PDF by Typst, as the package `typst` brings it."""

import json
import shutil
import signal
import sys
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from matplotlib import get_data_path

from skknn_syndrome.errors import RenderingError
from skknn_syndrome.rendering.processes import Finished, run_program

REFUSED = 1
"""Exit code of the child where the document is at fault."""
CHILD = Path(__file__).with_name("typst_child.py")
"""Not imported here: Typst is to be loaded in that process alone."""
FONTS = ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf")
"""Those of figures: what letters a PDF can show is the same as in these."""


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
        raise RenderingError(f"The PDF can't be made: {_reason(finished)}")
    return result.read_bytes()


def _reason(finished: Finished) -> str:
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
