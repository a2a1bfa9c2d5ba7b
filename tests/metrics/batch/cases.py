"""Inputs of `batch_scores` drawn at random, and the same scores one test part at a time."""

import warnings
from typing import TypeAlias

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.metrics.score_table import score_probabilities

Case: TypeAlias = tuple[Float64Array, IndexArray, IndexArray, BoolArray]
"""Probabilities, truth, starts and known classes."""


def one_by_one(
    probabilities: Float64Array, truth: IndexArray, starts: IndexArray, known: BoolArray
) -> dict[str, Float64Array]:
    """Score every candidate on every segment by itself."""
    classes = np.arange(known.shape[1])
    edges = [*starts, len(truth)]
    scores: dict[str, Float64Array] = {}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UndefinedMetricWarning)
        for candidate, segment in np.ndindex(len(probabilities), len(starts)):
            rows, columns = slice(edges[segment], edges[segment + 1]), known[segment]
            part = score_probabilities(
                truth[rows], probabilities[candidate, rows][:, columns], classes[columns]
            )
            for name, value in part.items():
                scores.setdefault(name, np.empty((len(probabilities), len(starts))))[candidate, segment] = (
                    value
                )
    return scores


def neighbour_votes(n_candidates: int, n_rows: int, n_classes: int, n_neighbors: int) -> Case:
    """Shares of votes, as a nearest-neighbour classifier gives them: many zeros, many ties."""
    rng = np.random.default_rng(0)
    truth = rng.integers(n_classes, size=n_rows)
    votes = rng.integers(n_classes, size=(n_candidates, n_rows, n_neighbors))
    votes = np.where(rng.random(votes.shape) < 0.3, truth[:, None], votes)
    counts: IndexArray = (votes[..., None] == np.arange(n_classes)).sum(axis=2)
    starts = np.array([0, n_rows // 5, n_rows // 2])
    return counts / n_neighbors, truth, starts, np.ones((3, n_classes), np.bool_)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Few values, so that most tie; segments of any length; classes that segments lack."""
    n_candidates, n_rows, n_classes = draw(
        st.tuples(st.integers(1, 3), st.integers(1, 14), st.integers(1, 7))
    )
    cuts = draw(st.sets(st.integers(1, n_rows - 1))) if n_rows > 1 else set()
    starts = np.array([0, *sorted(cuts)])
    truth = draw(arrays(np.intp, n_rows, elements=st.integers(0, n_classes - 1)))
    known = draw(arrays(np.bool_, (len(starts), n_classes)))
    # A classifier knows at least one class.
    known[:, draw(st.integers(0, n_classes - 1))] = True
    values = st.sampled_from([0.0, 0.0, -0.0, 0.25, 1 / 3, 0.5, 5e-324, 1.0]) | st.floats(0, 1)
    probabilities = draw(arrays(np.float64, (n_candidates, n_rows, n_classes), elements=values))
    known_of_row = np.repeat(known, np.diff([*starts, n_rows]), axis=0)
    return np.where(known_of_row, probabilities, 0.0), truth, starts, known
