"""Prediction of 1,000 images beside scikit-learn and faiss: `python -m benchmarks.predicting`."""

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

import faiss
import numpy as np
from sklearn.neighbors import KNeighborsClassifier
from threadpoolctl import threadpool_limits

from benchmarks.growth import Size, make_gallery
from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome._files import write_text
from skknn_syndrome._typing import FloatArray, LabelArray

N_QUERIES, N_NEIGHBORS = 1_000, 15
GALLERIES = (1_000, 10_000, 100_000)
THREADS = (1, 2)
ROUNDS = {1_000: 25, 10_000: 9, 100_000: 5}

Predict = Callable[[FloatArray], LabelArray]


def contenders(samples: FloatArray, labels: LabelArray) -> Mapping[str, Predict]:
    """Return how each predicts by cosine, fitted."""
    options: dict[str, Any] = {"n_neighbors": N_NEIGHBORS, "metric": "cosine"}
    ours = SyndromeKNNClassifier(**options).fit(samples, labels)
    theirs = KNeighborsClassifier(**options, weights="distance", algorithm="brute").fit(samples, labels)
    return {"ours": ours.predict, "scikit-learn": theirs.predict, "faiss": _by_faiss(samples, labels)}


def _by_faiss(samples: FloatArray, labels: LabelArray) -> Predict:
    index = faiss.IndexFlatIP(samples.shape[1])
    index.add(_unit(samples))
    classes, truth = np.unique(labels, return_inverse=True)

    def predict(queries: FloatArray) -> LabelArray:
        cosine, rows = index.search(_unit(queries), N_NEIGHBORS)
        votes = np.zeros((len(queries), len(classes)))
        weights = 1 / np.maximum(1 - cosine, 1e-12)
        np.add.at(votes, (np.arange(len(queries))[:, None], truth[rows]), weights)
        predicted: LabelArray = classes[votes.argmax(axis=1)]
        return predicted

    return predict


def _unit(samples: FloatArray) -> FloatArray:
    scaled: FloatArray = samples / np.linalg.norm(samples, axis=1, keepdims=True)
    return scaled


def measure_here(rows: int, threads: int) -> dict[str, Any]:
    """Let all predict in turn, and return median CPU seconds, ratios of one round and agreement."""
    dataset = make_gallery(Size(rows + N_QUERIES, 100, 512))
    mixed = np.random.default_rng(0).permutation(rows + N_QUERIES)
    samples, labels = dataset.embeddings[mixed].astype(np.float32), dataset.syndromes[mixed]
    gallery, queries = samples[N_QUERIES:], samples[:N_QUERIES]
    with threadpool_limits(threads):
        faiss.omp_set_num_threads(threads)
        predict = contenders(gallery, labels[N_QUERIES:])
        seconds: dict[str, list[float]] = {name: [] for name in predict}
        answers = {name: run(queries) for name, run in predict.items()}  # warm
        names = list(predict)
        for number in range(ROUNDS[rows]):
            for name in names[number % len(names) :] + names[: number % len(names)]:
                start = time.process_time()
                predict[name](queries)
                seconds[name].append(time.process_time() - start)
    return {
        "rows": rows,
        "threads": threads,
        "cpu_seconds": {name: median(times) for name, times in seconds.items()},
        "ratios": {
            name: median(ours / other for ours, other in zip(seconds["ours"], times, strict=True))
            for name, times in seconds.items()
            if name != "ours"
        },
        "agreement": {name: float(np.mean(said == answers["ours"])) for name, said in answers.items()},
    }


def as_markdown(runs: list[dict[str, Any]]) -> str:
    """Return a line a gallery; below 1 ours is faster."""
    lines = [
        "| gallery | threads | ours, CPU s | scikit-learn | faiss | ours / scikit-learn | ours / faiss |",
        "|---|---|---|---|---|---|---|",
    ]
    for run in runs:
        cpu, ratios = run["cpu_seconds"], run["ratios"]
        cells = [f"{cpu[name]:.3f}" for name in ("ours", "scikit-learn", "faiss")]
        cells += [f"{ratios[name]:.2f}" for name in ("scikit-learn", "faiss")]
        lines.append(f"| {run['rows']:,} | {run['threads']} | {' | '.join(cells)} |")
    return "\n".join(lines)


def main() -> None:
    """Measure each gallery in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", nargs="*", type=int, choices=GALLERIES, default=GALLERIES)
    parser.add_argument("--threads", nargs="*", type=int, default=THREADS)
    parser.add_argument("--output", type=Path, default=Path("artifacts/bench"), metavar="DIR")
    parser.add_argument("--here", nargs=2, type=int, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.here:
        print(json.dumps(measure_here(*arguments.here)))
        return
    runs = [_measure(rows, threads) for threads in arguments.threads for rows in arguments.rows]
    arguments.output.mkdir(parents=True, exist_ok=True)
    write_text(arguments.output / "predicting.json", json.dumps(runs, indent=1))
    write_text(arguments.output / "predicting.md", as_markdown(runs) + "\n")
    print(as_markdown(runs))


def _measure(rows: int, threads: int) -> dict[str, Any]:
    ended = subprocess.run(  # noqa: S603  this module
        [sys.executable, "-m", "benchmarks.predicting", "--here", str(rows), str(threads)],
        env=os.environ | {"OMP_NUM_THREADS": str(threads)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


if __name__ == "__main__":
    main()
