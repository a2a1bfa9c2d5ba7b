"""Rows are dealt out to blocks like cards."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome.neighbors.certified.layout import Layout


@given(n_rows=st.integers(1, 300), block_rows=st.integers(1, 90), multiple=st.sampled_from([1, 4, 16]))
def test_every_row_has_one_place_and_every_block_is_a_sample(
    n_rows: int, block_rows: int, multiple: int
) -> None:
    layout = Layout.of(n_rows, block_rows, multiple)
    rows = np.arange(n_rows)
    counts = [layout.count(block) for block in range(layout.n_blocks)]
    assert max(counts) <= block_rows
    assert max(counts) - min(counts) <= 1
    assert layout.width % multiple == 0
    for block in range(layout.n_blocks):
        places = layout.places(block)
        np.testing.assert_array_equal(
            layout.row_of(np.arange(places.start, places.stop)), rows[layout.rows(block)]
        )


def test_values_stand_at_their_rows_places_and_the_filling_elsewhere() -> None:
    layout = Layout.of(5, 3, 4)
    spread = layout.spread(np.arange(5, dtype=np.float32), -1.0)
    assert spread.tolist() == [0, 2, 4, -1, 1, 3, -1, -1]
