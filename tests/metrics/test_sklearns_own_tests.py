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
"""Of these all tests that may call a function of ours, but for `OTHER_ARRAYS`."""

OTHER_ARRAYS = "array_api_strict or torch or cupy or dpnp"
"""Left out: arrays of other libraries, for our functions are written for NumPy's."""

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
    reasons: Counter[str]
    """Why tests were skipped."""
    calls: Counter[str]
    """Name of a function -> how often it was called."""


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("sklearns_own_tests")
    calls = folder / "calls"
    calls.mkdir()
    settings, report = folder / "pytest.ini", folder / "report.xml"
    settings.write_text("[pytest]\n", encoding="utf-8")  # in place of this project's strict ones
    options = ["-c", str(settings), f"--rootdir={Path(sklearn.__file__).parents[1]}", f"--junitxml={report}"]
    options += ["-q", "-p", "no:cacheprovider", "-p", "replaced_by_ours", "--disable-warnings"]
    options += ["--assert=plain"]  # rewriting what is run once would take as long as a third of the tests
    options += ["-k", f"not ({OTHER_ARRAYS})"]
    own_parameters = [f"{VALIDATION}::test_function_param_validation[sklearn.metrics.{n}]" for n in NAMES]
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    search_path = os.pathsep.join([str(Path(__file__).parent), *sys.path])
    own = {"PYTHONPATH": search_path, CALLS_FOLDER: str(calls), "SCIPY_ARRAY_API": "1"}
    own["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    completed = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "--pyargs", *MODULES, *own_parameters],
        cwd=folder,
        env=inherited | own,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=900,
    )
    assert report.is_file(), completed.stdout
    outcomes: Counter[tuple[str, str]] = Counter()
    reasons: Counter[str] = Counter()
    for case in ET.parse(report).iter("testcase"):  # noqa: S314 (pytest has just written it)
        tags = {child.tag for child in case} & {"skipped", "failure", "error"}
        outcomes[case.attrib["classname"], tags.pop() if tags else "passed"] += 1
        reasons.update(skip.attrib["message"] for skip in case.iter("skipped"))
    counts = (json.loads(path.read_text(encoding="utf-8")) for path in calls.glob("*.json"))
    return Run(
        completed.returncode, completed.stdout, outcomes, reasons, sum(map(Counter, counts), Counter())
    )


def test_all_pass(run: Run) -> None:
    assert run.exit_code == 0, run.output[-5000:]
    assert {outcome for _, outcome in run.outcomes} <= {"passed", "skipped"}


@pytest.mark.parametrize("module", [*MODULES, VALIDATION])
def test_every_module_takes_part(run: Run, module: str) -> None:
    assert run.outcomes[module, "passed"] >= len(NAMES)


def test_skipped_is_only_what_lacks_polars_or_does_not_apply(run: Run) -> None:
    expected = ("could not import 'polars'", "can not deal with 1d inputs")
    assert [reason for reason in run.reasons if not any(part in reason for part in expected)] == []


@pytest.mark.parametrize("name", NAMES)
def test_every_function_was_replaced(run: Run, name: str) -> None:
    assert run.calls[name] > 0
