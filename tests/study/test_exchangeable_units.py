"""Among which images labels are permuted."""

import numpy as np
import pytest

from skknn_syndrome._typing import IndexArray
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.study.engine.batches import IndexSplit
from skknn_syndrome.study.exchangeable_units import find_units
from tests.study.conftest import Problem


def folds(*tests: list[int]) -> list[IndexSplit]:
    rows = np.arange(1 + max(max(test) for test in tests))
    return [(np.setdiff1d(rows, test), np.array(test)) for test in tests]


@pytest.mark.parametrize("seed", range(3))
def test_a_subject_keeps_one_label_and_each_test_part_its_labels(problem: Problem, seed: int) -> None:
    truth = np.unique(problem.labels, return_inverse=True)[1]
    splits = make_splits(problem.labels, problem.subjects, cv=4, random_state=0).as_cv()
    units = find_units(truth, problem.subjects, splits)
    permuted = units.permute(np.random.default_rng(seed))
    assert units.within == "part_and_size"
    assert (permuted != truth).any()
    for _, test in splits:
        assert sorted(permuted[test]) == sorted(truth[test])
    for subject in np.unique(problem.subjects):
        assert len(np.unique(permuted[problem.subjects == subject])) == 1


def test_all_arrangements_within_a_part_are_equally_likely() -> None:
    units = find_units(np.array([0, 0, 1, 1, 1, 0]), None, folds([0, 1, 2], [3, 4, 5]))
    generator = np.random.default_rng(0)
    drawn = np.array([units.permute(generator) for _ in range(3000)])
    arrangements, counts = np.unique(drawn, axis=0, return_counts=True)
    assert len(arrangements) == 9
    assert counts.min() > 3000 / 9 - 80
    assert counts.max() < 3000 / 9 + 80


def test_subjects_are_exchanged_for_those_of_equally_many_images() -> None:
    # Two subjects of two images and four of one, in one test part each half.
    subjects = np.array([0, 0, 1, 1, 2, 3, 4, 5])
    truth = np.array([0, 0, 1, 1, 0, 1, 0, 1])
    units = find_units(truth, subjects, folds(list(range(8))))
    generator = np.random.default_rng(0)
    assert units.within == "part_and_size"
    for _ in range(20):
        assert np.bincount(units.permute(generator)).tolist() == [4, 4]


def permutations(truth: IndexArray, subjects: IndexArray | None, splits: list[IndexSplit]) -> str:
    return find_units(truth, subjects, splits).within


def test_where_sizes_differ_too_much_they_are_disregarded() -> None:
    subjects, truth = np.array([0, 1, 1, 2, 2, 2]), np.array([0, 1, 1, 0, 0, 0])
    assert permutations(truth, subjects, folds(list(range(6)))) == "part"


def test_where_a_part_holds_one_unit_parts_are_disregarded() -> None:
    assert permutations(np.array([0, 1, 0, 1]), None, folds([0], [1], [2], [3])) == "all"


def test_where_folds_overlap_units_of_the_same_parts_are_exchanged() -> None:
    truth, splits = np.array([0, 1, 0, 1, 0, 1]), folds([0, 1, 2, 3], [2, 3])
    units = find_units(truth, None, splits)
    assert units.within == "part_and_size"
    assert len(np.unique(units.strata)) == 3  # tested once, twice, never
    assert units.strata[4] == units.strata[5] != units.strata[0]


def test_a_subject_with_two_labels_is_two_units() -> None:
    units = find_units(np.array([0, 0, 1, 1]), np.array(["x", "x", "x", "y"]), folds([0, 1, 2, 3]))
    assert len(units.labels) == 3
    assert units.of_image[0] == units.of_image[1] != units.of_image[2]
