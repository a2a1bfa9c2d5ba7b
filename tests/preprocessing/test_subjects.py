"""Subjects follow their images, and no split may part them."""

import numpy as np
import pytest
from imblearn.over_sampling import SMOTE
from sklearn.model_selection import GroupKFold, KFold

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.preprocessing import (
    CentroidBalancer,
    GaussianNoiseOverSampler,
    MixupOverSampler,
    refuse_parted_subjects,
    subjects_of_rows,
)
from tests.preprocessing.conftest import Problem
from tests.refusing import refused

PEOPLE = np.array([f"s{row}" for row in range(77)])


def test_a_row_that_was_kept_keeps_its_subject(problem: Problem) -> None:
    sampler = CentroidBalancer()
    sampler.fit_resample(*problem)
    np.testing.assert_array_equal(subjects_of_rows(sampler, PEOPLE)[:, 0], PEOPLE[sampler.sample_indices_])


def test_a_noisy_row_is_its_parents_and_a_mixed_one_both_parents(problem: Problem) -> None:
    noise, mixup = GaussianNoiseOverSampler(random_state=0), MixupOverSampler(random_state=0)
    noise.fit_resample(*problem)
    mixup.fit_resample(*problem)
    assert subjects_of_rows(noise, PEOPLE)[-1].tolist() == [f"s{noise.sample_indices_[-1]}"]
    first, second = mixup.sample_indices_[-1]
    assert subjects_of_rows(mixup, PEOPLE)[-1].tolist() == [f"s{first}", f"s{second}"]


def test_subjects_follow_through_several_samplers(problem: Problem) -> None:
    first, second = MixupOverSampler(random_state=0), MixupOverSampler(random_state=1)
    rows, labels = first.fit_resample(*problem)
    second.set_params(sampling_strategy=dict.fromkeys("abc", 50)).fit_resample(rows, labels)
    own = subjects_of_rows(first, PEOPLE)
    grandparents = subjects_of_rows(second, own)
    assert grandparents.shape == (150, 4)
    father, mother = second.sample_indices_[-1]
    assert grandparents[-1].tolist() == [*own[father], *own[mother]]


def test_smote_does_not_say_whose_its_rows_are(problem: Problem) -> None:
    sampler = SMOTE(random_state=0)
    sampler.fit_resample(*problem)
    with refused("no_parents", "sampler", error=StudySettingsError):
        subjects_of_rows(sampler, PEOPLE)


def test_folds_by_image_after_resampling_part_parents_and_children(problem: Problem) -> None:
    sampler = GaussianNoiseOverSampler(random_state=0)
    rows, _ = sampler.fit_resample(*problem)
    subjects = subjects_of_rows(sampler, PEOPLE)
    splits = KFold(5, shuffle=True, random_state=0).split(rows)
    with pytest.raises(
        StudySettingsError, match=r"Fold 0 has rows that came from subject 's\d+' in training"
    ):
        refuse_parted_subjects(subjects, splits)


def test_folds_by_the_parents_subject_part_nobody(problem: Problem) -> None:
    sampler = GaussianNoiseOverSampler(random_state=0)
    rows, _ = sampler.fit_resample(*problem)
    subjects = subjects_of_rows(sampler, PEOPLE)
    refuse_parted_subjects(subjects, GroupKFold(5).split(rows, groups=subjects[:, 0]))


def test_one_of_two_parents_on_the_other_side_is_enough(problem: Problem) -> None:
    sampler = MixupOverSampler(random_state=0)
    rows, _ = sampler.fit_resample(*problem)
    subjects = subjects_of_rows(sampler, PEOPLE)
    with refused("parted_subject", "splits", error=StudySettingsError):
        refuse_parted_subjects(subjects, GroupKFold(5).split(rows, groups=subjects[:, 0]))


def test_a_row_without_a_subject_is_refused() -> None:
    gaps = np.array(["s1", None, "s2"], dtype=object)
    with refused("no_subject", "subjects", error=StudySettingsError):
        refuse_parted_subjects(gaps, [(np.array([0]), np.array([1]))])


def test_fewer_subjects_than_rows_are_refused() -> None:
    sampler = MixupOverSampler(random_state=0)
    sampler.fit_resample([[0.0], [1.0], [8.0], [9.0], [7.0]], ["a", "a", "b", "b", "b"])
    with refused("too_few_subjects", "subjects", error=StudySettingsError):
        subjects_of_rows(sampler, np.array(["s1", "s2"]))
