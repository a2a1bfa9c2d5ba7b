"""Ranks of the true class, with ties."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from skknn_syndrome.metrics.ranks import Sweep, true_class_ranks


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


IMAGES = st.lists(st.tuples(st.booleans(), st.integers(-3, 3), st.integers(0, 3)), min_size=1, max_size=30)
"""(is positive, score with many ties, weight)."""


@settings(max_examples=60, deadline=None)
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
