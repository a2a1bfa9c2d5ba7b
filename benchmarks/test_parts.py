"""The parts by themselves, for pytest-benchmark: `pytest benchmarks --benchmark-only`."""

import numpy as np
import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from benchmarks.problems import METRICS, NEIGHBORS, Problem, make_problem
from skknn_syndrome import NeighborGraph, SyndromeKNNClassifier, SyndromeKNNClassifierCV
from skknn_syndrome.heads.graph_scores.batches import engine_depth
from skknn_syndrome.heads.graph_scores.grid import score_grid
from skknn_syndrome.metrics.batch import batch_scores


@pytest.fixture(name="problem", scope="module", params=[1116, 5000])
def _problem(request: pytest.FixtureRequest) -> Problem:
    return make_problem(request.param, 10)


def test_graph(benchmark: BenchmarkFixture, problem: Problem) -> None:
    graph = benchmark(NeighborGraph.from_embeddings, problem.samples)
    assert graph.metrics == METRICS


def test_engine(benchmark: BenchmarkFixture, problem: Problem) -> None:
    depth = engine_depth(NEIGHBORS[-1], problem.splits)
    graph = NeighborGraph.from_embeddings(problem.samples, depth=depth)
    scores = benchmark(
        score_grid, graph, problem.labels, problem.splits, metrics=METRICS, n_neighbors=NEIGHBORS
    )
    assert scores["accuracy"].shape == (2, 15, 1, 10)


def test_scores(benchmark: BenchmarkFixture) -> None:
    generator = np.random.default_rng(0)
    votes = generator.dirichlet(np.full(10, 0.3), (15, 1116))
    starts, known = np.arange(0, 1116, 112), np.ones((10, 10), dtype=np.bool_)
    scores = benchmark(batch_scores, votes, generator.integers(0, 10, 1116), starts, known)
    assert scores["accuracy"].shape == (15, 10)


def test_search(benchmark: BenchmarkFixture, problem: Problem) -> None:
    model = benchmark(SyndromeKNNClassifierCV().fit, problem.samples, problem.labels)
    assert model.n_splits_ == 10


@pytest.mark.parametrize("n_queries", [1, 100, 1000])
def test_predict(benchmark: BenchmarkFixture, problem: Problem, n_queries: int) -> None:
    model = SyndromeKNNClassifier().fit(problem.samples, problem.labels)
    queries = problem.samples[:n_queries] + np.float32(0.01)
    assert benchmark(model.predict_proba, queries).shape == (n_queries, 10)
