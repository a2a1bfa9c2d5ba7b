"""`skknn-syndrome reproduce`."""

from pathlib import Path

import pytest

from skknn_syndrome.analyses.published.result import Reproduction
from tests.cli.conftest import Run


def test_a_published_protocol_is_run_again(run: Run, real_file: Path, tmp_path: Path) -> None:
    outcome = run("reproduce", "monteiro", str(real_file), "--output", str(tmp_path / "out.json"))
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert "Wrote" in outcome.stdout
    written = Reproduction.model_validate_json((tmp_path / "out.json").read_text("utf-8"))
    assert written.source.startswith("monteiro")
    assert [row.verdict for row in written.rows] == ["reproduced", "within_ties"]


def test_other_data_is_run_and_said_to_be_other(run: Run, faces: Path, tmp_path: Path) -> None:
    outcome = run("reproduce", "monteiro", str(faces), "--output", str(tmp_path / "out.json"))
    assert outcome.exit_code == 0
    assert Reproduction.model_validate_json((tmp_path / "out.json").read_text("utf-8")).rows
    assert "these are not the embeddings that the source had" in " ".join(outcome.stdout.split())


def test_an_unknown_source_is_a_wrong_argument(run: Run, faces: Path) -> None:
    assert run("reproduce", "somebody", str(faces)).exit_code == 2


def test_a_wide_line_has_all_columns(run: Run, faces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert "Runs" not in run("reproduce", "monteiro", str(faces)).stdout
    monkeypatch.setenv("COLUMNS", "200")
    assert "Runs" in run("reproduce", "monteiro", str(faces)).stdout


def test_the_tie_band_is_said(run: Run, real_file: Path) -> None:
    stdout = run("reproduce", "monteiro", str(real_file)).stdout
    assert "Top-5 accuracy of 0.9749 lies inside the tie band [0.9740, 0.9794]." in stdout
