"""The search in tiles: the bits of the search in one piece."""

from collections.abc import Iterator
from pathlib import Path

import dask
import numpy as np
import pytest

from skknn_syndrome.errors import EmbeddingsFileError, SkknnSyndromeError
from skknn_syndrome.neighbors.distributed import distributed_neighbors, store_neighbors, tasks
from skknn_syndrome.neighbors.exact import exact_neighbors
from skknn_syndrome.neighbors.graph import NeighborGraph
from tests.neighbors.distributed.agreement import assert_same_bits, read_group
from tests.neighbors.distributed.galleries import FORMATS, make_samples, write_gallery


@pytest.fixture(autouse=True)
def in_this_thread() -> Iterator[None]:
    """Run Dask's tasks here, one by one."""
    with dask.config.set(scheduler="synchronous"):
        yield


@pytest.fixture
def gallery(tmp_path: Path) -> Path:
    """Return a file of 23 rows."""
    return write_gallery(tmp_path, make_samples(), "npy")


@pytest.mark.parametrize("block_rows", [1, 2, 4, 7, 11, 22, 23, 1000])
@pytest.mark.parametrize("n_neighbors", [1, 5, 22])
def test_no_block_size_changes_a_bit(gallery: Path, n_neighbors: int, block_rows: int) -> None:
    samples = make_samples()
    found = distributed_neighbors(gallery, n_neighbors, block_rows=block_rows)
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
    found = distributed_neighbors(gallery, 3, metrics=["manhattan"], block_rows=9)
    assert_same_bits(found, exact_neighbors(samples, samples, 3, metrics=["manhattan"], without_self=True))


def test_tiles_go_to_dask_a_bounded_number_at_a_time(gallery: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = distributed_neighbors(gallery, 5, block_rows=2)
    monkeypatch.setattr(tasks, "TILES_AT_ONCE", 30)
    assert_same_bits(distributed_neighbors(gallery, 5, block_rows=2), expected)
    monkeypatch.setattr(tasks, "TILES_AT_ONCE", 1)
    assert_same_bits(distributed_neighbors(gallery, 5, block_rows=2), expected)


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
    with pytest.raises(SkknnSyndromeError, match=r"npy\.npy: there is something already"):
        store_neighbors(gallery, gallery, 5)


def test_a_search_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    samples = make_samples()
    samples[20] = np.nan
    path = write_gallery(tmp_path, samples, "npy")
    with pytest.raises(EmbeddingsFileError, match="row 20 "):
        store_neighbors(tmp_path / "graph.zarr", path, 5, block_rows=10)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "n_neighbors, queries, sentence",
    [
        (23, "itself", "n_neighbors is 23, but a query has only 22 other rows to find"),
        (24, "others", "n_neighbors is 24, but a query has only 23 rows to find"),
        (0, "itself", "n_neighbors == 0, must be >= 1"),
    ],
)
def test_more_neighbours_than_there_are_rows(
    gallery: Path, n_neighbors: int, queries: str, sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        distributed_neighbors(gallery, n_neighbors, queries=gallery if queries == "others" else None)


def test_vectors_of_two_lengths(gallery: Path) -> None:
    (gallery.parent / "queries").mkdir()
    queries = write_gallery(gallery.parent / "queries", make_samples(n_features=4), "npy")
    with pytest.raises(ValueError, match="The queries have 4 features and the gallery 3: both need the same"):
        distributed_neighbors(gallery, 1, queries=queries)


def test_an_unknown_distance(gallery: Path) -> None:
    with pytest.raises(ValueError, match="There is no distance 'hamming'; take some of euclidean, cosine"):
        distributed_neighbors(gallery, 1, metrics=["hamming"])


@pytest.mark.parametrize("search", [distributed_neighbors, lambda *a, **k: store_neighbors("out", *a, **k)])
def test_a_block_has_a_row(gallery: Path, search: object) -> None:
    assert callable(search)
    with pytest.raises(ValueError, match="block_rows == 0, must be >= 1"):
        search(gallery, 1, block_rows=0)
