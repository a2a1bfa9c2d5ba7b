"""Calibration: tables and findings."""

import pytest

from skknn_syndrome.analyses.calibration.present import (
    CalibrationFindings,
    calibrations,
    find_calibration,
    temperatures,
)
from skknn_syndrome.analyses.calibration.result import (
    Calibration,
    CalibrationAnalysis,
    Reliability,
    ReliabilityBin,
    TemperatureSelection,
)
from skknn_syndrome.results.analysis import Analyses
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.check import Check
from skknn_syndrome.results.protocol import ProtocolResult
from skknn_syndrome.results.study import StudyResult
from tests.analysis_builders import make_calibration, make_mean_interval, make_temperatures
from tests.builders import make_candidate, make_run, with_analyses
from tests.checks.contexts import make_check_on, make_context
from tests.rendering.facts_builders import study_with
from tests.rendering.studies import prose, with_run


def test_the_gap_is_confidence_minus_accuracy() -> None:
    (row,) = calibrations([make_calibration(confidence=0.6, accuracy=0.8, error=0.2)]).rows
    assert row[:3] == ("cosine", "distance", 5)
    assert row[3:] == pytest.approx((0.6, 0.8, -0.2, -0.25, -0.15, 0.2, 0.2, 0.35, 0.625, 0.025))


def test_a_file_of_an_earlier_version_has_no_interval() -> None:
    older = make_calibration().model_copy(update={"gap": None, "log_loss_of_possible": None})
    (row,) = calibrations([older]).rows
    assert (row[6:8], row[-2]) == ((None, None), None)


def test_temperatures_are_counted_and_those_at_the_edge_are_marked() -> None:
    table = temperatures([make_temperatures([(0.07, False), (0.05, True), (0.07, False)])])
    assert table.rows == (("cosine", 5, 0.05, 1, "yes"), ("cosine", 5, 0.07, 2, "no"))


WINNER = make_candidate([0.5])


def findings(confidence: float, accuracy: float, half_width: float = 0.05) -> CalibrationFindings:
    own = make_calibration(confidence=confidence, accuracy=accuracy, half_width=half_width)
    return CalibrationFindings([own], WINNER, None)


@pytest.mark.parametrize(
    "confidence, half_width, direction",
    [
        (0.6, 0.05, "under"),
        (0.6, 0.3, "even"),
        (0.79, 0.005, "under"),
        (0.8, 0.05, "even"),
        (0.9, 0.05, "over"),
    ],
)
def test_the_direction_is_that_of_the_interval_and_of_no_fixed_gap(
    confidence: float, half_width: float, direction: str
) -> None:
    assert findings(confidence, 0.8, half_width).direction == direction


def test_the_winners_own_scheme_is_spoken_of_and_a_better_calibrated_one_named() -> None:
    schemes = [
        make_calibration(weights="uniform", error=0.1),
        make_calibration(error=0.2),
        make_calibration(weights="softmax", error=0.3),
    ]
    found = CalibrationFindings(schemes, WINNER, None)
    assert found.own.weights == "distance"
    assert found.better is schemes[0]
    assert not found.costs_accuracy
    assert CalibrationFindings(schemes[:1], WINNER, None).own.weights == "uniform"


def test_a_scheme_whose_accuracy_differs_costs_accuracy() -> None:
    schemes = [make_calibration(), make_calibration(weights="softmax", error=0.05, accuracy=0.788)]
    assert CalibrationFindings(schemes, WINNER, None).costs_accuracy


@pytest.mark.parametrize("error", [0.2, 0.2001, 0.1999, 0.4])
def test_a_scheme_whose_error_is_printed_the_same_or_higher_is_not_better(error: float) -> None:
    schemes = [make_calibration(weights="uniform", error=error), make_calibration(error=0.2)]
    found = CalibrationFindings(schemes, WINNER, None)
    assert found.better is None
    assert not found.costs_accuracy


def test_temperatures_are_counted() -> None:
    chosen = make_temperatures([(0.07, False), (0.05, True), (0.07, False)])
    found = CalibrationFindings([make_calibration()], WINNER, chosen)
    assert found.temperatures == [(0.05, 1), (0.07, 2)]
    assert found.n_at_edge == 1


def test_without_softmax_there_are_no_temperatures() -> None:
    assert findings(0.5, 0.5).temperatures == []
    assert findings(0.5, 0.5).n_at_edge == 0


def test_findings_are_those_of_the_winner() -> None:
    study = study_with()
    assert find_calibration(study) is None
    analysis = CalibrationAnalysis(
        calibrations=(make_calibration("euclidean"), make_calibration()),
        temperatures=(make_temperatures(metric="euclidean"), make_temperatures()),
    )
    found = find_calibration(with_analyses(study, analysis))
    assert found is not None
    assert found.own.metric == "cosine"
    assert found.temperature is not None
    assert found.temperature.metric == "cosine"


def calibrated(*entries: Calibration, temperatures: tuple[TemperatureSelection, ...] = ()) -> StudyResult:
    return with_run(CalibrationAnalysis(calibrations=entries, temperatures=temperatures))


@pytest.mark.parametrize(
    "confidence, half_width, part",
    [
        (0.6, 0.05, "The classifier is underconfident."),
        (0.9, 0.05, "The classifier is overconfident."),
        (0.77, 0.05, "not significantly different from zero"),
    ],
)
def test_the_prose_follows_the_calibration(confidence: float, half_width: float, part: str) -> None:
    entry = make_calibration(confidence=confidence, accuracy=0.8, half_width=half_width)
    text = prose(calibrated(entry))
    assert part in text
    assert ("confident." in text) == (entry.verdict != "inconclusive")


def test_log_loss_is_that_of_possible_syndromes_and_left_out_where_there_is_none() -> None:
    for zero_share in (0.025, 0.0):
        entry = make_calibration(zero_share=zero_share)
        assert "is 0.625" in prose(calibrated(entry))
        older = entry.model_copy(update={"log_loss_of_possible": None, "gap": None})
        text = prose(calibrated(older))
        assert "0.625" not in text
        assert "1.5" not in text.partition("### Calibration")[2].partition("|")[0]
        assert "interval" not in text.partition("### Calibration")[2].partition("expected calibration")[0]


def test_where_units_do_not_vary_the_gap_has_no_interval() -> None:
    entry = make_calibration(confidence=0.8).model_copy(update={"gap": make_mean_interval(0.0, None)})
    assert "without a confidence interval" in prose(calibrated(entry))


@pytest.mark.parametrize(
    "error, accuracy, better, costs",
    [
        (0.05, 0.778, True, True),
        (0.05, 0.8, True, False),
        (0.2, 0.778, False, False),
        (0.3, 0.9, False, False),
    ],
)
def test_a_lower_calibration_error_is_said_with_what_it_costs(
    error: float, accuracy: float, *, better: bool, costs: bool
) -> None:
    schemes = (make_calibration(), make_calibration(weights="softmax", error=error, accuracy=accuracy))
    text = prose(calibrated(*schemes))
    assert ("the lowest ECE over adaptive bins is that of votes by softmax" in text) == better
    assert ("with an accuracy of 78 % instead of 80 %" in text) == costs


def test_tuned_temperatures_are_not_passed_off_as_the_estimators_own() -> None:
    tuned = make_calibration().model_copy(update={"temperatures": (0.05, 0.07)})
    assert "not of the estimator's own" in prose(calibrated(tuned))
    assert "not of the estimator's own" not in prose(calibrated(make_calibration()))


def test_zero_probabilities_and_temperatures_at_the_edge_are_named() -> None:
    schemes = (make_calibration(zero_share=0.0), make_calibration(weights="softmax", error=0.3))
    text = prose(calibrated(*schemes, temperatures=(make_temperatures([(0.05, True), (0.07, False)]),)))
    assert "No image has a true syndrome of probability 0" in text
    assert "None of the other weighting schemes has a lower ECE" in text
    assert "In 1 fold it is the least or the greatest that was tried" in text


def run_with(**fields: object) -> ProtocolResult:
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


class TestMisleadingProbabilities:
    def check(self, *calibrations: Calibration) -> Check:
        return make_check_on(
            "miscalibrated_probabilities",
            make_context(run_with(), analyses=Analyses([CalibrationAnalysis(calibrations=calibrations)])),
        )

    @pytest.mark.parametrize("confidence, word", [(0.6, "underconfident"), (0.95, "overconfident")])
    def test_a_significant_gap_of_confidence_and_accuracy_is_an_issue(
        self, confidence: float, word: str
    ) -> None:
        entry = calibration(confidence)
        check = self.check(entry)
        assert check.outcome == "issue"
        assert word in check.message
        assert f"its mean confidence is {confidence:.3f}, its accuracy 0.800" in check.message
        assert entry.gap is not None
        assert check.figures == {
            "mean_confidence": confidence,
            "accuracy": 0.8,
            "gap_low": entry.gap.low,
            "gap_high": entry.gap.high,
        }

    def test_a_large_gap_that_may_be_chance_passes(self) -> None:
        assert self.check(calibration(0.6, half_width=0.3)).outcome == "passed"

    def test_a_gap_without_an_interval_says_nothing(self) -> None:
        assert self.check(calibration(0.6, half_width=None)).outcome == "not_applicable"
        older = calibration(0.2).model_copy(update={"gap": None})
        assert older.verdict == "inconclusive"
        assert self.check(older).outcome == "not_applicable"

    def test_other_weights_than_the_best_candidates_do_not_matter(self) -> None:
        assert self.check(calibration(0.79), calibration(0.2, weights="uniform")).outcome == "passed"
        assert self.check(calibration(0.2, weights="uniform")).outcome == "not_applicable"

    def test_it_is_skipped_where_nobody_asked(self) -> None:
        assert make_check_on("miscalibrated_probabilities", make_context(asked=())).outcome == "skipped"
