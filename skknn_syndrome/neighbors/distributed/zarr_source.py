"""Embeddings in a Zarr array."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.neighbors.distributed.extra import distributed_extra
from skknn_syndrome.neighbors.distributed.shapes import check_matrix, in_memory


@dataclass(frozen=True)
class ZarrSource:
    """A Zarr array in a folder: chunks are read as far as they hold rows that are asked for."""

    path: Path
    shape: tuple[int, int]

    @classmethod
    def open(cls, path: Path) -> "ZarrSource":
        """Check the array's metadata.

        Raises
        ------
        EmbeddingsFileError
            If the folder is no Zarr array, or none of numbers with two dimensions.
        MissingExtraError
            If zarr is not installed.
        """
        array = _opened(path)
        return cls(path, check_matrix(path, array.shape, np.dtype(array.dtype)))

    def read(self, rows: range) -> FloatArray:
        """Return consecutive rows."""
        return in_memory(_opened(self.path)[rows.start : rows.stop])


def _opened(path: Path) -> Any:  # noqa: ANN401  zarr may be missing
    zarr = distributed_extra("zarr")
    try:
        return zarr.open_array(path, mode="r")
    except Exception as error:  # zarr raises a dozen kinds on groups, foreign and broken metadata
        raise EmbeddingsFileError(
            f"{path}: it is no Zarr array; where it is a group, name the array inside, as in "
            f"{path.name}/embeddings."
        ) from error
