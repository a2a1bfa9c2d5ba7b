"""Programs end in time, and nothing of them is left behind."""

import sys
import time
from pathlib import Path

import pytest

from skknn_syndrome.rendering.processes import run_program
from tests.refusing import refused

SLOW_PARENT: list[str | Path] = ["/bin/sh", "-c", "sleep 60 & echo $! > child; wait"]
"""Has its child long before the time is out, also on a machine on which Python takes seconds to start."""


def python(code: str) -> list[str | Path]:
    return [sys.executable, "-c", code]


def is_alive(process: int) -> bool:
    """Return whether a process runs; one that has ended and waits for its parent does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_output_log_and_exit_code_come_back(tmp_path: Path) -> None:
    code = "import sys; print(sys.stdin.read()); print('why', file=sys.stderr); sys.exit(3)"
    assert run_program(python(code), folder=tmp_path, timeout=30, text=b"in") == (3, b"in\n", "why\n")


def test_a_program_runs_in_the_folder_with_the_variables_added(tmp_path: Path) -> None:
    code = "import os; print(os.getcwd(), os.environ['ADDED'], 'PATH' in os.environ)"
    finished = run_program(python(code), folder=tmp_path, timeout=30, environment={"ADDED": "yes"})
    assert finished.output.decode() == f"{tmp_path} yes True\n"


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="processes are looked up in /proc")
def test_a_time_out_ends_the_children_too(tmp_path: Path) -> None:
    with refused("program_too_slow"):
        run_program(SLOW_PARENT, folder=tmp_path, timeout=2)
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 10
    while is_alive(child) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not is_alive(child)


def test_a_program_that_is_not_there_is_named(tmp_path: Path) -> None:
    with refused("program_not_started"):
        run_program([tmp_path / "nowhere"], folder=tmp_path, timeout=1)
