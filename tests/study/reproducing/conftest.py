"""Twelve small classes, so that top-9 says something, and a protocol for them."""

import numpy as np
import pytest

from skknn_syndrome.data import EmbeddingDataset
from skknn_syndrome.study.reproducing.runs import NumberOfDraws

FEW = NumberOfDraws(orders=3, mixtures=2)


@pytest.fixture(scope="session")
def small() -> EmbeddingDataset:
    """Return overlapping classes of 12 to 34 rows, a subject for each two rows."""
    rng = np.random.default_rng(0)
    labels = np.repeat([f"c{number:02}" for number in range(12)], range(12, 36, 2))
    centres = rng.normal(size=(12, 5))[np.searchsorted(np.unique(labels), labels)]
    samples = 5 + centres + rng.normal(size=(len(labels), 5))
    return EmbeddingDataset.from_arrays(samples, labels, np.arange(len(labels)) // 2)
