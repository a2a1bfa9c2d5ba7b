"""Files of images with several labels each, on the command line."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from skknn_syndrome.data import MultilabelDataset, load_embeddings
from skknn_syndrome.results.model_comparison import ModelComparison
from tests.cli.conftest import Run

LINES = (
    "subject,image,finding_edema,finding_effusion,e0,e1",
    "s,i,1,-1,0.5,1",
    "s,j,,1,1,2",
    "t,k,0,0,2,3",
    "u,l,1,1,3,-4",
)
COLUMNS = ("--column", "labels=finding_")


@pytest.fixture(name="xrays")
def _xrays(tmp_path: Path) -> Path:
    path = tmp_path / "xrays.csv"
    path.write_text("\n".join(LINES))
    return path


def test_entries_in_doubt_are_refused_with_the_option_that_settles_them(run: Run, xrays: Path) -> None:
    outcome = run("convert", str(xrays), str(xrays.with_suffix(".npz")), *COLUMNS)
    assert outcome.exit_code == 2
    assert "the label 'effusion' is uncertain in row 1 (line 2)" in outcome.stderr
    assert "say with --uncertain-labels whether they are 0, 1, or their rows left out." in outcome.stderr


def test_they_are_taken_as_asked_and_counted(run: Run, xrays: Path) -> None:
    target = xrays.with_suffix(".parquet")
    settled = ("--uncertain-labels", "drop", "--missing-labels", "0")
    outcome = run("convert", str(xrays), str(target), *COLUMNS, *settled)
    assert outcome.exit_code == 0
    assert "1 missing entries of the label 'edema' were taken for 0." in outcome.stderr + outcome.stdout
    assert "1 of 4 rows refused" in outcome.stderr
    dataset = load_embeddings(target)
    assert isinstance(dataset, MultilabelDataset)
    assert dataset.labels.tolist() == [[0, 1], [0, 0], [1, 1]]


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_a_file_of_them_is_told_which_option_names_them(run: Run, findings: Path, suffix: str) -> None:
    path = findings.with_suffix(f".{suffix}")
    if suffix == "parquet":
        pd.read_csv(findings).to_parquet(path)
    outcome = run("study", str(path))
    assert "begin with 'finding_' look like several labels an image" in outcome.stderr
    assert "--column labels=finding_" in outcome.stderr


def test_texts_are_parted_by_a_separator(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("syndrome,subject,image,e0\nb|a,s,i,1\n,t,j,2\na,u,k,3\n")
    outcome = run("convert", str(path), str(tmp_path / "x.npz"), "--label-separator", "|")
    assert outcome.exit_code == 0
    assert load_embeddings(tmp_path / "x.npz").label_texts.tolist() == ["a;b", "no label", "a"]


def test_an_audit_looks_for_the_same_people_in_them(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("syndrome,subject,image,e0,e1\nb|a,s,i,1,0\n,t,j,2,0\na,u,k,3,-1\n")
    outcome = run("audit", str(path), "--label-separator", "|")
    assert outcome.exit_code == 0
    assert "no label" in outcome.stdout


@pytest.fixture(name="findings")
def _findings(tmp_path: Path) -> Path:
    """Write 40 images of 20 subjects with two labels, which their first two features tell."""
    rng = np.random.default_rng(0)
    labels = (np.arange(80).reshape(40, 2) // [2, 4] % 2).astype(int)
    vectors = 2 * labels + rng.normal(size=(40, 2))
    lines = ["subject,image,finding_edema,finding_effusion,e0,e1"]
    lines += [f"s{row // 2},i{row}," + ",".join(map(str, (*labels[row], *vectors[row]))) for row in range(40)]
    path = tmp_path / "findings.csv"
    path.write_text("\n".join(lines))
    return path


QUICK = ("--cv", "2", "--n-repeats", "1", "--n-neighbors", "3,9", "--metric", "euclidean")


def test_a_study_of_them_leaves_a_folder_that_report_renders(run: Run, findings: Path) -> None:
    outcome = run("study", str(findings), *COLUMNS, *QUICK)
    assert outcome.exit_code == 0, outcome.stderr
    assert "Wrote artifacts/study/study.json; beside it out_of_fold.parquet" in outcome.stdout
    study = ModelComparison.load("artifacts/study/study.json")
    assert (study.models.task, study.dataset.name) == ("multilabel", "findings.csv")
    written = {path.name for path in Path("artifacts/study").iterdir()}
    assert written >= {"study.json", "out_of_fold.parquet", "settings.toml", "tables"}
    assert run("report", "--engine", "embedded").exit_code == 0
    assert "shares of the labels" in Path("artifacts/report/report.html").read_text("utf-8")
    again = run("study", str(findings), *COLUMNS, *QUICK, "--pseudonymise")  # over its own files
    assert again.exit_code == 0
    (Path("artifacts/study") / "settings.toml").write_text("mine")
    assert run("study", str(findings), *COLUMNS, *QUICK).exit_code == 1
    assert run("study", str(findings), *COLUMNS, *QUICK, "--force").exit_code == 0


@pytest.mark.parametrize(
    "option",
    [
        "--refit-rule composite",
        "--preprocessing scores",
        "--class-weight balanced",
        "--strict",
        "--quick",
        "--leave-out e1 --covariate e1:0",
        "--learning-curve lda",
        "--covariate e1:0",
    ],
)
def test_a_study_refuses_what_is_for_one_label(run: Run, findings: Path, option: str) -> None:
    outcome = run("study", str(findings), *COLUMNS, *QUICK, *option.split())
    assert outcome.exit_code == 2
    assert f"{' '.join(option.split()[:2])} is for one label an image" in outcome.stderr
