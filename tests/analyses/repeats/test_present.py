"""Other splits of the same images."""

from skknn_syndrome.analyses.repeats.present import (
    PRESENTATION,
    RepeatFindings,
    find_repeats,
    repeated_comparisons,
    repeats,
    selections,
)
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.results.repeats import RepeatedCandidate, Repeats, Selection
from skknn_syndrome.results.score import Score
from tests.builders import make_candidate, make_run, make_study, with_parts
from tests.comparison_builders import make_comparison, make_repeats
from tests.rendering.facts_builders import compare, study_with

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
    (row,) = repeats(REPEATS.candidates).to_text()
    assert row == ["cosine", "15", "f1_macro", "2", "0.700", "0.141", "0.600", "0.800"]


def test_selections_and_comparisons_are_shown_as_they_are() -> None:
    assert selections(REPEATS.selections).rows == (("cosine", "distance", 15, 2),)
    assert repeated_comparisons(REPEATS.comparisons).rows == (
        ("f1_macro", "cosine", "euclidean", 0.1, 0.0, 0.2, 0.04, 0.08, 0.01),
    )


def test_without_repeats_there_are_no_rows() -> None:
    assert not repeats(()).rows
    assert not selections(()).rows
    assert not repeated_comparisons(()).rows


def found(**parts: object) -> RepeatFindings:
    findings = find_repeats(study_with(**parts))
    assert findings is not None
    return findings


def test_scores_that_put_the_other_distance_first_significantly_are_named() -> None:
    findings = found(
        comparisons=(
            compare(),
            compare("f1_macro", first="euclidean"),
            compare("accuracy"),
            compare("accuracy"),
            compare("top_3_accuracy", first="euclidean", p_value=0.4),
        )
    )
    assert findings.comparison is not None
    assert findings.disagreeing == ["macro F1"]
    assert findings.agreeing == ["accuracy"]
    alone = found(repeats=make_repeats())
    assert (alone.comparison, alone.p_value, alone.disagreeing, alone.agreeing) == (None, None, [], [])
    assert find_repeats(study_with()) is None


def test_the_distances_are_compared_over_all_splits_where_there_are_several() -> None:
    single, over_all = make_comparison(p_value=0.2), make_comparison(p_value=0.01, p_holm=0.03)
    findings = found(comparisons=(single,), repeats=make_repeats(over_all))
    assert findings.comparison is over_all
    assert findings.single_comparison is single
    assert (findings.p_value, findings.single_p_value) == (0.03, 0.2)


def test_one_split_is_compared_by_itself() -> None:
    single = make_comparison(p_value=0.2)
    for several in (None, make_repeats()):
        findings = found(comparisons=(single,), repeats=several)
        assert findings.comparison is single
        assert findings.single_comparison is None
        assert findings.p_value == 0.2


def test_the_report_has_the_first_splits_comparison_of_the_primary_protocol_alone() -> None:
    study = with_parts(make_study(make_run(make_candidate([0.5]))), comparisons=(make_comparison(),))
    shown = PRESENTATION.report_tables["distance_comparisons"](study)
    assert shown is not None
    assert shown.name == "distance_comparisons_image"
    assert PRESENTATION.report_tables["distance_comparisons"](make_study()) is None
