"""How a study's time and memory grow with images, classes and features: `python -m benchmarks.growth`."""

import argparse
import json
import math
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

from skknn_syndrome import EmbeddingDataset, study_dataset
from skknn_syndrome._files import write_text


class Size(NamedTuple):
    """Size of a made-up gallery."""

    images: int
    classes: int
    features: int


IMAGES = tuple(Size(images, 100, 512) for images in (1_000, 5_000, 20_000, 50_000))
CLASSES = tuple(Size(5_000, classes, 512) for classes in (10, 100, 500))
FEATURES = tuple(Size(5_000, 100, features) for features in (128, 512, 2_048))
SIZES = {
    f"{size.images}x{size.classes}x{size.features}": size
    for size in dict.fromkeys(IMAGES + CLASSES + FEATURES)
}

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")

Measured = dict[str, Any]
"""Of one size: its figures, CPU seconds and peak, and the CPU seconds of each part."""


def make_gallery(size: Size, seed: int = 0) -> EmbeddingDataset:
    """Return unequal classes of subjects with one to three images each; cosine k-NN reaches an AUC of .95."""
    generator = np.random.default_rng(seed)
    shares = generator.dirichlet(np.full(size.classes, 2.0))
    counts = np.maximum(4, np.round(shares * size.images)).astype(int)
    while (missing := size.images - counts.sum()) != 0:
        counts[counts.argmin() if missing > 0 else counts.argmax()] += np.sign(missing)
    classes = np.repeat(np.arange(size.classes), counts)
    starts = generator.random(size.images) < 0.6  # of a subject's images, here and there
    starts |= np.diff(classes, prepend=-1) != 0
    subjects = np.cumsum(starts) - 1
    centres = 0.38 * generator.standard_normal((size.classes, size.features), dtype=np.float32)
    people = generator.standard_normal((subjects[-1] + 1, size.features), dtype=np.float32)
    samples = centres[classes] + people[subjects]
    samples += 0.6 * generator.standard_normal(samples.shape, dtype=np.float32)
    names = np.char.add("class ", classes.astype(str)), np.char.add("s", subjects.astype(str))
    return EmbeddingDataset.from_arrays(samples, *names)


def measure_here(size: Size, *, quick: bool) -> Measured:
    """Run a default study without map and figures in this process."""
    dataset = make_gallery(size)
    before = _cpu_seconds()
    options: dict[str, Any] = {"analyses": ()} if quick else {"preprocessing": "scores"}
    # Other jobs of the machine lengthen a part's wall time, and not its CPU time.
    with patch("skknn_syndrome.crossval.provenance.perf_counter", time.process_time):
        study = study_dataset(dataset, with_map=False, **options)
    return {
        **size._asdict(),
        "quick": quick,
        "cpu_seconds": _cpu_seconds() - before,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "auc": study.primary.winner.scores["roc_auc_ovr"].mean,
        "parts": {timing.part: timing.seconds for timing in study.provenance.timings},
    }


def _cpu_seconds() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def measure(size: Size, *, quick: bool = False) -> Measured:
    """Run the study in a process of its own, on one thread."""
    words = ["--here", *map(str, size), *(["--quick"] if quick else [])]
    ended = subprocess.run(  # noqa: S603  this module
        [sys.executable, "-m", "benchmarks.growth", *words],
        env=os.environ | ONE_THREAD,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: Measured = json.loads(ended.stdout)
    return found


def exponent(first: tuple[float, float], second: tuple[float, float]) -> float | None:
    """Return b of seconds = a sizeᵇ between two points; None where a part took no time that counts."""
    (size, seconds), (larger, longer) = first, second
    if min(seconds, longer) < 0.05:
        return None
    return math.log(longer / seconds) / math.log(larger / size)


def as_markdown(runs: Sequence[Measured]) -> str:
    """Return a table of seconds by part, one column a size, with exponents between neighbours."""
    tables = [
        _table(along, [run for size in sizes for run in runs if _size_of(run) == size])
        for along, sizes in (("images", IMAGES), ("classes", CLASSES), ("features", FEATURES))
    ]
    return "\n\n".join(table for table in tables if table)


def _size_of(run: Measured) -> Size:
    return Size(run["images"], run["classes"], run["features"])


def _table(along: str, runs: Sequence[Measured]) -> str:
    if len(runs) < 2:
        return ""
    others = " x ".join(f"{runs[0][name]:,} {name}" for name in Size._fields if name != along)
    head = [f"{along} ({others})", *(f"{run[along]:,}" for run in runs), "exponents"]
    rows = [
        ["CPU seconds in all", *(f"{run['cpu_seconds']:.1f}" for run in runs), _exponents(along, runs)],
        ["peak, MB", *(f"{run['peak_mb']:,.0f}" for run in runs), ""],
    ]
    parts = dict.fromkeys(part for run in runs for part in run["parts"])
    rows += [
        [part, *(f"{run['parts'].get(part, 0):.2f}" for run in runs), _exponents(along, runs, part)]
        for part in parts
    ]
    return "\n".join(map(_line, [head, ["---"] * len(head), *rows]))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _exponents(along: str, runs: Sequence[Measured], part: str | None = None) -> str:
    points = [
        (run[along], run["cpu_seconds"] if part is None else run["parts"].get(part, 0.0)) for run in runs
    ]
    found = [exponent(*pair) for pair in pairwise(points)]
    return ", ".join("" if value is None else f"{value:.2f}" for value in found)


def main() -> None:
    """Measure what is asked for; what was measured earlier stays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", choices=SIZES, default=list(SIZES))
    parser.add_argument("--quick", action="store_true", help="scores alone")
    parser.add_argument("--output", type=Path, default=Path("artifacts/bench"), metavar="DIR")
    parser.add_argument("--here", nargs=3, type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.here:
        print(json.dumps(measure_here(Size(*arguments.here), quick=arguments.quick)))
        return
    arguments.output.mkdir(parents=True, exist_ok=True)
    path = arguments.output / ("growth-quick.json" if arguments.quick else "growth.json")
    kept: dict[str, Measured] = json.loads(path.read_text()) if path.exists() else {}
    for name in arguments.sizes:
        kept[name] = measure(SIZES[name], quick=arguments.quick)
        write_text(path, json.dumps(kept, indent=1))
    table = as_markdown(list(kept.values()))
    write_text(path.with_suffix(".md"), table + "\n")
    print(table)


if __name__ == "__main__":
    main()
