"""The sweep over all thresholds."""

import numpy as np

from skknn_syndrome.metrics.thresholds import threshold_sweep


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
