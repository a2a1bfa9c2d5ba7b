"""One graph answers every split."""

import copy
import pickle
from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from skknn_syndrome import NeighborGraph, SyndromeKNNClassifier
from skknn_syndrome.errors import ParameterError
from skknn_syndrome.neighbors.search import Neighbors
from tests.refusing import refused

METRICS: tuple[Literal["euclidean", "cosine", "manhattan"], ...] = ("euclidean", "cosine", "manhattan")
ROWS = np.random.default_rng(5).integers(-3, 4, (60, 3)).astype(np.float64)  # many ties and duplicates


@pytest.fixture(scope="module", name="graphs")
def _graphs() -> Mapping[int, NeighborGraph]:
    return {depth: NeighborGraph.from_embeddings(ROWS, metrics=METRICS, depth=depth) for depth in (1, 6, 59)}


@pytest.mark.parametrize("metric", METRICS)
def test_lists_are_what_the_classifier_finds(
    metric: Literal["euclidean", "cosine", "manhattan"], graphs: Mapping[int, NeighborGraph]
) -> None:
    classifier = SyndromeKNNClassifier(6, metric=metric).fit(ROWS, np.arange(60) % 2)
    distances, indices = classifier.kneighbors()
    np.testing.assert_array_equal(graphs[6].neighbors(metric).distances, distances)
    np.testing.assert_array_equal(graphs[6].neighbors(metric).indices, indices)


@given(
    allowed=st.lists(st.booleans(), min_size=60, max_size=60),
    queries=st.lists(st.integers(0, 59), min_size=1, max_size=8),
    n_neighbors=st.integers(1, 12),
    metric=st.sampled_from(METRICS),
)
@settings(deadline=None, max_examples=60)
def test_no_list_is_cut_short_however_few_rows_are_allowed(
    allowed: list[bool],
    queries: list[int],
    n_neighbors: int,
    metric: str,
    graphs: Mapping[int, NeighborGraph],
) -> None:
    mask, rows = np.array(allowed), np.array(queries)
    fewest = int(mask.sum() - mask[rows].max())
    if fewest < 1:
        return
    k = min(n_neighbors, fewest)
    deep = graphs[59].neighbors(metric)
    for depth in (1, 6):
        found = graphs[depth].nearest_among(metric, rows, mask, k)
        for place, row in enumerate(rows):
            kept = mask[deep.indices[row]]
            np.testing.assert_array_equal(found.indices[place], deep.indices[row][kept][:k])
            np.testing.assert_array_equal(found.distances[place], deep.distances[row][kept][:k])


def test_queries_of_several_parts_are_answered_together(graphs: Mapping[int, NeighborGraph]) -> None:
    allowed = np.random.default_rng(0).random((3, 60)) < 0.5
    queries, parts = np.arange(30), np.arange(30) % 3
    together = graphs[6].nearest_among("cosine", queries, allowed, 5, parts=parts)
    for part in range(3):
        alone = graphs[6].nearest_among("cosine", queries[parts == part], allowed[part], 5)
        np.testing.assert_array_equal(together.indices[parts == part], alone.indices)


def test_a_graph_is_shared_by_clones_and_copies(graphs: Mapping[int, NeighborGraph]) -> None:
    graph = graphs[6]
    assert clone(graph) is graph
    assert copy.deepcopy(graph) is graph


def test_a_graph_does_not_change(graphs: Mapping[int, NeighborGraph]) -> None:
    with pytest.raises(ValueError, match="read-only"):
        graphs[6].neighbors("cosine").distances[0, 0] = 1


def test_the_callers_arrays_stay_writable() -> None:
    rows = ROWS.copy()
    NeighborGraph.from_embeddings(rows, depth=2)
    rows[0, 0] = 7


def test_a_graph_survives_pickling(graphs: Mapping[int, NeighborGraph]) -> None:
    restored = pickle.loads(pickle.dumps(graphs[6]))  # noqa: S301  made a moment ago
    np.testing.assert_array_equal(restored.neighbors("cosine").indices, graphs[6].neighbors("cosine").indices)


def test_its_sizes_are_told(graphs: Mapping[int, NeighborGraph]) -> None:
    graph = graphs[6]
    assert (graph.n_samples, graph.depth, graph.metrics) == (60, 6, METRICS)
    assert repr(graph) == "<NeighborGraph of 60 rows, 6 neighbours each, euclidean, cosine, manhattan>"


def test_lists_are_no_longer_than_there_are_other_rows() -> None:
    assert NeighborGraph.from_embeddings(ROWS[:5], depth=100).depth == 4


def test_any_integer_is_a_depth() -> None:
    number: Any = np.int64(1)
    assert NeighborGraph.from_embeddings([[0.0], [1.0], [3.0]], depth=number).depth == 1


def test_input_that_makes_no_graph_is_refused() -> None:
    with refused("unknown_metric", "metrics", error=ParameterError):
        NeighborGraph.from_embeddings(ROWS, metrics=["canberra"])
    with refused("unknown_metric", "metrics", error=ParameterError):
        NeighborGraph.from_embeddings(ROWS, metrics=[])
    with pytest.raises(ValueError, match="depth == 0, must be >= 1"):
        NeighborGraph.from_embeddings(ROWS, depth=0)
    with pytest.raises(ValueError, match="contains NaN"):
        NeighborGraph.from_embeddings([[np.nan], [1.0]])
    with pytest.raises(ValueError, match="minimum of 2 is required"):
        NeighborGraph.from_embeddings([[1.0]])
    with refused("other_shape", "neighbors", error=ParameterError):
        NeighborGraph(ROWS, {"cosine": Neighbors(np.zeros((2, 1)), np.zeros((2, 1), dtype=np.intp))})


def test_what_a_graph_does_not_hold_is_refused(graphs: Mapping[int, NeighborGraph]) -> None:
    with refused("unknown_metric", "metric", error=ParameterError):
        graphs[6].neighbors("precomputed")
    with refused("too_many_neighbors", "n_neighbors", error=ParameterError):
        graphs[1].nearest_among("cosine", np.array([9]), np.arange(60) < 3, 4)
