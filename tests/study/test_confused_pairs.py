"""Errors that fall on one other syndrome more often than by chance."""

import numpy as np
import pytest
from scipy.stats import fisher_exact

from skknn_syndrome._typing import IndexArray
from skknn_syndrome.results.candidate import KNN, CandidateKey, knn_params
from skknn_syndrome.study.confused_pairs import find_confused_pairs
from skknn_syndrome.study.out_of_fold import OutOfFoldRecord


def said(truth: IndexArray, predicted: IndexArray, subjects: IndexArray | None = None) -> OutOfFoldRecord:
    """Return a record with these predictions, an image each."""
    n_classes = int(max(truth.max(), predicted.max())) + 1
    return OutOfFoldRecord(
        rows=np.arange(len(truth)),
        folds=np.zeros(len(truth), dtype=np.intp),
        probabilities=np.eye(n_classes)[predicted],
        protocol="image",
        n_folds=1,
        candidate=CandidateKey(head=KNN, params=knn_params("cosine", "distance", 3)),
        labels=truth,
        subjects=subjects,
        trained=np.ones((1, n_classes), dtype=np.bool_),
        neighbors=None,
    )


def confused(n_errors: int = 9) -> tuple[IndexArray, IndexArray]:
    """Return four classes of twenty; errors of the first fall on the second alone, others are even."""
    truth = np.repeat(np.arange(4), 20)
    predicted = truth.copy()
    predicted[:n_errors] = 1
    for one in (1, 2, 3):
        predicted[20 * one : 20 * one + 3] = [other for other in range(4) if other != one]
    return truth, predicted


def test_what_is_confused_beyond_chance_is_found_with_fishers_p_value() -> None:
    (pair,) = find_confused_pairs(said(*confused()))
    assert (pair.syndrome, pair.misclassified_as, pair.n_images) == ("0", "1", 9)
    assert (pair.share, pair.share_of_errors) == (9 / 20, 1)
    # Of the others 17 + 1 + 1 are predicted as 1; 60 less three are predicted as anything but 0.
    assert pair.expected_share == pytest.approx(19 / 57)
    expected = fisher_exact(np.array([[9, 0], [19, 38]]), alternative="greater").pvalue
    assert pair.p_value == pytest.approx(12 * expected)


def test_errors_that_are_spread_are_no_finding() -> None:
    truth, predicted = confused(0)
    predicted[:9] = np.tile([1, 2, 3], 3)
    assert find_confused_pairs(said(truth, predicted)) == ()


def test_without_errors_there_is_nothing_to_find() -> None:
    truth = np.repeat(np.arange(4), 20)
    assert find_confused_pairs(said(truth, truth)) == ()


def test_of_two_syndromes_all_errors_fall_on_the_other_one() -> None:
    truth = np.repeat(np.arange(2), 40)
    predicted = np.where(np.arange(80) % 40 < 30, 1 - truth, truth)
    assert find_confused_pairs(said(truth, predicted)) == ()


def test_a_subject_counts_once_however_many_images_it_has() -> None:
    truth, predicted = confused()
    # All nine errors are of one person: that may be chance.
    subjects = np.arange(80)
    subjects[:9] = 0
    assert find_confused_pairs(said(truth, predicted, subjects)) == ()


def test_a_subject_votes_by_its_most_frequent_error() -> None:
    # Thirty subjects of class 0 with four images: one right, two taken for 1 and one for 2.
    truth = np.concatenate([np.zeros(120, dtype=int), np.repeat([1, 2], 60)])
    predicted = np.concatenate([np.tile([0, 1, 1, 2], 30), np.repeat([1, 2], 60)])
    subjects = np.concatenate([np.repeat(np.arange(30), 4), 30 + np.arange(120)])
    (pair,) = find_confused_pairs(said(truth, predicted, subjects))
    assert (pair.misclassified_as, pair.share_of_errors, pair.share, pair.expected_share) == (
        "1",
        1,
        1 / 2,
        1 / 2,
    )


@pytest.mark.parametrize("seed", range(20))
def test_shuffled_labels_confuse_nothing_beyond_chance(seed: int) -> None:
    random = np.random.default_rng(seed)
    subjects = np.repeat(np.arange(150), random.integers(1, 4, 150))
    # Predictions are alike within a subject and have nothing to do with its class.
    truth = random.choice(6, 150, p=[0.4, 0.2, 0.1, 0.1, 0.1, 0.1])[subjects]
    person = random.choice(6, 150, p=[0.5, 0.2, 0.1, 0.1, 0.05, 0.05])[subjects]
    predicted = np.where(random.random(len(subjects)) < 0.7, person, random.integers(0, 6, len(subjects)))
    assert find_confused_pairs(said(truth, predicted, subjects)) == ()
