"""Which candidate is taken."""

from typing import Any

import numpy as np
import pytest

from skknn_syndrome.analyses.nested_cv.result import NestedAnalysis
from skknn_syndrome.crossval.refit_rules import (
    SIX_SCORES,
    RefitRule,
    RuleName,
    best_mean,
    choose,
    composite,
    one_standard_error,
    register_rule,
    resolve_rule,
    rule_names,
    rule_title,
    six_score_product,
    unregister_rule,
)
from skknn_syndrome.results.candidate import Candidate
from skknn_syndrome.study import cross_validate_study
from tests.builders import analysis_of
from tests.problems import Problem
from tests.refusing import refused

SMALL: dict[str, Any] = {"n_neighbors": [1, 3, 5, 9], "cv": 3, "analyses": ()}


def test_of_equal_means_the_first_is_best_and_undefined_ones_come_last() -> None:
    tables = {"accuracy": np.array([[np.nan, np.nan], [0.5, 0.7], [0.6, 0.6]])}
    assert best_mean("accuracy")(tables) == 1


def test_of_a_loss_the_lowest_mean_is_best() -> None:
    tables = {"hamming_loss": np.array([[np.nan, np.nan], [0.5, 0.7], [0.1, 0.4], [0.3, 0.3]])}
    assert best_mean("hamming_loss")(tables) == 2
    assert resolve_rule("one_standard_error", "hamming_loss", [1, 3, 5, 9])(tables) == 3


def test_one_standard_error_by_hand() -> None:
    # The best has mean .7 and standard error .1414 / sqrt(2) = .1: down to .6 counts, so k = 9 does, 15 not.
    tables = {"accuracy": np.array([[0.6, 0.8], [0.6, 0.6], [0.61, 0.61], [0.59, 0.59]])}
    assert one_standard_error("accuracy", [5, 9, 9, 15])(tables) == 2


@pytest.mark.parametrize("rule", ["best", "one_standard_error"])
def test_of_candidates_for_which_all_images_vote_the_smallest_k_is_taken(
    problem: Problem, rule: RuleName
) -> None:
    study = cross_validate_study(
        problem.samples,
        problem.labels,
        metrics="cosine",
        weights="softmax",
        refit="accuracy",
        refit_rule=rule,
        **(SMALL | {"n_neighbors": [60, 70, 500]}),
    )
    sizes = [fold.n_train for fold in study.primary.folds]
    assert max(sizes) <= 60
    assert study.primary.winner.n_neighbors == 60


def test_with_one_fold_there_is_no_standard_error_and_the_best_is_taken() -> None:
    tables = {"accuracy": np.array([[0.6], [0.7], [0.5]])}
    assert one_standard_error("accuracy", [1, 5, 9])(tables) == 1


def test_the_composite_weighs_three_scores() -> None:
    # .9 * .5 * 1 = .45 against .8 * .6 * .9 = .432.
    tables = {
        "roc_auc_ovr": np.array([[0.9], [0.8]]),
        "f1_macro": np.array([[0.5], [0.6]]),
        "top_5_accuracy": np.array([[1.0], [0.9]]),
    }
    assert composite(tables) == 0
    assert composite({**tables, "f1_macro": np.array([[0.5], [0.7]])}) == 1


def test_the_product_weighs_six_scores() -> None:
    # .9 * .5 * .8 * .6 * .5 * 1 = .108 against .8 * .6 * .7 * .7 * .6 * .9 = .127.
    firsts, seconds = (0.9, 0.5, 0.8, 0.6, 0.5, 1.0), (0.8, 0.6, 0.7, 0.7, 0.6, 0.9)
    tables = {
        name: np.array([[first], [second]])
        for name, first, second in zip(SIX_SCORES, firsts, seconds, strict=True)
    }
    assert six_score_product(tables) == 1
    assert six_score_product({**tables, "recall_macro": np.array([[0.6], [0.6]])}) == 0
    assert six_score_product({**tables, "roc_auc_ovr": np.array([[0.1], [np.nan]])}) == 0


def test_a_study_takes_the_highest_product(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples, problem.labels, metrics="cosine", refit_rule="six_score_product", **SMALL
    )

    def product(candidate: Candidate) -> float:
        return float(np.prod([candidate.scores[name].mean or 0.0 for name in SIX_SCORES]))

    assert study.primary.refit_rule == "six_score_product"
    assert product(study.primary.winner) == max(map(product, study.primary.candidates))


def test_a_rule_of_ones_own_is_reached_by_its_name(problem: Problem) -> None:
    last = RefitRule("last", lambda refit, _: lambda scores: len(scores[refit]) - 1)
    register_rule(last)
    try:
        assert rule_names() == ("best", "one_standard_error", "composite", "six_score_product", "last")
        with refused("name_taken", "rule"):
            register_rule(last)
        assert register_rule(last, replace=True) is last
        study = cross_validate_study(problem.samples, problem.labels, refit_rule="last", **SMALL)
    finally:
        unregister_rule("last")
    assert {best.n_neighbors for best in study.best.values()} == {9}
    assert study.primary.refit_rule == "last of roc_auc_ovr"


def test_an_unknown_refit_rule_is_refused(problem: Problem) -> None:
    with refused("unknown_refit_rule", "refit_rule"):
        cross_validate_study(problem.samples, problem.labels, refit_rule="worst", **SMALL)


def test_rules_have_names() -> None:
    assert rule_title(composite, "f1_macro") == "composite"
    assert rule_title("best", "f1_macro") == "best of f1_macro"
    assert resolve_rule(composite, "f1_macro", []) is composite


def test_the_composite_has_a_name() -> None:
    assert resolve_rule("composite", "f1_macro", [1, 3]) is composite


def test_a_study_takes_the_smoothest_candidate_within_one_standard_error(problem: Problem) -> None:
    study = cross_validate_study(
        problem.samples, problem.labels, refit="accuracy", refit_rule="one_standard_error", **SMALL
    )
    run = study.primary
    assert run.refit_rule == "one_standard_error of accuracy"
    for metric, taken in run.best.items():
        members = [entry for entry in run.candidates if entry.metric == metric]
        best = max(members, key=run.refit_mean)
        values = np.array(best.scores["accuracy"].values, dtype=np.float64)
        error = values.std(ddof=1) / np.sqrt(3)
        within = [entry for entry in members if run.refit_mean(entry) >= run.refit_mean(best) - error]
        assert taken.n_neighbors == max(entry.n_neighbors for entry in within)
    assert study.search.best_params_["n_neighbors"] == run.winner.n_neighbors
    assert study.search.best_params_["metric"] == run.winner.metric


def test_a_function_decides_everywhere(problem: Problem) -> None:
    def the_first(scores: Any) -> int:
        assert set(scores) >= {"f1_macro", "roc_auc_ovr"}
        return 0

    study = cross_validate_study(
        problem.samples,
        problem.labels,
        refit_rule=the_first,
        **SMALL | {"analyses": ["nested_cv", "repeats"], "n_repeats": 2},
    )
    assert {best.n_neighbors for best in study.best.values()} == {1}
    assert study.find(NestedAnalysis) is not None
    assert {choice.n_neighbors for choice in analysis_of(study, NestedAnalysis).nested.choices} == {1}
    assert analysis_of(study, NestedAnalysis).nested.refit == "the_first"
    assert study.repeats is not None
    assert {(entry.n_neighbors, entry.n_repeats) for entry in study.repeats.selections} == {(1, 2)}


def test_a_function_that_takes_what_there_is_not_is_refused(problem: Problem) -> None:
    with refused("no_candidate", "refit_rule"):
        cross_validate_study(problem.samples, problem.labels, refit_rule=lambda _: 99, **SMALL)


def test_a_rule_with_a_name_decides_in_each_group_and_once_among_all(problem: Problem) -> None:
    sizes: list[int] = []

    def steadiest(scores: Any) -> int:
        sizes.append(len(scores["f1_macro"]))
        return int(scores["f1_macro"].std(axis=1).argmin())

    register_rule(RefitRule("steadiest", lambda *_: steadiest, scores=("f1_macro",)))
    try:
        study = cross_validate_study(problem.samples, problem.labels, refit_rule="steadiest", **SMALL)
    finally:
        unregister_rule("steadiest")
    assert sizes[:3] == [4, 4, 8]
    assert set(sizes) == {4, 8}
    spread = {
        entry: np.std([value or 0.0 for value in entry.scores["f1_macro"].values])
        for entry in study.primary.candidates
    }
    assert spread[study.primary.winner] == min(spread.values())


@pytest.mark.parametrize("returned", ["text", None, 1.5, [0]])
def test_a_function_that_returns_no_number_is_refused(problem: Problem, returned: Any) -> None:
    with refused("no_candidate", "refit_rule") as caught:
        cross_validate_study(problem.samples, problem.labels, refit_rule=lambda _: returned, **SMALL)
    assert repr(returned) in str(caught.value)


def test_a_function_that_asks_for_a_score_that_there_is_not_is_told_those_that_there_are(
    problem: Problem,
) -> None:
    with refused("unknown_score", "refit_rule"):
        cross_validate_study(
            problem.samples, problem.labels, refit_rule=lambda scores: scores["mcc"].argmax(), **SMALL
        )


@pytest.mark.parametrize("error", [KeyError("accuracy"), KeyError()])
def test_a_key_that_a_function_lacks_itself_stays_its_error(error: KeyError) -> None:
    def broken(_: Any) -> int:
        raise error

    with pytest.raises(KeyError):
        choose(broken, {"accuracy": np.ones((2, 3))})


def test_a_function_is_no_rule_with_a_name() -> None:
    with refused("no_refit_rule", "rule"):
        register_rule(composite)  # type: ignore[arg-type]


@pytest.mark.parametrize("make", [lambda _: 0, lambda *_: 0], ids=["of one argument", "makes a number"])
def test_a_rule_that_makes_no_function_is_refused_before_the_computing(problem: Problem, make: Any) -> None:
    register_rule(RefitRule("wrong", make))
    try:
        with refused("rule_not_made", "refit_rule"):
            cross_validate_study(problem.samples, problem.labels, refit_rule="wrong", **SMALL)
    finally:
        unregister_rule("wrong")
