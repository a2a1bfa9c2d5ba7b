"""What each variant adds."""

import pytest

from skknn_syndrome.tables.ablation import preprocessing_gains
from skknn_syndrome.tables.ablation.gains import verdict
from tests.ablation_builders import SCORES, make_ablation, make_gain


def test_f1_auc_and_top_1_come_first_and_the_others_as_they_are() -> None:
    rows = preprocessing_gains(make_ablation()).rows
    first = ["f1_macro", "roc_auc_ovr", "top_1_accuracy"]
    assert [row[0] for row in rows] == [*first, *(name for name in SCORES if name not in first)]


def test_within_a_score_distances_stay_apart_and_the_largest_gain_is_first() -> None:
    euclidean = make_gain(by=0.03).model_copy(update={"metric": "euclidean"})
    gains = (make_gain(by=-0.05), make_gain("l2", by=0.01), euclidean)
    rows = preprocessing_gains(make_ablation().model_copy(update={"gains": gains})).rows
    assert [(row[1], row[2], row[6]) for row in rows] == [
        ("euclidean", "none", 0.03),
        ("cosine", "l2", 0.01),
        ("cosine", "none", -0.05),
    ]


def test_a_row_has_both_k_the_interval_both_p_and_the_verdict() -> None:
    table = preprocessing_gains(make_ablation())
    assert table.to_text()[0] == [
        *("f1_macro", "cosine", "none", "mixup", "3", "3"),
        *("-0.0200", "-0.0350", "-0.0050", "0.010", "0.020", "worse", "1"),
    ]
    assert "each at its own best k" in table.caption


def test_the_caption_says_the_k_that_was_asked_for() -> None:
    table = preprocessing_gains(make_ablation().model_copy(update={"compared_at": 15}))
    assert "all at k = 15" in table.caption


@pytest.mark.parametrize(
    "by,word", [(0.02, "better"), (-0.02, "worse"), (0.019, "not significant"), (-0.019, "not significant")]
)
def test_only_what_is_significant_is_better_or_worse(by: float, word: str) -> None:
    assert verdict(make_gain(by=by)) == word


def test_the_same_score_in_every_fold_is_no_difference() -> None:
    update = {"mean_difference": 0.0, "low": 0.0, "high": 0.0, "p_value": None, "p_holm": None}
    assert verdict(make_gain().model_copy(update=update)) == "no difference"


def test_the_splits_are_those_of_the_comparison_or_of_all_variants() -> None:
    gains = (make_gain(by=0.03).model_copy(update={"n_splits": 10}), make_gain())
    rows = preprocessing_gains(make_ablation().model_copy(update={"gains": gains})).rows
    assert [row[-1] for row in rows] == [10, 1]


def test_without_untouched_embeddings_there_are_no_rows() -> None:
    assert preprocessing_gains(make_ablation().model_copy(update={"gains": ()})).rows == ()
