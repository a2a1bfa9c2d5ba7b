"""Small, noisy problems that tests of searches, analyses and studies share."""

from typing import NamedTuple

import numpy as np
import pytest

from skknn_syndrome._typing import Float64Array, LabelArray, StringArray
from skknn_syndrome.data import EmbeddingDataset


class Problem(NamedTuple):
    """Embeddings with their labels and subjects."""

    samples: Float64Array
    labels: StringArray
    subjects: StringArray


@pytest.fixture(scope="session")
def problem() -> Problem:
    """Return 90 images of 45 subjects in three overlapping classes; a subject's two images are alike."""
    rng = np.random.default_rng(0)
    labels = np.repeat(["a", "b", "c"], 30)
    centres = np.repeat(rng.normal(size=(3, 6)), 30, axis=0)
    people = np.repeat(rng.normal(size=(45, 6)), 2, axis=0)
    samples = centres + 1.2 * people + 0.2 * rng.normal(size=(90, 6)) + 3.0
    return Problem(samples, labels, np.repeat([f"s{number}" for number in range(45)], 2))


@pytest.fixture(scope="session")
def small() -> EmbeddingDataset:
    """Return overlapping classes of 12 to 34 rows, a subject for each two rows."""
    rng = np.random.default_rng(0)
    labels = np.repeat([f"c{number:02}" for number in range(12)], range(12, 36, 2))
    centres = rng.normal(size=(12, 5))[np.searchsorted(np.unique(labels), labels)]
    samples = 5 + centres + rng.normal(size=(len(labels), 5))
    return EmbeddingDataset.from_arrays(samples, labels, np.arange(len(labels)) // 2)


class Tied(NamedTuple):
    samples: Float64Array
    """Some rows are there twice, one is zero."""
    labels: LabelArray
    subjects: LabelArray


@pytest.fixture(scope="package", name="tied")
def _tied() -> Tied:
    generator = np.random.default_rng(11)
    labels = np.repeat(["a", "b", "c", "d"], [40, 30, 20, 4])
    samples = generator.standard_normal((94, 5)) + np.repeat(
        generator.standard_normal((4, 5)), [40, 30, 20, 4], 0
    )
    samples[50:60] = samples[:10]
    samples[70] = 0
    order = generator.permutation(94)
    return Tied(samples[order], labels[order], (np.arange(94) // 2)[order])
