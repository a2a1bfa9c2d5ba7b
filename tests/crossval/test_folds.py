"""Folds: fixed once, never parting what belongs together, as many as the data allow."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import (
    KFold,
    RepeatedStratifiedKFold,
    ShuffleSplit,
    StratifiedGroupKFold,
    StratifiedKFold,
)

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.crossval.folds import check_folds, make_splits, possible_folds
from skknn_syndrome.crossval.repeats import split_inside
from skknn_syndrome.errors import FewerFoldsWarning, StudySettingsError
from tests.problems import Problem
from tests.refusing import refused

LABELS = np.repeat(["a", "b"], 10)
GROUPS = np.repeat([f"s{number}" for number in range(10)], 2)


def test_without_subjects_folds_are_scikit_learns_stratified_ones() -> None:
    splits = make_splits(LABELS, None, cv=5, random_state=7)
    expected = StratifiedKFold(5, shuffle=True, random_state=7).split(LABELS, LABELS)
    for part, (train, test) in zip(splits.parts, expected, strict=True):
        np.testing.assert_array_equal(part.train, train)
        np.testing.assert_array_equal(part.test, test)
    assert splits.protocol == "image"
    assert splits.description == "StratifiedKFold(n_splits=5, random_state=7, shuffle=True)"


def test_with_subjects_folds_are_scikit_learns_grouped_ones() -> None:
    splits = make_splits(LABELS, GROUPS, cv=5, random_state=7)
    expected = StratifiedGroupKFold(5, shuffle=True, random_state=7).split(LABELS, LABELS, GROUPS)
    for part, (_, test) in zip(splits.parts, expected, strict=True):
        np.testing.assert_array_equal(part.test, test)
    assert splits.protocol == "subject"


@settings(max_examples=30)
@given(groups=st.lists(st.integers(0, 12), min_size=24, max_size=24), seed=st.integers(0, 2**32 - 1))
def test_no_subject_is_ever_on_both_sides(groups: list[int], seed: int) -> None:
    subjects = np.array([*groups, 100, 101, 102, 103])
    splits = make_splits(np.tile(["a", "b"], 14), subjects, cv=2, random_state=seed)
    for part in splits.parts:
        assert not set(subjects[part.train]) & set(subjects[part.test])


def test_every_image_is_tested_once_a_repeat() -> None:
    splitter = RepeatedStratifiedKFold(n_splits=2, n_repeats=3, random_state=0)
    splits = make_splits(LABELS, None, cv=splitter, random_state=None)
    folds = splits.describe(LABELS)
    assert [(fold.repeat, fold.split) for fold in folds] == [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)]
    for repeat in range(3):
        tested = [part.test for part, fold in zip(splits.parts, folds, strict=True) if fold.repeat == repeat]
        np.testing.assert_array_equal(np.sort(np.concatenate(tested)), np.arange(20))


def test_a_splitter_without_a_seed_is_asked_once() -> None:
    splits = make_splits(LABELS, None, cv=KFold(2, shuffle=True), random_state=None)
    assert splits.as_cv() == [(part.train, part.test) for part in splits.parts]


def test_folds_of_the_callers_own_may_be_masks() -> None:
    mask = np.arange(20) % 2 == 0
    splits = make_splits(LABELS, None, cv=[(mask, ~mask)], random_state=None)
    np.testing.assert_array_equal(splits.parts[0].train, np.flatnonzero(mask))
    assert splits.description == "folds given by the caller"


def test_a_fold_names_the_classes_that_it_lacks() -> None:
    labels = np.array(["a", "a", "b", "b", "c"])
    (fold,) = make_splits(
        labels, None, cv=[(np.array([0, 2, 3]), np.array([1, 4]))], random_state=None
    ).describe(labels)
    assert (fold.n_train, fold.n_test) == (3, 2)
    assert fold.absent_from_train == ("c",)
    assert fold.absent_from_test == ("b",)


def test_a_class_smaller_than_the_folds_is_divided_without_a_warning() -> None:
    labels = np.array(["a"] * 10 + ["b"] * 2)
    assert len(make_splits(labels, None, cv=4, random_state=0).parts) == 4


@pytest.mark.parametrize(
    "cv, groups, code",
    [
        (1, None, "too_few_folds"),
        (0, GROUPS, "too_few_folds"),
        (11, GROUPS, "too_many_folds"),
        (15, None, "too_many_folds"),
        (StratifiedKFold(15), None, "not_divisible"),
        ([(np.arange(20), [])], None, "empty_fold"),
        ([(np.arange(15), np.arange(10, 20))], None, "image_in_both_parts"),
        ([(np.arange(7), np.arange(7, 20))], GROUPS, "subject_in_both_parts"),
        ([], None, "no_folds"),
    ],
)
def test_what_can_not_be_divided_is_refused(cv: Any, groups: Any, code: str) -> None:
    with refused(code, "cv", error=StudySettingsError):
        make_splits(LABELS, groups, cv=cv, random_state=0)


def spelled_for_the_command_line(labels: LabelArray, groups: Any, cv: int) -> str:
    with pytest.raises(StudySettingsError) as caught:
        make_splits(labels, groups, cv=cv, random_state=0)
    return caught.value.spelled(lambda argument: f"--{argument.name} {argument.value}")


def test_how_many_can_be_made_is_said_in_the_words_of_who_asked() -> None:
    too_few, too_many = spelled_for_the_command_line(LABELS, None, 1), "take from 2 to 10."
    assert too_few.startswith("--cv 1 is too few folds: take from 2 to 10 (no more than the largest class")
    for groups, units in ((GROUPS, "10 subjects"), (None, "10 images of the largest class")):
        sentence = spelled_for_the_command_line(LABELS, groups, 11)
        assert sentence == f"--cv 11 is too many folds for {units}: {too_many}"
    assert spelled_for_the_command_line(np.array(["a", "a", "b"]), None, 3).endswith(": take --cv 2.")
    one_subject = spelled_for_the_command_line(LABELS, np.full(20, "me"), 2)
    assert "all images have the id 'me'" in one_subject
    assert one_subject.endswith("or take folds by image: --protocols ('image',).")


def test_folds_of_one_image_a_class_are_refused() -> None:
    with refused("one_image_a_class", "y"):
        make_splits(np.array(["a", "b"]), None, cv=2, random_state=0)


@pytest.mark.parametrize("cv", [True, 3.0, "3"])
def test_what_is_no_number_of_folds_is_refused(cv: Any) -> None:
    with refused("not_folds", "cv"):
        check_folds(cv)


@pytest.mark.parametrize("cv", [3, np.int64(3)])
def test_a_whole_number_of_folds_becomes_an_int(cv: Any) -> None:
    assert type(check_folds(cv)) is int


@pytest.mark.parametrize("cv", [None, StratifiedKFold(3), [(np.arange(3), np.arange(3, 6))]])
def test_splitters_and_folds_stay_as_they_are(cv: Any) -> None:
    assert check_folds(cv) is cv


def test_training_rows_keep_the_order_of_the_file_whatever_a_splitter_shuffles() -> None:
    labels = np.array(["a", "b"] * 10)
    splits = make_splits(labels, None, cv=ShuffleSplit(2, random_state=0), random_state=None)
    assert all((np.diff(part.train) > 0).all() for part in splits.parts)


SIX_AND_TWO = np.array(["a"] * 6 + ["b"] * 2)


@pytest.mark.parametrize("groups", [None, np.arange(8)])
def test_what_can_be_made_is_made_without_a_word(groups: LabelArray | None) -> None:
    assert possible_folds(6, SIX_AND_TWO, groups) == 6


@pytest.mark.parametrize(
    "groups, wanted, made, message",
    [
        (None, 10, 6, "cv is 10, but the number of rows in the largest class is 6: 6 folds are made."),
        (np.arange(8) // 2, 10, 4, "cv is 10, but the number of groups is 4: 4 folds are made."),
    ],
)
def test_fewer_are_made_with_a_warning(
    groups: LabelArray | None, wanted: int, made: int, message: str
) -> None:
    with pytest.warns(FewerFoldsWarning, match=re.escape(message)) as caught:
        assert possible_folds(wanted, SIX_AND_TWO, groups) == made
    assert caught[0].filename == __file__


@pytest.mark.parametrize("labels, groups", [(np.array(["a", "b"]), None), (SIX_AND_TWO, np.zeros(8))])
def test_where_not_even_2_can_be_made_it_is_left_to_who_makes_them(
    labels: LabelArray, groups: LabelArray | None
) -> None:
    assert possible_folds(3, labels, groups) == 3
    with refused("one_image_a_class" if groups is None else "one_subject"):
        make_splits(labels, groups, cv=3, random_state=0)


@pytest.mark.parametrize("grouped", [True, False])
def test_inner_folds_lie_within_the_training_part_and_part_no_subject(
    problem: Problem, *, grouped: bool
) -> None:
    splits = make_splits(problem.labels, problem.subjects, cv=4, random_state=0).as_cv()
    groups = problem.subjects if grouped else None
    inner = split_inside(splits, problem.labels, groups, inner_cv=3, random_state=1)
    shared = 0
    for (train, _), within in zip(splits, inner, strict=True):
        assert sorted(np.concatenate([test for _, test in within])) == train.tolist()
        for inner_train, inner_test in within:
            assert sorted([*inner_train, *inner_test]) == train.tolist()
            shared += len(np.intersect1d(problem.subjects[inner_train], problem.subjects[inner_test]))
    assert (shared == 0) == grouped
