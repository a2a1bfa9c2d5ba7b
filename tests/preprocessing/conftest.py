"""A small problem that all sampler tests share."""

from typing import NamedTuple

import numpy as np
import pytest

from skknn_syndrome._typing import Float64Array, StringArray


class Problem(NamedTuple):
    """Rows with their labels."""

    samples: Float64Array
    labels: StringArray


@pytest.fixture(scope="session")
def problem() -> Problem:
    """Return classes of 40, 12 and 25 rows, mixed, each with a centre and a spread of its own."""
    rng = np.random.default_rng(0)
    labels = rng.permutation(np.repeat(["a", "b", "c"], [40, 12, 25]))
    place = np.searchsorted(["a", "b", "c"], labels)
    samples = 10 * place[:, None] + rng.normal(size=(77, 4)) * (1 + place)[:, None]
    return Problem(samples, labels)
