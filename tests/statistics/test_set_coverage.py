"""Sets that hold less than chance allows: false alarms on exchangeable subjects, and power."""

from itertools import product

import numpy as np
import pytest
from scipy.stats import binom

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.statistics.conformal import Calibration, p_values, prediction_sets
from skknn_syndrome.statistics.set_coverage import shortfall_p_value

COVERAGE = 0.9


def simulated(calibrated: list[int], asked: list[int], *, shift: float = 0.0) -> Float64Array:
    """Return p-values of 300 calibrations, each asked about new subjects that may be more unlike."""
    random, found = np.random.default_rng(0), []
    for _ in range(300):
        labels = np.repeat(np.arange(len(calibrated)), calibrated)
        zeros = np.zeros(len(labels), dtype=np.intp)
        calibration = Calibration(random.random(len(labels)), labels, np.ones(len(labels)), zeros)
        true = np.repeat(np.arange(len(asked)), asked)
        scores = np.repeat((random.random(len(true)) + shift)[:, None], len(asked), axis=1)
        sets = prediction_sets(p_values(calibration, scores[None]), COVERAGE)
        held = np.bincount(true, sets[np.arange(len(true)), true])
        found.append(shortfall_p_value(held, asked, calibrated, COVERAGE))
    return np.array(found)


@pytest.mark.parametrize(
    "calibrated, asked",
    [([20], [50]), ([50], [200]), ([200], [200]), ([20, 30, 60], [40, 40, 40]), ([5, 40], [30, 60])],
)
def test_subjects_like_those_of_the_calibration_are_seldom_called_fewer(
    calibrated: list[int], asked: list[int]
) -> None:
    alarms = np.mean(simulated(calibrated, asked) < 0.05)
    assert alarms <= 0.05 + 2.6 * (0.05 * 0.95 / 300) ** 0.5


def test_a_binomial_test_would_raise_false_alarms() -> None:
    random, alarms = np.random.default_rng(0), 0
    for _ in range(300):
        share = random.beta(2, 19)
        alarms += binom.cdf(random.binomial(200, 1 - share), 200, COVERAGE) < 0.05
    assert alarms / 300 > 0.15


def test_subjects_that_are_unlike_those_of_the_calibration_are_found_out() -> None:
    assert np.mean(simulated([20, 30, 60], [40, 40, 40], shift=0.2) < 0.05) > 0.9
    assert np.mean(simulated([50], [60], shift=0.2) < 0.05) > 0.7


def test_of_two_classes_by_counting_all_orders() -> None:
    # Nine known and one new subject a class: one of ten is missed, each of ten ranks alike.
    chances = [0.1, 0.9]
    for held in range(3):
        expected = sum(chances[a] * chances[b] for a, b in product((0, 1), repeat=2) if a + b <= held)
        split = [min(held, 1), max(held - 1, 0)]
        assert shortfall_p_value(split, [1, 1], [9, 9], COVERAGE) == pytest.approx(expected)


def test_what_can_not_be_missed_is_no_evidence() -> None:
    assert shortfall_p_value([30, 3], [30, 4], [8, 40], COVERAGE) == shortfall_p_value(
        [3], [4], [40], COVERAGE
    )
    assert shortfall_p_value([0], [0], [40], COVERAGE) == 1
    assert shortfall_p_value([5], [5], [3], COVERAGE) == 1
