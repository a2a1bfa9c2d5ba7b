"""What a reproduction shows."""

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
)
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
