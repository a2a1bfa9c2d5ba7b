"""Simpler rules beside the best candidates."""

from skknn_syndrome.results import Score
from skknn_syndrome.results.baseline import Baseline
from skknn_syndrome.tables.baselines import baselines
from tests.builders import make_candidate, make_run


def test_rules_come_first_and_the_best_candidates_last() -> None:
    run = make_run(
        make_candidate([0.5, 1.0], n_neighbors=7),
        make_candidate([0.5, 0.5], metric="euclidean"),
        protocol="subject",
    )
    entry = Baseline(
        head="nearest_centroid",
        params={"metric": "cosine"},
        ranking="negative_distance",
        all_scores=(
            Score.from_values("roc_auc_ovr", [0.25, float("nan")]),
            Score.from_values("accuracy", [1.0, 1.0]),
        ),
    )
    table = baselines([entry], run)
    assert table.name == "baselines_subject"
    assert [column.key for column in table.columns] == ["rule", "metric", "weights", "roc_auc_ovr"]
    assert table.rows == (
        ("nearest centroid", "cosine", None, 0.25),
        ("nearest images, k = 7", "cosine", "distance", 0.75),
        ("nearest images, k = 1", "euclidean", "distance", 0.5),
    )


def test_candidates_alone_are_no_table_of_baselines() -> None:
    assert baselines([], make_run(make_candidate([0.5, 0.5]))).rows == ()
