"""One array out of a zip archive, of numbers or text alone."""

import math
import zipfile
from dataclasses import dataclass
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from skknn_syndrome.errors import EmbeddingsFileError, quote

_HEADER_READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_CODE_POINTS = 0x110000
_MATRIX = 2


@dataclass(frozen=True)
class Header:
    """What a member says of itself."""

    shape: tuple[int, ...]
    fortran_order: bool
    dtype: np.dtype[Any]

    @property
    def claim(self) -> tuple[int, int]:
        """Rows that it claims to hold, and bytes once they are judged as float32 or float64.

        Both are 0 where it can hold neither ids nor vectors.
        """
        if not 1 <= len(self.shape) <= _MATRIX:
            return 0, 0
        is_single = self.dtype.kind == "f" and self.dtype.itemsize <= np.dtype(np.float32).itemsize
        return self.shape[0], math.prod(self.shape) * max(4 if is_single else 8, self.dtype.itemsize)


def read_header(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Header | None:
    """Read the header of one `.npy` member, and nothing behind it; None if it is broken."""
    try:
        with archive.open(member) as stream:
            return _read_header(stream)
    except Exception:  # noqa: BLE001 - zipfile, zlib and NumPy raise a dozen kinds; reading it all will tell
        return None


def read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> NDArray[Any]:
    """Read one `.npy` member.

    Parameters
    ----------
    archive : ZipFile
        The open archive.
    member : ZipInfo
        Whose declared size the caller has bounded.
    name : str
        The array's name, for the sentence.

    Returns
    -------
    ndarray
        Of floats, integers or text, read-only.

    Raises
    ------
    EmbeddingsFileError
        If the member is broken, holds anything else, or its shape does not fit its bytes.
    """
    try:
        with archive.open(member) as stream:
            header = _read_header(stream)
            # zipfile yields no more bytes than were declared, and those were bounded.
            content = stream.read()
    except Exception as error:  # zipfile, zlib and NumPy's header parser raise a dozen kinds on broken bytes
        raise EmbeddingsFileError(
            f"its array {quote(name)} is broken or no npy file; write it again"
        ) from error
    dtype = header.dtype
    if dtype.kind not in "fiuU":
        what = "objects, which are pickles inside" if dtype.hasobject else str(dtype)
        raise EmbeddingsFileError(
            f"its array {quote(name)} holds {what}; save it as numbers or text (dtype str)"
        )
    if dtype.kind == "U":
        _check_characters(content, dtype, name)
    try:
        return np.frombuffer(content, dtype).reshape(header.shape, order="F" if header.fortran_order else "C")
    except ValueError as error:
        raise EmbeddingsFileError(
            f"its array {quote(name)} declares the shape {header.shape} of {dtype}, "
            f"but holds {len(content):,} bytes"
        ) from error


def _read_header(stream: IO[bytes]) -> Header:
    return Header(*_HEADER_READERS[npy.read_magic(stream)](stream))


def _check_characters(content: bytes, dtype: np.dtype[Any], name: str) -> None:
    # NumPy does not look at the numbers behind text: Python then ends in a SystemError, or worse.
    whole = content[: len(content) // 4 * 4]
    codes = np.frombuffer(whole, np.dtype(np.uint32).newbyteorder(dtype.byteorder))
    if codes.max(initial=0) >= _CODE_POINTS:
        raise EmbeddingsFileError(f"its array {quote(name)} holds characters that are not in Unicode")
