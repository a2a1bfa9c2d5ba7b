"""Small galleries on disk, the same rows in every format, and when two searches have found the same."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import zarr
from numpy.typing import NDArray
from pyarrow import parquet

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.neighbors.search import Neighbors

FORMATS = ("npy", "zarr", "lists", "fixed lists", "numbers", "folder")


def make_samples(n_rows: int = 23, n_features: int = 3) -> FloatArray:
    """Return float32 rows with duplicates and a zero row, so that ties cross blocks."""
    samples = np.random.default_rng(1).integers(-2, 3, size=(n_rows, n_features)).astype(np.float32)
    samples[n_rows // 2] = 0
    samples[-1] = samples[0]
    return samples


def write_gallery(folder: Path, samples: NDArray[Any], form: str) -> Path:
    """Write rows in one of `FORMATS` and return the path."""
    path = folder / f"{form}.{'zarr' if form == 'zarr' else 'npy' if form == 'npy' else 'parquet'}"
    if form == "npy":
        np.save(path, samples)
    elif form == "zarr":
        zarr.create_array(path, data=samples, chunks=(4, samples.shape[1]))
    elif form == "folder":
        path = folder / "parts"
        path.mkdir()
        for number, part in enumerate(np.array_split(samples, [5, 5, 14])):
            write_parquet(path / f"part-{number}.parquet", {"embedding": lists_of(part)})
    elif form == "numbers":
        columns = {f"e{number}": pa.array(values) for number, values in enumerate(samples.T)}
        write_parquet(path, {"image": pa.array(["a"] * len(samples)), **columns})
    else:
        write_parquet(path, {"image": pa.array(["a"] * len(samples)), "embedding": lists_of(samples, form)})
    return path


def lists_of(rows: NDArray[Any], form: str = "lists") -> pa.Array:
    """Return rows as an Arrow array of lists, of fixed or of free length."""
    flat = pa.array(rows.ravel())
    if form == "fixed lists":
        return pa.FixedSizeListArray.from_arrays(flat, rows.shape[1])
    return pa.ListArray.from_arrays(np.arange(len(rows) + 1, dtype=np.int32) * rows.shape[1], flat)


def write_parquet(path: Path, columns: dict[str, Any], group_rows: int = 4) -> Path:
    """Write columns with small row groups, so that blocks cross them."""
    parquet.write_table(pa.table(columns), path, row_group_size=group_rows, write_page_checksum=True)
    return path


def vectors(rows: Sequence[Sequence[float | None] | None]) -> pa.Array:
    """Return lists of float32 that may be missing, hold nulls or differ in length."""
    return pa.array(rows, type=pa.list_(pa.float32()))


def assert_same_bits(found: Mapping[str, Neighbors], expected: Mapping[str, Neighbors]) -> None:
    """Hold every distance and index of two searches against each other."""
    assert list(found) == list(expected)
    for metric, (distances, indices) in expected.items():
        np.testing.assert_array_equal(found[metric].distances.view(np.int64), distances.view(np.int64))
        np.testing.assert_array_equal(found[metric].indices, indices)


def read_group(path: Path, metrics: tuple[str, ...] = ("euclidean", "cosine")) -> dict[str, Neighbors]:
    """Read a stored graph whole."""
    group = zarr.open_group(path, mode="r")
    return {
        metric: Neighbors(*(np.asarray(group[f"{metric}/{name}"]) for name in ("distances", "indices")))
        for metric in metrics
    }
