"""Folds of groups, remembered."""

import numpy as np
import pytest
from sklearn.model_selection import StratifiedGroupKFold

from skknn_syndrome.crossval import grouped_folds as module
from skknn_syndrome.crossval.grouped_folds import grouped_folds

LABELS = np.repeat(["a", "b", "c"], (12, 10, 8))
GROUPS = np.arange(30) // 2


@pytest.mark.parametrize("n_splits", [2, 5])
@pytest.mark.parametrize("seed", [0, 7])
def test_they_are_scikit_learns(n_splits: int, seed: int) -> None:
    for _ in range(2):  # made, then remembered
        found = grouped_folds(LABELS, GROUPS, n_splits=n_splits, seed=seed)
        splitter = StratifiedGroupKFold(n_splits, shuffle=True, random_state=seed)
        for (train, test), expected in zip(found, splitter.split(LABELS, LABELS, GROUPS), strict=True):
            np.testing.assert_array_equal(train, expected[0])
            np.testing.assert_array_equal(test, expected[1])


def test_the_same_task_is_divided_once_and_another_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def make(n_splits: int, **options: object) -> StratifiedGroupKFold:
        made.append(n_splits)
        return StratifiedGroupKFold(n_splits, **options)

    monkeypatch.setattr(module, "StratifiedGroupKFold", make)
    seed = 20_061
    grouped_folds(LABELS, GROUPS, n_splits=2, seed=seed)
    # Other names for the same labels and groups make the same folds.
    grouped_folds(np.char.upper(LABELS), GROUPS + 100, n_splits=2, seed=seed)
    assert len(made) == 1
    grouped_folds(LABELS[::-1], GROUPS, n_splits=2, seed=seed)
    grouped_folds(LABELS, np.arange(30) // 3, n_splits=2, seed=seed)
    grouped_folds(LABELS, GROUPS, n_splits=3, seed=seed)
    grouped_folds(LABELS, GROUPS, n_splits=2, seed=seed + 1)
    assert len(made) == 5


def test_who_writes_into_a_fold_does_not_change_what_is_remembered() -> None:
    first = grouped_folds(LABELS, GROUPS, n_splits=2, seed=0)
    before = first[0][0].copy()
    first[0][0][:] = 0
    np.testing.assert_array_equal(grouped_folds(LABELS, GROUPS, n_splits=2, seed=0)[0][0], before)
