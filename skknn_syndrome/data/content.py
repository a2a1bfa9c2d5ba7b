"""The bytes of a file, or a sentence that says why there are none."""

import stat
from pathlib import Path

from skknn_syndrome._limits import (
    LINE_BYTES,
    MAX_COLUMNS,
    MAX_FILE_BYTES,
    check_count,
    check_text_claim,
    how_to_lift,
    sizes_are_trusted,
)
from skknn_syndrome.errors import EmbeddingsFileError

_SEPARATORS = b",;\t|"


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
    if len(content) > MAX_FILE_BYTES and not sizes_are_trusted():
        raise EmbeddingsFileError(
            f"it is larger than {MAX_FILE_BYTES // 1024**2:,} MiB; split it, or {how_to_lift()}"
        )
    return content


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(-1 if sizes_are_trusted() else MAX_FILE_BYTES + 1)


def check_lines(content: bytes) -> None:
    r"""Refuse a table in text form with too many lines for its size, or too many columns.

    Parameters
    ----------
    content : bytes
        The whole file.

    Raises
    ------
    EmbeddingsFileError
        With what was found and the limit.

    Examples
    --------
    >>> check_lines(b"syndrome,e0\nNoonan,0.5\n")
    """
    header = content[: min((end for end in map(content.find, (b"\n", b"\r")) if end >= 0), default=None)]
    check_count(1 + max(map(header.count, _SEPARATORS)), MAX_COLUMNS, "columns")
    n_lines = max(content.count(b"\n"), content.count(b"\r"))
    check_text_claim(n_lines, 0, len(content), LINE_BYTES)
