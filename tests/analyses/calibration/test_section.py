"""What the report says of calibration."""

import pytest

from skknn_syndrome.analyses.calibration.result import Calibration, CalibrationAnalysis, TemperatureSelection
from skknn_syndrome.results.study import StudyResult
from tests.analysis_builders import make_calibration, make_mean_interval, make_temperatures
from tests.rendering.studies import prose, with_run


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
    assert ("with an accuracy of 77.8 % instead of 80.0 %" in text) == costs


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
