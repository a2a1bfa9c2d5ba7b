"""Checks of completeness."""

from typing import Literal

from skknn_syndrome.results.preprocessing_effects import LeftOut
from tests.ablation_builders import make_ablation
from tests.checks.contexts import make_check_on, make_context


def test_analyses_that_could_not_be_done_are_named_with_the_reason() -> None:
    reasons = {"chance": "It is too large.", "map": "all embeddings are equal."}
    check = make_check_on("analysis_left_out", make_context(left_out={**reasons, "preprocessing": "No."}))
    assert check.outcome == "tip"
    assert check.figures == reasons
    assert check.message == (
        "The analysis 'chance' was left out: It is too large. The map of the embeddings was left out: all "
        "embeddings are equal."
    )


def test_analyses_that_share_a_reason_share_a_sentence_and_keep_their_figures() -> None:
    need = "it needs neighbours, and the head 'toy' gives none."
    reasons = {"leaks": need, "repeats": "It takes a number.", "chance": need, "map": need, "geometry": need}
    check = make_check_on("analysis_left_out", make_context(left_out=reasons))
    assert check.figures == reasons
    assert check.message == (
        "The analyses 'leaks', 'chance' and 'geometry' were left out: they need neighbours, and the head "
        "'toy' gives none. The analysis 'repeats' was left out: It takes a number. The map of the embeddings "
        f"was left out: {need}"
    )


def test_analyses_that_were_all_done_pass() -> None:
    check = make_check_on("analysis_left_out", make_context(analyses=["leaks", "chance"]))
    assert (check.outcome, check.figures) == ("passed", {"n_asked_for": 2})
    assert make_check_on("analysis_left_out", make_context(analyses=())).outcome == "not_applicable"


def test_preprocessing_that_could_not_be_compared_says_why() -> None:
    check = make_check_on(
        "preprocessing_left_out", make_context(left_out={"preprocessing": "Too few folds."})
    )
    assert check.outcome == "tip"
    assert check.message == "Preprocessing was not compared: Too few folds."


def test_preprocessing_that_nobody_asked_for_is_skipped() -> None:
    for name in ("preprocessing_left_out", "resampler_left_out"):
        assert make_check_on(name, make_context()).outcome == "skipped"


def test_resamplers_that_the_folds_do_not_allow_are_named_once() -> None:
    def left_out(resampler: str, way: Literal["honest", "leaky"]) -> LeftOut:
        return LeftOut(scaler="none", resampler=resampler, reason=f"{resampler} takes more images.", way=way)

    found = (left_out("smote", "honest"), left_out("smote", "honest"), left_out("mixup", "leaky"))
    ablation = make_ablation().model_copy(update={"left_out": found})
    check = make_check_on("resampler_left_out", make_context(ablation=ablation))
    assert (check.outcome, check.message) == ("tip", "smote takes more images.")
    assert check.figures == {"smote": "smote takes more images."}
    assert make_check_on("resampler_left_out", make_context(ablation=make_ablation())).outcome == "passed"
    assert make_check_on("preprocessing_left_out", make_context(ablation=ablation)).outcome == "passed"
