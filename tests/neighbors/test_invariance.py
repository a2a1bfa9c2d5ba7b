"""Results that nothing beside the data changes, and rules that no data break."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.metrics import pairwise_distances

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from skknn_syndrome.neighbors.classifier import MetricName
from skknn_syndrome.neighbors.weighting import Weights
from tests.neighbors.conftest import Gallery

METRICS: list[MetricName] = ["euclidean", "cosine", "manhattan"]
WEIGHTS: list[Weights] = ["uniform", "distance", "softmax"]
EVERY_METRIC = pytest.mark.parametrize("metric", METRICS)
EVERY_WEIGHTING = pytest.mark.parametrize("weights", WEIGHTS)

# Ties, duplicates and zero rows in plenty.
grids = arrays(np.float64, (9, 2), elements=st.sampled_from([-1.0, 0.0, 1.0, 2.0]))


@EVERY_METRIC
@EVERY_WEIGHTING
def test_batches_and_threads_change_no_bit(gallery: Gallery, metric: MetricName, weights: Weights) -> None:
    classifier = SyndromeKNNClassifier(metric=metric, weights=weights).fit(gallery.rows, gallery.labels)
    whole = classifier.predict_proba(gallery.queries)
    for size in (1, 7):
        batches = [classifier.predict_proba(gallery.queries[i : i + size]) for i in range(0, 40, size)]
        np.testing.assert_array_equal(np.concatenate(batches), whole)
    classifier.set_params(n_jobs=2)
    np.testing.assert_array_equal(classifier.predict_proba(gallery.queries), whole)


@EVERY_METRIC
def test_float32_gives_the_bits_of_the_same_values_in_float64(gallery: Gallery, metric: MetricName) -> None:
    rows, queries = gallery.rows.astype(np.float32), gallery.queries.astype(np.float32)
    single = SyndromeKNNClassifier(metric=metric).fit(rows, gallery.labels)
    double = SyndromeKNNClassifier(metric=metric).fit(rows.astype(np.float64), gallery.labels)
    expected = double.predict_proba(queries.astype(np.float64))
    np.testing.assert_array_equal(single.predict_proba(queries), expected)


def as_matrix(distances: Float64Array, indices: IndexArray) -> Float64Array:
    """Return distances to all training rows in the order of these."""
    matrix = np.empty_like(distances)
    np.put_along_axis(matrix, indices, distances, axis=1)
    return matrix


@EVERY_METRIC
def test_precomputed_distances_give_the_same_bits(gallery: Gallery, metric: MetricName) -> None:
    direct = SyndromeKNNClassifier(metric=metric).fit(gallery.rows, gallery.labels)
    square, queries = (as_matrix(*direct.kneighbors(rows, 80)) for rows in (gallery.rows, gallery.queries))
    precomputed = SyndromeKNNClassifier(metric="precomputed").fit(square, gallery.labels)
    np.testing.assert_array_equal(precomputed.predict_proba(queries), direct.predict_proba(gallery.queries))
    np.testing.assert_array_equal(precomputed.predict_proba(None), direct.predict_proba(None))


@EVERY_WEIGHTING
@given(order=st.permutations(range(80)))
@settings(max_examples=20, deadline=None)
def test_without_ties_the_order_of_training_rows_changes_no_bit(
    gallery: Gallery, weights: Weights, order: list[int]
) -> None:
    whole = SyndromeKNNClassifier(weights=weights).fit(gallery.rows, gallery.labels)
    permuted = SyndromeKNNClassifier(weights=weights).fit(gallery.rows[order], gallery.labels[order])
    np.testing.assert_array_equal(
        permuted.predict_proba(gallery.queries), whole.predict_proba(gallery.queries)
    )


@EVERY_METRIC
@pytest.mark.parametrize("exponent", [-900, -1, 300, 900])
def test_a_power_of_two_as_scale_changes_no_bit(gallery: Gallery, metric: MetricName, exponent: int) -> None:
    plain = SyndromeKNNClassifier(metric=metric).fit(gallery.rows, gallery.labels)
    scaled = SyndromeKNNClassifier(metric=metric).fit(np.ldexp(gallery.rows, exponent), gallery.labels)
    np.testing.assert_array_equal(
        scaled.predict_proba(np.ldexp(gallery.queries, exponent)), plain.predict_proba(gallery.queries)
    )


@given(grids)
@settings(max_examples=50, deadline=None)
def test_neighbours_on_a_grid_are_those_of_exact_distances(rows: Float64Array) -> None:
    classifier = SyndromeKNNClassifier(9, metric="manhattan").fit(rows, np.zeros(9))
    exact = pairwise_distances(rows, metric="manhattan")  # small integers: nothing is rounded
    _, indices = classifier.kneighbors(rows)
    np.testing.assert_array_equal(indices, np.argsort(exact, axis=1, kind="stable"))


@given(grids, st.sampled_from(METRICS), st.sampled_from(WEIGHTS), st.integers(1, 8))
@settings(max_examples=80, deadline=None)
def test_ties_duplicates_and_zero_rows_keep_the_rules(
    rows: Float64Array, metric: MetricName, weights: Weights, n_neighbors: int
) -> None:
    classifier = SyndromeKNNClassifier(n_neighbors, metric=metric, weights=weights).fit(rows, [*"abcabcabc"])
    distances, indices = classifier.kneighbors(rows)
    all_distances, all_indices = classifier.kneighbors(rows, 9)
    np.testing.assert_array_equal(distances, all_distances[:, :n_neighbors])
    np.testing.assert_array_equal(indices, all_indices[:, :n_neighbors])
    in_order = (np.diff(all_distances) > 0) | ((np.diff(all_distances) == 0) & (np.diff(all_indices) > 0))
    assert in_order.all()
    probabilities = classifier.predict_proba(rows)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-15)
    np.testing.assert_array_equal(classifier.predict(rows), np.array([*"abc"])[probabilities.argmax(axis=1)])


@given(
    arrays(np.float64, (6, 3), elements=st.floats(allow_nan=False, allow_infinity=False)),
    st.sampled_from(METRICS),
    st.sampled_from(WEIGHTS),
)
@settings(max_examples=150, deadline=None)
def test_no_finite_input_gives_nan(rows: Float64Array, metric: MetricName, weights: Weights) -> None:
    classifier = SyndromeKNNClassifier(4, metric=metric, weights=weights).fit(rows, [*"aabbcc"])
    np.testing.assert_allclose(classifier.predict_proba(rows).sum(axis=1), 1, rtol=1e-15)
