"""The sweep over all thresholds, and the area under it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome.metrics.thresholds import area_under_sweep, threshold_sweep

IMAGES = st.lists(
    st.tuples(st.booleans(), st.integers(-3, 3), st.integers(0, 3)), min_size=2, max_size=30
).filter(lambda images: {bool(positive) for positive, _, weight in images if weight} == {True, False})
"""(is positive, score with many ties, weight), with some weight on positives and on negatives."""


def test_tied_scores_pass_a_threshold_together() -> None:
    false_positives, true_positives, thresholds = threshold_sweep(
        np.array([True, False, True, False]), np.array([2.0, 1.0, 1.0, 0.0])
    )
    # >= 2: one positive; >= 1: one more of each; >= 0: all
    assert false_positives.tolist() == [0, 1, 2]
    assert true_positives.tolist() == [1, 2, 2]
    assert thresholds.tolist() == [2, 1, 0]


def test_weights_count_instead_of_images() -> None:
    false_positives, true_positives, _ = threshold_sweep(
        np.array([True, False, True]), np.array([3.0, 2.0, 1.0]), np.array([0.5, 2.0, 4.0])
    )
    assert false_positives.tolist() == [0, 2, 2]
    assert true_positives.tolist() == [0.5, 0.5, 4.5]


def test_unsigned_and_boolean_scores_are_swept_downwards() -> None:
    positive = np.array([True, False])
    assert threshold_sweep(positive, np.array([7, 0], dtype=np.uint8))[2].tolist() == [7, 0]
    assert threshold_sweep(positive, np.array([False, True]))[2].tolist() == [True, False]


def test_counts_of_weighted_images_never_decrease() -> None:
    rng = np.random.default_rng(0)
    weights = rng.random(1000) * 10.0 ** rng.integers(-8, 8, 1000)
    sweep = threshold_sweep(rng.random(1000) < 0.5, rng.random(1000), weights)
    assert np.all(np.diff(sweep[0]) >= 0)
    assert np.all(np.diff(sweep[1]) >= 0)


@settings(max_examples=60, deadline=None)
@given(images=IMAGES)
def test_area_is_the_share_of_pairs_in_order_with_ties_counted_half(
    images: list[tuple[bool, int, int]],
) -> None:
    ordered = total = 0.0
    for positive, high, weight in images:
        for other_positive, low, other_weight in images:
            if positive and not other_positive:
                total += weight * other_weight
                ordered += weight * other_weight * (1.0 if high > low else 0.5 if high == low else 0.0)
    columns = [np.array(column) for column in zip(*images, strict=True)]
    assert area_under_sweep(*columns) == pytest.approx(ordered / total, abs=1e-12)
