"""Mann-Whitney pairs of many candidates, classes and folds."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics.batch.blocks import END, blocks
from skknn_syndrome.metrics.batch.pairs import pairs_of, pairs_won, twice_won, twice_won_of_few
from tests.metrics.builders import neighbour_votes

LINES = st.lists(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=9), min_size=1, max_size=4)


def counted(lines: list[list[tuple[int, bool]]]) -> list[int]:
    keys = np.full((len(lines), max(map(len, lines)) + 1), END)
    for key, line in zip(keys, lines, strict=True):
        key[: len(line)] = [2 * score + label for score, label in line]
    keys.sort(axis=1)
    twice, n_positive = pairs_won(keys)
    assert n_positive.tolist() == [sum(label for _, label in line) for line in lines]
    return [int(number) for number in twice]


def test_pairs_by_hand() -> None:
    # positives 3, 5, 5; negatives 3, 3, 4, 5. 3 ties with two; each 5 is above three and ties with one.
    line = [(3, True), (5, True), (5, True), (3, False), (3, False), (4, False), (5, False)]
    assert counted([line]) == [2 * 0 + 2 + 2 * (2 * 3 + 1)]


def test_a_tie_does_not_reach_over_the_end_of_a_line() -> None:
    assert counted([[(1, False)], [(1, True)], [(0, False), (1, True)]]) == [0, 0, 2]


def test_a_line_of_one_label_has_no_pairs() -> None:
    assert counted([[(1, True), (1, True)], [(1, False)], []]) == [0, 0, 0]


@settings(max_examples=50)
@given(LINES)
def test_pairs_are_those_of_comparing_each_with_each(lines: list[list[tuple[int, bool]]]) -> None:
    expected = [
        sum(
            2 * (positive > negative) + (positive == negative)
            for positive, label in line
            if label
            for negative, other in line
            if not other
        )
        for line in lines
    ]
    assert counted(lines) == expected


def counted_pairs(
    probabilities: Float64Array, truth: IndexArray, starts: list[int]
) -> tuple[IndexArray, IndexArray | None]:
    """Count pairs by sorting every score, and by sorting those above zero."""
    n_classes = probabilities.shape[2]
    (block,) = blocks(probabilities, truth, np.array(starts), np.ones((len(starts), n_classes), np.bool_))
    ((classes, keys),) = block.class_parts()
    positive = np.arange(n_classes)[:, None] == truth
    return twice_won(keys, positive, block.lengths), twice_won_of_few(keys, block, classes)


def test_zeros_counted_apart_give_the_same_pairs() -> None:
    probabilities, truth, starts, _ = neighbour_votes(2, 400, 30, 4)
    of_all, of_few = counted_pairs(probabilities, truth, starts.tolist())
    assert of_few is not None
    np.testing.assert_array_equal(of_few, of_all)


def test_few_zeros_are_not_counted_apart() -> None:
    assert counted_pairs(np.full((1, 8, 2), 0.5), np.arange(8) % 2, [0])[1] is None


def test_where_one_class_has_nearly_all_votes_zeros_are_not_counted_apart() -> None:
    probabilities = np.zeros((1, 8, 8))
    probabilities[..., 0] = 1
    assert counted_pairs(probabilities, np.arange(8), [0])[1] is None


def test_segments_of_very_different_length_keep_their_own_pairs() -> None:
    # one row; two rows in order; nine rows, of which the only positive is below three and above five
    scores = np.array([0.5, 0.1, 0.9, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1])
    truth = np.array([1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0])
    won, _ = counted_pairs(np.stack([1 - scores, scores], axis=1)[None], truth, [0, 1, 3])
    assert won[1].tolist() == [[0, 2, 10]]
    assert won[0].tolist() == [[0, 2, 10]]


def test_classes_without_positives_or_negatives_have_no_pairs() -> None:
    probabilities = np.array([[[0.5, 0.3, 0.2], [0.6, 0.2, 0.2], [0.7, 0.1, 0.2]]])
    (block,) = blocks(probabilities, np.array([0, 1, 1]), np.array([0]), np.ones((1, 3), np.bool_))
    # class 0: 0.5 below both; class 1: 0.2 and 0.1 below 0.3; class 2 never occurs
    won, pairs = pairs_of(block)
    assert (won[..., :2].tolist(), pairs.tolist()) == ([[[0.0, 0.0]]], [[2, 2, 0]])
    (block,) = blocks(probabilities, np.array([0, 0, 0]), np.array([0]), np.ones((1, 3), np.bool_))
    assert pairs_of(block)[1].tolist() == [[0, 0, 0]]
