"""Folds inside the training parts of others."""

import numpy as np
import pytest

from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.crossval.repeats import split_inside
from tests.problems import Problem


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
