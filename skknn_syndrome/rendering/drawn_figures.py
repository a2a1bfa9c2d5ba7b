"""Reuse of a study's figures by its report: a manifest with hashes of result, package and files."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from skknn_syndrome._output import read_whole
from skknn_syndrome.display.lettering import lettering
from skknn_syndrome.display.style import KINDS, FigureFile
from skknn_syndrome.questions import Reported

MANIFEST: Final = "figures.json"
"""In the folder of the figures."""
FOLDER: Final = "figures"
"""Beside a result's JSON file."""
MOST_BYTES: Final = 1 << 26
"""Of a file that is taken over; a figure has a hundredth of it."""
DRAWN_WITH: Final = ("skknn-syndrome", "matplotlib", "fonttools")
_PACKAGE = Path(__file__).resolve().parents[1]


class Manifest(BaseModel):
    """Which figures were drawn of what, and what their files were then."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of: str
    """SHA-256 of all that a figure depends on."""
    files: dict[str, dict[str, str]]
    """SHA-256 of each file, by the figure's name and the file's."""


def manifest_of(source: Path, result: Reported, figures: Iterable[FigureFile]) -> bytes:
    """Return the list of figures that were just drawn of a result, which `source` holds.

    Parameters
    ----------
    source : Path
        The JSON file of `result`.
    result : Reported
    figures : iterable of FigureFile
        Whose files lie there.

    Returns
    -------
    bytes
        JSON.
    """
    files = {
        figure.name: {
            path.name: _sha256(path.read_bytes()) for path in (figure.png, figure.svg) if path.is_file()
        }
        for figure in figures
    }
    return f"{Manifest(of=_digest(source, result), files=files).model_dump_json(indent=1)}\n".encode()


def drawn_figures(source: Path, result: Reported) -> dict[str, dict[str, bytes]]:
    """Return the figures beside a result's file that drawing them again would give.

    Parameters
    ----------
    source : Path
        The JSON file that `result` was read from; its figures, if any, lie in the folder ``figures`` beside
        it.
    result : Reported

    Returns
    -------
    dict of str to dict of str to bytes
        The contents of PNG and SVG by figure and file name. A figure with a file that is missing, or is not
        as it was written, is not among them; none is where result, package, settings or fonts are others.
    """
    folder = source.parent / FOLDER
    with suppress(OSError, ValidationError):
        manifest = Manifest.model_validate_json(read_whole(folder / MANIFEST, MOST_BYTES))
        if manifest.of == _digest(source, result):
            read = {name: _unchanged(folder, name, sums) for name, sums in manifest.files.items()}
            return {name: contents for name, contents in read.items() if contents is not None}
    return {}


def _unchanged(folder: Path, name: str, sums: Mapping[str, str]) -> dict[str, bytes] | None:
    """Return the files of one figure, None if any of them is not what was written."""
    contents: dict[str, bytes] = {}
    for kind in KINDS:
        # The name is made here: what a manifest says may lead out of the folder.
        file = f"{name}.{kind}"
        try:
            contents[file] = read_whole(folder / file, MOST_BYTES)
        except (OSError, ValueError):
            return None
        if sums.get(file) != _sha256(contents[file]):
            return None
    return contents


def _digest(source: Path, result: Reported) -> str:
    """Return what tells apart results, code, versions and fonts that may draw other figures."""
    fonts = lettering("".join(result.class_names))
    told = {
        "result": _sha256(read_whole(source)),  # which holds the hash of its arrays
        "code": _code(),
        "versions": {name: version(name) for name in DRAWN_WITH},
        "fonts": [*fonts.families, *sorted(fonts.missing)],
    }
    return _sha256(json.dumps(told, sort_keys=True).encode())


@cache
def _code() -> str:
    """Return the hash of this package's files: a version number stays while somebody works on it."""
    found = hashlib.sha256()
    # Modules and the data that they read, but nothing that was compiled of these.
    files = (path for path in _PACKAGE.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    for path in sorted(files):
        found.update(path.relative_to(_PACKAGE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
