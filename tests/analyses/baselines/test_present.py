"""Baselines: tables, checks and stored results."""

import pytest
from pydantic import ValidationError

from skknn_syndrome.analyses.baselines.present import alternatives, baselines
from skknn_syndrome.analyses.baselines.result import Baseline, BaselineComparison
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.comparison import Alternative
from skknn_syndrome.results.score import Score
from tests.builders import make_candidate, make_run, make_study, with_analyses
from tests.checks.contexts import make_check_on, make_context
from tests.comparison_builders import compared, make_alternative


def test_rules_come_first_and_the_best_candidates_last() -> None:
    run = make_run(
        make_candidate([0.5, 1.0], n_neighbors=7),
        make_candidate([0.5, 0.5], metric="euclidean"),
        protocol="subject",
    )
    entry = Baseline(
        head="nearest_centroid",
        params={"metric": "cosine"},
        ranking="negative_distance",
        all_scores=(
            Score.from_values("roc_auc_ovr", [0.25, float("nan")]),
            Score.from_values("accuracy", [1.0, 1.0]),
        ),
    )
    table = baselines(with_analyses(make_study(run), BaselineComparison(baselines=(entry,))))
    assert table.name == "baselines_subject"
    assert [column.key for column in table.columns] == ["rule", "metric", "weights", "roc_auc_ovr"]
    assert table.rows == (
        ("nearest centroid", "cosine", None, 0.25),
        ("nearest images, k = 7", "cosine", "distance", 0.75),
        ("nearest images, k = 1", "euclidean", "distance", 0.5),
    )


def test_candidates_alone_are_no_table_of_baselines() -> None:
    assert baselines(make_study()).rows == ()


STUDY = with_analyses(
    make_study(make_run(make_candidate([0.5]), protocol="subject")),
    *compared(
        make_alternative(("f1_macro", 0.0, 0.5), metric="cosine", n_neighbors=60),
        make_alternative(("roc_auc_ovr", 0.1, 0.01), ("accuracy", -0.1, None)),
        make_alternative(("roc_auc_ovr", -0.2, 0.02), name="majority"),
    ),
)


def test_a_row_is_a_score_of_an_alternative() -> None:
    rows = alternatives(STUDY).rows
    assert [(row[0], row[1], row[2], row[3], row[-2]) for row in rows] == [
        ("nearest images", "cosine", 60, "f1_macro", "inconclusive"),
        ("linear discriminant analysis", None, None, "roc_auc_ovr", "better"),
        ("linear discriminant analysis", None, None, "accuracy", "inconclusive"),
        ("most frequent syndrome", None, None, "roc_auc_ovr", "worse"),
    ]


def test_readers_see_some_scores_of_what_looks_at_embeddings() -> None:
    rows = alternatives(STUDY, ("roc_auc_ovr", "f1_macro")).rows
    assert [(row[0], row[3]) for row in rows] == [
        ("nearest images", "f1_macro"),
        ("linear discriminant analysis", "roc_auc_ovr"),
    ]


def test_the_caption_speaks_of_what_was_compared_and_of_the_splits_that_there_were() -> None:
    lda = make_alternative(("roc_auc_ovr", 0.1, 0.01)).model_copy(update={"n_splits": 1})
    once = alternatives(with_analyses(make_study(), *compared(lda))).caption
    assert not any(word in once for word in ("larger k", "repeated splits", "nearest"))
    assert all(word in alternatives(STUDY).caption for word in ("larger k", "repeated splits"))


class TestBetterBaseline:
    @pytest.mark.parametrize(
        "alternative, scores",
        [
            (make_alternative(("roc_auc_ovr", 0.05, 0.01)), ["roc_auc_ovr"]),
            (make_alternative(("roc_auc_ovr", 0.05, 0.2), ("f1_macro", 0.05, 0.01)), ["f1_macro"]),
            (
                make_alternative(("roc_auc_ovr", 0.05, 0.01), ("f1_macro", 0.05, 0.01)),
                ["roc_auc_ovr", "f1_macro"],
            ),
            (make_alternative(("roc_auc_ovr", 0.05, 0.2), ("f1_macro", -0.05, 0.01)), []),
            (make_alternative(("accuracy", 0.05, 0.01)), []),
        ],
    )
    def test_it_is_an_issue_in_the_deciding_score_or_macro_f1(
        self, alternative: Alternative, scores: list[str]
    ) -> None:
        check = make_check_on("better_baseline", make_context(analyses=Analyses(compared(alternative))))
        assert check.outcome == ("issue" if scores else "passed")
        assert check.message.count("Significantly higher") == len(scores)
        key = ".".join(filter(None, (alternative.head, alternative.metric)))
        assert {name for name in check.figures if name.endswith(".mean")} == {
            f"{key}.{score}.mean" for score in scores
        }

    def test_several_baselines_share_a_sentence_a_score(self) -> None:
        both = ("roc_auc_ovr", 0.05, 0.01), ("f1_macro", 0.05, 0.01)
        better = (make_alternative(*both), make_alternative(*both, metric="cosine"))
        check = make_check_on("better_baseline", make_context(analyses=Analyses(compared(*better))))
        assert check.message.count("Significantly higher in macro AUC than") == 1
        assert check.message.count("Significantly higher in macro F1 than") == 1
        assert check.message.count(" against ") == 4
        assert check.figures["n_compared"] == 2

    def test_it_says_why_nobody_looked(self) -> None:
        assert make_check_on("better_baseline", make_context()).outcome == "not_applicable"
        asked = make_context(asked=["baselines"], left_out={"baselines": "It takes too long."})
        check = make_check_on("better_baseline", asked)
        assert check.outcome == "skipped"
        assert check.message == "The analysis 'baselines' was left out: It takes too long."


def test_scores_are_found_by_name_and_survive_json() -> None:
    baseline = Baseline(
        head="prior",
        params={},
        ranking="probability",
        all_scores=(Score.from_values("accuracy", [0.5, 0.25]),),
    )
    assert (baseline.name, baseline.metric) == ("prior", None)
    assert baseline.scores["accuracy"].mean == 0.375
    assert Baseline.model_validate_json(baseline.model_dump_json()) == baseline


@pytest.mark.parametrize(
    "score, values, said",
    [("f1_macro", [0.5, 0.5], "there is no score 'roc_auc_ovr'"), ("roc_auc_ovr", [0.5], "'values' has 1")],
)
def test_they_are_scored_on_the_folds_of_the_study(score: str, values: list[float], said: str) -> None:
    entry = Baseline(
        head="lda", params={}, ranking="probability", all_scores=(Score.from_values(score, values),)
    )
    with pytest.raises(ValidationError, match=said):
        make_study().revised(analyses=Analyses([BaselineComparison(protocol="image", baselines=(entry,))]))
