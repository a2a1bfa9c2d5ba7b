"""Programs run with a time limit, and nothing of them left behind."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple

from skknn_syndrome.errors import RenderingError

_started: ContextVar[set[int] | None] = ContextVar("_started", default=None)
"""Programs that run in this context, by the number of their process."""


@contextmanager
def ended_together() -> Iterator[None]:
    """End all programs begun within, also in threads that have its context, where the block fails."""
    started: set[int] = set()
    token = _started.set(started)
    try:
        yield
    except BaseException:  # an interrupt from the keyboard as well, which reaches no thread
        for process in tuple(started):
            with suppress(ProcessLookupError):
                os.killpg(process, signal.SIGKILL)
        raise
    finally:
        _started.reset(token)


class Finished(NamedTuple):
    """A program that has ended."""

    code: int
    output: bytes
    """What it wrote to standard output."""
    log: str
    """What it wrote to standard error."""


def run_program(
    arguments: Sequence[str | Path],
    *,
    folder: Path,
    timeout: float,
    text: bytes = b"",
    environment: Mapping[str, str] | None = None,
    name: str | None = None,
) -> Finished:
    """Run a program to its end.

    Parameters
    ----------
    arguments : sequence of str or Path
        The program and its arguments; no shell reads them.
    folder : Path
        The working directory.
    timeout : float
        Seconds after which the program is ended, and every process that it began with it.
    text : bytes
        What it reads from standard input.
    environment : mapping of str to str, optional
        Variables to set beside those of this process.
    name : str, optional
        What messages call the program; by default what its file is called.

    Returns
    -------
    Finished
        Whatever its exit code.

    Raises
    ------
    RenderingError
        If it can't be started or takes too long.

    Examples
    --------
    >>> run_program(["printf", "hello"], folder=Path(), timeout=10).output
    b'hello'
    """
    try:
        with subprocess.Popen(  # noqa: S603  no shell; the program is pandoc, or the Quarto that the user has
            arguments,
            cwd=folder,
            env={**os.environ, **(environment or {})},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,  # a process group of its own, which can be ended as a whole
        ) as process:
            output, log = _communicate(process, text, timeout)
    except subprocess.TimeoutExpired as error:
        raise RenderingError(
            f"{name or Path(arguments[0]).name} did not end within {timeout:g} seconds and was stopped: "
            "give it more time, or look whether the machine is busy.",
            code="program_too_slow",
        ) from error
    except OSError as error:
        raise RenderingError(
            f"{arguments[0]} can't be started: {error.strerror}.", code="program_not_started"
        ) from error
    return Finished(process.returncode, output, log.decode("utf-8", errors="replace"))


def _communicate(process: subprocess.Popen[bytes], text: bytes, timeout: float) -> tuple[bytes, bytes]:
    running = _started.get()
    running = set() if running is None else running
    running.add(process.pid)
    try:
        return process.communicate(text, timeout=timeout)
    except BaseException:  # an interrupt from the keyboard as well: it does not reach another session
        os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        running.discard(process.pid)
