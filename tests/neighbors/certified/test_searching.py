"""Ordinary rows are certified, doubtful lists looked at again; without numba NumPy does the work."""

import importlib.util

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome import make_syndrome_embeddings
from skknn_syndrome._typing import BoolArray, Float32Array, FloatArray
from skknn_syndrome.neighbors import exact
from skknn_syndrome.neighbors.certified import reranking, scanning, searching
from skknn_syndrome.neighbors.certified.compiled import Layout
from skknn_syndrome.neighbors.certified.reranking import Reranker
from skknn_syndrome.neighbors.certified.rounding import choose_frames
from skknn_syndrome.neighbors.certified.scanning import CROWD, Candidates, Scanner
from skknn_syndrome.neighbors.certified.searching import look_again
from skknn_syndrome.neighbors.exact import exact_neighbors, search_all
from skknn_syndrome.neighbors.search import Neighbors


@given(n_rows=st.integers(1, 300), block_rows=st.integers(1, 90), multiple=st.sampled_from([1, 4, 16]))
def test_every_row_has_one_place_and_every_block_is_a_sample(
    n_rows: int, block_rows: int, multiple: int
) -> None:
    layout = Layout.of(n_rows, block_rows, multiple)
    rows = np.arange(n_rows)
    counts = [layout.count(block) for block in range(layout.n_blocks)]
    assert max(counts) <= block_rows
    assert max(counts) - min(counts) <= 1
    assert layout.width % multiple == 0
    for block in range(layout.n_blocks):
        places = layout.places(block)
        np.testing.assert_array_equal(
            layout.row_of(np.arange(places.start, places.stop)), rows[layout.rows(block)]
        )


def test_values_stand_at_their_rows_places_and_the_filling_elsewhere() -> None:
    layout = Layout.of(5, 3, 4)
    spread = layout.spread(np.arange(5, dtype=np.float32), -1.0)
    assert spread.tolist() == [0, 2, 4, -1, 1, 3, -1, -1]


@pytest.fixture(name="rows", scope="module")
def _rows() -> FloatArray:
    return make_syndrome_embeddings().embeddings


@pytest.mark.usefixtures("compiled_kernels")
@pytest.mark.parametrize("compiled_from", [0, np.inf])
def test_every_list_of_ordinary_rows_is_certified(
    rows: FloatArray, compiled_from: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "COMPILED_FROM", compiled_from)
    found = searching.certified_neighbors(
        rows, rows, 24, metrics=["euclidean", "cosine"], without_self=True, prepared=False, n_jobs=None
    )
    assert all(certain.all() for _, certain in found.values())


@pytest.mark.usefixtures("compiled_kernels")
def test_without_numba_numpy_does_the_same(rows: FloatArray, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "COMPILED_FROM", 0)
    expected = exact_neighbors(rows[:300], rows[:300], 5, without_self=True)
    find_spec = importlib.util.find_spec
    monkeypatch.setattr(searching, "find_spec", lambda name: None if name == "numba" else find_spec(name))
    assert searching._tools(10**12) == (Scanner, Reranker)  # noqa: SLF001
    found = exact_neighbors(rows[:300], rows[:300], 5, without_self=True)
    for metric, lists in expected.items():
        np.testing.assert_array_equal(found[metric].indices, lists.indices)
        np.testing.assert_array_equal(found[metric].distances, lists.distances)


def test_memory_for_candidates_changes_nothing(rows: FloatArray, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = exact_neighbors(rows[:400], rows[:400], 5, without_self=True)
    monkeypatch.setattr(reranking, "PREPARED_BYTES", 1)
    monkeypatch.setattr(exact, "PREPARED_BYTES", 1)
    monkeypatch.setattr(scanning, "TILE_ROWS", 150)
    found = exact_neighbors(rows[:400], rows[:400], 5, without_self=True)
    for metric, lists in expected.items():
        np.testing.assert_array_equal(found[metric].indices, lists.indices)


def test_row_order_settles_exact_ties_alone(rows: FloatArray) -> None:
    order = np.random.default_rng(0).permutation(500)
    straight = exact_neighbors(rows[:500], rows[:500], 7, without_self=True)
    shuffled = exact_neighbors(rows[:500][order], rows[:500][order], 7, without_self=True)
    for metric, lists in straight.items():
        np.testing.assert_array_equal(order[shuffled[metric].indices], lists.indices[order])
        np.testing.assert_array_equal(shuffled[metric].distances, lists.distances[order])


def test_long_lists_are_cut_to_the_smallest_scores() -> None:
    generator = np.random.default_rng(0)
    candidates = Candidates(3, 4)
    tiles = [generator.standard_normal((3, 40)).astype(np.float32) for _ in range(12)]
    for number, tile in enumerate(tiles):
        candidates.offer(tile, 40 * number)
    scores = np.concatenate(tiles, axis=1)
    assert candidates.ids.shape[1] <= CROWD * 4
    for query in range(3):
        kept = candidates.ids[query]
        assert set(np.argsort(scores[query])[:4]) <= set(kept)
        passed_over = np.setdiff1d(np.arange(480), kept)
        assert scores[query][passed_over].min() >= candidates.bounds[query]


@pytest.mark.parametrize("layout", ["Fortran", "sliced", "read-only"])
def test_the_layout_of_an_array_does_not_matter(rows: FloatArray, layout: str) -> None:
    part: Float32Array = np.ascontiguousarray(rows[:200, ::2], dtype=np.float32)
    arrangements: dict[str, Float32Array] = {
        "Fortran": np.asfortranarray(part),
        "sliced": np.repeat(part, 2, axis=1)[:, ::2],
        "read-only": part.copy(),
    }
    arranged = arrangements[layout]
    arranged.flags.writeable = layout != "read-only"
    expected = exact_neighbors(part, part, 5, without_self=True)
    found = exact_neighbors(arranged, arranged, 5, without_self=True)
    for metric, lists in expected.items():
        np.testing.assert_array_equal(found[metric].indices, lists.indices)


def test_a_tile_no_larger_than_what_is_wanted_is_taken_whole() -> None:
    candidates = Candidates(1, 4)
    candidates.offer(np.array([[2.0, np.inf, 1.0]], dtype=np.float32), first=10)
    assert candidates.ids.tolist() == [[10, 12]]
    assert candidates.bounds.tolist() == [np.inf]


def test_a_list_full_of_ties_is_given_up() -> None:
    candidates = Candidates(2, 2)
    candidates.offer(np.stack([np.zeros(40), np.arange(40.0)]).astype(np.float32), first=0)
    assert candidates.bounds[0] == -np.inf
    assert set(candidates.ids[1].tolist()) >= {0, 1}


METRICS = pytest.mark.parametrize("metric", ["euclidean", "cosine"])


def looked_at_again(rows: FloatArray, found: Neighbors, metric: str) -> BoolArray:
    (frame,) = choose_frames(rows, [metric])
    assert frame is not None
    operand = frame.operand(rows)
    complete = np.zeros(len(rows), dtype=np.bool_)
    look_again(frame, metric, (operand, operand), (rows, rows), found, complete)
    return complete


@METRICS
def test_any_list_of_rows_leads_to_the_nearest(metric: str) -> None:
    rows = np.random.default_rng(0).standard_normal((300, 20))
    expected = search_all(rows, rows, 6, metric, own=np.arange(300))
    # The list that is known begins with the nearest, and ends with a row that is too far.
    farther = search_all(rows, rows, 12, metric, own=np.arange(300))
    known = [0, 1, 2, 3, 4, 11]
    found = Neighbors(farther.distances[:, known], farther.indices[:, known])
    assert looked_at_again(rows, found, metric).all()
    np.testing.assert_array_equal(found.indices, expected.indices)
    np.testing.assert_array_equal(found.distances, expected.distances)


@METRICS
def test_what_has_too_many_rows_within_reach_stays_uncertain(metric: str) -> None:
    rows = np.random.default_rng(0).standard_normal((100, 5))
    rows[:40] = rows[0]
    found = Neighbors(np.zeros((100, 2)), np.zeros((100, 2), dtype=np.intp))
    found.distances[40:] = 1e9 if metric == "euclidean" else 2
    assert not looked_at_again(rows, found, metric).any()
    assert (found.indices == 0).all()


@METRICS
def test_a_list_that_is_short_is_made_anew(metric: str) -> None:
    rows = np.random.default_rng(0).standard_normal((50, 5))
    found = Neighbors(np.full((50, 2), np.inf), np.zeros((50, 2), dtype=np.intp))
    assert looked_at_again(rows, found, metric).all()
    expected = search_all(rows, rows, 2, metric, own=np.arange(50))
    np.testing.assert_array_equal(found.indices, expected.indices)


def test_a_row_without_a_direction_stays_uncertain() -> None:
    rows = np.random.default_rng(0).standard_normal((50, 5))
    rows[7] = 0  # has no direction
    found = search_all(rows, rows, 2, "cosine", own=np.arange(50))
    complete = looked_at_again(rows, found, "cosine")
    assert np.flatnonzero(~complete).tolist() == [7]
