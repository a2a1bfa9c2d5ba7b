"""Class prototypes: subjects first, then their mean, the medoid or an average that attends to the middle."""

from typing import Any

import numpy as np
import pytest

from skknn_syndrome.preprocessing.prototypes import class_prototypes, pool, subject_means
from tests.refusing import refused


def test_images_are_averaged_by_subject_of_each_class() -> None:
    X = [[0.0, 1.0], [4.0, 1.0], [8.0, 1.0], [1.0, 1.0], [3.0, 0.0]]
    found = subject_means(X, ["b", "b", "b", "a", "a"], ["s", "s", "t", "s", "u"])
    assert found.classes.tolist() == ["a", "b"]
    assert found.vectors.tolist() == [[1.0, 1.0], [3.0, 0.0], [2.0, 1.0], [8.0, 1.0]]
    assert found.starts.tolist() == [0, 2, 4]
    assert found.n_subjects.tolist() == [2, 2]


def test_without_subjects_each_image_is_one() -> None:
    assert class_prototypes([[0.0], [1.0], [5.0]], [7, 7, 7])[1].tolist() == [[2.0]]


def test_a_subject_with_many_images_counts_once() -> None:
    X, y, subjects = [[0.0], [0.0], [0.0], [1.0]], ["a"] * 4, [1, 1, 1, 2]
    assert class_prototypes(X, y, subjects)[1].tolist() == [[0.5]]


def test_the_medoid_is_the_subject_that_is_nearest_to_the_others() -> None:
    X = [[0.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.4, 0.4], [9.0, 9.0]]
    assert class_prototypes(X, ["a"] * 5, method="medoid")[1].tolist() == [[0.4, 0.4]]


def test_attention_follows_its_formula() -> None:
    X = np.random.default_rng(0).standard_normal((7, 3))
    m = np.median(X, axis=0)
    for _ in range(10):
        squared = ((X - m) ** 2).sum(axis=1)
        weights = np.exp(-squared / (2 * np.median(squared)))
        m = weights @ X / weights.sum()
    np.testing.assert_allclose(class_prototypes(X, [0] * 7, method="attention")[1][0], m, atol=1e-12)


def test_attention_leaves_aside_what_lies_far_away() -> None:
    X = [[0.0], [1.0], [-1.0], [0.5], [-0.5], [100.0]]
    _, ((attended,),) = class_prototypes(X, [0] * 6, method="attention")
    assert abs(attended) < 0.01
    assert class_prototypes([[2.0], [2.0], [2.0], [50.0]], [0] * 4, method="attention")[1].tolist() == [[2.0]]


@pytest.mark.parametrize("method", ["mean", "medoid", "attention"])
def test_weights_count_subjects_as_if_they_stood_there_so_often(method: Any) -> None:
    rows = np.random.default_rng(1).standard_normal((6, 2))
    weights = np.array([[1, 0, 2, 3, 0, 1], [1, 1, 1, 1, 1, 1], [0, 0, 0, 4, 0, 0]])
    for weight, found in zip(weights, pool(rows, weights, method), strict=True):
        drawn = np.repeat(rows, weight, axis=0)
        np.testing.assert_allclose(
            found, class_prototypes(drawn, [0] * len(drawn), method=method)[1][0], atol=1e-12
        )


def test_an_unknown_method_is_refused() -> None:
    with refused("unknown_prototype", "prototype"):
        class_prototypes([[0.0]], ["a"], method="medain")  # type: ignore[arg-type]
