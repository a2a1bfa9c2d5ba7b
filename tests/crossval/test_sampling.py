"""Samples of the images: shares of classes, whole subjects, and what is said of them."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from skknn_syndrome._typing import IndexArray, LabelArray
from skknn_syndrome.crossval.sampling import FEWEST_OF_A_CLASS, describe_sample, draw_sample
from skknn_syndrome.results.sample import Sample
from tests.refusing import refused

LABELS = np.repeat(["a", "b", "c"], (300, 80, 4))


@st.composite
def labelled_groups(draw: st.DrawFn) -> tuple[LabelArray, LabelArray | None, int]:
    """Draw images with classes, perhaps subjects that may be of several, and how many shall be drawn."""
    n_rows = draw(st.integers(2, 200))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    labels = random.choice(list("abcdefgh")[: draw(st.integers(1, 8))], n_rows)
    groups = random.integers(0, draw(st.integers(1, n_rows)), n_rows) if draw(st.booleans()) else None
    return labels, groups, draw(st.integers(1, 200))


def counts(labels: LabelArray, rows: IndexArray) -> dict[str, int]:
    return {label: int(np.count_nonzero(labels[rows] == label)) for label in np.unique(labels)}


@given(labelled_groups(), st.integers(0, 2**32 - 1))
def test_no_subject_is_parted_and_every_class_has_its_share(
    task: tuple[LabelArray, LabelArray | None, int], seed: int
) -> None:
    labels, groups, n_images = task
    rows = draw_sample(labels, groups, n_images=n_images, random_state=seed)
    assert (np.diff(rows) > 0).all()
    np.testing.assert_array_equal(rows, draw_sample(labels, groups, n_images=n_images, random_state=seed))
    wanted = min(n_images, len(labels))
    assert len(rows) >= wanted
    for label, n_drawn in counts(labels, rows).items():
        size = int(np.count_nonzero(labels == label))
        assert n_drawn >= min(size, FEWEST_OF_A_CLASS)
        assert n_drawn >= size * wanted // len(labels)
    if groups is not None:
        assert not np.isin(groups[np.setdiff1d(np.arange(len(labels)), rows)], groups[rows]).any()


@given(labelled_groups())
def test_images_on_their_own_are_drawn_to_the_number(
    task: tuple[LabelArray, LabelArray | None, int],
) -> None:
    labels, _, n_images = task
    drawn = counts(labels, draw_sample(labels, None, n_images=n_images, random_state=0))
    for label, n_drawn in drawn.items():
        size = np.count_nonzero(labels == label)
        share = size * min(1, n_images / len(labels))
        assert n_drawn <= max(np.floor(share) + 1, min(size, FEWEST_OF_A_CLASS))


def test_classes_that_are_large_enough_add_up_to_what_was_asked_for() -> None:
    labels = np.repeat(["a", "b", "c"], (301, 203, 97))
    rows = draw_sample(labels, None, n_images=200, random_state=0)
    assert counts(labels, rows) == {"a": 100, "b": 68, "c": 32}


def test_a_small_class_is_taken_as_it_is() -> None:
    rows = draw_sample(LABELS, None, n_images=48, random_state=0)
    assert counts(LABELS, rows) == {"a": 38, "b": 10, "c": 4}


def test_subjects_that_fit_are_preferred_to_one_that_does_not() -> None:
    subjects = np.repeat(np.arange(11), [90, *[1] * 10])
    for seed in range(5):
        rows = draw_sample(np.zeros(100), subjects, n_images=10, random_state=seed)
        assert rows.tolist() == list(range(90, 100))


def test_the_smallest_subject_is_taken_where_none_fits() -> None:
    subjects = np.repeat(np.arange(3), [30, 20, 50])
    rows = draw_sample(np.zeros(100), subjects, n_images=12, random_state=0)
    assert rows.tolist() == list(range(30, 50))


def test_another_seed_draws_others() -> None:
    first, second = (draw_sample(LABELS, None, n_images=100, random_state=seed) for seed in (0, 1))
    assert not np.array_equal(first, second)


def test_no_images_are_no_sample() -> None:
    with refused("no_images_drawn", "n_images"):
        draw_sample(LABELS, None, n_images=0, random_state=0)


def test_what_was_drawn_is_said_with_subjects_where_there_are_any() -> None:
    subjects = np.arange(384) // 2
    rows = draw_sample(LABELS, subjects, n_images=100, random_state=3)
    sample = describe_sample(rows, subjects, n_images=384, random_state=3)
    assert (sample.n_used, sample.n_subjects_used, sample.n_subjects) == (len(rows), len(rows) // 2, 192)
    assert sample.random_state == 3
    assert sample.sentence() == f"computed on {len(rows)} of 384 images, stratified by class and subject"
    alone = describe_sample(rows, None, n_images=384, random_state=3)
    assert (alone.n_subjects_used, alone.n_subjects) == (None, None)


def test_what_is_drawn_by_nothing_is_not_called_stratified() -> None:
    sample = describe_sample(np.arange(1_000), None, n_images=20_000, random_state=0)
    assert sample.revised(stratified_by=()).sentence() == "computed on 1,000 of 20,000 images"


def test_a_sample_is_not_larger_than_the_data() -> None:
    with pytest.raises(ValidationError, match="a sample of 3 images can't have 4"):
        Sample(
            n_used=4, n_images=3, n_subjects_used=None, n_subjects=None, stratified_by=(), random_state=None
        )
