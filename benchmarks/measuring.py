"""Times of one size, in a process of its own, as JSON: `python -m benchmarks.measuring ROWS CLASSES`."""

import argparse
import json
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from sklearn.neighbors import KNeighborsClassifier
from threadpoolctl import threadpool_limits

from benchmarks.contenders import CONTENDERS, Scores, fold_scores, search
from benchmarks.problems import METRICS, NEIGHBORS, STUDY_ROWS, Problem, make_problem
from skknn_syndrome import NeighborGraph
from skknn_syndrome.heads.graph_scores.grid import score_grid
from skknn_syndrome.metrics.score_table import SCORE_NAMES

SHARE = (1, 15)
"""The numbers of neighbours whose fits stand for those of all fifteen."""

DEPTH = 32
"""Depth of the graphs that are set beside the bare product."""


def main() -> None:
    """Measure, and print what was measured."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rows", type=int)
    parser.add_argument("classes", type=int)
    parser.add_argument("--contenders", nargs="*", default=list(CONTENDERS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--share-folds", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=None)
    parser.add_argument("--product", action="store_true")
    arguments = parser.parse_args()
    with threadpool_limits(arguments.jobs or 1):
        print(json.dumps(_measure(arguments)))


def _measure(arguments: argparse.Namespace) -> dict[str, Any]:
    warm = make_problem(3100, 10)
    CONTENDERS["engine"](warm, None)  # compiles, or loads what was compiled
    problem = make_problem(arguments.rows, arguments.classes)
    result: dict[str, Any] = {
        "rows": arguments.rows,
        "classes": arguments.classes,
        "data": problem.name,
        "jobs": arguments.jobs or 1,
        "share_folds": arguments.share_folds,
    }
    result |= _race(problem, arguments)
    if arguments.product:
        result |= _beside_the_product(problem, arguments.rounds)
    return result


def _race(problem: Problem, arguments: argparse.Namespace) -> dict[str, Any]:
    """Run all contenders in turn, each round in another order."""
    runners: dict[str, Callable[[], tuple[float, float, Any]]] = {
        name: _timed(lambda name=name: CONTENDERS[name](problem, arguments.jobs))  # type: ignore[misc]
        for name in arguments.contenders
        if not (name == "plain" and arguments.share_folds)
    }
    if arguments.share_folds:
        runners["plain"] = lambda: _share_of_plain(problem, arguments.share_folds)
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    cpu: dict[str, list[float]] = {name: [] for name in runners}
    scores: dict[str, Any] = {}
    names = list(runners)
    for number in range(arguments.rounds):
        for name in names[number % len(names) :] + names[: number % len(names)]:
            wall, processor, scores[name] = runners[name]()
            seconds[name].append(wall)
            cpu[name].append(processor)
            print(
                f"{arguments.rows} rows, round {number + 1}: {name} {wall:.3f} s", file=sys.stderr, flush=True
            )
    return {"seconds": seconds, "cpu_seconds": cpu, "differences": _differences(problem, scores, arguments)}


def _timed(run: Callable[[], Any]) -> Callable[[], tuple[float, float, Any]]:
    def timed() -> tuple[float, float, Any]:
        wall, processor = time.perf_counter(), time.process_time()
        value = run()
        return time.perf_counter() - wall, time.process_time() - processor, value

    return timed


def _share_of_plain(problem: Problem, n_folds: int) -> tuple[float, float, Any]:
    """Time some fits of each distance, and count each for as many as it stands for."""
    wall = processor = 0.0
    scores = {}
    for metric in METRICS:
        estimator = KNeighborsClassifier(metric=metric, weights="distance", algorithm="brute")
        grid = {"n_neighbors": list(SHARE)}
        one, two, scores[metric] = _timed(
            lambda: search(estimator, grid, problem, problem.splits[:n_folds])  # noqa: B023
        )()
        scale = len(NEIGHBORS) / len(SHARE) * len(problem.splits) / n_folds
        wall, processor = wall + one * scale, processor + two * scale
    parts = [fold_scores(found, n_folds) for found in scores.values()]
    return wall, processor, {name: np.stack([part[name] for part in parts]) for name in SCORE_NAMES}


def _differences(problem: Problem, scores: dict[str, Any], arguments: argparse.Namespace) -> dict[str, float]:
    """Return how far every contender's scores are from the plain ones, in any fold of any candidate."""
    if "plain" not in scores:
        return {}
    plain = scores.pop("plain")
    if arguments.share_folds:
        scores = {"engine": _same_share(problem, arguments.share_folds)}
    found = {name: _farthest(ours, plain) for name, ours in scores.items()}
    if arguments.rows == STUDY_ROWS and not arguments.share_folds:
        exact = replace(problem, samples=problem.samples.astype(np.float64))
        found["engine, double precision"] = _farthest(
            CONTENDERS["engine"](exact, None), CONTENDERS["plain"](exact, None)
        )
    return found


def _farthest(ours: Scores, plain: Scores) -> float:
    """Return the largest difference; of a top-k accuracy, how far the plain one is outside its tie bounds."""
    return max(
        float(np.abs(np.clip(plain[name], *_bounds(ours, name)) - plain[name]).max()) for name in SCORE_NAMES
    )


def _bounds(scores: Scores, name: str) -> tuple[Any, Any]:
    own = scores[name]
    return scores.get(f"{name}_lower", own), scores.get(f"{name}_upper", own)


def _same_share(problem: Problem, n_folds: int) -> Scores:
    graph = NeighborGraph.from_embeddings(problem.samples, depth=DEPTH)
    splits = problem.splits[:n_folds]
    scores = score_grid(graph, problem.labels, splits, metrics=METRICS, n_neighbors=SHARE)
    return {name: table[:, :, 0] for name, table in scores.items()}


def _beside_the_product(problem: Problem, rounds: int) -> dict[str, Any]:
    """Time graphs and bare products in turn."""
    graphs, products = [], []
    for _ in range(rounds):
        products.append(min(_product(problem.samples, tile) for tile in (1024, 2048)))
        graphs.append(_timed(lambda: NeighborGraph.from_embeddings(problem.samples, depth=DEPTH))()[0])
    return {"graph": graphs, "product": products}


def _product(samples: Any, tile: int) -> float:
    """Time the general product of the upper-triangle tiles alone, in single precision."""
    start = time.perf_counter()
    for row in range(0, len(samples), tile):
        left = samples[row : row + tile]
        for column in range(row, len(samples), tile):
            np.dot(left, samples[column : column + tile].T.copy())
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
