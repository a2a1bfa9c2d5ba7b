"""One-vs-rest areas of many candidates, classes and segments."""

import numpy as np

from skknn_syndrome._typing import Float64Array, IndexArray
from skknn_syndrome.metrics.batch.areas import pairs_of
from skknn_syndrome.metrics.batch.blocks import blocks
from skknn_syndrome.metrics.batch.dense import twice_won
from skknn_syndrome.metrics.batch.sparse import twice_won_of_few
from tests.metrics.batch.cases import neighbour_votes


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
