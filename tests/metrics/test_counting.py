"""Counts by class, ranks of true classes, and pairs in order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from skknn_syndrome.metrics.counting import (
    Sweep,
    Tally,
    counts_by_class,
    counts_by_label,
    counts_by_sample,
    true_class_ranks,
)
from skknn_syndrome.metrics.validation import LabelSets, SingleLabels, check_targets
from tests.refusing import refused


def as_lists(counts: Tally) -> list[list[float]]:
    return [part.tolist() for part in counts]


def animals(weights: ArrayLike | None = None) -> SingleLabels:
    """ant: 1 hit, 2 predicted, 1 true; bee: 1, 1, 2; cat: 0, 0, 1 and dog: 0, 1, 0."""
    targets = check_targets(["ant", "bee", "bee", "cat"], ["ant", "ant", "bee", "dog"], weights)
    assert isinstance(targets, SingleLabels)
    return targets


def tags(weights: ArrayLike | None = None) -> LabelSets:
    targets = check_targets([[1, 0, 1], [0, 0, 1]], [[1, 1, 1], [0, 0, 0]], weights)
    assert isinstance(targets, LabelSets)
    return targets


def test_every_class_is_counted() -> None:
    assert as_lists(counts_by_class(animals())) == [[1, 1, 0, 0], [2, 1, 0, 1], [1, 2, 1, 0]]


def test_weights_are_summed() -> None:
    counts = counts_by_class(animals([1, 2, 4, 8]))
    assert as_lists(counts) == [[1, 4, 0, 0], [3, 4, 0, 8], [1, 6, 8, 0]]


def test_labels_choose_classes_and_their_order() -> None:
    counts = counts_by_class(animals(), ["bee", "unheard of", "ant", "bee"])
    assert as_lists(counts) == [[1, 0, 1, 1], [1, 0, 2, 1], [2, 0, 1, 2]]


def test_no_labels_no_counts() -> None:
    assert as_lists(counts_by_class(animals(), [])) == [[], [], []]


def test_pooled_counts_are_the_sums() -> None:
    assert as_lists(counts_by_class(animals()).pooled()) == [[2], [4], [4]]


def test_every_label_of_a_matrix_is_counted() -> None:
    assert as_lists(counts_by_label(tags())) == [[1, 0, 1], [1, 1, 1], [1, 0, 2]]
    assert as_lists(counts_by_label(tags([2, 3]))) == [[2, 0, 2], [2, 2, 2], [2, 0, 5]]


def test_boolean_weights_are_counted_too() -> None:
    assert as_lists(counts_by_label(tags([True, True]))) == [[1, 0, 1], [1, 1, 1], [1, 0, 2]]


def test_every_sample_of_a_matrix_is_counted_whatever_its_weight() -> None:
    assert as_lists(counts_by_sample(tags())) == [[2, 0], [3, 0], [2, 1]]
    assert as_lists(counts_by_sample(tags([2, 3]))) == as_lists(counts_by_sample(tags()))


def test_columns_choose_labels_and_their_order() -> None:
    assert as_lists(counts_by_label(tags(), [2, 0])) == [[1, 1], [1, 1], [2, 1]]
    assert as_lists(counts_by_sample(tags(), [1.0])) == [[0, 0], [1, 0], [0, 0]]


@pytest.mark.parametrize(
    "columns, code",
    [
        ([0, 3], "no_such_column"),
        ([-1], "no_such_column"),
        ([0.5], "not_column_numbers"),
        (["ant"], "not_column_numbers"),
    ],
)
def test_a_column_that_is_not_there_is_refused(columns: ArrayLike, code: str) -> None:
    with refused(code, "labels"):
        counts_by_label(tags(), np.array(columns))


def test_without_ties_the_three_ranks_are_one() -> None:
    ranks = true_class_ranks(np.array([[0.1, 0.6, 0.3], [0.1, 0.6, 0.3]]), np.array([1, 0]))
    assert [rank.tolist() for rank in ranks] == [[1, 3]] * 3


def test_of_equal_classes_the_later_column_comes_first() -> None:
    scores = np.array([[0.0, 1.0, 1.0, 1.0]] * 4)
    ranks = true_class_ranks(scores, np.array([0, 1, 2, 3]))
    assert ranks.by_rule.tolist() == [4, 3, 2, 1]
    assert ranks.best.tolist() == [4, 1, 1, 1]
    assert ranks.worst.tolist() == [4, 3, 3, 3]


def test_negative_and_positive_zero_are_a_tie() -> None:
    ranks = true_class_ranks(np.array([[0.0, -0.0]]), np.array([0]))
    assert [rank.tolist() for rank in ranks] == [[1], [2], [2]]


@settings(max_examples=30)
@given(
    scores=st.integers(1, 6).flatmap(
        lambda width: st.lists(
            st.lists(st.integers(0, 2), min_size=width, max_size=width), min_size=1, max_size=8
        )
    ),
    data=st.data(),
)
def test_rank_by_rule_is_the_place_in_a_stable_sort_read_backwards(
    scores: list[list[int]], data: st.DataObject
) -> None:
    matrix = np.array(scores, dtype=np.float64)
    columns = np.array([data.draw(st.integers(0, matrix.shape[1] - 1)) for _ in matrix])
    ranks = true_class_ranks(matrix, columns)
    backwards = np.argsort(matrix, axis=1, kind="mergesort")[:, ::-1]
    assert ranks.by_rule.tolist() == (np.argmax(backwards == columns[:, None], axis=1) + 1).tolist()
    assert np.all((ranks.best <= ranks.by_rule) & (ranks.by_rule <= ranks.worst))


IMAGES = st.lists(st.tuples(st.booleans(), st.integers(-3, 3), st.integers(0, 3)), min_size=1, max_size=30)
"""(is positive, score with many ties, weight)."""


@settings(max_examples=30)
@given(images=IMAGES)
def test_pairs_are_won_by_the_greater_score_and_ties_count_half(images: list[tuple[bool, int, int]]) -> None:
    won = total = 0.0
    for positive, high, weight in images:
        for other_positive, low, other_weight in images:
            if positive and not other_positive:
                total += weight * other_weight
                won += weight * other_weight * (1.0 if high > low else 0.5 if high == low else 0.0)
    positives, scores, weights = (np.array(column) for column in zip(*images, strict=True))
    sweep = Sweep(scores.astype(float), positives)
    both = np.stack([weights, 2 * weights]).astype(float)
    assert [part.tolist() for part in sweep.pairs(both)] == [[won, 4 * won], [total, 4 * total]]
