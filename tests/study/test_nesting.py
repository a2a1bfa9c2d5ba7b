"""The search itself is cross-validated."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from skknn_syndrome import NeighborGraph, SyndromeKNNClassifier
from skknn_syndrome.metrics import scorers
from skknn_syndrome.results.nesting import NestedSelection, Optimism
from skknn_syndrome.study.engine.sources import GraphSource, PipelineSource
from skknn_syndrome.study.inner_folds import split_inside
from skknn_syndrome.study.nesting import select_nested
from skknn_syndrome.study.refit_rules import Scores
from skknn_syndrome.study.splitting import Splits, make_splits
from tests.study.conftest import Problem

GRID: dict[str, list[object]] = {
    "metric": ["euclidean", "cosine"],
    "n_neighbors": [1, 5, 9],
    "weights": ["distance", "uniform"],
}


def the_last_one(scores: Scores) -> int:
    return len(scores["accuracy"]) - 1


def source_of(problem: Problem, n_neighbors: Sequence[int]) -> GraphSource:
    graph = NeighborGraph.from_embeddings(problem.samples)
    return GraphSource(graph, problem.labels, n_neighbors, SyndromeKNNClassifier())


@pytest.fixture(scope="module", name="outer")
def _outer(problem: Problem) -> Splits:
    return make_splits(problem.labels, problem.subjects, cv=4, random_state=0)


@pytest.fixture(scope="module", name="nested")
def _nested(problem: Problem, outer: Splits) -> NestedSelection:
    return select_nested(
        source_of(problem, [1, 5, 9]),
        outer.as_cv(),
        split_inside(outer.as_cv(), problem.labels, problem.subjects, inner_cv=3),
        metrics=["euclidean", "cosine"],
        weights=["distance", "uniform"],
        refit="f1_macro",
    )


def test_it_is_a_grid_search_inside_each_outer_fold(
    problem: Problem, outer: Splits, nested: NestedSelection
) -> None:
    for choice, (train, test) in zip(nested.choices, outer.as_cv(), strict=True):
        inner = make_splits(problem.labels[train], problem.subjects[train], cv=3, random_state=42)
        search = GridSearchCV(SyndromeKNNClassifier(), GRID, scoring=scorers.f1_macro, cv=inner.as_cv())
        search.fit(problem.samples[train], problem.labels[train])
        chosen = {"metric": choice.metric, "n_neighbors": choice.n_neighbors, "weights": choice.weights}
        assert chosen == search.best_params_
        model = clone(SyndromeKNNClassifier()).set_params(**search.best_params_)
        model.fit(problem.samples[train], problem.labels[train])
        for score in nested.all_scores:
            value = scorers.get_scorer(score.name)(model, problem.samples[test], problem.labels[test])
            assert score.values[choice.fold] == pytest.approx(value, abs=1e-12), score.name


def test_optimism_is_what_choosing_on_the_reporting_folds_adds(nested: NestedSelection) -> None:
    by_name = {entry.score: entry for entry in nested.optimism}
    assert list(by_name) == list(scorers.SCORE_NAMES)
    difference = by_name["f1_macro"].difference
    assert difference is not None
    # The best mean over the outer folds can't be below that of any other way to choose on them.
    assert difference >= 0


def test_a_score_that_is_nowhere_defined_has_no_optimism() -> None:
    assert Optimism(score="roc_auc_ovr", nested_mean=None, chosen_mean=0.9).difference is None
    assert Optimism(score="roc_auc_ovr", nested_mean=0.9, chosen_mean=None).difference is None


def test_a_rule_may_decide_instead(problem: Problem, outer: Splits) -> None:
    nested = select_nested(
        source_of(problem, [1, 5]),
        outer.as_cv(),
        split_inside(outer.as_cv(), problem.labels, None, inner_cv=2),
        metrics=["cosine"],
        weights=[np.exp],
        refit="f1_macro",
        rule=the_last_one,
    )
    assert {(choice.n_neighbors, choice.weights) for choice in nested.choices} == {(5, "exp")}
    assert nested.refit == "the_last_one"


def test_a_pipeline_is_fitted_anew_inside_every_fold(problem: Problem, outer: Splits) -> None:
    # Unit rows have the same cosine distances, and Euclidean ones that order the same way.
    pipeline = make_pipeline(Normalizer(), SyndromeKNNClassifier(metric="cosine"))
    inner = split_inside(outer.as_cv(), problem.labels, problem.subjects, inner_cv=3)
    options: Any = {"metrics": ["cosine"], "weights": ["distance", "uniform"], "refit": "f1_macro"}
    plain = select_nested(source_of(problem, [1, 5, 9]), outer.as_cv(), inner, **options)
    source = PipelineSource(pipeline, problem.samples, problem.labels, ["cosine"], [1, 5, 9])
    piped = select_nested(source, outer.as_cv(), inner, **options)
    assert piped.choices == plain.choices
    for one, other in zip(piped.all_scores, plain.all_scores, strict=True):
        assert one.values == pytest.approx(other.values)


def test_it_goes_to_json_and_back(nested: NestedSelection) -> None:
    assert NestedSelection.model_validate_json(nested.model_dump_json()) == nested
