"""Novelty by class means, and the threshold of rejection."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics.pairwise import cosine_similarity
from sklearn.preprocessing import normalize

from skknn_syndrome.statistics.novelty import ClassMeans, threshold
from tests.refusing import refused


def test_scikit_learn_agrees() -> None:
    random = np.random.default_rng(0)
    X, labels = random.normal(size=(60, 7)), random.integers(0, 4, 60)
    unit = normalize(X)
    means = np.stack([unit[labels == number].mean(axis=0) for number in range(4)])
    new = random.normal(size=(9, 7))
    found = ClassMeans.of(X, labels)
    assert found.similarity(new) == pytest.approx(cosine_similarity(new, means))
    assert found.novelty(new) == pytest.approx(1 - cosine_similarity(new, means).max(axis=1))


def test_the_length_of_a_row_makes_no_difference() -> None:
    random = np.random.default_rng(1)
    X, labels, lengths = random.normal(size=(20, 3)), np.arange(20) % 2, random.uniform(0.1, 9, (20, 1))
    one, other = ClassMeans.of(X, labels), ClassMeans.of((lengths * X).astype(np.float32), labels)
    assert one.novelty(X) == pytest.approx(other.novelty(lengths * X), abs=1e-6)
    assert one.novelty(X).dtype == np.float64


def test_each_subject_counts_once() -> None:
    X = [[1.0, 0.0]] * 9 + [[0.0, 1.0]]
    found = ClassMeans.of(X, [0] * 10, ["ann"] * 9 + ["bob"])
    assert found.directions == pytest.approx(np.sqrt([[0.5, 0.5]]))
    assert ClassMeans.of(X, [0] * 10).directions[0, 0] > 0.9


def test_limits() -> None:
    means = ClassMeans.of([[1.0, 0.0], [0.0, 1.0], [0.0, -1.0]], [0, 1, 1], n_classes=4)
    # Classes 1 (opposite rows), 2 and 3 (none) have no direction, and are nothing's nearest.
    assert means.novelty([[3.0, 0.0], [0.0, 5.0], [-2.0, 0.0], [0.0, 0.0]]) == pytest.approx([0, 1, 2, 1])


def test_other_shapes_are_refused() -> None:
    means = ClassMeans.of([[1.0, 0.0]], [0])
    with refused("other_features", "X"):
        means.novelty([[1.0, 0.0, 0.0]])
    with refused("wrong_shape", "X"):
        means.novelty([1.0, 0.0])


def test_a_threshold_by_hand() -> None:
    scores = [0.4, 0.1, 0.3, 0.2]
    # (1 + weight above) / 5 is 1, .8, .6, .4, .2 at 0 to 4 of them.
    assert [threshold(scores, None, rate) for rate in (0.1, 0.2, 0.45, 0.8, 0.99)] == [
        np.inf,
        0.4,
        0.3,
        0.1,
        0.1,
    ]
    # The subject of .4 and .3 weighs 1: above .2 lie 1 of 3, (1 + 1) / 4; above .3 half, 1.5 / 4.
    assert threshold(scores, [0.5, 1, 0.5, 1], 0.5) == 0.2
    assert threshold(scores, [0.5, 1, 0.5, 1], 0.4) == 0.3
    assert threshold([], None, 0.5) == np.inf


@given(
    st.lists(
        st.lists(st.integers(0, 6).map(float), min_size=1, max_size=4),
        min_size=2,
        max_size=10,
    ),
    st.floats(0, 0.9),
)
def test_no_more_are_rejected_than_allowed_where_each_subject_is_new_in_turn(
    subjects: list[list[float]], rate: float
) -> None:
    rejected = 0.0
    for turn, images in enumerate(subjects):
        others = [group for who, group in enumerate(subjects) if who != turn]
        limit = threshold(
            np.concatenate(others),
            np.concatenate([np.full(len(group), 1 / len(group)) for group in others]),
            rate,
        )
        rejected += float((np.array(images) > limit).mean())
    assert rejected / len(subjects) <= rate + 1e-9


def test_what_is_no_share_or_no_score_is_refused() -> None:
    for rate in (-0.1, 1.0, 5.0):
        with refused("out_of_range", "false_rejection"):
            threshold([0.1], None, rate)
    with refused("not_finite", "scores"):
        threshold([np.nan])
