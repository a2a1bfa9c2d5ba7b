"""Studies that are stopped and resumed on the command line."""

import re
import shlex
from pathlib import Path
from unittest.mock import Mock

import pytest

from skknn_syndrome.cli import study as verb
from skknn_syndrome.study import resuming
from tests.cli.conftest import Outcome, Run

STUDY = ("--n-neighbors", "1,3", "--cv", "3", "--quick", "--metric", "cosine", "-o", "out")
KEPT = Path("out/.unfinished")


@pytest.fixture(autouse=True)
def keep_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep parts however little they took."""
    monkeypatch.setattr(resuming, "LEAST_SECONDS", 0)


def stopped(run: Run, faces: Path, by: BaseException, *arguments: str) -> Outcome:
    """Return how a study ends that is stopped when its files are written."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verb, "write_files", Mock(side_effect=by))
        return run("study", str(faces), *STUDY, *arguments)


def test_ctrl_c_says_what_is_kept_and_the_command_that_goes_on_to_the_same_study(
    run: Run, faces: Path
) -> None:
    def written() -> str:
        text = Path("out/study.json").read_text("utf-8")
        return re.sub(r'"(started|elapsed_seconds|seconds)": *("[^"]*"|[-+.e0-9]+)', r'"\1":0', text)

    assert run("study", str(faces), *STUDY).exit_code == 0
    whole, settings = written(), Path("out/settings.toml").read_text("utf-8")
    outcome = stopped(run, faces, KeyboardInterrupt())
    assert outcome.exit_code == 130
    kept, command, interrupted = outcome.stderr.splitlines()
    assert re.fullmatch(r"Kept 5 finished parts \(\d+ s of computing\) in out/.unfinished. To go on:", kept)
    assert command == shlex.join(["skknn-syndrome", "study", str(faces), *STUDY, "--resume"])
    assert interrupted.startswith("Interrupted")
    outcome = run(*shlex.split(command)[1:])
    assert (outcome.exit_code, outcome.stderr) == (0, "")
    assert "Found 5 finished parts (" in outcome.stdout
    assert (written(), Path("out/settings.toml").read_text("utf-8")) == (whole, settings)
    assert not KEPT.exists()


def test_an_error_says_so_too(run: Run, faces: Path) -> None:
    outcome = stopped(run, faces, MemoryError(), "--", "--resume")
    assert outcome.exit_code == 2  # two files are no study
    outcome = stopped(run, faces, MemoryError())
    kept, _, error = outcome.stderr.splitlines()
    assert (outcome.exit_code, kept[:4]) == (1, "Kept")
    assert error.startswith("Error: there is not enough memory")


def test_where_options_end_the_command_that_goes_on_has_it_before(run: Run, faces: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verb, "write_files", Mock(side_effect=KeyboardInterrupt()))
        outcome = run("study", *STUDY, "--", str(faces))
    assert f"{shlex.join(STUDY)} --resume -- {shlex.quote(str(faces))}\n" in outcome.stderr


def test_other_settings_are_refused_in_one_sentence(run: Run, faces: Path) -> None:
    stopped(run, faces, KeyboardInterrupt())
    outcome = run("study", str(faces), *STUDY, "--resume", "--cv", "2", "--temperature", "0.5")
    assert outcome.exit_code == 2
    assert outcome.stderr == (
        "Error: out/.unfinished holds parts of another study (--temperature 0.07 instead of --temperature "
        "0.5, --cv 3 instead of --cv 2): leave --resume out to start afresh, or give data and settings as "
        "they were.\n"
    )
    assert KEPT.exists()


def test_without_resume_what_is_there_is_mentioned_and_replaced(run: Run, faces: Path) -> None:
    stopped(run, faces, KeyboardInterrupt())
    outcome = run("study", str(faces), *STUDY, "--cv", "2")
    assert outcome.exit_code == 0
    assert "of an unfinished study: --resume takes them up" in outcome.stdout
    assert not KEPT.exists()


def test_nothing_to_resume_is_said_and_the_study_made(run: Run, faces: Path) -> None:
    Path("study.toml").write_text("resume = true\n", "utf-8")
    outcome = run("study", str(faces), *STUDY, "--config", "study.toml")
    assert outcome.exit_code == 0
    assert "There is nothing to resume in out" in outcome.stdout
    assert "resume" not in Path("out/settings.toml").read_text("utf-8")


def test_new_pseudonyms_are_not_resumed_and_nothing_is_kept(run: Run, faces: Path) -> None:
    outcome = run("study", str(faces), *STUDY, "--pseudonymise", "--resume")
    assert outcome.exit_code == 2
    assert "skknn-syndrome convert" in outcome.stderr
    outcome = stopped(run, faces, KeyboardInterrupt(), "--pseudonymise")
    assert outcome.stderr == "Interrupted; nothing was left half-written.\n"
    assert not Path("out").exists()


def test_what_is_stopped_before_a_part_is_finished_keeps_nothing(run: Run, faces: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(verb, "_study", Mock(side_effect=KeyboardInterrupt()))
        outcome = run("study", str(faces), *STUDY)
    assert outcome.stderr == "Interrupted; nothing was left half-written.\n"
