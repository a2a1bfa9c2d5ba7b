"""Prediction sets: by hand, by plain loops, and the promise itself."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.statistics.conformal import (
    Calibration,
    always_in_sets,
    nonconformity,
    p_values,
    prediction_sets,
    subject_weights,
)
from tests.refusing import refused


def calibration(
    scores: Sequence[float],
    labels: Sequence[int],
    subjects: Sequence[int] | None = None,
    folds: Sequence[int] | None = None,
) -> Calibration:
    truth = np.array(labels, dtype=np.intp)
    return Calibration(
        nonconformity=np.array(scores, dtype=np.float64),
        labels=truth,
        weights=subject_weights(len(truth) if subjects is None else subjects, truth),
        folds=np.array(folds or [0] * len(truth), dtype=np.intp),
    )


def test_two_classes_in_two_folds_by_hand() -> None:
    known = calibration([0.2, 0.6, 0.4, 0.1, 0.9], [0, 0, 0, 1, 1], [1, 1, 2, 3, 4], [0, 0, 1, 0, 1])
    # Class 0: half of subject 1 is as high as .5 in fold 0, subject 2 as high as .3 in fold 1; itself 1.
    found = p_values(known, np.array([[[0.5, 0.5]], [[0.3, 0.7]]]))
    assert found.tolist() == pytest.approx(np.array([[2.5 / 3, 2 / 3]]))
    # All classes: .6 and .9 of the four subjects, in either fold, and subject 2.
    marginal = p_values(known, np.array([[[0.5, 0.5]], [[0.3, 0.7]]]), class_conditional=False)
    assert marginal == pytest.approx(np.array([[(1 + 0.5 + 2) / 5, (1 + 0.5 + 1) / 5]]))


def test_a_perfect_model_gives_single_classes_and_a_useless_one_all() -> None:
    labels, nothing, certain = [0] * 20 + [1] * 20, np.full(40, 0.5), np.zeros(40)
    new = np.array([[[0.0, 1.0], [1.0, 0.0]]])
    perfect = prediction_sets(p_values(calibration(list(certain), labels), new), 0.95)
    assert perfect.tolist() == [[True, False], [False, True]]
    useless = p_values(calibration(list(nothing), labels), np.full((1, 2, 2), 0.5))
    assert prediction_sets(useless, 0.01).all()


def by_loops(known: Calibration, new: Float64Array, *, class_conditional: bool) -> Float64Array:
    found = np.zeros(new.shape[1:])
    for image in range(new.shape[1]):
        for number in range(new.shape[2]):
            higher, total = 1.0, 1.0
            for score, label, weight, fold in zip(
                known.nonconformity, known.labels, known.weights, known.folds, strict=True
            ):
                if label == number or not class_conditional:
                    total += weight
                    higher += weight * (score >= new[fold, image, number])
            found[image, number] = higher / total
    return found


@given(st.integers(0, 10_000), st.booleans())
def test_plain_loops_agree(seed: int, class_conditional: bool) -> None:  # noqa: FBT001  drawn by Hypothesis
    random = np.random.default_rng(seed)
    n_folds, n_images, n_classes = random.integers(1, 5, 3) * [1, 6, 1]
    subjects = random.integers(0, n_images, n_images)
    known = Calibration(
        nonconformity=random.integers(0, 6, n_images) / 5,  # many ties
        labels=subjects % n_classes,
        weights=subject_weights(subjects),
        folds=subjects % n_folds,
    )
    new = random.integers(0, 6, (n_folds, 4, n_classes)) / 5
    found = p_values(known, new, class_conditional=class_conditional)
    assert found == pytest.approx(by_loops(known, new, class_conditional=class_conditional))
    assert found.min() > 0
    assert found.max() <= 1 + 1e-12


@given(
    st.lists(
        st.lists(st.integers(0, 9).map(lambda tenths: tenths / 10), min_size=1, max_size=4),
        min_size=2,
        max_size=12,
    ),
    st.floats(0.01, 0.99),
)
def test_coverage_holds_exactly_where_each_subject_is_new_in_turn(
    subjects: list[list[float]], coverage: float
) -> None:
    missed = 0.0
    for turn, images in enumerate(subjects):
        others = [(score, who) for who, group in enumerate(subjects) if who != turn for score in group]
        scores, people = zip(*others, strict=True)
        known = calibration(scores, [0] * len(scores), people)
        sets = prediction_sets(p_values(known, np.array(images)[None, :, None]), coverage)
        missed += 1 - sets.mean()
    assert missed / len(subjects) <= 1 - coverage + 1e-9


def test_without_ties_a_split_covers_as_much_as_it_can_and_no_more() -> None:
    scores = np.arange(20) / 20
    sets = [
        prediction_sets(
            p_values(calibration(np.delete(scores, new).tolist(), [0] * 19), np.full((1, 1, 1), scores[new])),
            0.9,
        )
        for new in range(20)
    ]
    assert np.mean(sets) == pytest.approx(0.9)


def test_a_similarity_breaks_ties_of_probabilities_and_nothing_else() -> None:
    random = np.random.default_rng(3)
    shares = random.integers(0, 3, (50, 4)) / 2
    similarity = random.uniform(-1, 1, (50, 4))
    found = nonconformity(shares, similarity)
    plain = nonconformity(shares)
    assert plain.tolist() == (1 - shares).tolist()
    assert found == pytest.approx(plain, abs=1.001e-3)
    assert (found >= plain).all()
    for number in range(4):
        order = np.argsort(found[:, number])
        assert (np.diff(plain[order, number]) >= 0).all()
        for share in (0, 0.5, 1):
            tied = similarity[order, number][shares[order, number] == share]
            assert (np.diff(tied) <= 0).all()


def test_where_many_have_the_probability_0_broken_ties_make_sets_smaller_and_as_sure() -> None:
    random = np.random.default_rng(4)
    truth = np.repeat(np.arange(3), 200)
    similarity = random.normal(size=(600, 3)) / 5
    similarity[np.arange(600), truth] += 0.5
    shares = np.zeros((600, 3))
    voted = random.random(600) < 0.8
    shares[voted, truth[voted]] = 1.0
    known, new = np.arange(600) % 2 == 0, np.arange(600) % 2 == 1
    sizes = []
    for broken in (None, np.clip(similarity, -1, 1)):
        scores = nonconformity(shares, broken)
        found = Calibration.of(
            shares[known], truth[known], np.zeros(300), similarity=None if broken is None else broken[known]
        )
        sets = prediction_sets(p_values(found, scores[None, new]), 0.9)
        assert sets[np.arange(300), truth[new]].mean() >= 0.87
        sizes.append(sets.sum(axis=1).mean())
    assert sizes[0] == 3
    assert sizes[1] < 2


def test_many_images_of_one_subject_do_not_sway_what_is_usual() -> None:
    once = calibration([0.9, 0.1, 0.2, 0.3], [0] * 4, [1, 2, 3, 4])
    often = calibration([0.9] * 50 + [0.1, 0.2, 0.3], [0] * 53, [1] * 50 + [2, 3, 4])
    new = np.array([[[0.5]]])
    assert p_values(often, new) == pytest.approx(p_values(once, new))


@pytest.mark.parametrize("n_subjects, coverage", [(4, 0.8), (9, 0.9), (19, 0.95)])
def test_a_class_of_too_few_subjects_is_in_every_set(n_subjects: int, coverage: float) -> None:
    assert always_in_sets([n_subjects - 1, n_subjects], coverage).tolist() == [True, False]
    known = calibration([0.0] * n_subjects, [0] * n_subjects)
    unlike = np.array([[[1.0, 1.0]]])  # of the second class nothing is known
    assert prediction_sets(p_values(known, unlike), coverage).tolist() == [[False, True]]


def test_sets_grow_with_coverage() -> None:
    shares = np.random.default_rng(0).uniform(0.01, 1, (50, 4))
    smaller, larger = prediction_sets(shares, 0.8), prediction_sets(shares, 0.95)
    assert (larger >= smaller).all()
    assert larger.sum() > smaller.sum()


def test_a_subject_in_two_classes_counts_once_in_each() -> None:
    assert subject_weights(["a", "a", "a"], np.array([0, 0, 1])).tolist() == [0.5, 0.5, 1.0]
    found = Calibration.of(np.full((3, 2), 0.5), [0, 0, 1], [0, 0, 0], ["a", "a", "a"])
    assert found.n_subjects(3).tolist() == [1.0, 1.0, 0.0]
    assert Calibration.of(np.full((3, 2), 0.5), [0, 0, 1], [0, 0, 0]).weights.tolist() == [1.0] * 3


def test_what_does_not_belong_together_is_refused() -> None:
    known = calibration([0.1, 0.2], [0, 1])
    others: list[dict[str, Any]] = [{name: np.ones(3)} for name in ("labels", "weights", "folds")]
    for other in others:
        with refused("unequal_lengths", next(iter(other))):
            replace(known, **other)
    with refused("not_finite", "nonconformity"):
        replace(known, nonconformity=np.array([np.nan, 0.0]))
    with refused("out_of_range", "weights"):
        replace(known, weights=np.array([0.0, 1.0]))
    for shape in [(1, 2), (1, 3, 1)]:
        with refused("wrong_shape", "nonconformity"):
            p_values(known, np.zeros(shape))
    with refused("wrong_shape", "nonconformity"):
        p_values(replace(known, folds=np.array([0, 1])), np.zeros((1, 3, 2)))
    with refused("not_finite", "nonconformity"):
        p_values(known, np.full((1, 1, 2), np.nan))
    for coverage in (0.0, 1.0, 90.0):
        with refused("out_of_range", "coverage"):
            prediction_sets(np.ones((1, 2)), coverage)


def test_a_calibration_of_nobody_excludes_nothing() -> None:
    assert p_values(calibration([], []), np.zeros((1, 2, 3))).tolist() == [[1.0] * 3] * 2


def test_no_p_value_is_above_1() -> None:
    # Weights that are added up in two orders differ in the last digits, upwards for some of these seeds.
    for seed in range(20):
        random = np.random.default_rng(seed)
        subjects = np.repeat(np.arange(12), random.integers(1, 8, 12))
        zeros, folds = np.zeros(len(subjects), dtype=np.intp), random.integers(0, 3, len(subjects))
        calibration = Calibration(random.random(len(subjects)), zeros, subject_weights(subjects), folds)
        found = p_values(calibration, np.zeros((3, 1, 1)))
        assert found.max() <= 1
        assert found.max() == pytest.approx(1)
