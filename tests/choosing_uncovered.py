"""Choice of the tests that run without coverage, so that every line and branch is covered as before.

Tracing makes tests take two thirds longer, and most of what a long test covers some short one covers too.
`nox -s uncovered` runs all tests with a context each and writes `uncovered.txt`, which conftest.py reads.
"""

import json
import os
import re
import resource
import sqlite3
import sys
from collections import Counter, defaultdict
from collections.abc import Generator, Hashable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from contextlib import closing
from pathlib import Path

import pytest

FOLDER = "TEST_SECONDS_FOLDER"
"""Names the folder that the seconds of tests are written to."""
LIST = Path(__file__).parent / "uncovered.txt"
SHORT = 0.1
"""CPU seconds below which a test is not worth a line."""
HEADER = "# Written by `nox -s uncovered`: tests that cover nothing that others do not, and take time."


def uncovered_tests() -> frozenset[str]:
    """Return the names of the tests that run without coverage."""
    return frozenset(line for line in LIST.read_text("utf-8").splitlines() if not line.startswith("#"))


def function_of(test: str) -> str:
    """Return the name of a test without its parameters, nor the phase that coverage adds."""
    return re.sub(r"(\[.*)?(\|\w+)?$", "", test, flags=re.DOTALL)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note the CPU seconds of a test, those of its programs too."""
    before = _seconds()
    outcome = yield
    with (Path(os.environ[FOLDER]) / f"{os.getpid()}.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps([item.nodeid, _seconds() - before]) + "\n")
    return outcome


def _seconds() -> float:
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(each.ru_utime + each.ru_stime for each in used)


def starts_programs(test: str) -> bool:
    """Tell whether a test's file starts programs: what these cover is noted under no test."""
    path = Path(test.split("::", maxsplit=1)[0])
    return path.is_file() and "sys.executable" in path.read_text("utf-8")


def dispensable(covers: Mapping[str, AbstractSet[Hashable]], seconds: Mapping[str, float]) -> list[str]:
    """Return tests without which all that is covered stays so, the longest first.

    Parameters
    ----------
    covers : mapping of str to set
        What each test covers.
    seconds : mapping of str to float
        How long it takes.
    """
    times = Counter(covered for each in covers.values() for covered in each)
    chosen = []
    for name in sorted(covers, key=lambda name: (-seconds.get(name, 0.0), name)):
        if seconds.get(name, 0.0) < SHORT:
            break
        if all(times[covered] > 1 for covered in covers[name]):
            times.subtract(covers[name])
            chosen.append(name)
    return chosen


def covered_by_tests(database: Path) -> dict[str, set[Hashable]]:
    """Return the lines and branches that each test covers, and that importing the package does not."""
    with closing(sqlite3.connect(database)) as data:
        contexts = data.execute("SELECT id, context FROM context")
        tests = {number: function_of(name) for number, name in contexts}
        arcs = data.execute("SELECT file_id, context_id, fromno, tono FROM arc").fetchall()
    leads_to: dict[tuple[int, int], set[int]] = defaultdict(set)
    for file, _, start, end in arcs:
        leads_to[file, start].add(end)
    covers: dict[str, set[Hashable]] = defaultdict(set)
    for file, test, start, end in arcs:
        # A number below 0 is the way into a function or out of it.
        covers[tests[test]].update((file, line) for line in (start, end) if line > 0)
        if len(leads_to[file, start]) > 1:
            covers[tests[test]].add((file, start, end))
    always = covers.pop("", set())
    return {name: found - always for name, found in covers.items()}


def seconds_by_test(files: Iterable[Path]) -> dict[str, float]:
    """Add up the seconds that were noted of each test, over its parameters."""
    seconds: Counter[str] = Counter()
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            name, used = json.loads(line)
            seconds[function_of(name)] += used
    return dict(seconds)


if __name__ == "__main__":
    database, folder = map(Path, sys.argv[1:])
    names = dispensable(covered_by_tests(database), seconds_by_test(folder.glob("*.jsonl")))
    names = [name for name in names if not starts_programs(name)]
    LIST.write_text("\n".join([HEADER, *sorted(names)]) + "\n", encoding="utf-8")
