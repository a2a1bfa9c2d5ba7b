"""Embeddings in a `.npy` file, mapped into memory."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.neighbors.distributed.shapes import check_matrix, in_memory


@dataclass(frozen=True)
class NpySource:
    """A `.npy` file: of its bytes only the rows that are asked for are read."""

    path: Path
    shape: tuple[int, int]

    @classmethod
    def open(cls, path: Path) -> "NpySource":
        """Check the header.

        Raises
        ------
        EmbeddingsFileError
            If the file is broken or holds something else than a matrix of numbers.
        """
        array = _mapped(path)
        return cls(path, check_matrix(path, array.shape, array.dtype))

    def read(self, rows: range) -> FloatArray:
        """Return consecutive rows as an array of their own."""
        return in_memory(_mapped(self.path)[rows.start : rows.stop])


def _mapped(path: Path) -> NDArray[Any]:
    try:
        array: NDArray[Any] = np.lib.format.open_memmap(path, mode="r")
    except ValueError as error:  # no npy file, cut short, or Python objects inside
        raise EmbeddingsFileError(
            f"{path}: it is no npy file of numbers, or was cut short; write it again."
        ) from error
    return array
