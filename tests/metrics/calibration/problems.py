"""Labels and probabilities of several classes."""

import numpy as np
from hypothesis import strategies as st

from skknn_syndrome._typing import Float64Array, IndexArray

Problem = tuple[IndexArray, Float64Array]
"""Class numbers, and probabilities of shape (n_samples, n_classes)."""


def random_problem(n_samples: int, n_classes: int, seed: int = 0) -> Problem:
    """Return probabilities without ties that favour the true class."""
    rng = np.random.default_rng(seed)
    truth = np.append(np.arange(n_classes), rng.integers(n_classes, size=n_samples - n_classes))
    votes = rng.gamma(1.0, size=(n_samples, n_classes)) + 2.0 * (truth[:, None] == np.arange(n_classes))
    return truth, votes / votes.sum(axis=1, keepdims=True)


@st.composite
def tied_problems(draw: st.DrawFn) -> Problem:
    """Return probabilities from a few votes, so that many are equal and many are 0."""
    n_classes = draw(st.integers(2, 4))
    row = st.lists(st.integers(0, 3), min_size=n_classes, max_size=n_classes).filter(any)
    votes = np.array(draw(st.lists(row, min_size=1, max_size=20)), dtype=np.float64)
    classes = st.integers(0, n_classes - 1)
    truth = draw(st.lists(classes, min_size=len(votes), max_size=len(votes)))
    return np.array(truth), votes / votes.sum(axis=1, keepdims=True)
