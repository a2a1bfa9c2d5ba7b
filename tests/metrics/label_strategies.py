"""Hypothesis strategies for true and predicted labels."""

from collections.abc import Callable
from typing import Any

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from skknn_syndrome._typing import Float64Array

LabelPair = tuple[NDArray[Any], NDArray[Any], Float64Array | None]
"""True labels, predicted labels, and weights or None."""

SPELLINGS: tuple[Callable[[NDArray[np.intp]], NDArray[Any]], ...] = (
    lambda numbers: numbers,
    lambda numbers: numbers * 2 - 1,
    lambda numbers: numbers.astype(float),
    lambda numbers: numbers > 1,
    lambda numbers: np.array(["a", "bb", "ccc", "d"])[numbers],
    lambda numbers: np.array(["a", "bb", "ccc", "d"], dtype=object)[numbers],
    lambda numbers: numbers[:, None],
)
"""Class numbers as integers, with negative ones, as floats, as booleans, as strings, as a column."""


@st.composite
def weights(draw: st.DrawFn, n_samples: int) -> Float64Array | None:
    positive = st.floats(0.125, 8)
    return draw(st.none() | arrays(np.float64, n_samples, elements=positive))


@st.composite
def single_labels(draw: st.DrawFn) -> LabelPair:
    n_samples, spelling = draw(st.integers(1, 12)), draw(st.sampled_from(SPELLINGS))
    numbers = arrays(np.intp, n_samples, elements=st.integers(0, draw(st.integers(0, 3))))
    return spelling(draw(numbers)), spelling(draw(numbers)), draw(weights(n_samples))


@st.composite
def label_sets(draw: st.DrawFn) -> LabelPair:
    shape = draw(st.tuples(st.integers(1, 8), st.integers(2, 4)))
    cells = arrays(np.intp, shape, elements=st.integers(0, 1))
    return draw(cells), draw(cells), draw(weights(shape[0]))
