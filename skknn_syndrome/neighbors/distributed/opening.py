"""From a path to a source of rows."""

import os
from pathlib import Path

from skknn_syndrome.errors import EmbeddingsFileError
from skknn_syndrome.neighbors.distributed.npy_source import NpySource
from skknn_syndrome.neighbors.distributed.parquet_source import ParquetSource
from skknn_syndrome.neighbors.distributed.row_source import RowSource
from skknn_syndrome.neighbors.distributed.zarr_source import ZarrSource

_ZARR_METADATA = ("zarr.json", ".zarray", ".zgroup")


def open_source(path: str | os.PathLike[str], features: str | None = None) -> RowSource:
    """Find out what lies at a path, and check it without reading its rows.

    Parameters
    ----------
    path : str or path-like
        A `.npy` file, a Zarr array, a `.parquet` file, or a folder of `.parquet` files. Every worker has to
        see it under the same path.
    features : str, optional
        For Parquet: the column with whole vectors, or the prefix of the feature columns.

    Returns
    -------
    RowSource

    Raises
    ------
    EmbeddingsFileError
        If nothing is there, or what is there holds no embeddings.
    MissingExtraError
        If it is a Zarr array and zarr is not installed.
    """
    place = Path(path).absolute()
    if not place.exists():
        raise EmbeddingsFileError(f"{place}: there is no such file or folder; check the path.")
    if place.is_dir():
        is_zarr = any((place / name).exists() for name in _ZARR_METADATA)
        return ZarrSource.open(place) if is_zarr else ParquetSource.open(place, features)
    if place.suffix == ".npy":
        return NpySource.open(place)
    if place.suffix == ".parquet":
        return ParquetSource.open(place, features)
    raise EmbeddingsFileError(
        f"{place}: it must be a .npy or .parquet file, a folder of .parquet files, or a Zarr array; "
        "convert it."
    )
