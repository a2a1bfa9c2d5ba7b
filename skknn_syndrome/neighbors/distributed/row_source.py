"""What a search asks of a file of embeddings."""

from pathlib import Path
from typing import Protocol

import numpy as np

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.errors import EmbeddingsFileError


class RowSource(Protocol):
    """Embeddings on disk that are read in runs of rows, by whoever has the path: small and picklable."""

    @property
    def path(self) -> Path:
        """The file or folder, absolute."""
        ...

    @property
    def shape(self) -> tuple[int, int]:
        """(n_rows, n_features)."""
        ...

    def read(self, rows: range) -> FloatArray:
        """Return consecutive rows, of shape (len(rows), n_features); missing values are NaN."""
        ...


def read_finite(source: RowSource, rows: range) -> FloatArray:
    """Read consecutive rows that hold numbers alone.

    Parameters
    ----------
    source : RowSource
    rows : range
        Step 1, within the source.

    Returns
    -------
    ndarray of shape (len(rows), n_features), float32 or float64

    Raises
    ------
    EmbeddingsFileError
        If a value is missing, NaN or infinite: the message gives the first such row.
    """
    block = source.read(rows)
    finite = np.isfinite(block).all(axis=1)
    if not finite.all():
        row = rows.start + int(finite.argmin())
        raise EmbeddingsFileError(
            f"{source.path}: row {row} (counted from 0) has a value that is missing, NaN or infinite; "
            "leave the row out."
        )
    return block
