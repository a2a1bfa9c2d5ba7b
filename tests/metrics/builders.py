"""Labels, probabilities and test parts drawn at random, and comparisons with scikit-learn."""

import warnings
from collections.abc import Callable
from typing import Any, TypeAlias

import numpy as np
import sklearn.metrics
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome import metrics
from skknn_syndrome._typing import BoolArray, Float64Array, IndexArray
from skknn_syndrome.metrics.score_table import score_probabilities

Outcome = tuple[list[NDArray[Any]], str, list[tuple[str, str]]]
"""Returned arrays, error, and the (category, message) of each warning."""


def outcome(function: Callable[..., Any], *args: object, **options: object) -> Outcome:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            result = function(*args, **options)
        except ValueError as error:
            return [], str(error), []
    values = [np.asarray(value) for value in (result if isinstance(result, tuple) else (result,))]
    return values, "", sorted((warning.category.__name__, str(warning.message)) for warning in caught)


def scikit_learns_scorer(name: str) -> Any:
    """Return scikit-learn's scorer of this name; it has none of kappa, but the function."""
    if name == "cohen_kappa":
        return sklearn.metrics.make_scorer(sklearn.metrics.cohen_kappa_score)
    return sklearn.metrics.get_scorer(name)


def assert_agree(name: str, *args: object, **options: object) -> None:
    """Call ours and scikit-learn's function of this name and demand the same outcome."""
    ours, error, warned = outcome(getattr(metrics, name), *args, **options)
    theirs, expected_error, expected_warned = outcome(getattr(sklearn.metrics, name), *args, **options)
    # Before 1.9, scikit-learn puts commas between classes.
    assert error.replace(", ", " ") == expected_error.replace(", ", " ")
    assert warned == expected_warned
    assert len(ours) == len(theirs)
    for value, expected in zip(ours, theirs, strict=True):
        if expected.dtype == object:  # None, for no support
            assert value == expected
        else:
            np.testing.assert_allclose(value, expected, rtol=1e-12, atol=1e-14, strict=False)


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
