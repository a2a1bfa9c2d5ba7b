"""Whose rows come out of samplers, and whether tested rows meet their relatives."""

import numpy as np
import pytest

from skknn_syndrome.preprocessing import MixupOverSampler, make_resampler, make_scaler
from skknn_syndrome.study.ablating.relatives import follow_subjects, share_related
from tests.study.conftest import Problem


def test_a_synthetic_row_has_the_subjects_of_both_parents(problem: Problem) -> None:
    sampler = MixupOverSampler(sampling_strategy={"a": 33}, random_state=0)
    sampler.fit_resample(problem.samples, problem.labels)
    followed = follow_subjects([make_scaler("zscore"), sampler], problem.subjects)
    assert followed is not None
    assert followed.shape == (93, 2)
    np.testing.assert_array_equal(followed[:90, 0], problem.subjects)
    np.testing.assert_array_equal(followed[90:], problem.subjects[sampler.sample_indices_[90:]])


def test_rows_that_nothing_resampled_stay_their_own(problem: Problem) -> None:
    followed = follow_subjects(["passthrough"], problem.subjects)
    assert followed is not None
    np.testing.assert_array_equal(followed[:, 0], problem.subjects)


def test_smote_makes_them_unknown(problem: Problem) -> None:
    smote = make_resampler("smote", random_state=0)
    smote.fit_resample(problem.samples, problem.labels)
    assert follow_subjects([smote], problem.subjects) is None


@pytest.mark.parametrize("test, share", [([2, 3], 1.0), ([3, 4], 0.5), ([4, 5], 0.0)])
def test_one_parent_in_common_is_enough(test: list[int], share: float) -> None:
    subjects = np.array([["s1", "s1"], ["s2", "s2"], ["s1", "s3"], ["s4", "s2"], ["s5", "s6"], ["s7", "s7"]])
    assert share_related(subjects, np.array([0, 1]), np.array(test)) == share
