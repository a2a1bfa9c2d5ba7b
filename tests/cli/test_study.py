"""`skknn-syndrome study`."""

import csv
import re
import shlex
import signal
from pathlib import Path
from typing import get_args

import pandas as pd
import pytest

from skknn_syndrome import data
from skknn_syndrome._output import MANIFEST, open_output
from skknn_syndrome.analyses.embedding_map.result import EmbeddingMapAnalysis
from skknn_syndrome.analyses.levels.result import LevelAnalysis
from skknn_syndrome.analyses.near_duplicates.result import NearDuplicatesAnalysis
from skknn_syndrome.analyses.nested_cv.result import NestedAnalysis
from skknn_syndrome.analyses.preprocessing import on_study
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.analyses.subgroups.result import SubgroupAnalysis
from skknn_syndrome.cli import planning
from skknn_syndrome.cli import study as verb
from skknn_syndrome.cli.study_options import ScoreName
from skknn_syndrome.data import make_syndrome_embeddings
from skknn_syndrome.metrics.registry import SCORE_NAMES
from skknn_syndrome.results.study import StudyResult
from tests.builders import analysis_of
from tests.cli.conftest import Run, WholeStudy

SMALL = ("--n-neighbors", "1,3-4", "--cv", "3")
QUICK = (*SMALL, "--quick", "--no-map")
NOT_QUICK = (*SMALL, "--no-map", "--metric", "cosine", "--n-repeats", "1")
ONE_METRIC = (*QUICK, "--metric", "cosine")
STUDY = Path("artifacts/study/study.json")


class TestOneStudy:
    """All that one study writes and shows."""

    @pytest.fixture
    def study(self, whole_study: WholeStudy) -> StudyResult:
        return StudyResult.load(whole_study.folder / "study.json")

    def test_it_has_every_part(self, study: StudyResult) -> None:
        assert [run.protocol for run in study.protocols] == ["subject", "image"]
        assert {candidate.n_neighbors for candidate in study.primary.candidates} == {1, 3, 4}
        assert study.audit is not None
        assert len(study.audit.refused) == 1
        assert analysis_of(study, NearDuplicatesAnalysis).near_duplicates.pairs
        assert study.find(PreprocessingComparison) is not None

    def test_its_tables_and_figures_lie_beside_it(self, whole_study: WholeStudy) -> None:
        folder, stdout = whole_study.folder, whole_study.outcome.stdout
        rows = list(csv.DictReader((folder / "tables" / "k_sweep.csv").read_text("utf-8").splitlines()))
        assert len(rows) == 2 * 2 * 3
        tables, figures = (len(list(folder.glob(kind))) for kind in ("tables/*.csv", "figures/*.png"))
        assert figures > 10
        assert (
            f"out_of_fold.parquet, settings.toml, map.html, {tables} tables and {figures} figures." in stdout
        )

    def test_its_gist_is_shown(self, whole_study: WholeStudy) -> None:
        assert whole_study.outcome.exit_code == 0
        assert "Macro AUC" in whole_study.outcome.stdout
        assert "roc_auc_ovr" not in whole_study.outcome.stdout
        (warning,) = whole_study.outcome.stderr.splitlines()
        assert "1 of 25 rows refused" in warning

    def test_repeats_and_grouping_reach_it(self, study: StudyResult, whole_study: WholeStudy) -> None:
        assert study.repeats is not None
        assert study.repeats.seeds == (42, 43)
        frame = pd.read_parquet(whole_study.folder / "out_of_fold.parquet")
        assert set(frame["protocol"]) == {"subject", "image"}
        assert len(frame) == 2 * 2 * 24

    def test_no_folder_is_named_in_what_is_written(self, study: StudyResult, whole_study: WholeStudy) -> None:
        written = (whole_study.folder / "study.json").read_text("utf-8")
        assert "secret folder" not in written
        assert str(whole_study.source) not in written
        assert study.provenance.command == (
            "skknn-syndrome study faces.csv --output=out --pseudonymise --n-neighbors 1,3-4 --cv 3 "
            "--n-repeats 2 --group-near-duplicates"
        )

    def test_pseudonyms_stand_for_ids_in_all_that_is_written_and_shown(self, whole_study: WholeStudy) -> None:
        files = [path.read_bytes() for path in whole_study.folder.rglob("*.*") if path.is_file()]
        shown = whole_study.outcome.stdout, whole_study.outcome.stderr
        for content in [*files, *(text.encode() for text in shown)]:
            assert b"patient" not in content
            assert b"photo" not in content


def test_options_reach_the_study(run: Run, faces: Path) -> None:
    outcome = run(
        "study", str(faces), *QUICK, "--metric", "manhattan", "--weights", "uniform", "--weights", "softmax",
        "--refit", "f1_macro", "--random-state", "7", "--protocol", "image", "--temperature", "0.5",
        "--class-weight", "balanced", "--n-jobs", "1", "--n-features", "4",
    )  # fmt: skip
    assert outcome.exit_code == 0
    study = StudyResult.load(Path("artifacts/study/study.json"))
    assert {(entry.metric, entry.weights) for entry in study.primary.candidates} == {
        ("manhattan", "uniform"),
        ("manhattan", "softmax"),
    }
    assert (study.primary.protocol, study.primary.refit, study.provenance.random_state) == (
        "image",
        "f1_macro",
        7,
    )
    assert "temperature=0.5" in study.provenance.estimator
    assert "class_weight='balanced'" in study.provenance.estimator


def test_a_quick_study_has_scores_alone_and_may_do_without_the_map(
    run: Run, faces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(planning, "LONG", -1.0)  # as if it took long
    outcome = run("study", str(faces), *QUICK, "--refit-rule", "one_standard_error")
    assert outcome.exit_code == 0
    assert re.search(r"^About \d+ s: ", outcome.stdout, re.MULTILINE)
    study = StudyResult.load(Path("artifacts/study/study.json"))
    assert analysis_of(study, EmbeddingMapAnalysis).embedding_map is None
    assert study.find(NestedAnalysis) is None
    assert study.primary.refit_rule == "one_standard_error of roc_auc_ovr"
    assert not list(Path("artifacts/study/tables").glob("baselines_*"))


def test_covariates_are_looked_at_even_by_a_quick_study(run: Run, faces: Path) -> None:
    head, *rows = faces.read_text("utf-8").splitlines()
    told = [f"{row},{'f' if number % 2 else 'm'}" for number, row in enumerate(rows)]
    faces.write_text("\n".join([f"{head},sex", *told]), "utf-8")
    outcome = run("study", str(faces), *ONE_METRIC, "--covariate", "sex", "--protocol", "image")
    assert outcome.exit_code == 0
    found = analysis_of(StudyResult.load(STUDY), SubgroupAnalysis)
    assert [level.level for _, level in found.each_level()] == ["f", "m"]


def test_levels_are_looked_at_even_by_a_quick_study(run: Run, faces: Path) -> None:
    head, *rows = faces.read_text("utf-8").splitlines()
    kinds = [row.split(",")[head.split(",").index("syndrome")] for row in rows]
    told = [f"{row},{'G' if kind == kinds[0] else 'H'}" for row, kind in zip(rows, kinds, strict=True)]
    faces.write_text("\n".join([f"{head},genus", *told]), "utf-8")
    options = "--level", "genus", "--level-head", "centroid", "--protocol", "image"
    outcome = run("study", str(faces), *ONE_METRIC, *options, "--hold-out", "syndrome")
    assert outcome.exit_code == 0
    assert "Pooled out-of-fold scores by taxonomic level" in outcome.stdout + outcome.stderr
    found = analysis_of(StudyResult.load(STUDY), LevelAnalysis)
    assert found.levels == ("syndrome", "genus")
    assert (STUDY.parent / "tables" / "level_classes.csv").exists()


@pytest.mark.parametrize(
    "options, said",
    [
        (("--hold-out", "species"), "--hold-out takes levels, and there are none: give --level."),
        (("--levels", "taxonomy.csv"), "taxonomy.csv: there is no such file."),
        (("--level", "genus"), "there is no column 'genus' for a level"),
        (("--level-head", "forest"), "--level-head forest is unknown: did you mean random_forest?"),
    ],
)
def test_levels_that_are_not_there_are_named(
    run: Run, faces: Path, options: tuple[str, ...], said: str
) -> None:
    outcome = run("study", str(faces), *ONE_METRIC, *options)
    assert outcome.exit_code in {1, 2}
    assert said in outcome.stdout + outcome.stderr


def test_preprocessing_is_not_compared_where_it_is_switched_off(run: Run, faces: Path) -> None:
    run("study", str(faces), *NOT_QUICK, "--preprocessing", "off")
    assert StudyResult.load(Path("artifacts/study/study.json")).find(PreprocessingComparison) is None


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_a_quick_study_compares_preprocessing_on_request_alone(run: Run, faces: Path) -> None:
    run("study", str(faces), *ONE_METRIC, "--preprocessing", "scores", "--n-neighbors", "3")
    assert StudyResult.load(STUDY).find(PreprocessingComparison) is not None


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
def test_of_large_data_preprocessing_is_compared_on_a_sample_and_that_is_said(
    run: Run, faces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_study, "MOST_IMAGES", 20)
    outcome = run("study", str(faces), *NOT_QUICK)
    compared = StudyResult.load(Path("artifacts/study/study.json")).find(PreprocessingComparison)
    assert compared is not None
    assert compared.sample is not None
    assert compared.sample.sentence() in " ".join(outcome.stdout.split())


def test_without_subjects_folds_are_by_image_and_that_is_said(run: Run, faces: Path) -> None:
    outcome = run("study", str(faces), "--no-subjects", *QUICK)
    study = StudyResult.load(Path("artifacts/study/study.json"))
    assert [run.protocol for run in study.protocols] == ["image"]
    assert study.dataset.n_subjects is None
    assert "Without subject ids" in outcome.stdout


def test_columns_may_have_other_names(run: Run, faces: Path) -> None:
    faces.write_text(faces.read_text().replace("syndrome,subject", "diagnosis,patient"))
    outcome = run(
        "study", str(faces), "--column", "syndrome=diagnosis", "--column", "subject=patient", *QUICK
    )
    assert outcome.exit_code == 0


def test_without_data_it_studies_simulated_embeddings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "make_syndrome_embeddings", lambda: make_syndrome_embeddings(n_features=8))
    outcome = run("study", "--n-neighbors", "5", "--cv", "2", "--metric", "cosine", "--quick")
    assert outcome.exit_code == 0
    assert "The embeddings are simulated" in outcome.stdout
    assert StudyResult.load(Path("artifacts/study/study.json")).dataset.simulated


def test_the_scores_to_choose_from_are_those_of_a_study() -> None:
    assert get_args(ScoreName) == tuple(SCORE_NAMES)


def test_a_second_study_into_the_same_folder_is_refused_before_anything_is_read(
    run: Run, tmp_path: Path
) -> None:
    with open_output(tmp_path / "out", kind="study", last="study.json"):
        outcome = run("study", "-o", "out")
    assert (outcome.exit_code, outcome.stdout) == (1, "")
    assert "Another run is writing into out" in outcome.stderr


@pytest.mark.usefixtures("messy")
def test_a_messy_table_is_studied_by_the_command_that_the_first_error_proposes(run: Run) -> None:
    refused = run("study", "my file.csv", "--output", "out", *QUICK)
    assert refused.exit_code == 1
    command = refused.stderr.splitlines()[1]
    assert command == shlex.join(["skknn-syndrome", "study", "my file.csv", "--output", "out", *QUICK]) + (
        " --column syndrome=label --column subject=patient_id --column image=filename --column features=emb_"
    )
    outcome = run(*shlex.split(command)[1:])
    assert outcome.exit_code == 0
    assert "Left unread: 'split' and '' ('' is an index)." in outcome.stdout
    assert "48 images x 4 float64, 2 classes, 24 patients" in outcome.stdout


@pytest.mark.usefixtures("messy")
def test_subject_ids_may_not_go_unread_unless_that_is_asked_for(run: Run) -> None:
    columns = ("--column", "syndrome=label", "--column", "features=emb_")
    refused = run("study", "my file.csv", *columns, *QUICK)
    assert refused.exit_code == 1
    assert "--column syndrome=label --column subject=patient_id --column features=emb_" in refused.stderr
    assert "--no-subjects" in refused.stderr
    assert run("study", "my file.csv", *columns, "--no-subjects", *QUICK).exit_code == 0


class TestForeignFiles:
    """A study writes over what no study wrote with --force alone."""

    COMMAND = ("study", "secret folder/faces.csv", *ONE_METRIC, "-o", "out")

    @pytest.mark.usefixtures("faces")
    def test_they_are_named_before_the_study_begins(self, run: Run, tmp_path: Path) -> None:
        (tmp_path / "out" / "tables").mkdir(parents=True)
        paths = {
            name: tmp_path / "out" / name for name in ("study.json", "settings.toml", "tables/checks.csv")
        }
        for name, path in paths.items():
            path.write_text("mine")
            outcome = run(*self.COMMAND)
            assert outcome.exit_code == 1
            assert name in outcome.stderr
            assert "--force" in outcome.stderr
            assert path.read_text() == "mine"
            path.unlink()
        for path in paths.values():
            path.write_text("mine")
        assert run(*self.COMMAND, "--force").exit_code == 0
        assert "mine" not in {path.read_text("utf-8") for path in paths.values()}

    @pytest.mark.usefixtures("faces")
    def test_a_study_of_an_earlier_version_is_none(self, run: Run, tmp_path: Path) -> None:
        assert run(*self.COMMAND).exit_code == 0
        (tmp_path / "out" / MANIFEST).unlink()
        stale = tmp_path / "out" / "tables" / "hubs.csv"
        stale.write_text("of an earlier study")
        assert run(*self.COMMAND).exit_code == 0
        assert not stale.exists()
        stale.write_text("mine")
        assert run(*self.COMMAND).exit_code == 1


def test_a_scheduler_that_ends_the_program_leaves_nothing_behind(
    run: Run, faces: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "check_foreign_files", lambda _: signal.raise_signal(signal.SIGTERM))
    usual = signal.getsignal(signal.SIGTERM)
    try:
        assert run("study", str(faces), "-o", "out").exit_code == 128 + signal.SIGTERM
    finally:
        signal.signal(signal.SIGTERM, usual)
    assert not (tmp_path / "out").exists()


def test_strict_ends_with_its_own_code_where_an_issue_is_left_after_all_is_written(
    run: Run, faces: Path
) -> None:
    outcome = run("study", str(faces), *ONE_METRIC, "--strict", "--no-subjects")
    assert (outcome.exit_code, outcome.stderr) == (1, "")
    assert [check.code for check in StudyResult.load(STUDY).checks.issues] == ["SK002"]
    assert "the checks found issues: SK002." in outcome.stdout
    assert (STUDY.parent / "tables" / "checks.csv").exists()


def test_what_is_ignored_is_no_issue(run: Run, faces: Path) -> None:
    ignore = "--ignore", "SK002", "--ignore", "edge_of_grid"
    outcome = run("study", str(faces), *ONE_METRIC, "--no-subjects", "--strict", *ignore)
    assert outcome.exit_code == 0
    checks = StudyResult.load(STUDY).checks
    assert (checks["SK002"].outcome, checks["SK007"].outcome) == ("skipped", "skipped")
    assert not checks.issues


def test_few_syndromes_are_no_issue_to_strict(run: Run, faces: Path) -> None:
    assert run("study", str(faces), *ONE_METRIC, "--strict").exit_code == 0
    checks = StudyResult.load(STUDY).checks
    assert (checks["SK011"].outcome, len(checks.issues)) == ("tip", 0)


def test_a_file_of_settings_takes_them(run: Run, faces: Path) -> None:
    Path("study.toml").write_text('strict = true\nignore = ["SK011"]\n', "utf-8")
    outcome = run("study", str(faces), *ONE_METRIC, "--config", "study.toml", "--no-subjects")
    assert outcome.exit_code == 1
    study = StudyResult.load(STUDY)
    assert study.checks["trivial_top_k"].outcome == "skipped"
    assert 'ignore = ["SK011"]' in study.provenance.settings


def test_the_gist_shows_issues_and_tips_with_their_codes(run: Run, faces: Path) -> None:
    outcome = run("study", str(faces), *ONE_METRIC)
    assert outcome.exit_code == 0
    assert "SK011" in outcome.stdout
    assert "SK002" not in outcome.stdout
    assert "docs/checks.md" in outcome.stdout
    every = "--ignore", "SK011", "--ignore", "SK007"
    assert "docs/checks.md" not in run("study", str(faces), *ONE_METRIC, *every).stdout


@pytest.mark.parametrize(
    "name, meant", [("SK0007", "SK007"), ("edge_of_the_grid", "edge_of_grid"), ("???", "the codes are SK001")]
)
def test_an_unknown_check_is_refused_before_anything_is_read(run: Run, name: str, meant: str) -> None:
    outcome = run("study", "no such file.csv", "--ignore", name)
    assert outcome.exit_code == 2
    assert "--ignore" in outcome.stderr
    assert meant in outcome.stderr
    assert outcome.stderr.count("\n") == 1


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (
            ("--leave-out", "site"),
            "--leave-out site holds out the levels of a covariate: add --covariate site.",
        ),
        (("--covariate", "sites:0,2", "--leave-out", "site"), "did you mean --leave-out sites?"),
        (("--learning-curve", "ldaa"), "--learning-curve ldaa is no head: did you mean lda?"),
    ],
)
def test_what_options_alone_decide_is_told_before_the_file_is_read(
    run: Run, tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    broken = tmp_path / "broken.csv"
    broken.write_text("no embeddings", "utf-8")
    outcome = run("study", str(broken), *arguments)
    assert outcome.exit_code == 2
    assert sentence in outcome.stderr


def test_butterflies_are_studied_by_sex_and_view(run: Run, swallowtails: Path) -> None:
    table = pd.read_csv(swallowtails)
    largest = table["genus"].value_counts().index[:3]
    table[table["genus"].isin(largest)].to_csv("butterflies.csv", index=False)
    columns = ("syndrome=genus", "subject=specimen", "image=image", "features=e")
    named = [word for pair in columns for word in ("--column", pair)]
    outcome = run(
        *("study", "butterflies.csv", *named, "--covariate", "sex", "--covariate", "view"),
        *(*ONE_METRIC, "--protocol", "subject"),
    )
    assert outcome.exit_code == 0
    found = analysis_of(StudyResult.load(STUDY), SubgroupAnalysis)
    sex, view = found.subgroups
    assert {level.level for level in sex.levels} >= {"F", "M"}
    assert [level.level for level in view.levels] == ["D", "V"]
    assert sex.gap is not None
    assert run("report", "--engine", "embedded").exit_code == 0
    said = Path("artifacts/report/report.html").read_text("utf-8")
    assert ">Subgroups</h" in said
    assert "By view" in said
