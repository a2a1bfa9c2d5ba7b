"""Plans for a small problem."""

from typing import Any, Protocol

import pytest

from skknn_syndrome.analyses.preprocessing.plan import Plan, make_plan
from skknn_syndrome.crossval.study_data import validate_data
from skknn_syndrome.neighbors import SyndromeKNNClassifier
from tests.problems import Problem


class MakePlan(Protocol):
    """Makes a plan for the problem; what is not said has a small default."""

    def __call__(
        self,
        *,
        metrics: str | tuple[str, ...] = ("euclidean", "cosine"),
        n_neighbors: Any = (1, 3, 10),
        cv: Any = 3,
        random_states: Any = (0,),
        ways: Any = ("within_folds", "before_splitting"),
        compare_at: Any = None,
        n_repeats: Any = 1,
        most_images: int | None = None,
        subjects: bool = True,
    ) -> Plan:
        """Return the plan."""
        ...


@pytest.fixture(name="make_plan", scope="session")
def fixture_make_plan(problem: Problem) -> MakePlan:
    """Return what makes plans."""

    def make(
        *,
        metrics: str | tuple[str, ...] = ("euclidean", "cosine"),
        n_neighbors: Any = (1, 3, 10),
        cv: Any = 3,
        random_states: Any = (0,),
        ways: Any = ("within_folds", "before_splitting"),
        compare_at: Any = None,
        n_repeats: Any = 1,
        most_images: int | None = None,
        subjects: bool = True,
    ) -> Plan:
        data = validate_data(problem.samples, problem.labels, problem.subjects if subjects else None)
        return make_plan(
            data,
            SyndromeKNNClassifier(),
            metrics=metrics,
            n_neighbors=n_neighbors,
            cv=cv,
            random_states=random_states,
            ways=ways,
            compare_at=compare_at,
            n_repeats=n_repeats,
            most_images=most_images,
        )

    return make
