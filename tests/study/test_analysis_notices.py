"""What the analyses show that a reader has to know."""

from typing import Any

import pytest

from skknn_syndrome.results import Alternative, Calibration, Hubness, ProtocolResult
from skknn_syndrome.results.calibration import Reliability, ReliabilityBin
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.hubness import DistanceHubness, Hub, OccurrenceCount
from skknn_syndrome.results.leak import Leak, LeakInflation
from skknn_syndrome.study.analysis_notices import notices_on_analyses
from tests.analysis_builders import make_alternative, make_distance, make_hubness, make_mean_interval
from tests.builders import make_candidate, make_run


def said(run: ProtocolResult, hubness: Hubness | None = None) -> list[tuple[str, str]]:
    return [(notice.code, notice.message) for notice in notices_on_analyses(run, hubness, ())]


def run_with(**fields: Any) -> ProtocolResult:
    return make_run(make_candidate([0.8, 0.8])).model_copy(update=fields)


def calibration(
    confidence: float, *, weights: str = "distance", half_width: float | None = 0.05
) -> Calibration:
    bin_ = ReliabilityBin(lower=0.0, upper=1.0, n_images=10, confidence=confidence, accuracy=0.8)
    reliability = Reliability(n_bins=1, bins=(bin_,), expected_error=0.1, maximum_error=0.1)
    return Calibration(
        head=KNN,
        params=knn_params("cosine", weights, 1),
        n_predictions=10,
        mean_confidence=confidence,
        accuracy=0.8,
        equal_width=reliability,
        equal_mass=reliability,
        brier=0.2,
        log_loss=0.4,
        zero_share=0.0,
        gap=make_mean_interval(confidence - 0.8, half_width),
    )


def hubness(skewness: float | None) -> Hubness:
    hub = Hub(row=0, syndrome="a", subject=None, n_lists=383, n_wrong_lists=0, norm=1.0)
    entry = DistanceHubness(
        metric="euclidean",
        n_neighbors=15,
        skewness=skewness,
        occurrences=(OccurrenceCount(n_lists=383, n_images=1),),
        hubs=(hub,),
        anti_hub_share=0.1,
        norm_correlation=None,
        neighbor_purity=0.5,
        purity_without_own_subject=None,
        own_subject_nearest=None,
        silhouette=None,
    )
    return make_hubness(entry)


def test_there_is_nothing_to_say_where_nothing_was_looked_into() -> None:
    assert said(run_with()) == []


@pytest.mark.parametrize(
    "purged, said_so",
    [(0.7, "macro F1 is 0.050 higher"), (0.76, "macro F1 is 0.010 lower"), (0.7501, "by less than 0.001")],
)
def test_what_people_on_both_sides_are_worth_is_said(purged: float, said_so: str) -> None:
    worth = LeakInflation(
        head=KNN, params=knn_params("cosine", "distance", 1), score="f1_macro", original=0.75, purged=purged
    )
    leak = Leak(
        kind="near_copies",
        protocol="subject",
        cosine_above=0.95,
        n_pairs=4,
        n_images=8,
        n_subjects=8,
        subjects=tuple((f"s{number}", f"t{number}") for number in range(4)),
        syndromes=("a",),
        inflations=(worth,),
    )
    (notice,) = notices_on_analyses(run_with(), None, (leak,))
    assert notice.code == "leak"
    assert "('s0' and 't0'; 's1' and 't1'; 's2' and 't2' and 1 more)" in notice.message
    assert said_so in notice.message


@pytest.mark.parametrize(
    "alternative, codes",
    [
        (make_alternative(("roc_auc_ovr", 0.05, 0.01)), ["simpler_rule_better"]),
        (make_alternative(("roc_auc_ovr", 0.05, 0.2), ("f1_macro", 0.05, 0.01)), ["simpler_rule_better"]),
        (make_alternative(("roc_auc_ovr", 0.05, 0.2), ("f1_macro", -0.05, 0.01)), []),
        (make_alternative(("accuracy", 0.05, 0.01)), []),
        (make_alternative(("roc_auc_ovr", 0.05, 0.01), metric="cosine", n_neighbors=60), ["beyond_grid"]),
        (make_alternative(("roc_auc_ovr", 0.05, 0.06), metric="cosine", n_neighbors=60), []),
        (make_alternative(("f1_macro", 0.05, 0.01), metric="cosine", n_neighbors=60), []),
    ],
)
def test_what_is_significantly_better_than_the_best_is_named(
    alternative: Alternative, codes: list[str]
) -> None:
    assert [code for code, _ in said(run_with(alternatives=(alternative,)))] == codes


@pytest.mark.parametrize("confidence, word", [(0.6, "underconfident"), (0.95, "overconfident")])
def test_probabilities_that_differ_significantly_from_the_accuracy_are_called_so(
    confidence: float, word: str
) -> None:
    ((code, message),) = said(run_with(calibrations=(calibration(confidence),)))
    assert code == "misleading_probabilities"
    assert word in message
    assert f"its mean confidence is {confidence:.3f}, its accuracy 0.800" in message


@pytest.mark.parametrize("half_width", [0.3, None])
def test_a_large_gap_that_may_be_chance_is_no_notice(half_width: float | None) -> None:
    assert said(run_with(calibrations=(calibration(0.6, half_width=half_width),))) == []


def test_a_file_without_intervals_has_no_verdict() -> None:
    older = calibration(0.2).model_copy(update={"gap": None})
    assert older.verdict == "inconclusive"
    assert said(run_with(calibrations=(older,))) == []


def test_other_weights_than_the_best_candidates_do_not_matter() -> None:
    assert said(run_with(calibrations=(calibration(0.79), calibration(0.2, weights="uniform")))) == []


def test_hubs_are_named_where_there_are_any() -> None:
    assert said(run_with(), hubness(None)) == said(run_with(), hubness(1.0)) == []
    ((code, message),) = said(run_with(), hubness(10.2))
    assert code == "hubs"
    assert "under the Euclidean distance one is in 383 lists of 15 (skewness 10.2)" in message


def test_hubs_of_several_distances_are_one_notice() -> None:
    found = make_hubness(make_distance("euclidean", skewness=9.0), make_distance("manhattan", skewness=8.0))
    ((code, message),) = said(run_with(), found)
    assert code == "hubs"
    assert "the Euclidean distance one is in 20 lists of 5 (skewness 9.0); under the Manhattan" in message
