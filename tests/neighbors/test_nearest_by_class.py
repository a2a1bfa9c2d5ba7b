"""Distances to the nearest row of each class."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome.neighbors import nearest_by_class as module
from skknn_syndrome.neighbors.distances import PAIRWISE, prepare_rows
from skknn_syndrome.neighbors.nearest_by_class import nearest_by_class

METRICS = ["euclidean", "cosine", "manhattan"]


@given(
    seed=st.integers(0, 2**32 - 1),
    metric=st.sampled_from(METRICS),
    dtype=st.sampled_from(["float32", "float64"]),
    kind=st.sampled_from(["plain", "lattice", "far from the origin", "close", "of many lengths"]),
    scale=st.sampled_from([1.0, 1e-30, 1e30, 1e-3]),
    n_classes=st.integers(1, 6),
)
def test_they_are_those_of_all_distances_bit_for_bit(
    seed: int, metric: Any, dtype: Any, kind: str, scale: float, n_classes: int
) -> None:
    rng = np.random.default_rng(seed)
    rows = rng.normal(size=(60, 7))
    if kind == "lattice":  # copies, rows of zeros, equal distances
        rows = rng.integers(-1, 2, size=(60, 7)).astype(np.float64)
    elif kind == "far from the origin":
        rows = 1000 + rows
    elif kind == "close":  # no product in single precision tells these apart
        rows = rng.normal(size=7) + 1e-9 * rows
    elif kind == "of many lengths":
        rows = rows * 10 ** rng.uniform(-8, 8, size=(60, 1))
    samples = (scale * rows).astype(dtype)
    codes = rng.permutation(np.r_[0:n_classes, rng.integers(0, n_classes, 40 - n_classes)])
    found = nearest_by_class(samples[40:], samples[:40], codes, metric)
    queries, gallery = (prepare_rows(part.astype(float), metric) for part in (samples[40:], samples[:40]))
    pairs = PAIRWISE[metric](queries, gallery)
    expected = [pairs[:, codes == code].min(axis=1) for code in range(n_classes)]
    np.testing.assert_array_equal(found, np.column_stack(expected))


@pytest.mark.parametrize("metric", METRICS)
def test_blocks_of_classes_and_of_queries_change_nothing(
    monkeypatch: pytest.MonkeyPatch, metric: str
) -> None:
    rng = np.random.default_rng(0)
    queries, gallery, codes = rng.normal(size=(20, 5)), rng.normal(size=(50, 5)), np.arange(50) % 7
    whole = nearest_by_class(queries, gallery, codes, metric)
    monkeypatch.setattr(module, "BLOCK_ROWS", 15)
    monkeypatch.setattr(module, "BLOCK_QUERIES", 3)
    monkeypatch.setattr(module, "DIFFERENCES", 2)
    np.testing.assert_array_equal(nearest_by_class(queries, gallery, codes, metric), whole)
