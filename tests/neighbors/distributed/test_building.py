"""The search in tiles: the bits of the search in one piece."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise
from pathlib import Path

import dask
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome.errors import EmbeddingsFileError, ParameterError
from skknn_syndrome.neighbors.distances import euclidean_distances
from skknn_syndrome.neighbors.distributed import distributed_neighbors, store_neighbors, tiles
from skknn_syndrome.neighbors.exact import exact_neighbors
from skknn_syndrome.neighbors.graph import NeighborGraph
from skknn_syndrome.neighbors.search import Neighbors, k_smallest
from tests.neighbors.distributed.galleries import (
    FORMATS,
    assert_same_bits,
    make_samples,
    read_group,
    write_gallery,
)
from tests.refusing import refused


@pytest.fixture(autouse=True)
def in_this_thread() -> Iterator[None]:
    """Run Dask's tasks here, one by one."""
    with dask.config.set(scheduler="synchronous"):
        yield


@pytest.fixture
def gallery(tmp_path: Path) -> Path:
    """Return a file of 23 rows."""
    return write_gallery(tmp_path, make_samples(), "npy")


@pytest.mark.parametrize("block_rows", [1, 2, 4, 7, 10, 11, 1000])
@pytest.mark.parametrize("n_neighbors", [1, 5, 10])
def test_no_block_size_changes_a_bit(tmp_path: Path, n_neighbors: int, block_rows: int) -> None:
    samples = make_samples(11)  # more blocks of one row than are merged at once
    path = write_gallery(tmp_path, samples, "npy")
    found = distributed_neighbors(path, n_neighbors, block_rows=block_rows)
    assert_same_bits(found, exact_neighbors(samples, samples, n_neighbors, without_self=True))


@pytest.mark.parametrize("form", FORMATS)
def test_no_format_changes_a_bit(tmp_path: Path, form: str) -> None:
    samples = make_samples()
    found = distributed_neighbors(write_gallery(tmp_path, samples, form), 5, block_rows=6)
    assert_same_bits(found, exact_neighbors(samples, samples, 5, without_self=True))


def test_queries_of_their_own_find_every_gallery_row(gallery: Path, tmp_path: Path) -> None:
    queries = make_samples(17).astype(np.float64) * 0.5
    path = write_gallery(tmp_path, queries, "zarr")
    found = distributed_neighbors(gallery, 23, queries=path, block_rows=5)
    assert_same_bits(found, exact_neighbors(queries, make_samples(), 23))


def test_one_distance_is_enough(gallery: Path) -> None:
    samples = make_samples()
    found = distributed_neighbors(gallery, 3, metrics=["manhattan", "manhattan"], block_rows=9)
    assert_same_bits(found, exact_neighbors(samples, samples, 3, metrics=["manhattan"], without_self=True))


@pytest.mark.parametrize("at_once", [1, 13, 30])
def test_tiles_go_to_dask_a_bounded_number_at_a_time(
    gallery: Path, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    expected = distributed_neighbors(gallery, 5, block_rows=4)
    monkeypatch.setattr(tiles, "TILES_AT_ONCE", at_once)  # of 36
    assert_same_bits(distributed_neighbors(gallery, 5, block_rows=4), expected)
    stored = store_neighbors(gallery.parent / "graph.zarr", gallery, 5, block_rows=4)
    assert_same_bits(read_group(stored), expected)


def test_what_is_found_makes_a_graph(gallery: Path) -> None:
    samples = make_samples()
    graph = NeighborGraph(samples, distributed_neighbors(gallery, 4, block_rows=6))
    whole = NeighborGraph.from_embeddings(samples, depth=4)
    assert_same_bits(
        {metric: graph.neighbors(metric) for metric in graph.metrics},
        {metric: whole.neighbors(metric) for metric in whole.metrics},
    )


@pytest.mark.parametrize("block_rows", [3, 8, 23])
def test_a_stored_result_is_the_same_in_chunks_of_a_block(gallery: Path, block_rows: int) -> None:
    stored = store_neighbors(gallery.parent / "new" / "graph.zarr", gallery, 5, block_rows=block_rows)
    assert stored == gallery.parent / "new" / "graph.zarr"
    assert_same_bits(read_group(stored), distributed_neighbors(gallery, 5))


def test_a_result_that_is_there_already_is_left_alone(gallery: Path) -> None:
    with refused("exists", "output"):
        store_neighbors(gallery, gallery, 5)


def test_a_search_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    samples = make_samples()
    samples[20] = np.nan
    path = write_gallery(tmp_path, samples, "npy")
    with pytest.raises(EmbeddingsFileError, match="row 20 ") as caught:
        store_neighbors(tmp_path / "graph.zarr", path, 5, block_rows=10)
    assert caught.value.code == "missing_value"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("n_neighbors, others", [(23, False), (24, True)])
def test_more_neighbours_than_there_are_rows(gallery: Path, n_neighbors: int, *, others: bool) -> None:
    with refused("too_many_neighbors", "n_neighbors", error=ParameterError):
        distributed_neighbors(gallery, n_neighbors, queries=gallery if others else None)


def test_vectors_of_two_lengths(gallery: Path) -> None:
    (gallery.parent / "queries").mkdir()
    queries = write_gallery(gallery.parent / "queries", make_samples(n_features=4), "npy")
    with refused("other_length", "queries", error=ParameterError):
        distributed_neighbors(gallery, 1, queries=queries)


def test_an_unknown_distance(gallery: Path) -> None:
    with refused("unknown_metric", "metrics", error=ParameterError):
        distributed_neighbors(gallery, 1, metrics=["hamming"])


@pytest.mark.parametrize("name, block_rows, n_neighbors", [("block_rows", 0, 1), ("n_neighbors", 1, 0)])
def test_a_block_has_a_row_and_a_list_a_neighbour(
    gallery: Path, name: str, block_rows: int, n_neighbors: int
) -> None:
    for search in (distributed_neighbors, partial(store_neighbors, gallery.parent / "out")):
        with pytest.raises(ValueError, match=f"{name} == 0, must be >= 1"):
            search(gallery, n_neighbors, block_rows=block_rows)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), n_neighbors=st.integers(1, 12), cuts=st.sets(st.integers(1, 11)))
def test_merging_parts_in_any_order_is_searching_the_whole(
    seed: int, n_neighbors: int, cuts: set[int]
) -> None:
    rng = np.random.default_rng(seed)
    distances = euclidean_distances(*(rng.integers(0, 2, size=(n, 2)).astype(float) for n in (3, 12)))
    parts = []
    for start, stop in pairwise([0, *sorted(cuts), 12]):
        values, indices = k_smallest(distances[:, start:stop], min(n_neighbors, stop - start))
        part = np.empty(values.shape, [("euclidean", [("distances", "f8"), ("indices", "i8")])])
        part["euclidean"]["distances"], part["euclidean"]["indices"] = values, indices + start
        parts.append(part)
    rng.shuffle(parts)
    first = tiles.merge_lists(np.concatenate(parts[:2], axis=1), n_neighbors=n_neighbors)
    merged = tiles.merge_lists(np.concatenate([first, *parts[2:]], axis=1), n_neighbors=n_neighbors)
    found = Neighbors(merged["euclidean"]["distances"], merged["euclidean"]["indices"])
    assert_same_bits({"euclidean": found}, {"euclidean": Neighbors(*k_smallest(distances, n_neighbors))})
