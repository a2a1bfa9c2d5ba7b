"""Output on a terminal whose encoding is not UTF-8."""

import io
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Run


def test_what_a_terminal_lacks_is_a_question_mark(
    run: Run, faces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(shown, "ascii", write_through=True))
    assert run("audit", str(faces.rename(faces.with_name("Zoë.csv")))).exit_code == 0
    assert b"Zo?.csv" in shown.getvalue()


def test_output_may_go_to_something_else_than_a_file(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stdout", shown)
    assert run("--version").exit_code == 0
    assert shown.getvalue().startswith("skknn-syndrome ")
