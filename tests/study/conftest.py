"""A small, noisy problem that all study tests share."""

from typing import NamedTuple

import numpy as np
import pytest

from skknn_syndrome._typing import Float64Array, StringArray


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
