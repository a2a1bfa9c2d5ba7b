"""The score curve beyond the upper edge of the grid."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from skknn_syndrome.analyses.larger_k.compute import continue_beyond_grid
from skknn_syndrome.analyses.larger_k.present import describe_score_beyond_grid, draw_score_beyond_grid
from skknn_syndrome.analyses.larger_k.result import CurveScore, GridCurve, LargerK
from skknn_syndrome.crossval.folds import Splits, make_splits
from skknn_syndrome.display.style import house_style, save_figure
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.score import Score
from skknn_syndrome.study import cross_validate_study
from tests.builders import make_study
from tests.checks.contexts import make_check_on, make_context
from tests.comparison_builders import compared, make_alternative
from tests.problems import Problem
from tests.rendering.full_study import make_sweep


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


CURVE = GridCurve(
    head=KNN,
    params=knn_params("cosine", "distance", 5),
    refit="roc_auc_ovr",
    grid=(5, 7, 10),
    all_scores=(
        CurveScore(score="roc_auc_ovr", means=(0.7, 0.8, 0.75), stds=(0.05, 0.05, 0.05)),
        CurveScore(score="f1_macro", means=(None, None, None), stds=(None, None, None)),
    ),
)


def test_the_text_says_where_the_score_is_highest_and_passes_over_what_is_undefined() -> None:
    text = describe_score_beyond_grid([CURVE])
    assert "macro AUC (cosine) is 0.700 at the edge, k = 5, and highest at k = 7 with 0.800" in text
    assert "macro F1" not in text


def test_grid_and_continuation_are_drawn_with_the_edge_between(tmp_path: Path) -> None:
    with house_style():
        figure = draw_score_beyond_grid(make_sweep(), [CURVE])
    auc, f1 = figure.axes
    assert [list(map(float, line.get_xdata())) for line in auc.lines] == [[1, 3, 5], [5, 7, 10], [5, 5]]  # type: ignore[arg-type]
    assert len(f1.lines) == 2
    assert save_figure(figure, "beyond", tmp_path, alt_text="").png.stat().st_size > 0


def test_the_best_k_is_the_smallest_of_equals_and_undefined_ones_are_passed_over() -> None:
    curve = GridCurve(
        head=KNN,
        params=knn_params("cosine", "distance", 15),
        refit="f1_macro",
        grid=(15, 21, 30),
        all_scores=(
            CurveScore(score="f1_macro", means=(0.5, 0.75, 0.75), stds=(0.1, 0.1, 0.1)),
            CurveScore(score="roc_auc_ovr", means=(None, 0.5, None), stds=(None, 0.1, None)),
        ),
    )
    assert curve.best_n_neighbors("f1_macro") == 21
    assert curve.best_n_neighbors("roc_auc_ovr") == 21
    assert curve.mean("f1_macro", 15) == 0.5
    assert GridCurve.model_validate_json(curve.model_dump_json()) == curve


def test_curves_have_the_scores_that_they_are_drawn_for() -> None:
    scores = (CurveScore(score="accuracy", means=(0.5,), stds=(0.1,)),)
    curve = GridCurve(
        head=KNN, params=knn_params("cosine", "distance", 1), refit="accuracy", grid=(1,), all_scores=scores
    )
    with pytest.raises(ValidationError, match="there is no score 'roc_auc_ovr', only 'accuracy'"):
        make_study().revised(analyses=Analyses([LargerK(protocol="image", curves=(curve,))]))


class TestBetterLargerK:
    @pytest.mark.parametrize(
        "entry, outcome",
        [
            (("roc_auc_ovr", 0.05, 0.01), "tip"),
            (("roc_auc_ovr", 0.05, 0.06), "passed"),
            (("roc_auc_ovr", -0.05, 0.01), "passed"),
            (("f1_macro", 0.05, 0.01), "passed"),
        ],
    )
    def test_a_larger_k_counts_where_it_is_significantly_better_by_the_deciding_score(
        self, entry: tuple[str, float, float], outcome: str
    ) -> None:
        alternative = make_alternative(entry, metric="cosine", n_neighbors=60)
        check = make_check_on("beyond_grid", make_context(analyses=Analyses(compared(alternative))))
        assert check.outcome == outcome
        assert check.figures["n_compared"] == 1
        if outcome == "tip":
            (found,) = alternative.differences
            key = "k60.cosine.roc_auc_ovr"
            assert check.figures[f"{key}.mean"] == found.mean
            assert check.figures[f"{key}.best_mean"] == found.best_mean
            assert check.figures[f"{key}.n_folds"] == found.n_folds

    def test_it_says_why_nobody_looked(self) -> None:
        assert make_check_on("beyond_grid", make_context()).outcome == "not_applicable"
        assert make_check_on("beyond_grid", make_context(asked=["leaks"])).outcome == "skipped"
