"""The bytes of a file, or a sentence that says why there are none."""

import stat
from pathlib import Path

from skknn_syndrome.errors import EmbeddingsFileError

MAX_FILE_BYTES = 2 * 1024**3
"""Size of a file that is still read: all of it goes into memory, since what is hashed is what is parsed."""


def read_content(path: Path) -> bytes:
    """Read a whole file.

    Parameters
    ----------
    path : Path
        A regular file.

    Returns
    -------
    bytes
        At least one.

    Raises
    ------
    EmbeddingsFileError
        If there is no such file, it is no regular file, may not be read, is empty or larger than 2 GiB.
    """
    try:
        mode = path.stat().st_mode
        # Anything else is not even opened: a pipe would wait for its other end.
        content = _first_bytes(path) if stat.S_ISREG(mode) else b""
    except FileNotFoundError:
        raise EmbeddingsFileError("there is no such file") from None
    except PermissionError:
        raise EmbeddingsFileError("you have no permission to read it") from None
    except OSError as error:
        raise EmbeddingsFileError(f"it can't be read ({error.strerror})") from error
    except ValueError as error:  # a NUL character in the name
        raise EmbeddingsFileError(f"its name can't be that of a file ({error})") from error
    if not stat.S_ISREG(mode):
        what = "a directory" if stat.S_ISDIR(mode) else "a device or a pipe"
        raise EmbeddingsFileError(f"it is {what}, not a file")
    if not content:
        raise EmbeddingsFileError("it is empty")
    if len(content) > MAX_FILE_BYTES:
        raise EmbeddingsFileError(f"it is larger than {MAX_FILE_BYTES // 1024**2:,} MiB; split it")
    return content


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(MAX_FILE_BYTES + 1)
