"""`skknn-syndrome report`."""

from pathlib import Path

import pytest

from tests.builders import make_study
from tests.cli.conftest import Run
from tests.rendering.full_study import make_sweep


def test_it_writes_each_format_and_says_where(run: Run, tmp_path: Path) -> None:
    make_study(make_sweep()).save(tmp_path / "study.json")
    outcome = run(
        "report", "study.json", "--to", "html", "--to", "docx", "--engine", "embedded", "--output", "out"
    )
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert "Wrote out/report.html with embedded" in outcome.stdout
    assert (tmp_path / "out" / "report.docx").is_file()
    assert outcome.stdout.endswith("\nOpen out/report.html\n")


def test_html_is_the_default(run: Run, tmp_path: Path) -> None:
    make_study(make_sweep()).save(tmp_path / "artifacts" / "study" / "study.json")
    outcome = run("report", "--engine", "embedded")
    assert outcome.exit_code == 0
    assert [path.name for path in (tmp_path / "artifacts" / "report").glob("report.*")].count(
        "report.html"
    ) == 1


def test_a_missing_study_says_where_studies_come_from(run: Run) -> None:
    outcome = run("report", "none.json")
    assert (outcome.exit_code, outcome.stderr) == (
        1,
        "Error: There is no study at none.json: `skknn-syndrome study DATA` writes one.\n",
    )


def test_a_study_of_a_like_name_is_offered(run: Run, tmp_path: Path) -> None:
    (tmp_path / "study.json").touch()
    assert run("report", "stduy.json").stderr.endswith(" Did you mean study.json?\n")


@pytest.mark.parametrize(
    "place, hint",
    [
        ("study.json", "did you mean results/study.json?"),
        ("study/study.json", "did you mean results/study/study.json?"),
        ("other.json", "there is no study.json in it"),
    ],
)
def test_a_folder_is_no_study(run: Run, tmp_path: Path, place: str, hint: str) -> None:
    path = tmp_path / "results" / place
    path.parent.mkdir(parents=True)
    path.touch()
    outcome = run("report", "results")
    assert (outcome.exit_code, outcome.stderr) == (
        1,
        f"Error: results is a folder, and a report needs a file: {hint}\n",
    )


def test_a_file_that_is_no_study_is_one_sentence(run: Run, tmp_path: Path) -> None:
    (tmp_path / "study.json").write_text("{}")
    outcome = run("report", "study.json", "--engine", "embedded")
    assert outcome.exit_code == 1
    assert outcome.stderr.startswith("Error: The file study.json is no study")
    assert len(outcome.stderr.splitlines()) == 1


def test_files_of_others_are_written_over_with_force_alone(run: Run, tmp_path: Path) -> None:
    make_study(make_sweep()).save(tmp_path / "study.json")
    (tmp_path / "references.bib").write_text("mine")
    command = "report", "study.json", "--engine", "embedded", "--output", "."
    refused = run(*command)
    assert refused.exit_code == 1
    assert "references.bib" in refused.stderr
    assert "--force" in refused.stderr
    assert (tmp_path / "references.bib").read_text() == "mine"
    assert run(*command, "--force").exit_code == 0
