"""How near images of different subjects usually are to each other."""

import numpy as np
import pytest

from skknn_syndrome import NeighborGraph
from skknn_syndrome.neighbors.other_subjects import N_OTHERS, OtherSubjects, find_other_subjects


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
