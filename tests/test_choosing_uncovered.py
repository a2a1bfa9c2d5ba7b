"""Which tests run without coverage: long ones that cover nothing that others do not."""

import sqlite3
from contextlib import closing
from pathlib import Path

from tests.choosing_uncovered import (
    covered_by_tests,
    dispensable,
    function_of,
    starts_programs,
    uncovered_tests,
)

TESTS = Path(__file__).parent


def test_parameters_and_phases_are_no_part_of_a_name() -> None:
    for test in ("tests/a.py::test_b", "tests/a.py::test_b[x|y]", "tests/a.py::test_b[[\n]]|run"):
        assert function_of(test) == "tests/a.py::test_b"


def test_the_longest_goes_whose_lines_all_stay_covered() -> None:
    covers = {"long": {1, 2}, "longer": {2, 3}, "alone": {4}, "short": {1}, "next": {2, 3}}
    seconds = {"long": 2.0, "longer": 3.0, "alone": 9.0, "short": 0.01, "next": 1.0}
    assert dispensable(covers, seconds) == ["longer", "long"]


def test_a_branch_counts_and_what_is_imported_does_not(tmp_path: Path) -> None:
    database = tmp_path / "data"
    with closing(sqlite3.connect(database)) as data:
        data.execute("CREATE TABLE context (id, context)")
        data.execute("CREATE TABLE arc (file_id, context_id, fromno, tono)")
        data.executemany("INSERT INTO context VALUES (?, ?)", [(1, ""), (2, "a|run"), (3, "b[1]|run")])
        rows = [(1, 1, -1, 1), (1, 2, 1, 2), (1, 2, 2, 3), (1, 3, 1, 2), (1, 3, 2, 4), (1, 3, 4, -1)]
        data.executemany("INSERT INTO arc VALUES (?, ?, ?, ?)", rows)
        data.commit()
    assert covered_by_tests(database) == {"a": {(1, 2), (1, 3), (1, 2, 3)}, "b": {(1, 2), (1, 4), (1, 2, 4)}}


def test_what_is_listed_exists() -> None:
    for name in uncovered_tests():
        path, *_, function = name.split("::")
        content = (TESTS.parent / path).read_text("utf-8")
        assert function.rpartition(".")[2] in content, name


def test_doctests_are_listed_by_their_modules() -> None:
    assert {name.split("/")[0] for name in uncovered_tests()} <= {"tests", "skknn_syndrome"}


def test_no_test_is_listed_that_starts_the_command() -> None:
    assert starts_programs("tests/cli/test_app.py::test_it")
    assert not [name for name in uncovered_tests() if starts_programs(name)]
