"""Stratified folds of groups, and of several labels an image."""

import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from sklearn.model_selection import KFold, StratifiedGroupKFold

from skknn_syndrome._typing import LabelArray
from skknn_syndrome.crossval import stratification as module
from skknn_syndrome.crossval.stratification import QuickStratifiedGroupKFold, grouped_folds, iterative_folds
from skknn_syndrome.crossval.tasks import MULTILABEL
from tests.crossval.builders import label_sets
from tests.refusing import refused

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


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
@given(
    labels=arrays(np.int64, 40, elements=st.integers(0, 6)),
    groups=arrays(np.int64, 40, elements=st.integers(0, 25)),
    is_pure=st.booleans(),
    n_splits=st.integers(2, 12),
    seed=st.integers(0, 99),
)
def test_of_any_groups_they_are_scikit_learns_bit_for_bit(
    labels: LabelArray,
    groups: LabelArray,
    is_pure: bool,  # noqa: FBT001  drawn
    n_splits: int,
    seed: int,
) -> None:
    groups = groups + 100 * labels if is_pure else groups  # of one class each
    assume(n_splits <= min(len(np.unique(groups)), np.bincount(labels).max()))
    splitter = StratifiedGroupKFold(n_splits, shuffle=True, random_state=seed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # of classes of few rows
        found = grouped_folds(labels, groups, n_splits=n_splits, seed=seed)
        expected = list(splitter.split(labels, labels, groups))
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours[1], theirs[1])


def test_a_single_class_is_divided_as_scikit_learn_does() -> None:
    found = grouped_folds(np.zeros(40), GROUPS.repeat(2)[:40], n_splits=9, seed=3)
    splitter = StratifiedGroupKFold(9, shuffle=True, random_state=3)
    expected = splitter.split(np.zeros(40), np.zeros(40), GROUPS.repeat(2)[:40])
    for ours, theirs in zip(found, expected, strict=True):
        np.testing.assert_array_equal(ours[1], theirs[1])


def test_the_same_task_is_divided_once_and_another_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []

    def make(n_splits: int, **options: object) -> QuickStratifiedGroupKFold:
        made.append(n_splits)
        return QuickStratifiedGroupKFold(n_splits, **options)

    monkeypatch.setattr(module, "QuickStratifiedGroupKFold", make)
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


def shares(indicators: Any, folds: Any, n_splits: int) -> Any:
    return np.array([indicators[folds == fold].sum(axis=0) for fold in range(n_splits)])


def test_a_perfect_division_is_found() -> None:
    indicators = np.repeat([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]], 6, axis=0)
    folds = iterative_folds(indicators, None, n_splits=3, random_state=0)
    assert shares(indicators, folds, 3).tolist() == [[4, 4, 2]] * 3
    assert (np.abs(np.bincount(folds) - 8) <= 1).all()


def test_the_rarest_label_is_spread_first() -> None:
    rng = np.random.default_rng(0)
    indicators = (rng.random((300, 5)) < [0.5, 0.4, 0.3, 0.2, 0.0]).astype(int)
    indicators[:5, 4] = 1
    folds = iterative_folds(indicators, None, n_splits=5, random_state=0)
    assert shares(indicators, folds, 5)[:, 4].tolist() == [1] * 5


def test_labels_are_spread_more_evenly_than_by_chance() -> None:
    _, y = label_sets(500, 10, 0)
    folds = iterative_folds(y, None, n_splits=10, random_state=0)
    random = np.empty(500, dtype=int)
    for fold, (_, test) in enumerate(KFold(10, shuffle=True, random_state=0).split(y)):
        random[test] = fold
    assert shares(y, folds, 10).std(axis=0).mean() < 0.4 * shares(y, random, 10).std(axis=0).mean()


@settings(max_examples=30)
@given(
    arrays(np.uint8, st.tuples(st.integers(6, 40), st.integers(2, 5)), elements=st.integers(0, 1)),
    st.integers(0, 9),
    st.integers(2, 3),
)
def test_subjects_are_kept_whole_and_every_image_is_tested_once(
    indicators: Any, seed: int, n_splits: int
) -> None:
    subjects = np.random.default_rng(seed).integers(max(3, len(indicators) // 2), size=len(indicators))
    folds = iterative_folds(indicators, subjects, n_splits=n_splits, random_state=seed)
    assert len(folds) == len(indicators)
    assert set(folds) <= set(range(n_splits))
    for subject in np.unique(subjects):
        assert len(set(folds[subjects == subject])) == 1


def test_folds_of_subjects_have_like_shares() -> None:
    _, y = label_sets(400, 6, 1)
    subjects = np.arange(400) // 3
    splits = MULTILABEL.folds(MULTILABEL.encode(y, 400), subjects, cv=5, random_state=0)
    counts = np.array([y[part.test].sum(axis=0) for part in splits.parts])
    assert (np.abs(counts - y.sum(axis=0) / 5) <= 6).all()
    assert (splits.protocol, splits.n_folds) == ("subject", 5)


def test_a_seed_settles_them() -> None:
    _, y = label_sets(60, 4, 0)
    first, again, other = (
        iterative_folds(y, None, n_splits=3, random_state=seed).tolist()
        for seed in (0, np.random.RandomState(0), 1)
    )
    assert first == again != other


def test_a_splitter_and_folds_of_ones_own_are_taken() -> None:
    target = MULTILABEL.encode([[0, 1], [1, 1]] * 6, 12)
    splits = MULTILABEL.folds(target, None, cv=KFold(3), random_state=None)
    assert (splits.protocol, len(splits.parts)) == ("image", 3)
    given_folds = [(np.arange(6), np.arange(6, 12))]
    assert MULTILABEL.folds(target, None, cv=given_folds, random_state=None).parts[0].test.tolist() == [
        *range(6, 12)
    ]


@pytest.mark.parametrize(
    "cv, groups, code",
    [(1, None, "too_few_folds"), (3, np.array([0, 0, 1, 1]), "too_many_folds")],
)
def test_more_folds_than_units_are_refused(cv: int, groups: Any, code: str) -> None:
    with refused(code, "cv"):
        MULTILABEL.folds(MULTILABEL.encode([[0, 1]] * 4, 4), groups, cv=cv, random_state=0)
