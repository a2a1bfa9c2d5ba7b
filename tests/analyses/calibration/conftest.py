"""Folds of calibration's problem, and its graph."""

import pytest

from skknn_syndrome import NeighborGraph
from skknn_syndrome.crossval.folds import make_splits
from skknn_syndrome.heads.base import IndexSplit
from tests.problems import Problem


@pytest.fixture(scope="module")
def graph(problem: Problem) -> NeighborGraph:
    return NeighborGraph.from_embeddings(problem.samples)


@pytest.fixture(scope="module")
def splits(problem: Problem) -> list[IndexSplit]:
    return make_splits(problem.labels, problem.subjects, cv=4, random_state=0).as_cv()
