"""Checks on the command line of `skknn-syndrome study`."""

from pathlib import Path

import pytest

from skknn_syndrome.results import StudyResult
from tests.cli.conftest import Run

QUICK = ("--n-neighbors", "1,3-4", "--cv", "3", "--metric", "cosine", "--quick", "--no-map")
STUDY = Path("artifacts/study/study.json")


def test_strict_ends_with_its_own_code_where_an_issue_is_left_after_all_is_written(
    run: Run, faces: Path
) -> None:
    outcome = run("study", str(faces), *QUICK, "--strict", "--no-subjects")
    assert (outcome.exit_code, outcome.stderr) == (1, "")
    assert [check.code for check in StudyResult.load(STUDY).checks.issues] == ["SK002"]
    assert "the checks found issues: SK002." in outcome.stdout
    assert (STUDY.parent / "tables" / "checks.csv").exists()


def test_what_is_ignored_is_no_issue(run: Run, faces: Path) -> None:
    ignore = "--ignore", "SK002", "--ignore", "edge_of_grid"
    outcome = run("study", str(faces), *QUICK, "--no-subjects", "--strict", *ignore)
    assert outcome.exit_code == 0
    checks = StudyResult.load(STUDY).checks
    assert (checks["SK002"].outcome, checks["SK007"].outcome) == ("skipped", "skipped")
    assert not checks.issues


def test_few_syndromes_are_no_issue_to_strict(run: Run, faces: Path) -> None:
    assert run("study", str(faces), *QUICK, "--strict").exit_code == 0
    checks = StudyResult.load(STUDY).checks
    assert (checks["SK011"].outcome, len(checks.issues)) == ("tip", 0)


def test_a_file_of_settings_takes_them(run: Run, faces: Path) -> None:
    Path("study.toml").write_text('strict = true\nignore = ["SK011"]\n', "utf-8")
    outcome = run("study", str(faces), *QUICK, "--config", "study.toml", "--no-subjects")
    assert outcome.exit_code == 1
    study = StudyResult.load(STUDY)
    assert study.checks["trivial_top_k"].outcome == "skipped"
    assert 'ignore = ["SK011"]' in study.provenance.settings


def test_the_gist_shows_issues_and_tips_with_their_codes(run: Run, faces: Path) -> None:
    outcome = run("study", str(faces), *QUICK)
    assert outcome.exit_code == 0
    assert "SK011" in outcome.stdout
    assert "SK002" not in outcome.stdout
    assert "docs/checks.md" in outcome.stdout
    every = "--ignore", "SK011", "--ignore", "SK007"
    assert "docs/checks.md" not in run("study", str(faces), *QUICK, *every).stdout


@pytest.mark.parametrize(
    "name, meant", [("SK0007", "SK007"), ("edge_of_the_grid", "edge_of_grid"), ("???", "the codes are SK001")]
)
def test_an_unknown_check_is_refused_before_anything_is_read(run: Run, name: str, meant: str) -> None:
    outcome = run("study", "no such file.csv", "--ignore", name)
    assert outcome.exit_code == 2
    assert "--ignore" in outcome.stderr
    assert meant in outcome.stderr
    assert outcome.stderr.count("\n") == 1
