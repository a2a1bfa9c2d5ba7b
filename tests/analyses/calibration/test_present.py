"""Calibration: tables and findings."""

import pytest

from skknn_syndrome.analyses.calibration.present import (
    CalibrationFindings,
    calibrations,
    find_calibration,
    temperatures,
)
from skknn_syndrome.analyses.calibration.result import CalibrationAnalysis
from tests.analysis_builders import make_calibration, make_temperatures
from tests.builders import make_candidate, with_analyses
from tests.rendering.facts_builders import study_with


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
