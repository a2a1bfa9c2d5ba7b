"""Files of new cases that came as bytes: read by the readers of all data, and never written."""

import io
import re

import numpy as np
from numpy.lib import format as npy

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.data.loading import Reading, read_embeddings
from skknn_syndrome.data.new_cases import NewCases
from skknn_syndrome.errors import EmbeddingsFileError

_SUFFIX = re.compile(r"\.[a-z]{1,8}")
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
_MATRIX = 2


def read_upload(content: bytes, suffix: str, n_features: int) -> NewCases | FloatArray:
    r"""Read new cases; their labels are not looked at.

    Parameters
    ----------
    content : bytes
        The whole file.
    suffix : str
        The end of its name, which tells the format: one of `load_embeddings`, or ".npy" for a matrix.
    n_features : int
        Length of a vector.

    Returns
    -------
    NewCases, or ndarray of shape (n_cases, n_features) without ids

    Raises
    ------
    EmbeddingsFileError
        It is empty, of another format than its name says, or claims more than it holds.

    Examples
    --------
    >>> read_upload(b"image,e0,e1\na,0.5,1\n", ".csv", 2).images.tolist()
    ['a']
    """
    if not _SUFFIX.fullmatch(suffix.lower()):
        raise EmbeddingsFileError(
            "The end of the file's name must say what it is, such as .csv, .parquet, .npz or .npy.",
            code="unknown_suffix",
            parameter="format",
        )
    if not content:
        raise EmbeddingsFileError("The file is empty.", code="empty_file")
    if suffix.lower() == ".npy":
        return read_npy(content)
    reading = Reading({}, n_features, labelled=False)
    return NewCases.of(read_embeddings(f"upload{suffix.lower()}", reading, content))


def read_npy(content: bytes) -> FloatArray:
    """Read one array; a vector is one case.

    Raises
    ------
    EmbeddingsFileError
        It is no array, holds anything but numbers, or its header claims what does not follow it.
    """
    stream = io.BytesIO(content)
    try:
        shape, fortran, dtype = _HEADERS[npy.read_magic(stream)](stream)
    except Exception as error:  # NumPy's parser raises a dozen kinds on broken bytes
        raise EmbeddingsFileError(
            "The file is no .npy array; write it again.", code="broken_array"
        ) from error
    if dtype.kind not in "fiu":
        raise EmbeddingsFileError(
            "The array holds something else than numbers; save vectors as floats.", code="unsupported_type"
        )
    if len(shape) not in {1, _MATRIX}:
        raise EmbeddingsFileError(
            f"The array has {len(shape)} dimensions; save a row for each case.", code="wrong_shape"
        )
    body = content[stream.tell() :]
    size = 1
    for length in shape:
        size *= length
    if min(shape) < 0 or size * dtype.itemsize != len(body):
        raise EmbeddingsFileError(
            "The array is not as long as its header says; write it again.", code="broken_array"
        )
    flat = np.frombuffer(body, dtype=dtype)
    rows: FloatArray = np.atleast_2d(flat.reshape(shape, order="F" if fortran else "C"))
    return rows
