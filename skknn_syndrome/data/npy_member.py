"""One array out of a zip archive, of numbers or text alone."""

import zipfile
from typing import IO, Any

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from skknn_syndrome.errors import EmbeddingsFileError, quote

_HEADER_READERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_CODE_POINTS = 0x110000


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
            shape, fortran_order, dtype = _read_header(stream)
            # zipfile yields no more bytes than were declared, and those were bounded.
            content = stream.read()
    except Exception as error:  # zipfile, zlib and NumPy's header parser raise a dozen kinds on broken bytes
        raise EmbeddingsFileError(
            f"its array {quote(name)} is broken or no npy file; write it again"
        ) from error
    if dtype.kind not in "fiuU":
        what = "objects, which are pickles inside" if dtype.hasobject else str(dtype)
        raise EmbeddingsFileError(
            f"its array {quote(name)} holds {what}; save it as numbers or text (dtype str)"
        )
    if dtype.kind == "U":
        _check_characters(content, dtype, name)
    try:
        return np.frombuffer(content, dtype).reshape(shape, order="F" if fortran_order else "C")
    except ValueError as error:
        raise EmbeddingsFileError(
            f"its array {quote(name)} declares the shape {shape} of {dtype}, but holds {len(content):,} bytes"
        ) from error


def _read_header(stream: IO[bytes]) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    header: tuple[tuple[int, ...], bool, np.dtype[Any]]
    header = _HEADER_READERS[npy.read_magic(stream)](stream)
    return header


def _check_characters(content: bytes, dtype: np.dtype[Any], name: str) -> None:
    # NumPy does not look at the numbers behind text: Python then ends in a SystemError, or worse.
    whole = content[: len(content) // 4 * 4]
    codes = np.frombuffer(whole, np.dtype(np.uint32).newbyteorder(dtype.byteorder))
    if codes.max(initial=0) >= _CODE_POINTS:
        raise EmbeddingsFileError(f"its array {quote(name)} holds characters that are not in Unicode")
