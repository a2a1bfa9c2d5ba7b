"""Checks of completeness."""

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
    reasons = {
        "leakage": need,
        "repeats": "It takes a number.",
        "chance": need,
        "map": need,
        "embedding_space": need,
    }
    check = make_check_on("analysis_left_out", make_context(left_out=reasons))
    assert check.figures == reasons
    assert check.message == (
        "The analyses 'leakage', 'chance' and 'embedding_space' were left out: they need neighbours, and the "
        "head 'toy' gives none. The analysis 'repeats' was left out: It takes a number. The map of the "
        f"embeddings was left out: {need}"
    )


def test_analyses_that_were_all_done_pass() -> None:
    check = make_check_on("analysis_left_out", make_context(asked=["leakage", "chance"]))
    assert (check.outcome, check.figures) == ("passed", {"n_asked_for": 2})
    assert make_check_on("analysis_left_out", make_context(asked=())).outcome == "not_applicable"
