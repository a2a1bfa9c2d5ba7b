"""Fixtures that all tests share."""

import os
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from coverage import Coverage
from hypothesis import HealthCheck, settings

from tests.choosing_uncovered import function_of, uncovered_tests
from tests.problems import _tied, problem, small  # noqa: F401  fixtures

# How long an example takes is the machine's doing, and the checkout may be one that can't be written to.
settings.register_profile(
    "any_machine", database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("any_machine")

REAL_FILE = "mini_gm_public_v0.1.p"


@pytest.fixture(scope="session")
def no_cover() -> None:
    """Leave who asks for it out of the coverage: pytest-cov's fixture of this name is of one test's scope."""


OF_PROGRAMS = "COVERAGE_PROCESS_CONFIG"
"""The environment variable with which a program measures its coverage."""
GIVEN = pytest.StashKey[str | None]()
"""Its value when the tests begin: a test that puts back an environment of before may lose it."""


@contextmanager
def _programs(config: pytest.Config, *, covered: bool) -> Iterator[None]:
    """Have programs that are started within the block measure their coverage, or not."""
    with pytest.MonkeyPatch.context() as patch:
        given = config.stash[GIVEN]
        if covered and given is not None:
            patch.setenv(OF_PROGRAMS, given)
        else:
            patch.delenv(OF_PROGRAMS, raising=False)
        yield


@pytest.hookimpl(trylast=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Leave one coverage running, and none in the process that runs no test but hands them out.

    In a worker pytest-cov starts a second one, over that which its process started by itself, and a third:
    whenever the last one stops, for what is marked `no_cover`, the one below would go on.
    """
    running = []
    while (coverage := Coverage.current()) is not None:
        coverage.stop()
        running.append(coverage)
    for coverage in running[1:]:
        coverage.save()
    if running and not session.config.pluginmanager.has_plugin("dsession"):
        running[0].start()
    session.config.stash[GIVEN] = os.environ.get(OF_PROGRAMS)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that are listed as covering nothing that others do not."""
    listed = uncovered_tests()
    for item in items:
        if function_of(item.nodeid) in listed:
            item.add_marker("no_cover")


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(request: pytest.FixtureRequest) -> Generator[None, object, object]:
    """Leave out the fixtures of what is marked `no_cover` too: pytest-cov leaves out its tests alone.

    Marked are tests, classes and modules that take long and cover nothing that others do not. A fixture of a
    wider scope, which any test may be the first to need, is covered whatever the order.
    """
    coverage = Coverage.current()
    if coverage is None or request.node.get_closest_marker("no_cover") is None:
        with _programs(request.config, covered=True):
            return (yield)
    coverage.stop()
    try:
        with _programs(request.config, covered=False):
            return (yield)
    finally:
        coverage.start()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Function) -> Generator[None, None, None]:
    """Leave out the processes that such a test starts."""
    left_out = "no_cover" in getattr(item, "fixturenames", ()) or item.get_closest_marker("no_cover")
    with _programs(item.config, covered=not left_out):
        return (yield)


@pytest.fixture(scope="session")
def real_file(no_cover: None) -> Path:  # noqa: ARG001  what is covered must not depend on it
    """Return the public embeddings file, where this machine has it."""
    return _on_this_machine(REAL_FILE)


@pytest.fixture(scope="session")
def swallowtails(no_cover: None) -> Path:  # noqa: ARG001  likewise
    """Return embeddings of butterflies with specimens, sex and view, where this machine has them."""
    return _on_this_machine("swallowtails/embeddings.csv")


def _on_this_machine(name: str) -> Path:
    """Look in the folder that SKKNN_SYNDROME_DATA names, then beside the checkout in `shared/data`."""
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    path = Path(os.environ.get("SKKNN_SYNDROME_DATA", beside)) / name
    if not path.is_file():
        pytest.skip(f"{name} is not on this machine")
    return path
