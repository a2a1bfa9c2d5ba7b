"""Merged tiles are ordered by (distance, index), whatever the order in which they come."""

from itertools import pairwise

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome.neighbors.distances import euclidean_distances
from skknn_syndrome.neighbors.distributed.merging import merge_neighbors
from skknn_syndrome.neighbors.neighbors import Neighbors
from skknn_syndrome.neighbors.selection import k_smallest
from tests.neighbors.distributed.agreement import assert_same_bits


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n_neighbors=st.integers(1, 12), cuts=st.sets(st.integers(1, 11)))
def test_merging_parts_is_searching_the_whole(seed: int, n_neighbors: int, cuts: set[int]) -> None:
    rng = np.random.default_rng(seed)
    distances = euclidean_distances(*(rng.integers(0, 2, size=(n, 2)).astype(float) for n in (3, 12)))
    bounds = [0, *sorted(cuts), 12]
    parts = []
    for start, stop in pairwise(bounds):
        values, indices = k_smallest(distances[:, start:stop], min(n_neighbors, stop - start))
        parts.append({"euclidean": Neighbors(values, indices + start)})
    rng.shuffle(parts)
    merged = merge_neighbors([merge_neighbors(parts[:2], n_neighbors), *parts[2:]], n_neighbors)
    assert_same_bits(merged, {"euclidean": Neighbors(*k_smallest(distances, n_neighbors))})
