"""A cluster of two processes finds the same bits as one process, also when one of the two is killed."""

from pathlib import Path

import numpy as np
import pytest

from skknn_syndrome.neighbors.distributed import distributed_neighbors, store_neighbors
from skknn_syndrome.neighbors.exact import exact_neighbors
from tests.neighbors.distributed.clusters import KillAWorker, client_of, local_cluster
from tests.neighbors.distributed.galleries import assert_same_bits, read_group


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_a_worker_killed_half_way_costs_its_tasks_and_nothing_else(tmp_path: Path) -> None:
    samples = np.random.default_rng(0).normal(size=(600, 16)).astype(np.float32)
    np.save(tmp_path / "gallery.npy", samples)
    expected = exact_neighbors(samples, samples, 12, without_self=True)
    n_tiles = 12 * 12
    with local_cluster(2) as cluster, client_of(cluster):
        killer = KillAWorker(cluster, at=n_tiles // 2)
        found = distributed_neighbors(tmp_path / "gallery.npy", 12, block_rows=50)
        stored = store_neighbors(tmp_path / "graph.zarr", tmp_path / "gallery.npy", 12, block_rows=150)
        assert killer.victim in killer.lost  # a busy machine may lose another beside it
    assert_same_bits(found, expected)
    assert_same_bits(read_group(stored), expected)
    assert killer.n_done > n_tiles + 4 * 4
