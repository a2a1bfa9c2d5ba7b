"""Confidence beside accuracy, and the temperatures of softmax weights."""

import pytest

from skknn_syndrome.tables.calibrations import calibrations, temperatures
from tests.analysis_builders import make_calibration, make_temperatures


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
