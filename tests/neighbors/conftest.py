"""Galleries that the tests of neighbours share."""

from typing import NamedTuple

import numpy as np
import pytest

from skknn_syndrome._typing import Float64Array, LabelArray


class Gallery(NamedTuple):
    """Training rows with their labels, and rows to classify."""

    rows: Float64Array
    labels: LabelArray
    queries: Float64Array


@pytest.fixture(scope="session")
def gallery() -> Gallery:
    """80 rows of four classes that overlap, so that votes are split, and 40 queries."""
    rng = np.random.default_rng(5)
    classes = rng.integers(0, 4, size=120)
    rows = rng.normal(size=(120, 16)) + 0.5 * np.eye(4, 16)[classes]
    rows.flags.writeable = False
    return Gallery(rows[:80], np.array([*"abcd"])[classes[:80]], rows[80:])
