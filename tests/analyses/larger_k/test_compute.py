"""The score curve beyond the upper edge of the grid."""

from collections.abc import Sequence

import numpy as np
import pytest

from skknn_syndrome.analyses.larger_k.compute import continue_beyond_grid
from skknn_syndrome.analyses.larger_k.result import GridCurve
from skknn_syndrome.crossval.folds import Splits, make_splits
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.score import Score
from skknn_syndrome.study import cross_validate_study
from tests.problems import Problem


def searched(problem: Problem, n_neighbors: Sequence[int]) -> tuple[ProtocolResult, Splits]:
    splits = make_splits(problem.labels, problem.subjects, cv=3, random_state=42)
    study = cross_validate_study(
        problem.samples,
        problem.labels,
        groups=problem.subjects,
        n_neighbors=n_neighbors,
        cv=3,
        analyses=(),
    )
    return study.primary, splits


def continued(problem: Problem, run: ProtocolResult, splits: Splits) -> tuple[GridCurve, ...]:
    found = continue_beyond_grid(
        problem.samples, problem.labels, splits.as_cv(), run, weights=dict.fromkeys(run.best, "distance")
    )
    return () if found is None else found.curves


def test_the_curve_starts_with_the_grids_own_scores_and_goes_on_as_a_larger_grid_would(
    problem: Problem,
) -> None:
    run, splits = searched(problem, [1, 2])
    curves = continued(problem, run, splits)
    assert [curve.metric for curve in curves] == ["euclidean", "cosine"]
    larger, _ = searched(problem, [2, 3, 4, 6, 8, 11])
    for curve in curves:
        assert (curve.edge, curve.grid) == (2, (2, 3, 4, 6, 8, 11))
        for candidate in larger.candidates:
            if candidate.metric == curve.metric:
                place = curve.grid.index(candidate.n_neighbors)
                for name, score in candidate.scores.items():
                    assert curve.scores[name].means[place] == pytest.approx(score.mean, abs=1e-12)
                    assert curve.scores[name].stds[place] == pytest.approx(score.std, abs=1e-12)


def test_it_ends_with_the_smallest_training_part(problem: Problem) -> None:
    run, splits = searched(problem, [1, 30])
    smallest = min(len(train) for train, _ in splits.as_cv())
    curves = continued(problem, run, splits)
    assert len(curves) == 2
    assert all(curve.grid == (30, 42, smallest) for curve in curves)


@pytest.mark.parametrize("n_neighbors", [[5], [1, 500]], ids=["one k", "more than there are images"])
def test_nothing_is_continued_where_there_is_no_edge_or_nothing_beyond_it(
    problem: Problem, n_neighbors: list[int]
) -> None:
    assert continued(problem, *searched(problem, n_neighbors)) == ()


def with_scores(run: ProtocolResult, name: str, values: Sequence[float]) -> ProtocolResult:
    """Return a protocol in which all scores are the same for all k, but one of one distance."""
    candidates = []
    for candidate in run.candidates:
        own = dict.fromkeys(candidate.scores, 0.5)
        if candidate.metric == "euclidean":
            own[name] = values[[1, 2].index(candidate.n_neighbors)]
        scores = tuple(Score.from_values(score, [value] * 3) for score, value in own.items())
        candidates.append(candidate.model_copy(update={"all_scores": scores}))
    return run.model_copy(update={"candidates": tuple(candidates)})


def test_every_distance_goes_on_where_one_score_of_one_is_best_at_the_edge(problem: Problem) -> None:
    run, splits = searched(problem, [1, 2])
    curves = continued(problem, with_scores(run, "top_3_accuracy", [0.6, 0.7]), splits)
    assert [curve.metric for curve in curves] == ["euclidean", "cosine"]


def test_nothing_is_continued_where_no_score_is_best_at_the_edge(problem: Problem) -> None:
    run, splits = searched(problem, [1, 2])
    assert continued(problem, with_scores(run, "f1_macro", [0.7, 0.6]), splits) == ()
    assert continued(problem, with_scores(run, "f1_macro", [0.7, 0.7]), splits) == ()


def test_a_score_that_no_fold_defines_has_no_mean(problem: Problem) -> None:
    run, _ = searched(problem, [1, 2])
    rows = np.arange(len(problem.labels))
    one_class_tested = [(rows[5:], rows[:5])]
    found = continue_beyond_grid(
        problem.samples, problem.labels, one_class_tested, run, weights=dict.fromkeys(run.best, "distance")
    )
    assert found is not None
    curve = found.curves[0]
    assert set(curve.scores["roc_auc_ovr"].means) == {None}
    assert curve.best_n_neighbors("roc_auc_ovr") is None
    assert curve.best_n_neighbors("accuracy") is not None
