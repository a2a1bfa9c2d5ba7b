"""What a study refuses before anything is computed."""

import numpy as np
import pytest
from sklearn.model_selection import LeaveOneGroupOut

from skknn_syndrome.errors import StudySettingsError
from skknn_syndrome.study import cross_validate_study
from skknn_syndrome.study.refit_rules import RuleName
from tests.study.conftest import Problem


@pytest.mark.parametrize("rule", ["best", "one_standard_error", "composite"])
def test_nothing_is_chosen_by_a_score_that_most_folds_leave_undefined(
    problem: Problem, rule: RuleName
) -> None:
    with pytest.raises(StudySettingsError, match="defined in 0 of 45 folds"):
        cross_validate_study(
            problem.samples, problem.labels, groups=problem.subjects, cv=LeaveOneGroupOut(), refit_rule=rule
        )


def test_another_score_chooses_and_the_pooled_predictions_have_an_area(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples,
        problem.labels,
        groups=problem.subjects,
        cv=LeaveOneGroupOut(),
        refit="accuracy",
        n_neighbors=[3],
        analyses=["intervals"],
    )
    area = study.headline.winner.scores["roc_auc_ovr"]
    assert not area.rests_on_most_folds
    assert study.headline.winner.scores["accuracy"].rests_on_most_folds
    pooled = study.headline.pooled[0].scores["roc_auc_ovr"]
    assert pooled.estimate is not None
    assert pooled.estimate > 0.5
    assert "defined in 45 of 45 folds" in repr(study)


def test_half_of_the_folds_are_enough(problem: Problem) -> None:
    rows = np.arange(90)
    folds = [(np.r_[10:90], rows[:10]), (np.r_[:25, 35:90], rows[25:35])]  # one class tested, then two
    study = cross_validate_study(
        problem.samples, problem.labels, cv=folds, n_neighbors=[3], metrics="euclidean", analyses=()
    )
    assert study.headline.winner.scores["roc_auc_ovr"].n_defined == 1
