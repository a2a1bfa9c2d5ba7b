"""What a reproduction shows, and its verdicts."""

import numpy as np
import pytest

from skknn_syndrome.analyses.published.present import (
    balanced_classes,
    find_published,
    narrow_tables,
    remarks,
    reproduced_rows,
    reproduced_scores,
    reproduction_tables,
)
from skknn_syndrome.analyses.published.result import (
    BalancedClass,
    PublishedScores,
    ReproducedRow,
    ReproducedScore,
    Reproduction,
    Verdict,
)
from skknn_syndrome.analyses.published.verdicts import judge_draws, judge_run, worst_verdict
from skknn_syndrome.results.published import PublishedScore
from tests.builders import make_candidate, make_run, make_study, with_analyses


@pytest.fixture
def result() -> Reproduction:
    score = ReproducedScore(
        score="f1_macro",
        published=0.743,
        reproduced=0.9274,
        std=0.0051,
        low=0.9125,
        high=0.9423,
        verdict="not_reproducible",
    )
    row = ReproducedRow(
        table="result-3",
        dataset="mixup",
        distance="euclidean",
        n_neighbors=13,
        n_draws=20,
        share_choosing_k=0.05,
        scores=(score,),
        verdict="not_reproducible",
        repeats="original of result-1",
        figures_of="original",
        reason="These are the figures of original.",
    )
    return Reproduction(
        source="apollo-report",
        dataset=make_study().dataset,
        same_data=True,
        splitter="StratifiedKFold()",
        decimals=3,
        balanced=(BalancedClass(syndrome="a", before=4, after=2),),
        rows=(row,),
    )


def test_a_figure_stands_beside_what_came_out_with_one_decimal_more(result: Reproduction) -> None:
    (cells,) = reproduced_scores(result).to_text()
    assert cells[4:] == [
        "f1_macro",
        "0.743",
        "0.9274",
        "0.1844",
        "0.0051",
        "0.9125",
        "0.9423",
        "not reproducible",
    ]


def test_a_row_shows_its_verdict_and_why(result: Reproduction) -> None:
    (cells,) = reproduced_rows(result).to_text()
    assert cells[4:] == [
        "not reproducible",
        "0.05",
        "20",
        "original of result-1",
        "original",
        "These are the figures of original.",
    ]


def test_classes_are_shown_where_they_were_balanced(result: Reproduction) -> None:
    assert balanced_classes(result).rows == (("a", 4, 2),)
    names = ["reproduced_rows", "reproduced_scores", "balanced_classes"]
    assert [table.name for table in reproduction_tables(result)] == names
    untouched = result.model_copy(update={"balanced": ()})
    assert [table.name for table in reproduction_tables(untouched)] == names[:2]


def test_the_caption_says_where_the_embeddings_are_others(result: Reproduction) -> None:
    assert "not the embeddings" not in reproduced_rows(result).caption
    other = result.model_copy(update={"same_data": False})
    assert reproduced_rows(other).caption.endswith("these are not the embeddings that the source had")


def test_eighty_characters_have_room_for_what_was_published_and_what_came_out(result: Reproduction) -> None:
    scores, rows, _ = narrow_tables(result)
    assert scores.to_text() == [["mixup", "euclidean", "13", "f1_macro", "0.743", "0.9274", "0.1844"]]
    assert rows.to_text() == [["result-3", "mixup", "euclidean", "13", "not reproducible"]]


def test_copied_figures_are_named_in_a_sentence(result: Reproduction) -> None:
    assert remarks(result) == (
        (
            "result-3, mixup, Euclidean, k = 13: The same figures as original of result-1, digit by digit. "
            "These are the figures of original."
        ),
    )


def test_a_tie_band_is_shown_and_what_needs_no_words_has_none(result: Reproduction) -> None:
    tied = ReproducedScore(
        score="top_5_accuracy",
        published=0.975,
        reproduced=0.9758,
        low=0.974,
        high=0.9794,
        verdict="within_ties",
    )
    plain = {"repeats": None, "figures_of": None, "reason": None}
    rows = [result.rows[0].model_copy(update={**plain, "scores": scores}) for scores in ((tied,), ())]
    assert remarks(result.model_copy(update={"rows": tuple(rows)})) == (
        (
            "result-3, mixup, Euclidean, k = 13: Top-5 accuracy of 0.975 lies inside the tie band "
            "[0.974, 0.979]."
        ),
    )


def test_published_scores_meet_their_counterpart_of_the_same_distance_and_k() -> None:
    entry = PublishedScore(
        source="s", table="t", dataset="original", classifier="knn", distance="cosine", n_neighbors=3,
        score="roc_auc_ovr", value=0.9,
    )  # fmt: skip
    image = make_run(make_candidate([0.6, 0.7], n_neighbors=3))
    others = [entry.model_copy(update=change) for change in (
        {"n_neighbors": 5}, {"dataset": "balanced"}, {"classifier": "svm"}, {"score": "top_9_accuracy"},
    )]  # fmt: skip
    study = with_analyses(make_study(image), PublishedScores(published=(entry, *others)))
    found = find_published(study)
    assert found is not None
    assert found.table.rows[0][:6] == ("s", "t", "cosine", 3, "roc_auc_ovr", 0.9)
    assert found.n_scores == 1
    assert found.largest_difference == pytest.approx(0.25)
    assert find_published(make_study(image)) is None


@pytest.mark.parametrize(
    "value, verdict",
    [
        (0.7706, "reproduced"),
        (0.7705, "reproduced"),
        (0.7715, "reproduced"),
        (0.77049, "not_reproducible"),
        (0.7716, "not_reproducible"),
    ],
)
def test_a_figure_is_reproduced_where_the_value_rounds_to_it(value: float, verdict: Verdict) -> None:
    assert judge_run("accuracy", 0.771, value, ties=None, decimals=3).verdict == verdict


@pytest.mark.parametrize(
    "published, verdict",
    [
        (0.9758, "reproduced"),
        (0.9740, "within_ties"),
        (0.9794, "within_ties"),
        (0.9739, "not_reproducible"),
        (0.9795, "not_reproducible"),
    ],
)
def test_another_figure_may_lie_between_the_bounds_over_ties(published: float, verdict: Verdict) -> None:
    judged = judge_run("top_5_accuracy", published, 0.9758, ties=(0.9740, 0.9794), decimals=4)
    assert judged.verdict == verdict
    assert (judged.low, judged.high) == (0.9740, 0.9794)
    assert judged.difference == pytest.approx(0.9758 - published)


def test_hand_computed_interval_of_three_draws() -> None:
    # Mean 0.75, SD 0.01; the 0.995 quantile of Student's distribution with 2 degrees of freedom is 9.9248.
    # The margin is 9.9248 * 0.01 * sqrt(4 / 3) = 0.1146.
    judged = judge_draws("f1_macro", 0.86, np.array([0.74, 0.75, 0.76]), decimals=2)
    assert judged.reproduced == pytest.approx(0.75)
    assert judged.std == pytest.approx(0.01)
    assert judged.low == pytest.approx(0.6354, abs=5e-5)
    assert judged.high == pytest.approx(0.8646, abs=5e-5)
    assert judged.verdict == "within_draws"
    assert (
        judge_draws("f1_macro", 0.87, np.array([0.74, 0.75, 0.76]), decimals=2).verdict == "not_reproducible"
    )


def test_a_further_draw_lies_within_in_99_of_100_cases() -> None:
    draws = np.random.default_rng(0).normal(0.5, 0.01, size=(4000, 11))
    judged = [judge_draws("accuracy", row[0], row[1:], decimals=12) for row in draws]
    share = np.mean([entry.verdict == "within_draws" for entry in judged])
    assert share == pytest.approx(0.99, abs=0.005)  # three standard errors


def test_no_interval_leaves_the_range_of_a_score() -> None:
    assert judge_draws("accuracy", 0.5, np.array([0.0, 1.0]), decimals=3).model_dump(
        include={"low", "high"}
    ) == {
        "low": 0.0,
        "high": 1.0,
    }


def test_draws_that_never_differ_leave_room_for_rounding_alone() -> None:
    same = np.full(5, 0.9999)
    assert judge_draws("top_9_accuracy", 1.0, same, decimals=3).verdict == "within_draws"
    assert judge_draws("top_9_accuracy", 0.999, same, decimals=3).verdict == "not_reproducible"


def test_a_row_is_as_good_as_its_worst_figure() -> None:
    reproduced = judge_run("accuracy", 0.5, 0.5, ties=None, decimals=1)
    tied = judge_run("top_5_accuracy", 0.5, 0.7, ties=(0.4, 0.8), decimals=1)
    drawn = judge_draws("f1_macro", 0.5, np.array([0.4, 0.6]), decimals=1)
    lost = judge_run("accuracy", 0.5, 0.9, ties=None, decimals=1)
    assert worst_verdict([reproduced, reproduced]) == "reproduced"
    assert worst_verdict([reproduced, tied]) == "within_ties"
    assert worst_verdict([tied, drawn, reproduced]) == "within_draws"
    assert worst_verdict([tied, drawn, reproduced, lost]) == "not_reproducible"
