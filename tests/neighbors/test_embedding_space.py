"""The embedding space of a study: what is asked of it, and which graph answers."""

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from skknn_syndrome import NeighborGraph
from skknn_syndrome.neighbors.embedding_space import EmbeddingSpace, expected_purity, same_class
from tests.problems import Problem


def graph_of(problem: Problem, metric: str, depth: int) -> NeighborGraph:
    """Return a graph of the problem's images."""
    return NeighborGraph.from_embeddings(problem.samples, metrics=[metric], depth=depth)


def test_a_graph_that_is_offered_answers(problem: Problem) -> None:
    space, graph = EmbeddingSpace(problem.samples, problem.labels), graph_of(problem, "cosine", 20)
    space.offer(graph)
    assert space.graph is graph
    space.offer(graph_of(problem, "cosine", 30))
    assert space.graph is graph


@pytest.mark.parametrize("metric, depth", [("euclidean", 30), ("cosine", 19)])
def test_a_graph_of_another_distance_or_of_short_lists_does_not(
    problem: Problem, metric: str, depth: int
) -> None:
    space = EmbeddingSpace(problem.samples, problem.labels)
    space.offer(graph_of(problem, metric, depth))
    space.offer(None)
    assert space.graph.metrics == ("cosine",)
    assert space.graph.depth == 32
    assert space.graph is space.graph


def test_of_few_images_no_list_is_short() -> None:
    rows = np.eye(4)
    space, graph = EmbeddingSpace(rows, np.arange(4)), NeighborGraph.from_embeddings(rows)
    space.offer(graph)
    assert space.graph is graph


def test_which_graph_answers_changes_nothing(problem: Problem) -> None:
    offered, own = (EmbeddingSpace(problem.samples, problem.labels, problem.subjects) for _ in range(2))
    offered.offer(graph_of(problem, "cosine", 40))
    np.testing.assert_array_equal(offered.pairs.first, own.pairs.first)
    np.testing.assert_array_equal(offered.pairs.cosine, own.pairs.cosine)
    assert offered.sensitivity == own.sensitivity


def test_without_subjects_there_is_no_sensitivity(problem: Problem) -> None:
    assert EmbeddingSpace(problem.samples, problem.labels).sensitivity is None


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
def test_silhouettes_are_scikit_learns(problem: Problem, metric: str) -> None:
    rows = np.arange(0, 90, 2)
    found = EmbeddingSpace(problem.samples, problem.labels).silhouette(metric, rows)
    expected = silhouette_score(problem.samples[rows], problem.labels[rows], metric=metric)
    assert found == pytest.approx(expected, abs=1e-12)


def test_a_silhouette_takes_two_classes_and_fewer_than_images(problem: Problem) -> None:
    space = EmbeddingSpace(problem.samples, problem.labels)
    assert space.silhouette("cosine", np.flatnonzero(problem.labels == "a")) is None
    assert space.silhouette("cosine", np.array([0, 30, 60])) is None


def test_purity_is_the_share_of_ones_own_class_among_the_neighbours() -> None:
    codes = np.array([0, 0, 1, 1])
    lists = np.array([[1, 2], [2, 3], [3, 1], [2, 0]])  # 1, 0, 1 and 1 of each pair are of the own class
    same = same_class(codes, np.arange(4), lists)
    assert same.mean() == 3 / 8
    # Each image has one of its own class among three others.
    assert expected_purity(codes) == 1 / 3
