"""Folds that keep groups together, found faster."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import StratifiedGroupKFold

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.study.group_folds import QuickStratifiedGroupKFold
from tests.study.conftest import Problem


def folds_of(
    kind: type[StratifiedGroupKFold], y: LabelArray, groups: LabelArray, n: int, seed: int
) -> object:
    folds = kind(n_splits=n, shuffle=True, random_state=seed)
    return [test.tolist() for _, test in folds.split(np.zeros(len(y)), y, groups)]


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    n_splits=st.integers(2, 12),
    n_classes=st.integers(2, 12),
    per_subject=st.floats(1, 5),
)
def test_the_folds_are_those_of_scikit_learn(
    seed: int, n_splits: int, n_classes: int, per_subject: float
) -> None:
    random = np.random.default_rng(seed)
    labels = np.repeat(np.arange(n_classes), 20)
    groups = random.integers(0, max(n_splits, round(len(labels) / per_subject)), len(labels))
    groups[:n_splits] = np.arange(n_splits)
    ours, theirs = (
        folds_of(kind, labels, groups, n_splits, seed)
        for kind in (QuickStratifiedGroupKFold, StratifiedGroupKFold)
    )
    assert ours == theirs


@pytest.mark.parametrize("seed", range(3))
def test_they_are_where_a_subject_has_two_images(problem: Problem, seed: int) -> None:
    ours, theirs = (
        folds_of(kind, problem.labels, problem.subjects, 10, seed)
        for kind in (QuickStratifiedGroupKFold, StratifiedGroupKFold)
    )
    assert ours == theirs
