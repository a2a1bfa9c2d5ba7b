"""`skknn-syndrome study`."""

import csv
import shlex
import signal
from pathlib import Path

import pandas as pd
import pytest
from sklearn.callback import ProgressBar

from skknn_syndrome import data
from skknn_syndrome._output import MANIFEST, open_output
from skknn_syndrome.cli import study as verb
from skknn_syndrome.data import make_syndrome_embeddings
from skknn_syndrome.results import StudyResult
from tests.cli.conftest import Run

SMALL = ("--n-neighbors", "1,3-4", "--cv", "3")
QUICK = (*SMALL, "--quick", "--no-map")


@pytest.mark.usefixtures("all_figures")
def test_it_writes_the_study_and_its_tables_and_shows_the_gist(run: Run, faces: Path, tmp_path: Path) -> None:
    outcome = run("study", str(faces), "--output", "out", *SMALL)
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    study = StudyResult.load(tmp_path / "out" / "study.json")
    assert [run.protocol for run in study.protocols] == ["subject", "image"]
    assert {candidate.n_neighbors for candidate in study.headline.candidates} == {1, 3, 4}
    assert study.audit is not None
    assert study.near_duplicates is not None
    assert study.ablation is not None
    rows = list(csv.DictReader((tmp_path / "out" / "tables" / "k_sweep.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 2 * 2 * 3
    assert "Macro AUC" in outcome.stdout
    assert "roc_auc_ovr" not in outcome.stdout
    tables, figures = (len(list((tmp_path / "out").glob(kind))) for kind in ("tables/*.csv", "figures/*.png"))
    assert f"out_of_fold.parquet, settings.toml, {tables} tables and {figures} figures." in outcome.stdout
    assert "Making the map" in outcome.stdout


def test_options_reach_the_study(run: Run, faces: Path) -> None:
    outcome = run(
        "study", str(faces), *QUICK, "--metric", "manhattan", "--weights", "uniform", "--weights", "softmax",
        "--refit", "f1_macro", "--random-state", "7", "--protocol", "image", "--temperature", "0.5",
        "--class-weight", "balanced", "--n-jobs", "1", "--n-features", "4",
    )  # fmt: skip
    assert outcome.exit_code == 0
    study = StudyResult.load(Path("artifacts/study/study.json"))
    assert {(entry.metric, entry.weights) for entry in study.headline.candidates} == {
        ("manhattan", "uniform"),
        ("manhattan", "softmax"),
    }
    assert (study.headline.protocol, study.headline.refit, study.provenance.random_state) == (
        "image",
        "f1_macro",
        7,
    )
    assert "temperature=0.5" in study.provenance.estimator
    assert "class_weight='balanced'" in study.provenance.estimator


def test_a_quick_study_has_scores_alone_and_may_do_without_the_map(run: Run, faces: Path) -> None:
    outcome = run("study", str(faces), *QUICK, "--refit-rule", "one_standard_error")
    assert outcome.exit_code == 0
    assert "Making the map" not in outcome.stdout
    study = StudyResult.load(Path("artifacts/study/study.json"))
    assert study.embedding_map is None
    assert study.headline.nested is None
    assert study.headline.refit_rule == "one_standard_error of roc_auc_ovr"
    assert not list(Path("artifacts/study/tables").glob("baselines_*"))


def test_preprocessing_is_not_compared_where_it_is_switched_off(run: Run, faces: Path) -> None:
    outcome = run("study", str(faces), *SMALL, "--no-map", "--metric", "cosine", "--preprocessing", "off")
    assert "Comparing scalers and resamplers" not in outcome.stdout
    assert StudyResult.load(Path("artifacts/study/study.json")).ablation is None


def test_a_quick_study_compares_preprocessing_on_request_alone(run: Run, faces: Path) -> None:
    outcome = run("study", str(faces), *QUICK, "--preprocessing", "scores", "--metric", "cosine")
    assert "Comparing scalers and resamplers" in outcome.stdout


def test_of_large_data_it_says_that_preprocessing_is_not_compared(
    run: Run, faces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verb, "MOST_IMAGES", 23)
    outcome = run("study", str(faces), *SMALL, "--no-map", "--metric", "cosine")
    assert "Scalers and resamplers are not compared above 23 images" in outcome.stdout
    assert StudyResult.load(Path("artifacts/study/study.json")).ablation is None


def test_repeats_and_grouping_reach_the_study(run: Run, faces: Path) -> None:
    outcome = run("study", str(faces), *SMALL, "--no-map", "--repeats", "2", "--group-near-duplicates")
    assert outcome.exit_code == 0
    study = StudyResult.load(Path("artifacts/study/study.json"))
    assert study.headline.repeats is not None
    assert study.headline.repeats.seeds == (42, 43)
    frame = pd.read_parquet("artifacts/study/out_of_fold.parquet")
    assert set(frame["protocol"]) == {"subject", "image"}
    assert len(frame) == 2 * 2 * 24


@pytest.mark.usefixtures("all_figures")
def test_no_folder_is_named_in_what_is_written(run: Run, faces: Path, tmp_path: Path) -> None:
    run("study", str(faces), f"--output={tmp_path / 'out'}", *QUICK)
    written = (tmp_path / "out" / "study.json").read_text("utf-8")
    assert "secret folder" not in written
    assert str(tmp_path) not in written
    command = StudyResult.load(tmp_path / "out" / "study.json").provenance.command
    assert command == (
        "skknn-syndrome study faces.csv --output=out --n-neighbors 1,3-4 --cv 3 --quick --no-map"
    )


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


@pytest.mark.usefixtures("all_figures")
def test_pseudonyms_stand_for_ids_in_all_that_is_written_and_shown(
    run: Run, faces: Path, tmp_path: Path
) -> None:
    # One vector twice, so that the near-duplicates have something to name, and one row that is refused.
    lines = faces.read_text().splitlines()
    lines[4] = ",".join([*lines[4].split(",")[:3], *lines[1].split(",")[3:]])
    faces.write_text("\n".join([*lines, "syndrome 0,patient99,photo99,1,2,x,4"]) + "\n")
    outcome = run("study", str(faces), "--pseudonymise", "--output", "out", *QUICK)
    assert outcome.exit_code == 0
    study = StudyResult.load(tmp_path / "out" / "study.json")
    assert study.near_duplicates is not None
    assert study.near_duplicates.pairs
    assert study.audit is not None
    assert len(study.audit.refused) == 1
    assert "1 of 25 rows refused" in outcome.stderr
    written = [path.read_bytes() for path in (tmp_path / "out").rglob("*.*") if path.is_file()]
    for content in [*written, outcome.stdout.encode(), outcome.stderr.encode()]:
        assert b"patient" not in content
        assert b"photo" not in content


def test_without_data_it_studies_simulated_embeddings(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "make_syndrome_embeddings", lambda: make_syndrome_embeddings(n_features=8))
    outcome = run("study", "--n-neighbors", "5", "--cv", "2", "--metric", "cosine")
    assert outcome.exit_code == 0
    assert "The embeddings are simulated" in outcome.stdout
    assert StudyResult.load(Path("artifacts/study/study.json")).dataset.simulated


def test_a_terminal_shows_progress(monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal:
        is_terminal = True

    assert verb.progress_bar() == []
    monkeypatch.setattr(verb, "console", Terminal)
    (bar,) = verb.progress_bar()
    assert isinstance(bar, ProgressBar)


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
    assert "48 images x 4 float64, 2 syndromes, 24 subjects" in outcome.stdout


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

    QUICK = ("study", "--quick", "--cv", "2", "--n-neighbors", "3", "-o", "out")

    @pytest.mark.parametrize("name", ["study.json", "settings.toml", "tables/checks.csv"])
    def test_they_are_named_before_the_study_begins(self, run: Run, tmp_path: Path, name: str) -> None:
        path = tmp_path / "out" / name
        path.parent.mkdir(parents=True)
        path.write_text("mine")
        outcome = run(*self.QUICK)
        assert outcome.exit_code == 1
        assert name in outcome.stderr
        assert "--force" in outcome.stderr
        assert path.read_text() == "mine"
        assert run(*self.QUICK, "--force").exit_code == 0

    def test_a_study_of_an_earlier_version_is_none(self, run: Run, tmp_path: Path) -> None:
        assert run(*self.QUICK).exit_code == 0
        (tmp_path / "out" / MANIFEST).unlink()
        stale = tmp_path / "out" / "tables" / "hubs.csv"
        stale.write_text("of an earlier study")
        assert run(*self.QUICK).exit_code == 0
        assert not stale.exists()
        stale.write_text("mine")
        assert run(*self.QUICK).exit_code == 1


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
