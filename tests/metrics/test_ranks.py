"""Ranks of the true class, with ties."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome.metrics.ranks import true_class_ranks


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


@settings(max_examples=60, deadline=None)
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
