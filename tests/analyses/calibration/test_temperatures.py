"""A temperature for softmax weights is chosen without the images that report."""

from typing import Any

import numpy as np
import pytest
from sklearn.metrics import log_loss

from skknn_syndrome import NeighborGraph
from skknn_syndrome.analyses.calibration.compute import choose_temperatures
from skknn_syndrome.crossval.graph_probabilities import out_of_fold_probabilities
from skknn_syndrome.crossval.repeats import split_inside
from skknn_syndrome.heads.base import IndexSplit
from skknn_syndrome.metrics.calibration import multiclass_log_loss
from tests.analyses.calibration.fitted import fitted_one_by_one
from tests.problems import Problem
from tests.refusing import refused

CANDIDATE: dict[str, Any] = {"metric": "cosine", "n_neighbors": 5}


def test_the_temperature_chosen_has_the_least_log_loss_on_the_inner_folds(
    problem: Problem, graph: NeighborGraph, splits: list[IndexSplit]
) -> None:
    tried = (0.02, 0.1, 0.5, 2.0)
    inner = split_inside(splits, problem.labels, problem.subjects, inner_cv=3)
    tuned = choose_temperatures(graph, problem.labels, splits, inner, temperatures=tried, **CANDIDATE)
    assert tuned.selection.n_inner_folds == 3
    assert tuned.selection.tried == tried
    for fold, choice in enumerate(tuned.selection.choices):
        truth = problem.labels[np.concatenate([test for _, test in inner[fold]])]
        losses = [
            log_loss(
                truth,
                fitted_one_by_one(
                    problem, inner[fold], weights="softmax", temperature=temperature, **CANDIDATE
                ),
            )
            for temperature in tried
        ]
        assert choice.fold == fold
        assert choice.temperature == tried[int(np.argmin(losses))]
        assert choice.log_loss == pytest.approx(min(losses))
        assert choice.at_edge == (choice.temperature in {0.02, 2.0})
        alone = out_of_fold_probabilities(
            graph, problem.labels, splits, weights="softmax", temperature=choice.temperature, **CANDIDATE
        )
        mine = alone.folds == fold
        np.testing.assert_array_equal(tuned.out_of_fold.probabilities[mine], alone.probabilities[mine])


def test_labels_of_the_test_part_choose_nothing(
    problem: Problem, graph: NeighborGraph, splits: list[IndexSplit]
) -> None:
    inner = split_inside(splits, problem.labels, problem.subjects, inner_cv=3)
    shuffled = problem.labels.copy()
    test = splits[0][1]
    shuffled[test] = np.roll(shuffled[test], 7)
    first, second = (
        choose_temperatures(graph, labels, splits[:1], inner[:1], **CANDIDATE)
        for labels in (problem.labels, shuffled)
    )
    assert (problem.labels != shuffled).any()
    assert first.selection == second.selection
    np.testing.assert_array_equal(first.out_of_fold.probabilities, second.out_of_fold.probabilities)


def test_a_tuned_temperature_mends_an_overconfident_one(
    problem: Problem, graph: NeighborGraph, splits: list[IndexSplit]
) -> None:
    options: dict[str, Any] = {"metric": "euclidean", "n_neighbors": 15}
    inner = split_inside(splits, problem.labels, problem.subjects, inner_cv=3)
    tuned = choose_temperatures(graph, problem.labels, splits, inner, **options).out_of_fold
    sharp = out_of_fold_probabilities(
        graph, problem.labels, splits, weights="softmax", temperature=0.01, **options
    )
    truth = problem.labels[tuned.rows]
    assert multiclass_log_loss(truth, tuned.probabilities) < multiclass_log_loss(truth, sharp.probabilities)


@pytest.mark.parametrize("temperatures", [(), (0.0, 1.0), (0.2, 0.1), (0.1, 0.1)])
def test_temperatures_are_positive_and_rising(
    problem: Problem, graph: NeighborGraph, splits: list[IndexSplit], temperatures: tuple[float, ...]
) -> None:
    with refused("temperatures_not_rising", "temperatures"):
        choose_temperatures(
            graph, problem.labels, splits, [splits] * 4, temperatures=temperatures, **CANDIDATE
        )
