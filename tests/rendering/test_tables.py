"""The tables of a study."""

from pathlib import Path

import pandas as pd
import pytest

from skknn_syndrome.analyses.inflation.result import InflationAnalysis, ProtocolDifference
from skknn_syndrome.analyses.near_duplicates.result import NearDuplicatesAnalysis
from skknn_syndrome.analyses.scores.present import primary_scores
from skknn_syndrome.display.table import Table
from skknn_syndrome.rendering.tables import all_tables, known_tables, open_checks, write_tables
from skknn_syndrome.results.audit import Audit, DataWarning, RefusedRow
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.check import Checks
from skknn_syndrome.results.near_duplicates import NearDuplicate, NearDuplicates
from skknn_syndrome.results.study import StudyResult
from tests.builders import make_candidate, make_check, make_run, make_study, with_analyses
from tests.rendering.full_study import make_full_study

HOSTILE = '=HYPERLINK("x")\n\u202e<script>'


@pytest.fixture
def study() -> StudyResult:
    subject = make_run(make_candidate([0.5, 0.75], n_neighbors=3), protocol="subject")
    image = make_run(make_candidate([0.75, 1.0], n_neighbors=3))
    difference = ProtocolDifference(
        head=KNN,
        params=knn_params("cosine", "distance", 3),
        score="roc_auc_ovr",
        image_mean=0.875,
        subject_mean=0.625,
    )
    refused = RefusedRow(
        row=4, syndrome="a", subject="s", image=HOSTILE, reason="not_finite", detail="the vector holds NaN"
    )
    warning = DataWarning(code="labels_alike", syndromes=("A", "a"))
    pair = NearDuplicate(images=("i", "j"), subjects=("s", "t"), syndromes=("a", "a"), cosine=0.97)
    answered = with_analyses(
        make_study(subject, image),
        InflationAnalysis(differences=(difference,)),
        NearDuplicatesAnalysis(near_duplicates=NearDuplicates(threshold=0.95, pairs=(pair,))),
    )
    return answered.model_copy(
        update={
            "checks": Checks(
                [
                    make_check("no_subjects", "Beware."),
                    make_check("hubs", "None.", "passed").revised(figures={"cosine.skewness": 0.5}),
                ]
            ),
            "audit": Audit(n_rows=7, refused=(refused,), warnings=(warning,)),
        }
    )


def by_name(study: StudyResult) -> dict[str, Table]:
    return {table.name: table for table in all_tables(study)}


def test_each_table_is_a_csv_file_that_reads_back(study: StudyResult, tmp_path: Path) -> None:
    paths = write_tables(study, tmp_path)
    assert sorted(path.name for path in paths) == sorted(path.name for path in tmp_path.iterdir())
    for table, path in zip((table for table in all_tables(study) if table.rows), paths, strict=True):
        frame = pd.read_csv(path)
        assert frame.shape == (len(table.rows), len(table.columns)), table.name


def test_tables_without_rows_are_not_written_and_none_of_an_earlier_study_stays(
    study: StudyResult, tmp_path: Path
) -> None:
    write_tables(make_full_study(), tmp_path)
    (tmp_path / "notes.csv").write_text("the user's own")
    kept = {path.name for path in write_tables(study, tmp_path)}
    assert {path.name for path in tmp_path.iterdir()} == {*kept, "notes.csv"}
    assert "published_comparison.csv" not in kept
    assert "refused_rows.csv" in kept


def test_every_table_is_known_by_its_name(study: StudyResult) -> None:
    assert {table.name for table in (*all_tables(study), *all_tables(make_full_study()))} <= known_tables()


def test_the_best_configurations_name_fold_kind_scores_and_spread(study: StudyResult) -> None:
    first, second = by_name(study)["best_configurations"].rows
    assert first == ("subject", "cosine", "distance", 3, "roc_auc_ovr", 0.625, 0.125, None, None, 2)
    assert second[:6] == ("image", "cosine", "distance", 3, "roc_auc_ovr", 0.875)


def test_the_sweep_has_a_row_for_each_candidate_of_each_protocol(study: StudyResult) -> None:
    assert by_name(study)["k_sweep"].rows == (
        ("subject", "cosine", "distance", 3, 0.625, 0.125),
        ("image", "cosine", "distance", 3, 0.875, 0.125),
    )


def test_the_difference_stands_beside_both_means(study: StudyResult) -> None:
    assert by_name(study)["protocol_differences"].rows[0][-3:] == (0.875, 0.625, 0.25)


def test_shares_of_syndromes_are_of_all_images(study: StudyResult) -> None:
    assert by_name(study)["syndrome_counts"].rows == (("a", 4, 3, 4 / 6), ("b", 2, 2, 2 / 6))


def test_the_summary_says_whether_the_data_is_simulated(study: StudyResult) -> None:
    assert ("Origin", "given by the user") in by_name(study)["dataset_summary"].rows
    simulated = study.model_copy(update={"dataset": study.dataset.model_copy(update={"simulated": True})})
    assert ("Origin", "simulated") in by_name(simulated)["dataset_summary"].rows


def test_findings_of_the_audit_are_all_there(study: StudyResult) -> None:
    tables = by_name(study)
    assert study.audit is not None
    assert tables["refused_rows"].rows == (
        (4, "a", "s", HOSTILE, "not_finite", study.audit.refused[0].message),
    )
    assert tables["data_warnings"].rows == (("labels_alike", study.audit.warnings[0].message),)
    assert tables["near_duplicates"].rows == (("i", "j", "s", "t", "a", "a", 0.97),)
    assert tables["checks"].rows == (
        ("SK002", "no_subjects", "issue", "Beware.", "{}", study.checks[0].remedy, "docs/checks.md#sk002"),
        ("SK014", "hubs", "passed", "None.", '{"cosine.skewness": 0.5}', "", "docs/checks.md#sk014"),
    )
    assert open_checks(study).rows == (("SK002", "no_subjects", "issue", "Beware."),)


def test_the_table_of_checks_has_all_that_the_frame_has() -> None:
    (table,) = (table for table in all_tables(make_study()) if table.name == "checks")
    assert [column.key for column in table.columns] == list(Checks().to_frame().columns)


def test_what_a_study_lacks_has_no_rows() -> None:
    tables = by_name(make_study())
    for name in ("refused_rows", "data_warnings", "near_duplicates", "checks", "protocol_differences"):
        assert tables[name].rows == ()


def test_one_protocol_at_a_glance_has_a_column_a_distance() -> None:
    table = primary_scores(
        make_run(
            make_candidate([0.5, 0.75], metric="euclidean", n_neighbors=3),
            make_candidate([float("nan")] * 2, metric="cosine", n_neighbors=5),
        )
    )
    assert [column.heading for column in table.columns] == [
        "Score", "Euclidean, k = 3, votes by distance", "Cosine, k = 5, votes by distance",
    ]  # fmt: skip
    assert table.rows == (("roc_auc_ovr", "0.6250 ± 0.1250", None),)


def test_tables_of_each_distance_and_protocol_are_stacked_under_one_name() -> None:
    study = make_full_study(("a", "b"))
    tables = by_name(study)
    assert [row[:2] for row in tables["per_syndrome"].rows] == [
        ("euclidean", "a"),
        ("euclidean", "b"),
        ("cosine", "a"),
        ("cosine", "b"),
    ]
    assert tables["confusions"].rows[0] == ("euclidean", "a", "b", 1, 0.1)
    assert tables["distance_comparisons"].columns[0].key == "protocol"


def test_what_preprocessing_is_worth_is_there_where_it_was_asked_for() -> None:
    asked, not_asked = by_name(make_full_study()), by_name(make_study())
    assert {name for name in known_tables() if name.startswith("preprocessing_")} <= set(asked)
    assert not any(name.startswith("preprocessing_") for name in not_asked)
