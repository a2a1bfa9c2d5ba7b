"""`skknn-syndrome report`."""

from pathlib import Path

from tests.cli.conftest import Run
from tests.figures.builders import make_full_study


def test_it_writes_each_format_and_says_where(run: Run, tmp_path: Path) -> None:
    make_full_study().save(tmp_path / "study.json")
    outcome = run(
        "report", "study.json", "--to", "html", "--to", "docx", "--engine", "embedded", "--output", "out"
    )
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert "Wrote out/report.html with embedded" in outcome.stdout
    assert (tmp_path / "out" / "report.docx").is_file()


def test_html_is_the_default(run: Run, tmp_path: Path) -> None:
    make_full_study().save(tmp_path / "artifacts" / "study" / "study.json")
    outcome = run("report", "--engine", "embedded")
    assert outcome.exit_code == 0
    assert [path.name for path in (tmp_path / "artifacts" / "report").glob("report.*")].count(
        "report.html"
    ) == 1


def test_a_missing_study_is_one_sentence(run: Run) -> None:
    outcome = run("report", "none.json")
    assert outcome.exit_code == 1
    assert outcome.stderr == "Error: The study none.json can't be read: No such file or directory.\n"
