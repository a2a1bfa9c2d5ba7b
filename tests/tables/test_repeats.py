"""Other splits of the same images."""

from skknn_syndrome.results import DistanceComparison, Score
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.repeats import RepeatedCandidate, Repeats, Selection
from skknn_syndrome.tables.repeats import repeated_comparisons, repeats, selections
from tests.builders import make_candidate, make_run

REPEATS = Repeats(
    seeds=(42, 43),
    n_folds=2,
    candidates=(
        RepeatedCandidate(
            head=KNN,
            params=knn_params("cosine", "distance", 15),
            all_scores=(Score.from_values("f1_macro", [0.5, 0.7, 0.7, 0.9]),),
            repeat_means=(("f1_macro", (0.6, 0.8)), ("roc_auc_ovr", (None, 0.9))),
        ),
    ),
    selections=(Selection(head=KNN, params=knn_params("cosine", "distance", 15), n_repeats=2),),
    comparisons=(
        DistanceComparison(
            score="f1_macro",
            first="cosine",
            second="euclidean",
            mean_difference=0.1,
            standard_error=0.05,
            t_statistic=2.0,
            p_value=0.04,
            confidence_low=0.0,
            confidence_high=0.2,
            p_holm=0.08,
            n_folds=4,
            repeat_std=0.01,
        ),
    ),
)


def test_a_row_is_a_score_that_two_splits_at_least_define() -> None:
    run = make_run(make_candidate([0.5])).model_copy(update={"repeats": REPEATS})
    (row,) = repeats(run).to_text()
    assert row == ["cosine", "15", "f1_macro", "2", "0.7000", "0.1414", "0.6000", "0.8000"]


def test_selections_and_comparisons_are_shown_as_they_are() -> None:
    run = make_run(make_candidate([0.5])).model_copy(update={"repeats": REPEATS})
    assert selections(run).rows == (("cosine", "distance", 15, 2),)
    assert repeated_comparisons(run).rows == (
        ("f1_macro", "cosine", "euclidean", 0.1, 0.0, 0.2, 0.04, 0.08, 0.01),
    )


def test_without_repeats_there_are_no_rows() -> None:
    run = make_run(make_candidate([0.5]))
    assert not repeats(run).rows
    assert not selections(run).rows
    assert not repeated_comparisons(run).rows
