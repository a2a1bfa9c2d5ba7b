"""The progress of a study on a terminal, and where there is none."""

import io
import sys
from pathlib import Path

import pytest

from skknn_syndrome.cli import progress
from skknn_syndrome.cli.console import say
from skknn_syndrome.cli.progress import showing_progress
from skknn_syndrome.study.progress import Progress
from tests.cli.conftest import Run

EVENTS = (
    Progress("graph", 0, 2, 0.0, None),
    Progress("nested_cv", 1, 2, 1.0, 200.0),
    Progress("nested_cv", 2, 2, 5.0, 0.0),
)


class Terminal(io.StringIO):
    """Takes control codes, and keeps them."""

    def isatty(self) -> bool:
        return True


def on_terminal(monkeypatch: pytest.MonkeyPatch, kind: str = "xterm") -> Terminal:
    """Let the error stream be a terminal: in the test itself, for pytest replaces a fixture's."""
    monkeypatch.setenv("TERM", kind)
    monkeypatch.setenv("COLUMNS", "100")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal


def show(*events: Progress) -> None:
    with showing_progress() as display:
        for event in events:
            display(event)
            say(f"said in {event.part}")
        display.finish()


def test_a_terminal_has_a_bar_with_the_part_and_the_time_left(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stdout", shown)
    with showing_progress() as display:
        display(EVENTS[1])
        say("said in between")
    assert "nested cv" in terminal.getvalue()
    assert "1/3" in terminal.getvalue()
    assert "about 3 min left" in terminal.getvalue()
    assert "\x1b[?25h" in terminal.getvalue()  # the cursor is back
    assert shown.getvalue() == "said in between\n"


def test_what_is_said_on_the_same_terminal_stands_above_the_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = on_terminal(monkeypatch)
    monkeypatch.setattr(sys, "stdout", Terminal())
    show(*EVENTS)
    assert "said in graph\n" in terminal.getvalue()
    assert "figures" in terminal.getvalue()


@pytest.mark.parametrize("kind", ["a pipe", "a terminal without control codes", "nothing"])
def test_elsewhere_a_part_that_took_long_has_a_plain_line(
    kind: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    terminal = on_terminal(monkeypatch, "dumb")
    if kind != "a terminal without control codes":
        monkeypatch.setattr(sys, "stderr", io.StringIO() if kind == "a pipe" else None)
    show(*EVENTS)
    assert capsys.readouterr().out.splitlines() == [
        *("said in graph", "said in nested_cv"),
        "nested cv: 4 s, part 2 of 3",
        "said in nested_cv",
    ]
    assert not terminal.getvalue()


def test_the_line_names_the_time_left(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(progress, "LONG_SECONDS", 0.5)
    show(*EVENTS)
    assert "graph: 1 s, part 1 of 3, about 3 min left\n" in capsys.readouterr().out


def test_a_pipe_gets_no_control_codes_of_a_whole_study(
    run: Run, faces: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setattr(progress, "LONG_SECONDS", -1)
    quick = "--n-neighbors", "3", "--cv", "3", "--quick", "--metric", "cosine"
    outcome = run("study", str(faces), *quick)
    lines = [line for line in outcome.stdout.splitlines() if " of 13" in line]
    assert [line.partition(":")[0] for line in lines] == [
        *("folds", "graph", *2 * ("search", "out-of-fold predictions", "folds"), "inflation", "per class"),
        *("near duplicates", "embedding map", "figures"),
    ]
    assert "\x1b" not in "".join(lines) + outcome.stderr
