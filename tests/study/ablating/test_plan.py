"""What a comparison is asked for, checked at once."""

from typing import Any

import numpy as np
import pytest
from sklearn.neighbors import KNeighborsClassifier

from skknn_syndrome import SyndromeKNNClassifier, compare_preprocessing
from skknn_syndrome.errors import StudySettingsError
from tests.study.ablating.conftest import MakePlan
from tests.study.conftest import Problem


def test_each_seed_makes_a_split_of_its_own(make_plan: MakePlan) -> None:
    plan = make_plan(random_states=(42, 0))
    assert plan.seeds == (42, 0)
    assert plan.protocol == "subject"
    first, second = (splits.parts[0].test for splits in plan.honest)
    assert not np.array_equal(first, second)


def test_without_subjects_folds_are_of_images(make_plan: MakePlan) -> None:
    assert make_plan(subjects=False).protocol == "image"


def test_single_values_stand_for_lists(make_plan: MakePlan) -> None:
    plan = make_plan(metrics="cosine", n_neighbors=np.int64(3), random_states=np.int64(5), ways="honest")
    assert (plan.metrics, plan.n_neighbors, plan.seeds, plan.ways) == (("cosine",), (3,), (5,), ("honest",))


def test_curves_are_kept_where_the_grid_has_them(make_plan: MakePlan) -> None:
    assert make_plan(n_neighbors=range(1, 11)).roc_at == (1, 10)
    assert make_plan(n_neighbors=[1, 5]).roc_at == (1,)


@pytest.mark.parametrize(
    "settings, sentence",
    [
        ({"ways": ("leaky",)}, "must be \\('honest',\\), or"),
        ({"ways": ("honest", "fair")}, "must be \\('honest',\\), or"),
        ({"metrics": "hamming"}, "metrics names 'hamming': take some of euclidean, cosine, manhattan"),
        (
            {"metrics": "precomputed"},
            "metrics names 'precomputed': take some of cosine, euclidean",
        ),
        ({"random_states": ()}, "must name one or several whole numbers"),
        ({"random_states": (1, 1)}, "each once"),
        ({"random_states": (None,)}, "whole numbers"),
        ({"random_states": 4.5}, "whole numbers"),
        ({"random_states": [[1]]}, "whole numbers"),
        ({"compare_at": 3.5}, "is not in the grid"),
        ({"compare_at": 4}, "compare_at=4 is not in the grid"),
        ({"cv": None}, "cv must be a number of folds"),
        ({"cv": 500}, "cv=500 folds can't be made of 30 images of the largest class"),
        ({"n_repeats": 0}, "n_repeats=0 must be a whole number of splits"),
        ({"n_repeats": 2.5}, "n_repeats=2.5 must be a whole number"),
        ({"n_neighbors": []}, "The grid has no value for n_neighbors"),
    ],
)
def test_what_cannot_be_done_is_refused(make_plan: MakePlan, settings: dict[str, Any], sentence: str) -> None:
    with pytest.raises(StudySettingsError, match=sentence):
        make_plan(**settings)


def test_the_k_of_comparisons_is_a_plain_number(make_plan: MakePlan) -> None:
    assert make_plan(compare_at=np.int64(3)).compared_at == 3


def test_an_estimator_of_another_kind_is_refused(problem: Problem) -> None:
    with pytest.raises(StudySettingsError, match="estimator is a KNeighborsClassifier"):
        compare_preprocessing(problem.samples, problem.labels, estimator=KNeighborsClassifier())


def test_votes_that_do_not_exist_are_refused(problem: Problem) -> None:
    unknown: Any = "foo"
    with pytest.raises(ValueError, match="weights names 'foo': take some of uniform"):
        compare_preprocessing(
            problem.samples, problem.labels, estimator=SyndromeKNNClassifier(weights=unknown)
        )


def test_missing_values_are_refused_with_their_row(problem: Problem) -> None:
    samples = problem.samples.copy()
    samples[7, 2] = np.nan
    with pytest.raises(StudySettingsError, match="NaN or infinity in row 7"):
        compare_preprocessing(samples, problem.labels)
