"""The quick search finds what computing every distance in double precision finds, bit for bit."""

import numpy as np
import pytest

from skknn_syndrome._typing import FloatArray
from skknn_syndrome.neighbors.certified import compiled, scanning, searching
from skknn_syndrome.neighbors.distances import PAIRWISE, prepare_rows
from skknn_syndrome.neighbors.exact import exact_neighbors
from skknn_syndrome.neighbors.search import Neighbors, k_smallest
from tests.neighbors.certified.adversarial import GALLERIES

METRICS = ("euclidean", "cosine")


def by_brute_force(
    queries: FloatArray, gallery: FloatArray, n_neighbors: int, metric: str, *, itself: bool
) -> Neighbors:
    rows, targets = (prepare_rows(np.asarray(part, np.float64), metric) for part in (queries, gallery))
    distances = PAIRWISE[metric](rows, targets)
    if itself:
        np.fill_diagonal(distances, np.nan)
    return Neighbors(*k_smallest(distances, n_neighbors))


@pytest.fixture(params=["NumPy", "compiled"])
def _engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "COMPILED_FROM", 0 if request.param == "compiled" else np.inf)


@pytest.mark.usefixtures("_engine")
@pytest.mark.parametrize("n_jobs", [None, 2])
@pytest.mark.parametrize("tile_rows", [48, 4096])
@pytest.mark.parametrize("name", GALLERIES)
class TestAdversarialGalleries:
    def test_a_graph_is_what_brute_force_finds(
        self, name: str, tile_rows: int, n_jobs: int | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in (scanning, compiled):
            monkeypatch.setattr(module, "TILE_ROWS", tile_rows)
        rows = GALLERIES[name]()
        found = exact_neighbors(rows, rows, 10, metrics=METRICS, without_self=True, n_jobs=n_jobs)
        for metric in METRICS:
            expected = by_brute_force(rows, rows, 10, metric, itself=True)
            np.testing.assert_array_equal(found[metric].indices, expected.indices)
            np.testing.assert_array_equal(found[metric].distances, expected.distances)

    def test_a_search_is_what_brute_force_finds(
        self, name: str, tile_rows: int, n_jobs: int | None, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for module in (scanning, compiled):
            monkeypatch.setattr(module, "TILE_ROWS", tile_rows)
        rows = GALLERIES[name]()
        queries = np.concatenate([rows[:40] * 0.75, 1e6 * rows[40:50], 1e-6 * rows[50:60], 0 * rows[:2]])
        found = exact_neighbors(queries, rows, 10, metrics=METRICS, n_jobs=n_jobs)
        for metric in METRICS:
            expected = by_brute_force(queries, rows, 10, metric, itself=False)
            np.testing.assert_array_equal(found[metric].indices, expected.indices)
            np.testing.assert_array_equal(found[metric].distances, expected.distances)
