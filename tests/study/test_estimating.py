"""Expected time of a study: stated costs, and the speed that they are counted at. No test asserts a time."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from benchmarks.costs import table
from skknn_syndrome import SyndromeKNNClassifier
from skknn_syndrome.analyses.baselines import compute as baselines
from skknn_syndrome.analyses.preprocessing.compute import MOST_IMAGES
from skknn_syndrome.crossval.costs import MAX_REPEATED_CELLS, Sizes, Speed, Unit
from skknn_syndrome.questions import computations, descriptions
from skknn_syndrome.study.cross_validation import run_study
from skknn_syndrome.study.estimating import (
    STUDY_PARTS,
    Estimate,
    estimate_study,
    measure_speed,
    quick_seconds,
    stated_costs,
)
from tests.problems import Problem
from tests.study.options import QUICK

SIZES = Sizes(images=1_000, features=64, classes=10, subjects=800)
LARGER = Sizes(images=200_000, features=64, classes=100, subjects=150_000)
SPEED: Speed = {"product": 1e-11, "sort": 1e-9, "python": 1e-7}
DEFAULTS = {"n_neighbors": range(1, 16), "metrics": ("euclidean", "cosine"), "weights": ("distance",)}
UNITS: tuple[Unit, ...] = ("product", "sort", "python")


def test_every_part_of_a_study_states_its_cost() -> None:
    questions: set[str] = {entry.question for entry in computations()}
    questions |= {entry.question for entry in descriptions()}
    costs = stated_costs()
    assert set(costs) == questions | set(STUDY_PARTS)
    for name, cost in costs.items():
        assert cost.terms, name
        assert cost.why, name
        assert all(term.factor >= 0 for term in cost.terms), name
        assert cost.seconds(SIZES, SPEED) > 0, name


def test_no_part_gets_cheaper_with_more_images() -> None:
    small, large = (estimate_study(sizes, stated_costs(), SPEED).by_part for sizes in (SIZES, LARGER))
    assert all(small[name] <= large[name] for name in large)


def test_an_estimate_says_what_works_on_a_sample_and_what_is_left_out() -> None:
    found = estimate_study(LARGER, ["graph", "preprocessing", "chance"], SPEED)
    assert [(part.name, part.n_images) for part in found.parts] == [
        ("graph", None),
        ("preprocessing", MOST_IMAGES),
    ]
    assert list(found.left_out) == ["chance"]
    assert found.seconds == pytest.approx(sum(found.by_part.values()))


def test_a_machine_has_a_speed_for_each_unit_which_is_measured_once() -> None:
    speed = measure_speed()
    assert set(speed) == set(UNITS)
    assert all(seconds > 0 for seconds in speed.values())
    assert measure_speed() is speed


def test_what_is_fitted_is_repeated_up_to_the_size_that_baselines_have() -> None:
    assert baselines.MAX_REPEATED_CELLS == MAX_REPEATED_CELLS
    assert (SIZES.fitted_repeats, LARGER.fitted_repeats, SIZES.further_repeats) == (10, 1, 9)


def test_scores_alone_take_less_than_all() -> None:
    assert quick_seconds(SIZES) < estimate_study(SIZES, stated_costs()).seconds


@pytest.mark.parametrize(
    "options",
    [
        {
            "head": "centroid",
            "n_neighbors": range(1, 16),
            "metrics": ("euclidean", "cosine"),
            "weights": ("distance",),
        },
        {"estimator": make_pipeline(StandardScaler(), SyndromeKNNClassifier())},
        {"metrics": "precomputed"},
    ],
    ids=["another head", "a pipeline", "precomputed distances"],
)
def test_nothing_is_expected_of_candidates_that_are_fitted_one_by_one(
    problem: Problem, options: dict[str, Any]
) -> None:
    told: list[Estimate] = []
    rows = np.abs(problem.samples @ problem.samples.T) if "metrics" in options else problem.samples
    study = run_study(rows, problem.labels, groups=None, on_plan=told.append, **(QUICK | options))
    assert not told
    assert {timing.expected_seconds for timing in study.stopwatch.timings} == {None}


def test_parts_of_a_study_are_told_beforehand_and_written_beside_what_they_took(problem: Problem) -> None:
    told: list[Estimate] = []
    study = run_study(
        problem.samples,
        problem.labels,
        groups=problem.subjects,
        later_parts=["preprocessing"],
        on_plan=told.append,
        learning_curve=["knn", "lda"],
        **(QUICK | {"analyses": ["repeats"]}),
    )
    (plan,) = told
    sizes = Sizes(
        images=90, features=6, classes=3, subjects=45, candidates=2, folds=3, distances=1, protocols=1
    )
    assert plan.sizes == replace(sizes, curve_heads=1)
    assert plan.by_part["learning_curve"] > estimate_study(sizes, ["learning_curve"]).seconds
    assert [part.name for part in plan.parts] == [
        *("folds", "graph", "search", "out-of-fold predictions", "repeats", "inflation", "per_class"),
        *("learning_curve", "preprocessing"),
    ]
    timings = {timing.part: timing for timing in study.stopwatch.timings}
    for name in ("folds", "graph", "search"):
        assert timings[name].expected_seconds == pytest.approx(plan.by_part[name], abs=1e-3)


def test_the_docs_have_the_costs_as_they_are_stated() -> None:
    assert table() in (Path(__file__).parents[2] / "docs/scaling.md").read_text("utf-8")
