"""The package against what others offer, side by side: `python -m benchmarks.peers`."""

import argparse
import json
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.drawing import draw
from benchmarks.processes import race_processes
from benchmarks.table import as_markdown
from skknn_syndrome._files import write_text

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS"), "1"
)

PARTS: dict[str, list[str]] = {
    "1116": ["1116", "10", "--product"],
    "1116-2": ["1116", "10", "--jobs", "2", "--contenders", "plain", "search", "engine"],
    "5000": ["5000", "10", "--product", "--contenders", "plain", "loop", "search", "engine"],
    "5000-others": ["5000", "10", "--contenders", "transformer", "faiss", "sklearnex"],
    "5000-share": ["5000", "10", "--share-folds", "2", "--contenders", "plain", "search", "engine"],
    "20000": ["20000", "10", "--share-folds", "2", "--product", "--contenders", "plain", "loop", "engine"],
    "50000": ["50000", "100", "--share-folds", "1", "--product", "--contenders", "plain", "engine"],
}
"""What is measured, each in a process of its own."""

ROUNDS = {"1116": 7, "1116-2": 7, "5000-others": 2}
"""Rounds where they aren't five: fewer only where nothing of ours is compared."""

MEMORY = {"20000": "10", "50000": "100", "100000": "100"}
"""Rows and classes."""

PACKAGES = ("scikit-learn", "numpy", "scipy", "numba", "faiss-cpu", "scikit-learn-intelex")


def main() -> None:
    """Measure what is asked for, and write JSON, table and picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parts", nargs="*", choices=[*PARTS, "process"], default=[*PARTS, "process"])
    parser.add_argument("--memory", nargs="*", choices=MEMORY, default=list(MEMORY), help="rows")
    parser.add_argument("--rounds", type=int, help="paired runs of each contender; at least five to publish")
    parser.add_argument("--data", type=Path, help="the public file; without it, the simulated study")
    parser.add_argument("--output", type=Path, default=Path("artifacts/bench"), metavar="DIR")
    arguments = parser.parse_args()
    if arguments.data:
        os.environ["SKKNN_SYNDROME_DATA"] = str(arguments.data.resolve())
    arguments.output.mkdir(parents=True, exist_ok=True)
    results = arguments.output / "results.json"
    # What was measured earlier stays, so that parts can be measured one by one.
    kept: dict[str, Any] = (
        json.loads(results.read_text()) if results.exists() else {"parts": {}, "memory": {}}
    )
    for part in arguments.parts:
        kept["parts"][part] = _measure(part, arguments.rounds)
        _write(kept, results)
    for rows in arguments.memory:
        kept["memory"][rows] = _run("benchmarks.memory", [rows, MEMORY[rows]], {})
        _write(kept, results)
    runs = [kept["parts"][part] for part in [*PARTS, "process"] if part in kept["parts"]]
    memory = [kept["memory"][rows] for rows in MEMORY if rows in kept["memory"]]
    write_text(arguments.output / "table.md", as_markdown(runs, memory))
    draw(runs, arguments.output)
    print((arguments.output / "table.md").read_text())


def _measure(part: str, rounds: int | None) -> dict[str, Any]:
    if part == "process":
        os.environ.update(ONE_THREAD)
        return race_processes(rounds or 5)
    options = [*PARTS[part], "--rounds", str(rounds or ROUNDS.get(part, 5))]
    return _run("benchmarks.measuring", options, {} if "--jobs" in options else ONE_THREAD)


def _run(module: str, arguments: list[str], environment: dict[str, str]) -> dict[str, Any]:
    ended = subprocess.run(  # noqa: S603  our own modules
        [sys.executable, "-m", module, *arguments],
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    measured: dict[str, Any] = json.loads(ended.stdout)
    return measured


def _write(kept: dict[str, Any], path: Path) -> None:
    kept["machine"] = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    kept["versions"] = {name: version(name) for name in PACKAGES}
    kept["measured"] = datetime.now(UTC).date().isoformat()
    write_text(path, json.dumps(kept, indent=1))


if __name__ == "__main__":
    main()
