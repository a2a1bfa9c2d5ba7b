"""The embedding space of a study, and neighbours of other subjects."""

import numpy as np
import pytest
from sklearn.metrics import silhouette_score

from skknn_syndrome import NeighborGraph
from skknn_syndrome.neighbors.embedding_space import EmbeddingSpace, expected_purity, same_class
from skknn_syndrome.neighbors.other_subjects import N_OTHERS, OtherSubjects, find_other_subjects
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


def others_of(rows: np.ndarray, subjects: np.ndarray) -> OtherSubjects:
    found = find_other_subjects(NeighborGraph.from_embeddings(rows, metrics=["cosine"]), subjects)
    assert found is not None
    return found


def test_images_of_the_own_subject_are_none_of_others() -> None:
    rows = np.random.default_rng(0).normal(size=(300, 6))
    subjects = np.arange(300) // 3
    found = others_of(rows, subjects).neighbors
    assert found.indices.shape == (300, N_OTHERS)
    assert (subjects[found.indices] != subjects[:, None]).all()


def test_there_are_no_more_others_than_the_largest_subject_leaves() -> None:
    subjects = np.array([0] * 36 + [1, 2, 3, 4])
    assert others_of(np.random.default_rng(0).normal(size=(40, 3)), subjects).k == 4


def test_with_one_subject_alone_there_are_none() -> None:
    graph = NeighborGraph.from_embeddings(np.eye(4), metrics=["cosine"])
    assert find_other_subjects(graph, np.zeros(4, dtype=np.intp)) is None


@pytest.mark.parametrize("n_features", [3, 5, 9])
def test_the_exponent_is_half_the_dimension_of_directions(n_features: int) -> None:
    # Directions of n features are points on a sphere of n - 1 dimensions.
    rows = np.random.default_rng(0).normal(size=(4000, n_features))
    exponents = others_of(rows, np.arange(4000)).exponents
    assert np.quantile(exponents, 0.9) == pytest.approx((n_features - 1) / 2, rel=0.15)


def test_as_many_others_are_that_near_as_are_expected() -> None:
    # Uniform on a circle: of 2,000 images, so many have another within a hundredth of the usual distance.
    rows = np.random.default_rng(0).normal(size=(2000, 2))
    found = others_of(rows, np.arange(2000))
    everyone = np.arange(2000)
    near = 1e-4 * found.neighbors.distances[:, -1]
    expected = found.expected(everyone, near)[0]
    seen = (found.neighbors.distances < near[:, None]).sum()
    assert expected / 2 < seen < 2 * expected


def test_where_so_many_images_are_equal_nothing_is_nearer_than_usual() -> None:
    rows = np.repeat(np.random.default_rng(0).normal(size=(4, 5)), 30, axis=0)
    found = others_of(rows, np.arange(120))
    assert found.expected(np.array([0]), np.array([0.0]))[0] == pytest.approx(120 * (N_OTHERS - 1))
