"""Checks of preprocessing: resamplers and whole comparisons that were left out."""

from typing import Literal

from skknn_syndrome.analyses.preprocessing.effects import LeftOut
from skknn_syndrome.results.analysis import Analyses
from tests.analyses.preprocessing.make import make_comparison
from tests.checks.contexts import make_check_on, make_context


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
    def left_out(resampler: str, way: Literal["within_folds", "before_splitting"]) -> LeftOut:
        return LeftOut(scaler="none", resampler=resampler, reason=f"{resampler} takes more images.", way=way)

    found = (
        left_out("smote", "within_folds"),
        left_out("smote", "within_folds"),
        left_out("mixup", "before_splitting"),
    )
    comparison = make_comparison().model_copy(update={"left_out": found})
    check = make_check_on("resampler_left_out", make_context(analyses=Analyses([comparison])))
    assert (check.outcome, check.message) == ("tip", "smote takes more images.")
    assert check.figures == {"smote": "smote takes more images."}
    assert (
        make_check_on("resampler_left_out", make_context(analyses=Analyses([make_comparison()]))).outcome
        == "passed"
    )
    assert (
        make_check_on("preprocessing_left_out", make_context(analyses=Analyses([comparison]))).outcome
        == "passed"
    )
