"""A study that is killed while it keeps its parts, and resumed: ``python -m tests.study.killed FOLDER``.

One process imports the package and forks the others, which would take seconds each to do so.
"""

import os
import random
import re
import signal
import sys
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np

from skknn_syndrome import EmbeddingDataset, study_dataset
from skknn_syndrome.results.study import StudyResult
from skknn_syndrome.study import KeptParts, resuming

CHANGES = {"open", "os.rename", "os.remove", "os.mkdir"}
"""Audit events of files that are made, read, renamed and removed."""

SETTINGS: dict[str, Any] = {
    "n_neighbors": [3, 5],
    "metrics": "cosine",
    "cv": 3,
    "n_repeats": 2,
    "with_map": False,
    "protocols": "subject",
    "analyses": ["repeats", "nested_cv", "subject_level"],
}


def make_dataset(seed: int = 0) -> EmbeddingDataset:
    """Return 60 images of 30 subjects in three overlapping classes."""
    rng = np.random.default_rng(seed)
    samples = rng.normal(size=(60, 5)) + np.repeat(rng.normal(size=(3, 5)), 20, axis=0)
    return EmbeddingDataset.from_arrays(samples, np.repeat(["a", "b", "c"], 20), np.arange(60) // 2)


def without_times(study: StudyResult) -> str:
    """Return the JSON of a study but for the moments and times that it tells."""
    times = r'"(started|elapsed_seconds|seconds|expected_seconds)":("[^"]*"|null|[-+.e0-9]+)'
    return re.sub(times, r'"\1":0', study.model_dump_json())


def _kill_at(number: int) -> None:
    """Let this process be killed at a change of what is kept."""
    changes = count(1)

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        about_kept = event in CHANGES and resuming.UNFINISHED in str(arguments[0])
        if about_kept and next(changes) == number:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(hook)


def _in_a_process(work: Callable[[], object]) -> int:
    """Do some work in a process of its own, and return the signal that ended it."""
    process = os.fork()
    if not process:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])


def _study(folder: Path, *, resume: bool, killed_at: int = 0) -> None:
    _kill_at(killed_at)
    study = study_dataset(make_dataset(), keep=KeptParts(folder, resume=resume), **SETTINGS)
    (folder / "result.json").write_text(without_times(study), "utf-8")


def main(folder: Path) -> None:
    """Kill a study at four random moments, let it end, and compare it with a whole one."""
    resuming.LEAST_SECONDS = 0
    moments = random.Random().choices(range(1, 21), k=4)  # noqa: S311  no secret
    ends = [
        _in_a_process(partial(_study, folder, resume=run > 0, killed_at=moment))
        for run, moment in enumerate(moments)
    ]
    last = _in_a_process(partial(_study, folder, resume=True))
    whole = without_times(study_dataset(make_dataset(), **SETTINGS))
    same = (folder / "result.json").read_text("utf-8") == whole
    sys.stdout.write(f"killed at {moments}: {ends}, then {last}, same: {same}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
