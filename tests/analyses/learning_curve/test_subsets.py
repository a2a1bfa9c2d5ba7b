"""Nested subsets of training parts."""

from itertools import pairwise

import numpy as np
import pytest

from skknn_syndrome.analyses.learning_curve.subsets import SHARES, NestedSubsets
from skknn_syndrome.crossval.folds import make_splits
from tests.problems import Problem
from tests.problems import problem as problem


@pytest.fixture(name="subsets")
def _subsets(problem: Problem) -> NestedSubsets:
    splits = make_splits(problem.labels, problem.subjects, cv=3, random_state=0)
    return NestedSubsets(problem.labels, problem.subjects, splits)


def test_a_smaller_training_part_lies_in_the_larger_and_test_parts_stay(subsets: NestedSubsets) -> None:
    by_share = [subsets.thinned(share, (0, 1)) for share in SHARES]
    assert by_share[-1] is subsets.splits
    for smaller, larger in pairwise(by_share):
        for less, more in zip(smaller.parts, larger.parts, strict=True):
            assert set(less.train) <= set(more.train)
            assert np.array_equal(less.test, more.test)
            assert (np.diff(less.train) > 0).all()


def test_each_class_has_its_share_of_whole_subjects(subsets: NestedSubsets, problem: Problem) -> None:
    for part, whole in zip(subsets.thinned(0.25, 0).parts, subsets.splits.parts, strict=True):
        taken = set(problem.subjects[part.train])
        assert set(part.train) == {row for row in whole.train if problem.subjects[row] in taken}
        for name in "abc":
            own, all_own = (
                len(set(problem.subjects[rows][problem.labels[rows] == name]))
                for rows in (part.train, whole.train)
            )
            assert own == -(-all_own // 4)


def test_the_seed_decides_who_is_taken(subsets: NestedSubsets) -> None:
    first, again, other = (subsets.thinned(0.5, seed).parts[0].train.tolist() for seed in (1, 1, 2))
    assert first == again != other


def test_of_few_subjects_one_stays_and_without_ids_images_are_thinned(problem: Problem) -> None:
    splits = make_splits(problem.labels, None, cv=3, random_state=0)
    subsets = NestedSubsets(problem.labels, None, splits)
    least = subsets.thinned(1e-6, 0)
    assert [sorted(problem.labels[part.train]) for part in least.parts] == 3 * [["a", "b", "c"]]
    assert subsets.n_units(least) == subsets.n_images(least) == 3
    assert subsets.n_units(splits) == 60
