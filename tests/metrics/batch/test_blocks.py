"""Blocks of candidates and segments."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome.metrics.batch import blocks as module
from skknn_syndrome.metrics.batch.blocks import blocks
from tests.metrics.batch.cases import Case, cases


@settings(max_examples=50, deadline=None)
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
