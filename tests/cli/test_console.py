"""Output on terminals of other kinds, and to readers that leave."""

import io
import os
import subprocess
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


@pytest.mark.skipif(sys.platform != "linux", reason="names that are no text are Linux's")
@pytest.mark.parametrize("encoding", ["ascii", "utf-8"])
def test_a_name_that_is_no_text_is_a_sentence(encoding: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "skknn_syndrome", "audit", "e\udcff.csv"]
    environment = os.environ | {"PYTHONIOENCODING": encoding}
    ended = subprocess.run(command, capture_output=True, env=environment, cwd=tmp_path, check=False)
    assert ended.returncode == 1
    assert b"there is no such file" in ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes that close are Unix's")
@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["audit", "--help"]])
@pytest.mark.parametrize("closed", ["stdout", "stderr"])
def test_a_reader_that_leaves_a_help_is_told_of_by_the_exit_code(arguments: list[str], closed: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "skknn_syndrome", *arguments]
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, closed: writing}
    ended = subprocess.run(command, **streams, check=False)  # type: ignore[call-overload]
    os.close(writing)
    assert ended.returncode == (141 if closed == "stdout" else 0)
    assert not ended.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes that close are Unix's")
def test_tables_may_go_to_nobody(run: Run, faces: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    faces.write_text(f"{faces.read_text()}syndrome 0,patient99,photo99,1,2,nan,4\n")
    with open(writing, "w", encoding="utf-8") as nobody:  # noqa: PTH123  a pipe has no path
        monkeypatch.setattr(sys, "stdout", nobody)
        outcome = run("audit", str(faces), "--strict")
    # The refused row is told in the tables, and its exit code does not depend on a reader.
    assert (outcome.exit_code, outcome.stderr) == (1, "")


def test_files_are_written_though_nobody_reads_on(faces: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "skknn_syndrome", "convert", str(faces), str(tmp_path / "faces.npz")]
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert (tmp_path / "faces.npz").is_file()


@pytest.mark.parametrize("arguments, exit_code", [(["--version"], 0), (["report", "none.json"], 1)])
def test_a_program_may_be_started_without_output(
    run: Run, monkeypatch: pytest.MonkeyPatch, arguments: list[str], exit_code: int
) -> None:
    for name in ("stdout", "__stdout__", "stderr", "__stderr__"):
        monkeypatch.setattr(sys, name, None)
    assert run(*arguments).exit_code == exit_code


def test_a_terminal_shows_errors_in_colour(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = run("report", "none.json").stderr
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    coloured = run("report", "none.json").stderr
    assert coloured == f"\x1b[1;31m{plain.rstrip()}\x1b[0m\n"
