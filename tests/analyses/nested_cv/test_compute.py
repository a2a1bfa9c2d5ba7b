"""The search itself is cross-validated."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from scipy.stats import t
from sklearn.base import clone
from sklearn.metrics import f1_score, roc_auc_score
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import Normalizer

from skknn_syndrome import NeighborGraph, SyndromeKNNClassifier
from skknn_syndrome.analyses.nested_cv.compute import compare_choices, select_nested
from skknn_syndrome.analyses.nested_cv.result import NestedSelection, SelectionBias
from skknn_syndrome.crossval.folds import Splits, make_splits
from skknn_syndrome.crossval.refit_rules import Scores
from skknn_syndrome.crossval.repeats import split_inside
from skknn_syndrome.heads.graph_scores.sources import GraphSource, PipelineSource
from skknn_syndrome.metrics import scorers
from tests.problems import Problem

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
        grid=GRID,
        refit="f1_macro",
        subjects=problem.subjects,
    )


@pytest.mark.no_cover  # what it runs is covered elsewhere, and coverage doubles its time
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


def test_selection_bias_is_what_choosing_on_the_reporting_folds_adds(nested: NestedSelection) -> None:
    by_name = {entry.score: entry for entry in nested.selection_bias}
    assert list(by_name) == list(scorers.SCORE_NAMES)
    difference = by_name["f1_macro"].difference
    assert difference is not None
    # The best mean over the outer folds can't be below that of any other way to choose on them.
    assert difference >= 0


def test_a_score_that_is_nowhere_defined_has_no_selection_bias() -> None:
    assert SelectionBias(score="roc_auc_ovr", nested_mean=None, chosen_mean=0.9).difference is None
    assert SelectionBias(score="roc_auc_ovr", nested_mean=0.9, chosen_mean=None).difference is None


def test_the_choices_predictions_are_pooled_over_subjects(
    problem: Problem, outer: Splits, nested: NestedSelection
) -> None:
    said = []
    for choice, (train, test) in zip(nested.choices, outer.as_cv(), strict=True):
        parameters: Any = {"metric": choice.metric, "weights": choice.weights}
        model = SyndromeKNNClassifier(choice.n_neighbors, **parameters)
        model.fit(problem.samples[train], problem.labels[train])
        said.append((problem.labels[test], model.predict_proba(problem.samples[test])))
    truth = np.concatenate([labels for labels, _ in said])
    probabilities = np.concatenate([part for _, part in said])
    taken = np.unique(problem.labels)[probabilities.argmax(axis=1)]
    assert nested.pooled is not None
    scores = nested.pooled.scores
    assert scores["f1_macro"].estimate == pytest.approx(f1_score(truth, taken, average="macro"))
    assert scores["roc_auc_ovr"].estimate == pytest.approx(
        roc_auc_score(truth, probabilities, multi_class="ovr")
    )
    assert (nested.pooled.unit, nested.pooled.n_units) == ("subjects", 45)
    f1 = scores["f1_macro"]
    assert f1.low < f1.estimate < f1.high  # type: ignore[operator]


def test_selection_bias_is_judged_by_the_paired_differences() -> None:
    # Differences 0.1, 0.3: mean 0.2, SD sqrt(0.02), error sqrt((1/2 + 1/4) * 0.02), t = 1.633, 1 freedom.
    found = compare_choices("accuracy", np.array([0.6, 0.9]), np.array([0.5, 0.6]), 0.25)
    assert found.standard_error == pytest.approx(np.sqrt(0.75 * 0.02))
    assert found.p_value == pytest.approx(2 * t.sf(0.2 / np.sqrt(0.015), 1))
    half = t.ppf(0.975, 1) * np.sqrt(0.015)
    assert (found.low, found.high) == pytest.approx((0.2 - half, 0.2 + half))
    assert found.verdict == "not significant"


@pytest.mark.parametrize(
    "chosen, verdict",
    [
        ([0.6, 0.7, 0.7, 0.61], "significant"),
        ([0.6, 0.7, 0.6, 0.4], "not significant"),
        ([0.5, 0.6, 0.6, 0.5], "none"),
        ([0.4, 0.5, 0.6, 0.5], "none"),
        ([0.75, 0.85, 0.85, 0.75], None),  # the same in every fold: there is nothing to divide by
        ([np.nan, np.nan, np.nan, 0.7], None),
        ([np.nan] * 4, None),
    ],
)
def test_the_verdict_follows_the_test(chosen: list[float], verdict: str | None) -> None:
    nested = np.array([0.5, 0.6, 0.6, 0.5])
    found = compare_choices("accuracy", np.array(chosen), np.where(np.isnan(chosen), np.nan, nested), 0.1)
    assert found.verdict == verdict
    assert (found.low is None) == (found.p_value is None)
    assert SelectionBias.model_validate_json(found.model_dump_json()) == found


def test_a_negative_difference_keeps_its_sign() -> None:
    found = compare_choices("accuracy", np.array([0.5, 0.6, 0.7]), np.array([0.6, 0.6, 0.9]), 0.1)
    assert found.difference == pytest.approx(-0.1)
    assert found.low is not None
    assert found.high is not None
    assert found.low < -0.1 < found.high
    assert (found.low + found.high) / 2 == pytest.approx(-0.1)


def test_a_rule_may_decide_instead(problem: Problem, outer: Splits) -> None:
    nested = select_nested(
        source_of(problem, [1, 5]),
        outer.as_cv(),
        split_inside(outer.as_cv(), problem.labels, None, inner_cv=2),
        grid={"metric": ["cosine"], "n_neighbors": [1, 5], "weights": [np.exp]},
        refit="f1_macro",
        rule=the_last_one,
    )
    assert {(choice.n_neighbors, choice.weights) for choice in nested.choices} == {(5, "exp")}
    assert nested.refit == "the_last_one"


def test_a_pipeline_is_fitted_anew_inside_every_fold(problem: Problem, outer: Splits) -> None:
    # Unit rows have the same cosine distances, and Euclidean ones that order the same way.
    pipeline = make_pipeline(Normalizer(), SyndromeKNNClassifier(metric="cosine"))
    inner = split_inside(outer.as_cv(), problem.labels, problem.subjects, inner_cv=3)
    options: Any = {"grid": GRID | {"metric": ["cosine"]}, "refit": "f1_macro"}
    plain = select_nested(source_of(problem, [1, 5, 9]), outer.as_cv(), inner, **options)
    source = PipelineSource(pipeline, problem.samples, problem.labels, ["cosine"], [1, 5, 9])
    piped = select_nested(source, outer.as_cv(), inner, **options)
    assert piped.choices == plain.choices
    assert plain.pooled is not None
    assert plain.pooled.unit == "images"
    assert piped.pooled is None
    for one, other in zip(piped.all_scores, plain.all_scores, strict=True):
        assert one.values == pytest.approx(other.values)


def test_it_goes_to_json_and_back(nested: NestedSelection) -> None:
    assert NestedSelection.model_validate_json(nested.model_dump_json()) == nested
