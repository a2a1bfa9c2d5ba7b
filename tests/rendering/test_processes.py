"""Programs that run side by side and end together."""

import sys
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path

import pytest

from skknn_syndrome.rendering.processes import Finished, ended_together, run_program


class FaultError(Exception):
    """What goes wrong beside a program."""


def begin(pool: ThreadPoolExecutor, marker: Path) -> Future[Finished]:
    program = f"import pathlib, time; pathlib.Path({str(marker)!r}).touch(); time.sleep(600)"
    command = [sys.executable, "-c", program]
    begun = pool.submit(copy_context().run, lambda: run_program(command, folder=marker.parent, timeout=600))
    while not marker.exists():
        time.sleep(0.01)
    return begun


def test_a_fault_ends_the_programs_of_other_threads(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        running: list[Future[Finished]] = []

        def fail() -> None:
            with ended_together():
                running.append(begin(pool, tmp_path / "up"))
                raise FaultError

        with pytest.raises(FaultError):
            fail()
    assert running[0].result().code < 0


def test_what_has_ended_is_left_alone() -> None:
    def fail() -> None:
        with ended_together():
            assert run_program([sys.executable, "-c", ""], folder=Path(), timeout=60).code == 0
            raise FaultError

    with pytest.raises(FaultError):
        fail()
