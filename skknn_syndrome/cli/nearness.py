"""What somebody may have meant who wrote a name wrongly."""

from difflib import get_close_matches
from pathlib import Path

_ALIKE = 0.75
"""Names of files that share their ending alone are not alike."""


def nearest_file(path: Path) -> Path | None:
    """Return the file in the same folder whose name is most like a path's, None where none is alike.

    Examples
    --------
    >>> nearest_file(Path("no such folder") / "faces.p") is None
    True
    """
    try:
        names = sorted(entry.name for entry in path.parent.iterdir() if entry.is_file())
    except OSError:  # no such folder, or one that may not be read
        return None
    name = next(iter(get_close_matches(path.name, names, n=1, cutoff=_ALIKE)), None)
    return None if name is None else path.with_name(name)
