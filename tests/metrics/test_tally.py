"""Counts of hits, predictions and true samples."""

import numpy as np
import pytest
from numpy.typing import ArrayLike

from skknn_syndrome.metrics.tally import (
    Tally,
    counts_by_class,
    counts_by_label,
    counts_by_sample,
)
from skknn_syndrome.metrics.targets import LabelSets, SingleLabels, check_targets


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
    "columns, message",
    [
        ([0, 3], "Got 3 > 2"),
        ([-1], "Got -1 < 0"),
        ([0.5], r"numbers of columns, got \[0.5\]"),
        (["ant"], r"numbers of columns, got \['ant'\]"),
    ],
)
def test_a_column_that_is_not_there_is_refused(columns: ArrayLike, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        counts_by_label(tags(), np.array(columns))
