"""Embeddings in a Parquet file, or a folder of them."""

from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.neighbors.distributed.parquet_columns import FeatureColumns, find_columns
from skknn_syndrome.neighbors.distributed.parquet_rows import count_features, iterate_rows, open_parquet


@dataclass(frozen=True)
class ParquetSource:
    """One or more `.parquet` files with the same columns, in the order of their names."""

    path: Path
    shape: tuple[int, int]
    files: tuple[Path, ...]
    starts: tuple[int, ...]
    """The first row of each file and, behind the last, the number of all rows."""
    columns: FeatureColumns

    @classmethod
    def open(cls, path: Path, features: str | None = None) -> "ParquetSource":
        """Read the footers of all files.

        Parameters
        ----------
        path : Path
            A file, or a folder whose `.parquet` files are taken.
        features : str, optional
            The column with whole vectors, or the prefix of the feature columns.

        Raises
        ------
        EmbeddingsFileError
            If there is no file or no row, a file is broken, or its columns hold no embeddings or are not
            those of the first file.
        """
        files = tuple(sorted(path.glob("*.parquet"))) if path.is_dir() else (path,)
        if not files:
            raise EmbeddingsFileError(
                f"{path}: the folder holds neither .parquet files nor a Zarr array; check the path."
            )
        columns, counts = _account(files, features)
        starts = tuple(accumulate(counts, initial=0))
        if starts[-1] == 0:
            raise EmbeddingsFileError(f"{path}: it has no rows; write it again.")
        first = files[int(np.flatnonzero(counts)[0])]
        return cls(path, (starts[-1], count_features(first, columns)), files, starts, columns)

    def read(self, rows: range) -> FloatArray:
        """Return consecutive rows.

        Raises
        ------
        EmbeddingsFileError
            If a file is broken, or a vector is missing or has another length than the first one.
        """
        shape = (len(rows), self.shape[1])
        block: FloatArray = (
            np.empty(shape, np.float32) if self.columns.single else np.empty(shape, np.float64)
        )
        filled = 0
        for file, (start, stop) in zip(self.files, pairwise(self.starts), strict=True):
            wanted = range(max(rows.start, start) - start, min(rows.stop, stop) - start)
            for part in iterate_rows(file, wanted, self.columns, self.shape[1]) if wanted else ():
                block[filled : filled + len(part)] = part
                filled += len(part)
        return block


def _account(files: tuple[Path, ...], features: str | None) -> tuple[FeatureColumns, list[int]]:
    """Return the columns that all files share, and the number of rows of each."""
    found, counts = [], []
    for file in files:
        with open_parquet(file) as opened:
            found.append(find_columns(file, opened.schema_arrow, features))
            counts.append(opened.metadata.num_rows)
        if found[-1] != found[0]:
            raise EmbeddingsFileError(
                f"{file}: its feature columns differ from those of {files[0].name}; write it anew."
            )
    return found[0], counts
