"""Whether the probabilities can be believed, in words."""

import pytest

from skknn_syndrome.rendering.findings.calibration import CalibrationFindings
from tests.analysis_builders import make_calibration, make_temperatures
from tests.builders import make_candidate

WINNER = make_candidate([0.5])


def findings(confidence: float, accuracy: float) -> CalibrationFindings:
    return CalibrationFindings([make_calibration(confidence=confidence, accuracy=accuracy)], WINNER, None)


@pytest.mark.parametrize(
    "confidence, accuracy, direction, is_clear",
    [
        (0.6, 0.8, "under", True),
        (0.77, 0.8, "under", False),
        (0.79, 0.8, "even", False),
        (0.81, 0.8, "even", False),
        (0.9, 0.8, "over", True),
    ],
)
def test_confidence_is_held_against_accuracy(
    confidence: float, accuracy: float, direction: str, *, is_clear: bool
) -> None:
    found = findings(confidence, accuracy)
    assert (found.direction, found.is_clear) == (direction, is_clear)


def test_the_winners_own_scheme_is_spoken_of_and_the_best_calibrated_named() -> None:
    schemes = [make_calibration(weights="uniform", error=0.1), make_calibration(error=0.2)]
    found = CalibrationFindings(schemes, WINNER, None)
    assert found.own.weights == "distance"
    assert found.best.weights == "uniform"
    assert CalibrationFindings(schemes[:1], WINNER, None).own.weights == "uniform"


def test_temperatures_are_counted() -> None:
    chosen = make_temperatures([(0.07, False), (0.05, True), (0.07, False)])
    found = CalibrationFindings([make_calibration()], WINNER, chosen)
    assert found.temperatures == [(0.05, 1), (0.07, 2)]
    assert found.n_at_edge == 1


def test_without_softmax_there_are_no_temperatures() -> None:
    assert findings(0.5, 0.5).temperatures == []
    assert findings(0.5, 0.5).n_at_edge == 0
