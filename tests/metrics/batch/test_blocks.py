"""Blocks of candidates and folds, their keys and the decisions counted in them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome.metrics.batch import blocks as module
from skknn_syndrome.metrics.batch.blocks import END, LABEL, blocks, class_keys
from skknn_syndrome.metrics.batch.decisions import decide, grades_of
from tests.metrics.builders import Case, cases


@settings(max_examples=25)
@given(case=cases(), max_cells=st.integers(1, 200))
def test_blocks_cover_every_candidate_on_every_segment_once(case: Case, max_cells: int) -> None:
    probabilities, truth, starts, known = case
    covered = np.zeros((len(probabilities), len(starts)), dtype=np.intp)
    lengths = np.diff([*starts, len(truth)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MAX_CELLS", max_cells)
        for block in blocks(probabilities, truth, starts, known):
            covered[block.candidates, block.segments] += 1
            assert block.lengths.tolist() == lengths[block.segments].tolist()
            assert (
                block.probabilities.size <= max_cells or covered[block.candidates, block.segments].size == 1
            )
            by_rows = np.concatenate([keys for _, keys in block.row_parts()], axis=2)
            by_classes = np.concatenate([keys for _, keys in block.class_parts()], axis=0)
            np.testing.assert_array_equal(by_rows, by_classes)
    assert np.all(covered == 1)


NUMBERS = st.floats(0, allow_infinity=False, allow_subnormal=True) | st.just(-0.0)


@given(first=NUMBERS, second=NUMBERS)
def test_keys_compare_as_the_numbers_do_whatever_the_label(first: float, second: float) -> None:
    one, other = class_keys(np.array([[[first], [second]]])).ravel()
    assert bool(one < other) == (first < second)
    assert bool(one == other) == (first == second)
    assert bool((one | LABEL) < other) == (first < second)
    assert one & LABEL == 0
    assert (one | LABEL) < END


def test_classes_come_first() -> None:
    probabilities = np.random.default_rng(0).random((2, 3, 4))
    keys = class_keys(probabilities[:, 1:])
    assert keys.shape == (4, 2, 2)
    assert keys.flags.c_contiguous
    np.testing.assert_array_equal(
        (keys >> np.uint64(1)).view(np.float64), probabilities[:, 1:].transpose(2, 0, 1)
    )


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
