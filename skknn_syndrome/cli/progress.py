"""The progress of a study on the terminal: a bar, or a plain line for each long part where there is none."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from time import monotonic
from typing import TypeAlias

from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, Task, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar
from rich.text import Text

from skknn_syndrome.cli.console import make_console, say
from skknn_syndrome.cli.planning import duration, part_title
from skknn_syndrome.results.progress import Progress

FIGURES = "figures"
"""The part that comes behind a study's own."""

LONG_SECONDS = 2.0
"""Parts that took longer have a line where there is no bar."""

Show: TypeAlias = Callable[[Progress], None]


def _left(seconds: float | None) -> str:
    return "" if seconds is None else f"about {duration(seconds)} left"


class ProgressDisplay:
    """Shows how far a study is, with the figures as one part more."""

    def __init__(self, show: Show) -> None:
        self._show = show
        self._last, self._at = Progress(FIGURES, 0, 0, 0.0, None), monotonic()

    def __call__(self, event: Progress) -> None:
        """Show how far the study is."""
        is_end = event.done == event.of
        part, left = (FIGURES, None) if is_end else (event.part, event.left)
        self._last, self._at = replace(event, part=part, of=event.of + 1, left=left), monotonic()
        self._show(self._last)

    def finish(self) -> None:
        """Show that the figures are made as well."""
        seconds = self._last.seconds + monotonic() - self._at
        self._show(replace(self._last, done=self._last.of, seconds=seconds))


@contextmanager
def showing_progress() -> Iterator[ProgressDisplay]:
    """Yield what shows the progress of a study, with its figures."""
    with showing_parts() as show:
        yield ProgressDisplay(show)


@contextmanager
def showing_parts(lines: Show | None = None) -> Iterator[Show]:
    """Yield what shows progress: a bar beside the output, if that is a terminal; else plain lines."""
    # Rich takes a pipe for a terminal too where a variable such as FORCE_COLOR is set.
    if sys.stderr is None or not sys.stderr.isatty() or not make_console(stderr=True).is_interactive:
        yield _Lines() if lines is None else lines
        return
    with _make_bar() as bar:
        task = bar.add_task("starting", total=None, until=None)

        def show(event: Progress) -> None:
            until = None if event.left is None else monotonic() + event.left
            title = part_title(event.part)
            bar.update(task, description=title, completed=event.done, total=event.of, until=until)

        yield show


class _Lines:
    """Prints a line for each part that took long."""

    def __init__(self) -> None:
        self._last: Progress | None = None

    def __call__(self, event: Progress) -> None:
        last, self._last = self._last, event
        took = 0.0 if last is None else event.seconds - last.seconds
        if last is not None and took > LONG_SECONDS:
            parts = f"part {last.done + 1} of {event.of}"
            said = filter(None, [f"{part_title(last.part)}: {duration(took)}", parts, _left(event.left)])
            say(", ".join(said))


class _LeftColumn(ProgressColumn):
    """Counts the time left down."""

    def render(self, task: Task) -> Text:
        """Say what is left by now."""
        until = task.fields["until"]
        return Text(_left(None if until is None else max(0.0, until - monotonic())))


def _make_bar() -> Bar:
    return Bar(
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        _LeftColumn(),
        console=make_console(stderr=True),
        transient=True,
        refresh_per_second=2,
        # What is said in between stands above the bar; into a file it goes as ever.
        redirect_stdout=sys.stdout.isatty(),
    )
