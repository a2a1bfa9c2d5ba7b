"""The command line as a user calls it, in this process."""

import sys
import warnings
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest

from skknn_syndrome.cli import main
from skknn_syndrome.figures import collection


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
    # The command line shows warnings its own way; put back what it replaces.
    monkeypatch.setattr(warnings, "showwarning", warnings.showwarning)

    def run_command(*arguments: str) -> Outcome:
        monkeypatch.setattr(sys, "argv", ["skknn-syndrome", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        captured = capsys.readouterr()
        code = ended.value.code
        return Outcome(code if isinstance(code, int) else 0, captured.out, captured.err)

    return run_command


@pytest.fixture
def all_figures() -> None:
    """Ask for every figure of a study."""


@pytest.fixture(autouse=True)
def first_figure(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no more than the first figure of a study: all of them take longer than the rest of a small one."""
    if "all_figures" not in request.fixturenames:
        drawn = collection._drawn  # noqa: SLF001
        monkeypatch.setattr(collection, "_drawn", lambda study: islice(drawn(study), 1))


@pytest.fixture
def faces(tmp_path: Path) -> Path:
    """Return a small CSV file: 24 images of 12 subjects, two syndromes, four features."""
    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(24, 4)) + np.repeat([[0, 0, 3, 0], [3, 0, 0, 0]], 12, axis=0)
    lines = ["syndrome,subject,image,e0,e1,e2,e3"]
    lines += [
        ",".join([f"syndrome {row // 12}", f"patient{row // 2}", f"photo{row}", *map(str, vector)])
        for row, vector in enumerate(vectors)
    ]
    path = tmp_path / "secret folder" / "faces.csv"
    path.parent.mkdir()
    path.write_text("\n".join(lines) + "\n")
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
