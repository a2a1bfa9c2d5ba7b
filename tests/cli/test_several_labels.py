"""Files of images with several labels each, on the command line."""

from pathlib import Path

import pytest

from skknn_syndrome.data import MultilabelDataset, load_embeddings
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


def test_a_study_refuses_them_in_one_sentence(run: Run, xrays: Path) -> None:
    settled = ("--uncertain-labels", "0", "--missing-labels", "0")
    outcome = run("study", str(xrays), *COLUMNS, *settled, "-o", str(xrays.parent / "out"))
    assert outcome.exit_code == 1
    assert "'xrays.csv' has several labels an image, and this takes one" in outcome.stderr
