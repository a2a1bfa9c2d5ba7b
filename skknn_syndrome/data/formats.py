"""File formats: what a file's name and first bytes say, and which reader takes it."""

import codecs
import stat
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from skknn_syndrome._limits import MAX_FILE_BYTES, how_to_lift, sizes_are_trusted
from skknn_syndrome.data.delimited import read_csv_table
from skknn_syndrome.data.nested_pickle import read_pickle_table
from skknn_syndrome.data.numpy_files import read_npz_table
from skknn_syndrome.data.rows import RawTable
from skknn_syndrome.errors import EmbeddingsFileError

_TEXT_SAMPLE = 4096


@dataclass(frozen=True, kw_only=True)
class FileFormat:
    """A format that is read.

    Parameters
    ----------
    noun : str
        What a file of it is called, without an article.
    holds : str
        What its suffixes stand for.
    suffixes : tuple of str
        Ends of names, in lower case.
    read : callable
        Takes the bytes of a whole file, the columns that the user has named, and those to be kept as
        covariates; gives its rows as they are, and raises `EmbeddingsFileError`.
    beginnings : tuple of bytes, default=()
        First bytes that tell it from all other formats.
    seen : str, default=""
        What these bytes show, where another format was expected.
    is_text : bool, default=False
        Whether such a file is plain text.
    """

    noun: str
    holds: str
    suffixes: tuple[str, ...]
    read: Callable[[bytes, Mapping[str, str] | None, Sequence[str]], RawTable]
    beginnings: tuple[bytes, ...] = ()
    seen: str = ""
    is_text: bool = False


def _read_parquet(raw: bytes, columns: Mapping[str, str] | None, covariates: Sequence[str]) -> RawTable:
    from skknn_syndrome.data.parquet_file import read_parquet_table  # noqa: PLC0415  slow to import: pyarrow

    return read_parquet_table(raw, columns, covariates)


FORMATS = [
    FileFormat(
        noun="CSV file",
        holds="a table as text",
        suffixes=(".csv", ".tsv"),
        read=read_csv_table,
        is_text=True,
    ),
    FileFormat(
        noun="Parquet file",
        holds="one in Parquet",
        suffixes=(".parquet",),
        read=_read_parquet,
        beginnings=(b"PAR1",),
        seen="a Parquet file",
    ),
    FileFormat(
        noun="npz archive",
        holds="NumPy arrays",
        suffixes=(".npz",),
        read=read_npz_table,
        beginnings=(b"PK\x03\x04",),
        seen="a zip archive, as npz files are",
    ),
    FileFormat(
        noun="pickle",
        holds="nested dictionaries",
        suffixes=(".p", ".pkl", ".pickle"),
        read=read_pickle_table,
        beginnings=tuple(bytes([0x80, protocol]) for protocol in range(2, 6)),
        seen="a pickle",
    ),
]
"""A new one is an entry here, and a module with its reader."""

_NEVER_READ = (
    (b"\x93NUMPY", "a single NumPy array; save it with its labels, by numpy.savez"),
    (b"\x89HDF\r\n\x1a\n", "an HDF5 file; convert it first"),
    (b"\x1f\x8b", "compressed with gzip; decompress it first"),
    (b"version https://git-lfs", "a Git LFS pointer; fetch the file itself by git lfs pull"),
    (b"<!DOCTYPE", "a web page; download the file itself"),
    (b"<html", "a web page; download the file itself"),
)


def format_of(path: Path) -> FileFormat:
    """Return the format that a file's name tells.

    Raises
    ------
    EmbeddingsFileError
        If it tells none.

    Examples
    --------
    >>> format_of(Path("faces.PKL")).noun
    'pickle'
    """
    for known in FORMATS:
        if path.suffix.lower() in known.suffixes:
            return known
    # ".p, .pkl or .pickle"
    suffixes = [" or ".join(", ".join(known.suffixes).rsplit(", ", 1)) for known in FORMATS]
    listed = ", ".join(f"{some} for {known.holds}" for some, known in zip(suffixes, FORMATS, strict=True))
    raise EmbeddingsFileError(
        f"the end of its name must say what it is: {listed}; rename it, or convert it",
        code="unknown_suffix",
        parameter="path",
    )


def check_format(content: bytes, expected: FileFormat) -> None:
    """Refuse a file that is plainly something else than its name says.

    Parameters
    ----------
    content : bytes
        The whole file.
    expected : FileFormat
        What its name says.

    Raises
    ------
    EmbeddingsFileError
        If the first bytes are those of another format. Bytes that are not known are left to the reader.

    Examples
    --------
    >>> check_format(b"PAR1...", format_of(Path("faces.npz")))
    Traceback (most recent call last):
        ...
    skknn_syndrome.errors.EmbeddingsFileError: it is no npz archive, but a Parquet file
    """
    if content.startswith(expected.beginnings):
        return
    found = _known_beginning(content)
    # A pickle of protocol 0 is text too, but ends in a full stop and no new line.
    may_be_text = expected.is_text or content.endswith(b".")
    if found is None and not may_be_text and _is_text(content[:_TEXT_SAMPLE]):
        found = "a text file, or was cut short"
    if found is not None:
        raise EmbeddingsFileError(f"it is no {expected.noun}, but {found}", code="wrong_format")


def _known_beginning(content: bytes) -> str | None:
    for beginning, what in _NEVER_READ:
        if content.startswith(beginning):
            return what
    return next((known.seen for known in FORMATS if content.startswith(known.beginnings)), None)


def _is_text(sample: bytes) -> bool:
    try:
        # An incremental decoder waits for the rest of a character that the sample cuts through.
        text = codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character in "\r\n\t\ufeff" for character in text)


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
        raise EmbeddingsFileError("there is no such file", code="no_such_file", parameter="path") from None
    except PermissionError:
        raise EmbeddingsFileError("you have no permission to read it", code="no_permission") from None
    except OSError as error:
        raise EmbeddingsFileError(f"it can't be read ({error.strerror})", code="unreadable") from error
    except ValueError as error:  # a NUL character in the name
        raise EmbeddingsFileError(
            f"its name can't be that of a file ({error})", code="invalid_name", parameter="path"
        ) from error
    if not stat.S_ISREG(mode):
        what = "a directory" if stat.S_ISDIR(mode) else "a device or a pipe"
        raise EmbeddingsFileError(f"it is {what}, not a file", code="not_a_file", parameter="path")
    if not content:
        raise EmbeddingsFileError("it is empty", code="empty_file")
    if len(content) > MAX_FILE_BYTES and not sizes_are_trusted():
        raise EmbeddingsFileError(
            f"it is larger than {MAX_FILE_BYTES // 1024**2:,} MiB; split it, or {how_to_lift()}",
            code="too_large",
        )
    return content


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(-1 if sizes_are_trusted() else MAX_FILE_BYTES + 1)
