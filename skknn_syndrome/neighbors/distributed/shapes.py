"""Which arrays can hold embeddings, and in which precision they are searched."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.errors import EmbeddingsFileError


def check_matrix(path: Path, shape: tuple[int, ...], dtype: np.dtype[Any]) -> tuple[int, int]:
    """Return the shape of an array of embeddings; refuse what is none.

    Raises
    ------
    EmbeddingsFileError
        If there are not two dimensions, one of them is empty, or the values are no real numbers.
    """
    if len(shape) != 2:  # noqa: PLR2004  rows and features
        raise EmbeddingsFileError(
            f"{path}: the array has {len(shape)} dimensions, but embeddings have 2 "
            "(rows, features); reshape it."
        )
    if 0 in shape:
        raise EmbeddingsFileError(f"{path}: the array is empty, its shape is {shape}; write it again.")
    if dtype.kind not in "fiu":
        raise EmbeddingsFileError(f"{path}: the array holds {dtype}; save embeddings as floats.")
    return shape[0], shape[1]


def is_single(dtype: np.dtype[Any]) -> bool:
    """Tell whether rows are searched in float32: float16 and float32 are, as `load_embeddings` has it.

    Examples
    --------
    >>> is_single(np.dtype("f2")), is_single(np.dtype("f8")), is_single(np.dtype("i8"))
    (True, False, False)
    """
    return dtype.kind == "f" and dtype.itemsize <= np.dtype(np.float32).itemsize


def in_memory(rows: NDArray[Any]) -> FloatArray:
    """Return a copy of rows in the precision in which they are searched."""
    if is_single(rows.dtype):
        return np.array(rows, dtype=np.float32, order="C")
    return np.array(rows, dtype=np.float64, order="C")
