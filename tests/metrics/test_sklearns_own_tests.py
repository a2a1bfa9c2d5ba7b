"""scikit-learn's own tests of its metrics, run against ours."""

import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
import sklearn

from tests.metrics.replaced_by_ours import CALLS_FOLDER, NAMES

MODULES = (
    "sklearn.metrics.tests.test_classification",
    "sklearn.metrics.tests.test_ranking",
    "sklearn.metrics.tests.test_common",
)
"""Run whole: no test is left out."""

VALIDATION = "sklearn.tests.test_public_functions"
"""Of this module the tests of our functions' parameters."""

NOT_OURS = ("PYTEST_", "COVERAGE_", "SKLEARN_")
"""Settings of the run around this one, which the run within must not inherit."""


@dataclass(frozen=True)
class Run:
    """What came of scikit-learn's tests."""

    exit_code: int
    output: str
    outcomes: Counter[tuple[str, str]]
    """(module, 'passed', 'skipped' or 'failed') -> number of tests."""
    skipped: list[str]
    """Names of the skipped tests."""
    calls: Counter[str]
    """Name of a function -> how often it was called."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("sklearns_own_tests")
    calls = folder / "calls"
    calls.mkdir()
    settings, report = folder / "pytest.ini", folder / "report.xml"
    settings.write_text("[pytest]\n", encoding="utf-8")  # in place of this project's strict ones
    options = [f"-c={settings}", f"--rootdir={Path(sklearn.__file__).parents[1]}", f"--junitxml={report}"]
    options += ["-n=2", "-q", "-p=no:cacheprovider", "-p=replaced_by_ours", "--disable-warnings"]
    own_parameters = [f"{VALIDATION}::test_function_param_validation[sklearn.metrics.{n}]" for n in NAMES]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    search_path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    completed = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--pyargs", *MODULES, *own_parameters],
        cwd=folder,
        env=inherited | {"PYTHONPATH": search_path, CALLS_FOLDER: str(calls)},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    outcomes: Counter[tuple[str, str]] = Counter()
    skipped = []
    for case in ET.parse(report).iter("testcase"):
        tags = {child.tag for child in case} & {"skipped", "failure", "error"}
        outcomes[case.attrib["classname"], tags.pop() if tags else "passed"] += 1
        if case.find("skipped") is not None:
            skipped.append(case.attrib["name"])
    counts = (json.loads(path.read_text(encoding="utf-8")) for path in calls.glob("*.json"))
    return Run(
        completed.returncode, completed.stdout, outcomes, skipped, sum(map(Counter, counts), Counter())
    )


def test_all_pass(run: Run) -> None:
    assert run.exit_code == 0, run.output[-5000:]
    assert {outcome for _, outcome in run.outcomes} <= {"passed", "skipped"}


@pytest.mark.parametrize("module", [*MODULES, VALIDATION])
def test_every_module_takes_part(run: Run, module: str) -> None:
    assert run.outcomes[module, "passed"] >= len(NAMES)


def test_only_tests_of_other_array_libraries_are_skipped(run: Run) -> None:
    assert [name for name in run.skipped if "array_api" not in name] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_function_was_replaced(run: Run, name: str) -> None:
    assert run.calls[name] > 0
