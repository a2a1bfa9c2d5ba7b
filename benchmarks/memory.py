"""Peak memory of graph and engine beyond the data, as JSON: `python -m benchmarks.memory ROWS CLASSES`."""

import ctypes
import json
import sys
from pathlib import Path

from threadpoolctl import threadpool_limits

from benchmarks.problems import METRICS, NEIGHBORS, make_problem
from skknn_syndrome import NeighborGraph
from skknn_syndrome.heads.graph_scores.grid import score_grid


def main() -> None:
    """Measure, and print megabytes."""
    rows, classes = map(int, sys.argv[1:3])
    with threadpool_limits(1):
        _build(4000, 10)  # libraries, buffers and compiled code are no part of it
        problem = make_problem(rows, classes)
        ctypes.CDLL("libc.so.6").malloc_trim(0)  # what was freed is not there to be used again unseen
        Path("/proc/self/clear_refs").write_text("5")  # the high-water mark starts anew
        before = _status("VmRSS")
        graph = NeighborGraph.from_embeddings(problem.samples, metrics=METRICS, depth=32)
        after_graph = _status("VmHWM")
        score_grid(graph, problem.labels, problem.splits, metrics=METRICS, n_neighbors=NEIGHBORS)
        print(json.dumps({"rows": rows, "graph": after_graph - before, "both": _status("VmHWM") - before}))


def _build(rows: int, classes: int) -> None:
    problem = make_problem(rows, classes)
    graph = NeighborGraph.from_embeddings(problem.samples, metrics=METRICS, depth=32)
    score_grid(graph, problem.labels, problem.splits, metrics=METRICS, n_neighbors=NEIGHBORS)


def _status(name: str) -> float:
    """Return a figure of the process in megabytes."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / 1024
    raise LookupError(f"/proc/self/status has no {name}.")


if __name__ == "__main__":
    main()
