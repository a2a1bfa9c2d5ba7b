"""Embeddings on disk as arrays that are read slice by slice: `.npy` files, Zarr arrays, Parquet."""

import importlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.errors import EmbeddingsFileError, SkknnSyndromeError
from skknn_syndrome.neighbors.distributed.parquet import open_parquet

DiskArray: TypeAlias = Any
"""What has a `shape`, a `dtype` and a slice of rows when asked for it: Zarr's arrays, and those made here.

Pickled, it is a path: it travels to workers, its rows do not.
"""

_ZARR_METADATA = ("zarr.json", ".zarray", ".zgroup")


class MissingExtraError(SkknnSyndromeError, ImportError):
    """A package of the extra `distributed` is not installed: the message says how to get it."""


def distributed_extra(name: str) -> Any:  # noqa: ANN401  a module that may be missing has no type
    """Import a module that the extra `distributed` installs, once somebody needs it.

    Parameters
    ----------
    name : {"dask", "dask.array", "distributed", "zarr"}

    Returns
    -------
    module

    Raises
    ------
    MissingExtraError
        If it is not installed.

    Examples
    --------
    >>> distributed_extra("dask").__name__
    'dask'
    """
    try:
        return importlib.import_module(name)
    except ImportError as error:
        package = name.partition(".")[0]
        raise MissingExtraError(
            f'{package} is not installed: run pip install "skknn-syndrome[distributed]".',
            code="missing_extra",
        ) from error


@dataclass(frozen=True)
class Embeddings:
    """Rows on disk, and where they lie."""

    path: Path
    """The file or folder, absolute."""
    array: DiskArray

    @property
    def shape(self) -> tuple[int, int]:
        """(n_rows, n_features)."""
        n_rows, n_features = self.array.shape
        return n_rows, n_features

    def read(self, rows: range) -> FloatArray:
        """Read consecutive rows that hold numbers alone, in the precision in which they are searched.

        float16 and float32 are searched in float32, all else in float64, as `load_embeddings` has it.

        Raises
        ------
        EmbeddingsFileError
            If they can't be read, or a value is missing, NaN or infinite: the first such row is named.
        """
        kind = self.array.dtype
        single = kind.kind == "f" and kind.itemsize <= np.dtype(np.float32).itemsize
        searched: Any = np.float32 if single else np.float64
        block: FloatArray = np.asarray(self.array[rows.start : rows.stop], dtype=searched, order="C")
        finite = np.isfinite(block).all(axis=1)
        if not finite.all():
            row = rows.start + int(finite.argmin())
            raise EmbeddingsFileError(
                f"{self.path}: row {row} (counted from 0) has a value that is missing, NaN or infinite; "
                "leave the row out.",
                code="missing_value",
            )
        return block


def open_embeddings(path: str | os.PathLike[str], features: str | None = None) -> Embeddings:
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
    Embeddings

    Raises
    ------
    EmbeddingsFileError
        If nothing is there, or what is there holds no embeddings.
    MissingExtraError
        If it is a Zarr array and zarr is not installed.
    """
    place = Path(path).absolute()
    if not place.exists():
        raise EmbeddingsFileError(
            f"{place}: there is no such file or folder; check the path.", code="no_such_file"
        )
    if place.is_dir() and any((place / name).exists() for name in _ZARR_METADATA):
        array = _open_zarr(place)
    elif place.is_dir() or place.suffix == ".parquet":
        array = open_parquet(place, features)
    elif place.suffix == ".npy":
        mapped = _mapped(place)
        array = _NpyArray(place, mapped.shape, mapped.dtype)
    else:
        raise EmbeddingsFileError(
            f"{place}: it must be a .npy or .parquet file, a folder of .parquet files, or a Zarr array; "
            "convert it.",
            code="unknown_format",
        )
    _check_matrix(place, array)
    return Embeddings(place, array)


@dataclass(frozen=True)
class _NpyArray:
    """A memory map would be pickled with all its rows: this one is made anew wherever rows are read."""

    path: Path
    shape: tuple[int, ...]
    dtype: np.dtype[Any]

    def __getitem__(self, rows: slice) -> NDArray[Any]:
        return np.array(_mapped(self.path)[rows])


def _mapped(path: Path) -> NDArray[Any]:
    try:
        array: NDArray[Any] = np.lib.format.open_memmap(path, mode="r")
    except ValueError as error:  # no npy file, cut short, or Python objects inside
        raise EmbeddingsFileError(
            f"{path}: it is no npy file of numbers, or was cut short; write it again.", code="broken_file"
        ) from error
    return array


def _open_zarr(path: Path) -> DiskArray:
    zarr = distributed_extra("zarr")
    try:
        array: DiskArray = zarr.open_array(path, mode="r")
    except Exception as error:  # zarr raises a dozen kinds on groups, foreign and broken metadata
        raise EmbeddingsFileError(
            f"{path}: it is no Zarr array; where it is a group, name the array inside, as in "
            f"{path.name}/embeddings.",
            code="no_zarr_array",
        ) from error
    return array


def _check_matrix(path: Path, array: DiskArray) -> None:
    """Refuse an array without two dimensions, without rows or of something else than real numbers."""
    shape, dtype = array.shape, array.dtype
    if len(shape) != 2:  # noqa: PLR2004  rows and features
        raise EmbeddingsFileError(
            f"{path}: the array has {len(shape)} dimensions, but embeddings have 2 "
            "(rows, features); reshape it.",
            code="not_two_dimensions",
        )
    if 0 in shape:
        raise EmbeddingsFileError(
            f"{path}: the array is empty, its shape is {shape}; write it again.", code="no_rows"
        )
    if dtype.kind not in "fiu":
        raise EmbeddingsFileError(
            f"{path}: the array holds {dtype}; save embeddings as floats.", code="not_numbers"
        )
