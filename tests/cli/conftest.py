"""The command line as a user calls it, in this process."""

import io
import json
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from filelock import FileLock
from matplotlib.figure import Figure
from matplotlib.text import Text

from skknn_syndrome._files import write_bytes
from skknn_syndrome.cli import main
from skknn_syndrome.display.style import KINDS, FigureFile, Kind, figure_file
from skknn_syndrome.rendering import figures as collection


class Outcome(NamedTuple):
    """How a command ended."""

    exit_code: int
    stdout: str
    stderr: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Return a function that runs `skknn-syndrome ARGUMENTS` in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")

    def run_command(*arguments: str) -> Outcome:
        code = exit_code_of(arguments, monkeypatch)
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return run_command


def exit_code_of(arguments: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Run `skknn-syndrome ARGUMENTS` in this process."""
    # The command line shows warnings its own way; put back what it replaces.
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)
    monkeypatch.setattr(sys, "argv", ["skknn-syndrome", *arguments])
    with pytest.raises(SystemExit) as ended:
        main()
    code = ended.value.code
    return code if isinstance(code, int) else 0


class WholeStudy(NamedTuple):
    """A study with all that goes with it, which tests read and leave as it is."""

    outcome: Outcome
    folder: Path
    source: Path
    """The folder of its file."""


@pytest.fixture(scope="session")
def whole_study(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> WholeStudy:
    """Make one study with every analysis, table and figure, once for all processes that run tests."""
    base = tmp_path_factory.getbasetemp()
    shared = (base if worker_id == "master" else base.parent) / "whole study"
    told = shared / "outcome.json"
    with FileLock(f"{shared}.lock"):
        if not told.exists():
            shared.mkdir()
            outcome = _study_everything(shared)
            told.write_text(json.dumps(outcome), "utf-8")
    return WholeStudy(Outcome(*json.loads(told.read_text("utf-8"))), shared / "out", shared)


def _study_everything(folder: Path) -> Outcome:
    lines = table_of_faces().splitlines()
    # One vector twice, so that the near-duplicates have something to name, and one row that is refused.
    lines[4] = ",".join([*lines[4].split(",")[:3], *lines[1].split(",")[3:]])
    path = folder / "secret folder" / "faces.csv"
    path.parent.mkdir()
    path.write_text("\n".join([*lines, "syndrome 0,patient99,photo99,1,2,x,4"]) + "\n")
    shown, complaints = io.StringIO(), io.StringIO()
    with (
        pytest.MonkeyPatch.context() as patch,
        redirect_stdout(shown),
        redirect_stderr(complaints),
    ):
        patch.setattr(collection, "save_figure", _save_texts)
        patch.chdir(folder)
        patch.setenv("COLUMNS", "200")
        arguments = ("--pseudonymise", "--n-neighbors", "1,3-4", "--cv", "3", "--n-repeats", "2")
        command = ["study", str(path), f"--output={folder / 'out'}", *arguments, "--group-near-duplicates"]
        code = exit_code_of(command, patch)
    return Outcome(code, shown.getvalue(), complaints.getvalue())


def _save_texts(
    figure: Figure, name: str, folder: Path, *, alt_text: str, kinds: Sequence[Kind] = KINDS
) -> FigureFile:
    """Write the texts of a figure in the place of its pictures, which take longer than the study."""
    texts = "\n".join(str(text.get_text()) for text in figure.findobj(Text))
    for kind in kinds:
        write_bytes(folder / f"{name}.{kind}", texts.encode())
    return figure_file(name, folder, alt_text)


@pytest.fixture(autouse=True)
def no_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no figures: they take longer than the rest of a small study, and the whole one has them all."""
    monkeypatch.setattr(collection, "_drawn", lambda _maker, _of: None)


def table_of_faces() -> str:
    """Return a CSV table: 24 images of 12 subjects, two syndromes, four features."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(24, 4)) + np.repeat([[0, 0, 3, 0], [3, 0, 0, 0]], 12, axis=0)
    lines = ["syndrome,subject,image,e0,e1,e2,e3"]
    lines += [
        ",".join([f"syndrome {row // 12}", f"patient{row // 2}", f"photo{row}", *map(str, vector)])
        for row, vector in enumerate(vectors)
    ]
    return "\n".join(lines) + "\n"


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    """Return a small CSV file."""
    path = tmp_path / "secret folder" / "faces.csv"
    path.parent.mkdir()
    path.write_text(table_of_faces())
    return path


@pytest.fixture
def messy(tmp_path: Path) -> Path:
    """Return a CSV file as pandas writes one: an index, columns of other names, and one that has no part."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(48, 4)) + np.repeat([[0, 0, 3, 0], [3, 0, 0, 0]], 24, axis=0)
    lines = [",filename,label,patient_id,split,emb_0,emb_1,emb_2,emb_3"]
    lines += [
        f"{row},i{row}.jpg,{'ab'[row // 24]},P{row // 2},{'train' if row % 3 else 'test'},"
        + ",".join(map(str, vector))
        for row, vector in enumerate(vectors)
    ]
    path = tmp_path / "my file.csv"
    path.write_text("\n".join(lines) + "\n")
    return path
