"""Whether McNemar's units are independent."""

from dataclasses import replace

import numpy as np

from skknn_syndrome.analyses.uncertainty.compute import compare_discordant
from tests.crossval.recorded import recorded
from tests.problems import Problem


def test_subjects_that_are_kept_together_are_independent(problem: Problem) -> None:
    by_subject = recorded(problem, by_subject=True)
    found = compare_discordant(by_subject, by_subject)
    assert (found.unit, found.units_independent) == ("subjects", True)


def test_images_of_subjects_with_several_are_not(problem: Problem) -> None:
    by_image = recorded(problem)
    found = compare_discordant(by_image, by_image)
    assert (found.unit, found.units_independent) == ("images", False)
    alone = replace(by_image, subjects=np.arange(len(problem.labels)))
    assert compare_discordant(alone, alone).units_independent is True


def test_without_subjects_nobody_knows_unless_images_come_twice(problem: Problem) -> None:
    unknown = recorded(problem, with_subjects=False)
    assert compare_discordant(unknown, unknown).units_independent is None
    twice = replace(
        unknown,
        rows=np.tile(unknown.rows, 2),
        folds=np.tile(unknown.folds, 2),
        probabilities=np.tile(unknown.probabilities, (2, 1)),
    )
    assert compare_discordant(twice, twice).units_independent is False
