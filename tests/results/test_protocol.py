"""Candidates of one cross-validation, and the best of them."""

import pytest

from tests.builders import make_candidate, make_run

NAN = float("nan")


def test_best_is_by_distance_and_by_the_mean_of_the_refit_score() -> None:
    run = make_run(
        make_candidate([0.5, 0.7], metric="cosine", n_neighbors=1),
        make_candidate([0.6, 0.8], metric="cosine", n_neighbors=2),
        make_candidate([0.1, 0.2], metric="euclidean", n_neighbors=1),
    )
    assert {metric: best.n_neighbors for metric, best in run.best.items()} == {"cosine": 2, "euclidean": 1}
    assert run.winner is run.candidates[1]


def test_of_equals_the_first_in_the_grid_is_best() -> None:
    run = make_run(make_candidate([0.5], n_neighbors=3), make_candidate([0.5], n_neighbors=5))
    assert run.best["cosine"].n_neighbors == 3
    assert run.winner.n_neighbors == 3


def test_a_candidate_without_a_mean_loses_to_any_other() -> None:
    run = make_run(make_candidate([NAN], n_neighbors=1), make_candidate([0.0], n_neighbors=2))
    assert run.best["cosine"].n_neighbors == 2


def test_mappings_can_not_be_changed() -> None:
    run = make_run(make_candidate([0.5]))
    with pytest.raises(TypeError, match="does not support item assignment"):
        run.best["cosine"] = run.candidates[0]  # type: ignore[index]
    with pytest.raises(TypeError, match="does not support item assignment"):
        run.candidates[0].scores["roc_auc_ovr"] = run.candidates[0].all_scores[0]  # type: ignore[index]
