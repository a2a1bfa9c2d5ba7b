"""A problem with many ties, missing classes and subjects."""

from typing import NamedTuple

import numpy as np
import pytest

from skknn_syndrome._typing import Float64Array, LabelArray


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
