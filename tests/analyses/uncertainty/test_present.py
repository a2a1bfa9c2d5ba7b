"""Pooled scores and differences with their intervals."""

from dataclasses import replace

import numpy as np

from skknn_syndrome.analyses.inflation.result import InflationAnalysis
from skknn_syndrome.analyses.uncertainty.compute import compare_discordant
from skknn_syndrome.analyses.uncertainty.present import PRESENTATION, find_uncertainty, pooled_scores
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.intervals import Interval, PooledDifference, PooledScores
from tests.builders import make_study, with_analyses, with_parts
from tests.comparison_builders import make_interval, make_pooled
from tests.crossval.recorded import recorded
from tests.problems import Problem
from tests.rendering.facts_builders import study_with

INTERVAL = Interval(
    score="f1_macro", estimate=0.05, percentile_low=0.01, percentile_high=0.09, bca_low=0.02, bca_high=None
)
DIFFERENCE = PooledDifference(
    kind="distance",
    first="cosine",
    second="euclidean",
    unit="subjects",
    n_resamples=10,
    confidence=0.95,
    all_scores=(INTERVAL.model_copy(update={"bca_high": 0.08}),),
)


def test_a_row_is_a_score_with_both_intervals() -> None:
    pooled = PooledScores(
        protocol="subject",
        head=KNN,
        params=knn_params("cosine", "distance", 15),
        unit="subjects",
        n_units=5,
        n_resamples=10,
        confidence=0.95,
        all_scores=(INTERVAL.model_copy(update={"bca_low": None}),),
    )
    table = pooled_scores((pooled,))
    assert table.rows == (("cosine", "f1_macro", 0.05, 0.01, 0.09, "percentile", 0.01, 0.09),)
    assert "95 % confidence intervals over resampled subjects" in table.caption


def test_in_older_files_inflation_comes_before_the_distances() -> None:
    inflation = DIFFERENCE.model_copy(
        update={"kind": "protocol", "first": "image", "second": "subject", "variant": "cosine"}
    )
    study = with_analyses(
        with_parts(make_study(), difference=DIFFERENCE), InflationAnalysis(inflations=(inflation,))
    )
    table = PRESENTATION.tables["pooled_differences"](study)
    assert table is not None
    assert [row[0] for row in table.rows] == ["by image minus by subject, cosine", "cosine minus euclidean"]


def test_without_intervals_there_are_no_rows() -> None:
    for make in PRESENTATION.tables.values():
        table = make(make_study())
        assert table is not None
        assert not table.rows


def test_intervals_are_those_of_the_winner_where_they_are_defined() -> None:
    defined = make_interval("roc_auc_ovr", 0.4, 0.6)
    other = make_pooled(make_interval("roc_auc_ovr", 0.1, 0.2), metric="euclidean")
    empty = make_interval("f1_macro", None, None).model_copy(update={"estimate": None})
    found = find_uncertainty(study_with(pooled=(other, make_pooled(defined, empty))))
    assert found is not None
    assert found.estimate("roc_auc_ovr") == defined
    assert found.estimate("f1_macro") is None
    assert found.estimate("accuracy") is None
    without = find_uncertainty(study_with(pooled=(other,)))
    assert without is not None
    assert without.estimate("roc_auc_ovr") is None
    assert find_uncertainty(study_with()) is None


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
