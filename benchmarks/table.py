"""What was measured, beside what is aimed at."""

from collections.abc import Iterator, Mapping, Sequence
from statistics import median
from typing import Any

Run = Mapping[str, Any]
"""What one process measured."""

AIMS = {
    (1116, 1, "engine"): (150, 350),
    (1116, 2, "engine"): (90, 200),
    (1116, 1, "search"): (25, 45),
    (1116, 1, "process"): (4, 5.5),
    (5000, 1, "engine"): (110, 200),
    (20000, 1, "engine"): (220, 300),
    (50000, 1, "engine"): (220, 350),
}
"""Rows, threads, contender: how many times as long plain scikit-learn should take at least, and at best."""

LOOP_AIMS = {1116: (90, 200), 5000: (20, 40), 20000: (4, 6)}
"""The same for the loop written by hand."""

PRODUCT_AIMS = {20000: (1.8, 1.4), 50000: (1.45, 1.2), 100000: (1.45, 1.2)}
"""How many times as long as the bare product a graph should take at most, and at best."""

MEMORY_AIMS = {20000: 64, 50000: 200, 100000: 400}
"""Megabytes of graph and engine beyond the data, at most."""

HEADER = ("what", "measured (median)", "single ratios", "aimed at", "data, and how")


def ratios(run: Run, one: str, other: str) -> list[float]:
    """Return how many times as long one contender took as another, round by round."""
    # CPU seconds where plain was measured in part: nothing else on the machine may stretch a part of it.
    seconds = run["cpu_seconds" if run["share_folds"] else "seconds"]
    return [first / second for first, second in zip(seconds[one], seconds[other], strict=True)]


def as_markdown(runs: Sequence[Run], memory: Sequence[Run]) -> str:
    """Return the tables of the documentation."""
    lines = [f"| {' | '.join(HEADER)} |", "|---|---|---|---|---|"]
    lines += [f"| {' | '.join(row)} |" for run in runs for row in _rows(run)]
    lines += ["", "| rows | graph, MB | graph and engine, MB | at most |", "|---|---|---|---|"]
    lines += [
        f"| {run['rows']:,} | {run['graph']:.0f} | {run['both']:.0f} | {MEMORY_AIMS.get(run['rows'], '')} |"
        for run in memory
    ]
    lines += ["", "| rows, classes | threads | " + " | ".join(_names(runs)) + " |"]
    lines += ["|---|---" + "|---" * len(_names(runs)) + "|"]
    lines += [_seconds(run, _names(runs)) for run in runs]
    lines += [
        "",
        *(
            f"Largest difference from plain scores, {_title(run)}: {_differences(run)}."
            for run in runs
            if run["differences"]
        ),
    ]
    return "\n".join(lines) + "\n"


def _rows(run: Run) -> Iterator[tuple[str, ...]]:
    for name in ("engine", "search", "process"):
        if name in run["seconds"] and "plain" in run["seconds"]:
            yield _row(
                run, f"plain / {name}", ratios(run, "plain", name), AIMS.get((run["rows"], run["jobs"], name))
            )
    if {"loop", "engine"} <= set(run["seconds"]):
        yield _row(run, "loop / engine", ratios(run, "loop", "engine"), LOOP_AIMS.get(run["rows"]))
    if "graph" in run:
        pairs = [graph / product for graph, product in zip(run["graph"], run["product"], strict=True)]
        yield _row(run, "graph / product", pairs, PRODUCT_AIMS.get(run["rows"]))


def _row(run: Run, name: str, values: Sequence[float], aims: tuple[float, float] | None) -> tuple[str, ...]:
    aimed = "" if aims is None else f"{aims[0]:g}, at best {aims[1]:g}"
    single = ", ".join(f"{value:.3g}" for value in values)
    return f"{_title(run)}: {name}", f"{median(values):.3g}", single, aimed, _how(run, name)


def _title(run: Run) -> str:
    threads = "1 thread" if run["jobs"] == 1 else f"{run['jobs']} jobs"
    return f"{run['rows']:,} x 320, {run['classes']} classes, {threads}"


def _how(run: Run, name: str) -> str:
    if run["share_folds"] and name.startswith("plain"):
        return (
            f"{run['data']}; **plain extrapolated** to 300 fits from k = 1 and 15 on "
            f"{run['share_folds']} of 10 folds for each distance; CPU seconds"
        )
    return str(run["data"])


def _names(runs: Sequence[Run]) -> list[str]:
    return list(
        dict.fromkeys(
            name
            for run in runs
            for name in (*run["seconds"], *(("product", "graph") if "graph" in run else ()))
        )
    )


def _seconds(run: Run, names: Sequence[str]) -> str:
    times = {name: median(values) for name, values in run["seconds"].items()}
    times |= {name: median(run[name]) for name in ("product", "graph") if name in run}
    mark = " (extrapolated)" if run["share_folds"] else ""
    cells = [
        f"{times[name]:.3g} s{mark if name == 'plain' else ''}" if name in times else "" for name in names
    ]
    return f"| {run['rows']:,}, {run['classes']} | {run['jobs']} | {' | '.join(cells)} |"


def _differences(run: Run) -> str:
    return ", ".join(f"{name} {value:.1e}" for name, value in run["differences"].items())
