"""The answers of scikit-learn's own classifier, where there are no ties."""

from pathlib import Path

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.data import load_embeddings
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.classifier import MetricName
from skknn_syndrome.neighbors.weighting import Weights
from tests.neighbors.conftest import Gallery

TEMPERATURE = 0.3

EVERY_METRIC = pytest.mark.parametrize("metric", ["euclidean", "cosine", "manhattan"])


def dino(distances: Float64Array) -> Float64Array:
    return np.asarray(np.exp(-distances / TEMPERATURE))


@EVERY_METRIC
@pytest.mark.parametrize(
    "weights, their_weights",
    [("uniform", "uniform"), ("distance", "distance"), ("softmax", dino), (dino, dino)],
)
@pytest.mark.parametrize("n_neighbors", [1, 2, 15, 80])
def test_agrees_with_scikit_learn(
    gallery: Gallery, metric: MetricName, weights: Weights, their_weights: Weights, n_neighbors: int
) -> None:
    ours = SyndromeKNNClassifier(n_neighbors, metric=metric, weights=weights, temperature=TEMPERATURE)
    theirs = KNeighborsClassifier(n_neighbors, metric=metric, weights=their_weights, algorithm="brute")
    for classifier in (ours, theirs):
        classifier.fit(gallery.rows, gallery.labels)
    found, expected = (classifier.predict_proba(gallery.queries) for classifier in (ours, theirs))
    np.testing.assert_allclose(found, expected, atol=1e-9, rtol=0)
    np.testing.assert_array_equal(ours.predict(gallery.queries), theirs.predict(gallery.queries))


@EVERY_METRIC
def test_neighbours_are_scikit_learns(gallery: Gallery, metric: MetricName) -> None:
    ours = SyndromeKNNClassifier(metric=metric).fit(gallery.rows, gallery.labels)
    theirs = KNeighborsClassifier(15, metric=metric, algorithm="brute").fit(gallery.rows, gallery.labels)
    for queries in (gallery.queries, None):
        distances, indices = ours.kneighbors(queries)
        their_distances, their_indices = theirs.kneighbors(queries)
        np.testing.assert_array_equal(indices, their_indices)
        np.testing.assert_allclose(distances, their_distances, rtol=1e-9)


@EVERY_METRIC
def test_agrees_with_scikit_learn_on_real_embeddings(real_file: Path, metric: MetricName) -> None:
    dataset = load_embeddings(real_file)
    rows, labels = dataset.embeddings.astype(np.float64), dataset.syndromes
    held_out = np.arange(len(rows)) % 10 == 0
    ours = SyndromeKNNClassifier(metric=metric)
    theirs = KNeighborsClassifier(15, metric=metric, weights="distance", algorithm="brute")
    found, expected = (
        classifier.fit(rows[~held_out], labels[~held_out]).predict_proba(rows[held_out])
        for classifier in (ours, theirs)
    )
    np.testing.assert_allclose(found, expected, atol=1e-9, rtol=0)
