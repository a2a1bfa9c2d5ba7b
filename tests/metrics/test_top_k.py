"""Top-k accuracy and its bounds over ties."""

from typing import Any

import numpy as np
import pytest
import sklearn.metrics
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike
from sklearn.exceptions import UndefinedMetricWarning

from skknn_syndrome.metrics.top_k import top_k_accuracy_bounds, top_k_accuracy_score
from tests.refusing import refused

LABELS = [0, 1, 2, 3]
VOTES = [
    [0.4, 0.3, 0.2, 0.1],  # 0 is first
    [0.4, 0.3, 0.2, 0.1],  # 1 is second
    [0.4, 0.2, 0.2, 0.2],  # 2 ties for second with 1 and 3: third by the rule, fourth at worst
    [0.1, 0.3, 0.3, 0.3],  # 3 ties for first with 1 and 2: first by the rule, third at worst
]


@pytest.mark.parametrize("k, lower, score, upper", [(1, 1, 2, 2), (2, 2, 3, 4), (3, 3, 4, 4)])
def test_hits_worked_out_by_hand(k: int, lower: int, score: int, upper: int) -> None:
    assert top_k_accuracy_score(LABELS, VOTES, k=k) == score / 4
    assert top_k_accuracy_bounds(LABELS, VOTES, k=k) == (lower / 4, upper / 4)
    assert top_k_accuracy_score(LABELS, VOTES, k=k, normalize=False) == score
    assert top_k_accuracy_bounds(LABELS, VOTES, k=k, normalize=False) == (lower, upper)


def test_perfect_and_hopeless_scores() -> None:
    identity = np.eye(4)
    assert top_k_accuracy_score(LABELS, identity, k=1) == 1
    assert top_k_accuracy_bounds(LABELS, identity, k=1) == (1, 1)
    assert top_k_accuracy_bounds(LABELS, 1 - identity, k=3) == (0, 0)


def test_equal_scores_leave_everything_open() -> None:
    assert top_k_accuracy_bounds(LABELS, np.zeros((4, 4)), k=3) == (0, 1)
    assert top_k_accuracy_score(LABELS, np.zeros((4, 4)), k=3) == 0.75


def test_weights_count_instead_of_samples() -> None:
    weights = [1, 2, 3, 4]  # hits at k = 1: samples 0 and, by the rule, 3
    assert top_k_accuracy_score(LABELS, VOTES, k=1, sample_weight=weights) == (1 + 4) / 10
    assert top_k_accuracy_bounds(LABELS, VOTES, k=1, sample_weight=weights) == (0.1, 0.5)
    assert top_k_accuracy_score(LABELS, VOTES, k=1, sample_weight=weights, normalize=False) == 5


def test_labels_name_the_columns_where_classes_are_missing() -> None:
    assert top_k_accuracy_score([0, 3], [VOTES[0], VOTES[3]], k=1, labels=LABELS) == 1


@pytest.mark.parametrize("scores, threshold", [([0.2, 0.5, 0.8], 0.5), ([-1, 0, 1], 0), ([0, 3, 4], 0)])
def test_two_classes_are_decided_at_the_threshold(scores: list[float], threshold: float) -> None:
    labels = [0, 1, 1]
    hits = [(score > threshold) == label for score, label in zip(scores, labels, strict=True)]
    assert top_k_accuracy_score(labels, scores, k=1) == sum(hits) / 3
    open_at_threshold = sum(score == threshold for score in scores)
    lower, upper = top_k_accuracy_bounds(labels, scores, k=1, normalize=False)
    assert upper - lower == open_at_threshold


@pytest.mark.parametrize("labels, scores", [(LABELS, VOTES), ([0, 1], [0.1, 0.7])])
def test_k_of_all_classes_is_perfect_with_a_warning(labels: list[int], scores: ArrayLike) -> None:
    with pytest.warns(UndefinedMetricWarning, match="perfect score and is therefore meaningless"):
        assert top_k_accuracy_score(labels, scores, k=4) == 1
    with pytest.warns(UndefinedMetricWarning, match="perfect score and is therefore meaningless"):
        assert top_k_accuracy_bounds(labels, scores, k=4) == (1, 1)


@pytest.mark.parametrize(
    "labels, scores, options, code",
    [
        ([0.1, 0.2], [1, 2], {}, "unsupported_labels"),
        ([0, 1], [[1, 2, 3]] * 2, {}, "columns_mismatch"),
        ([0, 1, 2], [1, 2, 3], {}, "one_column"),
        ([0, 1, 2], [[1, 2]] * 3, {}, "columns_mismatch"),
        ([0, 1, 2], [[1, 2]] * 3, {"labels": [0, 1, 2]}, "columns_mismatch"),
        ([0, 1, 2], [[1, 2, 3]] * 3, {"labels": [0, 1, 1]}, "repeated_labels"),
        ([0, 1, 2], [[1, 2, 3]] * 3, {"labels": [0, 1, 3]}, "unknown_label"),
    ],
)
def test_what_does_not_fit_is_refused(
    labels: ArrayLike, scores: ArrayLike, options: dict[str, Any], code: str
) -> None:
    for metric in (top_k_accuracy_score, top_k_accuracy_bounds):
        with refused(code):
            metric(labels, scores, **options)


@pytest.mark.parametrize(
    "labels, scores, options, fault",
    [
        ([[0, 1], [1, 0]], [[1, 2], [2, 1]], {}, "should be a 1d array"),
        ([0, 1, 2], [[1, 2, 3]] * 3, {"k": 0}, "The 'k' parameter of top_k_accuracy_(score|bounds) must be"),
        ([0, 1, 2], [[1, 2, 3]] * 2, {}, "inconsistent numbers of samples"),
    ],
)
def test_what_scikit_learn_refuses_is_refused_in_its_words(
    labels: ArrayLike, scores: ArrayLike, options: dict[str, Any], fault: str
) -> None:
    for metric in (top_k_accuracy_score, top_k_accuracy_bounds):
        with pytest.raises(ValueError, match=fault):
            metric(labels, scores, **options)


@st.composite
def votes(draw: st.DrawFn) -> tuple[list[int], list[list[int]], int]:
    """Labels, scores with many ties, and a k below the number of classes."""
    n_classes = draw(st.integers(3, 6))
    row = st.lists(st.integers(0, 2), min_size=n_classes, max_size=n_classes)
    scores = draw(st.lists(row, min_size=1, max_size=12))
    labels = draw(st.lists(st.integers(0, n_classes - 1), min_size=len(scores), max_size=len(scores)))
    return labels, scores, draw(st.integers(1, n_classes - 1))


@settings(max_examples=30)
@given(problem=votes())
def test_score_is_scikit_learns_and_lies_within_its_bounds(
    problem: tuple[list[int], list[list[int]], int],
) -> None:
    labels, scores, k = problem
    options: dict[str, Any] = {"k": k, "labels": list(range(len(scores[0]))), "normalize": False}
    score = top_k_accuracy_score(labels, scores, **options)
    assert score == sklearn.metrics.top_k_accuracy_score(labels, scores, **options)
    lower, upper = top_k_accuracy_bounds(labels, scores, **options)
    assert lower <= score <= upper


@settings(max_examples=30)
@given(problem=votes(), seed=st.integers(0, 2**32 - 1))
def test_no_way_to_resolve_ties_leaves_the_bounds(
    problem: tuple[list[int], list[list[int]], int], seed: int
) -> None:
    labels, scores, k = problem
    options: dict[str, Any] = {"k": k, "labels": list(range(len(scores[0]))), "normalize": False}
    lower, upper = top_k_accuracy_bounds(labels, scores, **options)
    noise = np.random.default_rng(seed).uniform(0, 0.1, np.shape(scores))
    assert lower <= top_k_accuracy_score(labels, np.asarray(scores) + noise, **options) <= upper
    # the bounds are reached: lift the true class above its equals, or push it below
    own = np.eye(len(scores[0]))[labels] * 0.1
    assert top_k_accuracy_score(labels, np.asarray(scores) + own, **options) == upper
    assert top_k_accuracy_score(labels, np.asarray(scores) - own, **options) == lower
