"""Pooled scores and differences with their intervals."""

from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.uncertainty import Interval, PooledDifference, PooledScores
from skknn_syndrome.tables import pooled_differences, pooled_scores
from tests.builders import make_candidate, make_run, make_study

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
    table = pooled_scores(make_run(make_candidate([0.5])).model_copy(update={"pooled": (pooled,)}))
    assert table.rows == (("cosine", "f1_macro", 0.05, 0.01, 0.09, "percentile", 0.01, 0.09),)
    assert "95% intervals over resampled subjects" in table.caption


def test_in_older_files_inflation_comes_before_the_distances() -> None:
    inflation = DIFFERENCE.model_copy(
        update={"kind": "protocol", "first": "image", "second": "subject", "variant": "cosine"}
    )
    run = make_run(make_candidate([0.5])).model_copy(update={"difference": DIFFERENCE})
    table = pooled_differences(make_study(run).model_copy(update={"inflations": (inflation,)}))
    assert [row[0] for row in table.rows] == ["by image minus by subject, cosine", "cosine minus euclidean"]


def test_without_intervals_there_are_no_rows() -> None:
    study = make_study()
    assert not pooled_scores(study.headline).rows
    assert not pooled_differences(study).rows
