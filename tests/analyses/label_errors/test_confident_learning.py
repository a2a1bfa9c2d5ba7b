"""Confident learning on arrays; cleanlab 2.9 had the same thresholds, joint, suspects and margins."""

import numpy as np
import pytest

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.analyses.label_errors.confident_learning import find_label_errors


def _clean(n_images: int = 240, sharpness: float = 4.0) -> tuple[IndexArray, Float64Array]:
    """Return labels of three classes, and probabilities that are mostly theirs."""
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, n_images)
    scores = np.exp(sharpness * np.eye(3)[labels] + rng.normal(size=(n_images, 3)))
    return labels, scores / scores.sum(axis=1, keepdims=True)


def test_a_case_by_hand() -> None:
    labels = np.array([0, 0, 0, 1, 1])
    probabilities = np.array([[0.9, 0.1, 0], [0.7, 0.3, 0], [0.2, 0.8, 0], [0.4, 0.6, 0], [0.5, 0.5, 0]])
    found = find_label_errors(labels, probabilities)
    assert found.thresholds.tolist() == pytest.approx([0.6, 0.55, np.inf])
    assert found.joint.tolist() == [[2, 1, 0], [0, 1, 0], [0, 0, 0]]
    assert found.suspected.tolist() == [False, False, True, False, False]
    assert found.self_confidence.tolist() == [0.9, 0.7, 0.2, 0.6, 0.5]
    assert found.margin.tolist() == pytest.approx([0.9, 0.7, 0.2, 0.6, 0.5])
    assert found.noise_rate == pytest.approx(3 / 5 / 3)


def test_nothing_is_claimed_of_clean_labels() -> None:
    labels, probabilities = _clean(sharpness=9.0)
    found = find_label_errors(labels, probabilities)
    assert not found.suspected.any()
    assert found.noise_rate == 0


def test_planted_errors_are_found_and_come_first() -> None:
    labels, probabilities = _clean(sharpness=6.0)
    flipped = labels.copy()
    flipped[::20] = (labels[::20] + 1) % 3
    found = find_label_errors(flipped, probabilities)
    planted = np.zeros(len(labels), dtype=np.bool_)
    planted[::20] = True
    assert found.suspected[planted].mean() > 0.8
    assert found.suspected[~planted].mean() < 0.03
    assert planted[np.argsort(found.margin)[:8]].all()
    assert found.noise_rate == pytest.approx(1 / 20, abs=0.03)


def test_a_class_with_low_probabilities_throughout_is_not_suspected_for_that() -> None:
    probabilities = np.array([[0.9, 0.1]] * 6 + [[0.6, 0.4]] * 4)
    assert not find_label_errors(np.repeat([0, 1], [6, 4]), probabilities).suspected.any()
