"""Findings and checks of preprocessing."""

from typing import Literal

import pytest

from skknn_syndrome.analyses.preprocessing.effects import ClassCount, Gain, LeftOut, PreprocessingStep
from skknn_syndrome.analyses.preprocessing.findings import PreprocessingFindings
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.published import PublishedScore
from tests.analyses.preprocessing.make import (
    make_comparison,
    make_gain,
    make_inflation,
    make_variant,
    no_difference,
    with_gains,
)
from tests.checks.contexts import make_check_on, make_context


def findings(*gains: Gain) -> PreprocessingFindings:
    """Return findings with these gains."""
    return PreprocessingFindings(with_gains(*gains))


def test_the_distance_is_that_which_suits_unprocessed_embeddings() -> None:
    found = findings()
    assert found.metric == "cosine"
    assert found.metrics == ["cosine", "euclidean"]
    assert (found.scalers, found.resamplers) == (["none"], ["none", "mixup"])


@pytest.mark.parametrize(
    "scaler, resampler, helps", [("none", "mixup", True), ("l2", "none", False), ("l2", "mixup", False)]
)
def test_a_resampler_helps_by_itself_where_no_scaler_stands_before_it(
    scaler: str, resampler: str, *, helps: bool
) -> None:
    assert findings(make_gain(scaler, resampler, by=0.05)).resampler_helps("cosine") == helps


def test_what_never_differs_is_not_judged() -> None:
    found = findings(no_difference(), make_gain(by=-0.01))
    assert [entry.name for judged in found.verdicts for entry in judged.variants] == [("none", "mixup")]
    assert findings(no_difference()).verdicts == ()


def test_the_best_resampled_variant_is_the_figures() -> None:
    # SMOTE gains more F1, but mixup has the higher composite score.
    found = findings(make_gain(by=-0.01), make_gain(resampler="smote", by=0.015))
    best, drawn = found.best_resampled("cosine"), found.comparison.best_resampled()
    assert best is not None
    assert drawn is not None
    assert (*best.name, best.metric) == drawn.name == ("none", "mixup", "cosine")
    assert findings(make_gain("l2", "none")).best_resampled("cosine") is None


def test_without_a_resampled_variant_there_is_no_best_one() -> None:
    plain = tuple(variant for variant in make_comparison().variants if variant.resampler == "none")
    found = PreprocessingFindings(make_comparison().model_copy(update={"variants": plain}))
    assert found.best_resampled("cosine") is None


def test_splits_are_a_gains_own_or_those_of_all() -> None:
    repeated = make_gain().model_copy(update={"n_splits": 10})
    assert (findings().n_splits(repeated), findings().n_splits(make_gain())) == (10, 1)


def test_unit_length_under_the_euclidean_distance_is_known_for_the_cosine_distance() -> None:
    step = PreprocessingStep(kind="scaler", name="l2", description="Normalizer()")
    gain = make_gain("l2", "none", by=0.05).model_copy(update={"metric": "euclidean"})
    found = PreprocessingFindings(with_gains(gain, steps=(step,)))
    (judged,) = found.verdicts
    assert found.is_cosine(judged.helping[0])


@pytest.mark.parametrize(
    "name, interpolates, removes, adds",
    [
        ("mixup", True, False, True),
        ("balanced+mixup", True, True, True),
        ("noise", False, False, True),
        ("balanced", False, True, False),
        ("cut", False, True, False),
        ("copied", False, False, True),
        ("mine", False, False, False),
    ],
)
def test_what_a_resampler_does_is_known_by_its_name_or_its_counts(
    name: str, *, interpolates: bool, removes: bool, adds: bool
) -> None:
    comparison = make_comparison()
    after = {"cut": 3, "copied": 5}.get(name, 4)
    result = comparison.model_copy(
        update={
            "steps": (PreprocessingStep(kind="resampler", name=name, description="?"),),
            "variants": (*comparison.variants, make_variant("none", name, "cosine", "before_splitting")),
            "inflations": (make_inflation(resampler="none"), make_inflation(resampler=name)),
            "class_counts": (
                ClassCount(scaler="none", resampler=name, syndrome="a", before=4, after=after),
                ClassCount(scaler="l2", resampler=name, syndrome="a", before=1, after=9),
            ),
        }
    )
    found = PreprocessingFindings(result)
    assert found.interpolates == interpolates
    assert (found.claims[0].removes_rows, found.claims[0].adds_rows) == (removes, adds)


def test_a_claim_sets_both_ways_beside_each_other() -> None:
    result = make_comparison().model_copy(
        update={
            "inflations": (
                make_inflation(resampler="none", by=0.01),
                make_inflation(resampler="mixup", by=0.2).model_copy(
                    update={"within_folds": 0.7, "before_splitting": 0.9}
                ),
            )
        }
    )
    found = PreprocessingFindings(result)
    (claim,) = found.claims
    # 0.90 - 0.73 before splitting; 0.70 - 0.72 within folds.
    assert (claim.claimed, claim.within_folds) == pytest.approx((0.17, -0.02))
    assert (claim.score_before_splitting, claim.score_within_folds, claim.difference) == pytest.approx(
        (0.9, 0.7, 0.2)
    )
    assert found.changes_within_folds == pytest.approx((-0.02, -0.02))
    assert found.unprocessed_inflation is not None
    assert found.unprocessed_inflation.difference == 0.01


@pytest.mark.parametrize("by, inflated", [(0.06, True), (0.05, False), (0.0, False), (-0.2, False)])
def test_it_is_inflated_where_the_interval_lies_above_0(by: float, *, inflated: bool) -> None:
    inflations = (make_inflation(resampler="none", by=0.0), make_inflation(by=by))
    found = PreprocessingFindings(make_comparison().model_copy(update={"inflations": inflations}))
    assert found.claims[0].inflated == inflated


def test_without_unprocessed_embeddings_nothing_is_claimed() -> None:
    found = PreprocessingFindings(make_comparison().model_copy(update={"inflations": (make_inflation(),)}))
    assert (found.claims, found.unprocessed_inflation) == ([], None)


def published(dataset: str, value: float = 0.9, *, score: str = "f1_macro") -> PublishedScore:
    """Return one published figure."""
    return PublishedScore(
        source="report",
        table="t",
        dataset=dataset,
        classifier="knn",
        distance="cosine",
        n_neighbors=3,
        score=score,
        value=value,
    )


def test_of_published_scores_the_f1_of_resampled_embeddings_count() -> None:
    entries = (published("mixup"), published("mixup", score="accuracy"), published("original+l2"))
    found = PreprocessingFindings(with_gains(), entries)
    (row,) = found.published_resampling.rows
    assert row[2:4] == ("none", "mixup")
    claim = found.published_claim
    assert claim is not None
    assert (claim.published, claim.resampler, claim.before_splitting, claim.within_folds) == pytest.approx(
        (0.9, "mixup", 0.92, 0.7)
    )


def test_a_copy_claims_nothing() -> None:
    found = PreprocessingFindings(with_gains(), (published("original"), published("mixup")))
    assert found.published_claim is None


def test_combinations_are_counted_once_whatever_distance_and_way() -> None:
    assert findings().n_combinations == 2


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
