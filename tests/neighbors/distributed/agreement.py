"""When two searches have found the same."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import zarr

from skknn_syndrome.neighbors.neighbors import Neighbors


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
