"""Pairs of a positive and a negative on sorted keys."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome.metrics.batch.keys import END
from skknn_syndrome.metrics.batch.pairs import pairs_won

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
