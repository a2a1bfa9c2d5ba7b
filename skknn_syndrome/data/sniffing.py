"""What a file is, by its first bytes, whatever its name says."""

import codecs
from typing import Literal, TypeAlias

from skknn_syndrome.errors import EmbeddingsFileError

FileFormat: TypeAlias = Literal["pickle", "npz", "parquet", "csv"]

_NOUNS: dict[FileFormat, str] = {
    "pickle": "pickle",
    "npz": "npz archive",
    "parquet": "Parquet file",
    "csv": "CSV file",
}
_BEGINNINGS: tuple[tuple[bytes, FileFormat | None, str], ...] = (
    (b"PK\x03\x04", "npz", "a zip archive, as npz files are"),
    (b"PAR1", "parquet", "a Parquet file"),
    *((bytes([0x80, protocol]), "pickle", "a pickle") for protocol in range(2, 6)),
    (b"\x93NUMPY", None, "a single NumPy array; save it with its labels, by numpy.savez"),
    (b"\x89HDF\r\n\x1a\n", None, "an HDF5 file; convert it first"),
    (b"\x1f\x8b", None, "compressed with gzip; decompress it first"),
    (b"version https://git-lfs", None, "a Git LFS pointer; fetch the file itself by git lfs pull"),
    (b"<!DOCTYPE", None, "a web page; download the file itself"),
    (b"<html", None, "a web page; download the file itself"),
)
_TEXT_SAMPLE = 4096


def check_format(content: bytes, expected: FileFormat) -> None:
    """Refuse a file that is plainly something else.

    Parameters
    ----------
    content : bytes
        The whole file.
    expected : {"pickle", "npz", "parquet", "csv"}
        What its name says.

    Raises
    ------
    EmbeddingsFileError
        If the first bytes are those of another format. Bytes that are not known are left to the reader.

    Examples
    --------
    >>> check_format(b"PAR1...", "npz")
    Traceback (most recent call last):
        ...
    skknn_syndrome.errors.EmbeddingsFileError: it is no npz archive, but a Parquet file
    """
    for beginning, known, description in _BEGINNINGS:
        if content.startswith(beginning):
            if known == expected:
                return
            raise EmbeddingsFileError(f"it is no {_NOUNS[expected]}, but {description}")
    # A pickle of protocol 0 is text too, but ends in a full stop and no new line.
    if expected != "csv" and not content.endswith(b".") and _is_text(content[:_TEXT_SAMPLE]):
        raise EmbeddingsFileError(f"it is no {_NOUNS[expected]}, but a text file, or was cut short")


def _is_text(sample: bytes) -> bool:
    try:
        # An incremental decoder waits for the rest of a character that the sample cuts through.
        text = codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return False
    return all(character.isprintable() or character in "\r\n\t\ufeff" for character in text)
