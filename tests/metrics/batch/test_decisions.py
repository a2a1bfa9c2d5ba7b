"""Decisions of rows, counted."""

import numpy as np

from skknn_syndrome.metrics.batch.blocks import blocks
from skknn_syndrome.metrics.batch.decisions import decide, grades_of


def test_every_grade_is_within_a_larger_k_too_and_the_best_rank_first() -> None:
    within = grades_of((1, 3, 5)).within
    assert within.shape == (20, 3, 3)
    assert np.all(np.diff(within, axis=2) >= 0)
    assert np.all(np.diff(within, axis=1) <= 0)


def test_counts_by_hand() -> None:
    # One segment of four rows; the third ties, the fourth has a true class that is not known.
    probabilities = np.array([[[0.7, 0.3, 0.0], [0.1, 0.9, 0.0], [0.5, 0.5, 0.0], [0.2, 0.8, 0.0]]])
    known = np.array([[True, True, False]])
    (block,) = blocks(probabilities, np.array([0, 0, 1, 2]), np.array([0]), known)
    counts = decide(block, (1, 3, 5))
    assert counts.hits.tolist() == [[[1, 0, 0]]]
    assert counts.predicted.tolist() == [[[2, 2, 0]]]
    best, by_rule, worst = np.tensordot(counts.graded[0, 0], grades_of((1, 3, 5)).within, axes=1)
    # ranks 1, 2, 1 to 2 (by rule 1), beyond all
    assert best.tolist() == by_rule.tolist() == [2, 3, 3]
    assert worst.tolist() == [1, 3, 3]
