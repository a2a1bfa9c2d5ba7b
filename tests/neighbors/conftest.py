"""Galleries that the tests of neighbours share."""

from typing import NamedTuple

import numpy as np
import pytest
from coverage import Coverage
from filelock import FileLock

from skknn_syndrome._typing import Float64Array, LabelArray
from skknn_syndrome.neighbors.certified import searching
from skknn_syndrome.neighbors.exact import exact_neighbors
from tests.neighbors.certified.adversarial import GALLERIES


class Gallery(NamedTuple):
    """Training rows with their labels, and rows to classify."""

    rows: Float64Array
    labels: LabelArray
    queries: Float64Array


@pytest.fixture(scope="session")
def gallery() -> Gallery:
    """80 rows of four classes that overlap, so that votes are split, and 40 queries."""
    rng = np.random.default_rng(5)
    classes = rng.integers(0, 4, size=120)
    rows = rng.normal(size=(120, 16)) + 0.5 * np.eye(4, 16)[classes]
    rows.flags.writeable = False
    return Gallery(rows[:80], np.array([*"abcd"])[classes[:80]], rows[80:])


@pytest.fixture(scope="session")
def compiled_kernels(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> None:
    """Compile once for all processes that run tests, and without coverage, which doubles the time."""
    base = tmp_path_factory.getbasetemp()
    lock = FileLock((base if worker_id == "master" else base.parent) / "kernels.lock")
    coverage = Coverage.current()
    if coverage is not None:
        coverage.stop()
    try:
        with lock, pytest.MonkeyPatch.context() as patch:
            patch.setattr(searching, "COMPILED_FROM", 0)
            for name in ("normal", "single precision", "one feature"):
                rows = GALLERIES[name]()
                for itself in (False, True):
                    exact_neighbors(rows, rows, 5, metrics=("euclidean", "cosine"), without_self=itself)
    finally:
        if coverage is not None:
            coverage.start()
