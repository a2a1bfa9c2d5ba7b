"""How alike the mean embeddings of the syndromes are."""

import numpy as np
import pytest

from skknn_syndrome.study.centroids import compare_centroids

# Means: a (3, 1), b (1, 3), c (-2, -2).
SAMPLES = np.array([[2.0, 1.0], [4.0, 1.0], [1.0, 3.0], [-2.0, -2.0]])
LABELS = np.array(["a", "a", "b", "c"])


def test_cosine_and_pearson_by_hand() -> None:
    cosine, pearson = compare_centroids(SAMPLES, LABELS)
    values = dict(zip(cosine.syndromes, cosine.matrix, strict=True))
    position = {name: number for number, name in enumerate(cosine.syndromes)}
    # a.b = 6, |a| |b| = 10; a.c = -8, |a| |c| = sqrt(80)
    assert values["a"][position["b"]] == pytest.approx(0.6)
    assert values["a"][position["c"]] == pytest.approx(-8 / np.sqrt(80))
    assert values["a"][position["a"]] == 1.0
    assert pearson.measure == "pearson"


def test_pearson_is_numpys() -> None:
    rng = np.random.default_rng(0)
    samples, labels = rng.normal(size=(30, 5)), np.repeat(["a", "b", "c"], 10)
    _, pearson = compare_centroids(samples, labels)
    means = np.array([samples[labels == name].mean(axis=0) for name in pearson.syndromes])
    np.testing.assert_allclose(pearson.matrix, np.corrcoef(means), atol=1e-12)


def test_like_stands_beside_like() -> None:
    samples = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.1], [0.1, 1.0]])
    cosine, _ = compare_centroids(samples, np.array(["a", "b", "c", "d"]))
    order = cosine.syndromes
    assert {frozenset(order[:2]), frozenset(order[2:])} == {frozenset("ac"), frozenset("bd")}
