"""What is extrapolated from a curve, and what is not."""

import math

import numpy as np
import pytest

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.learning_curve.extrapolation import Size, Spread, describe_curve
from skknn_syndrome.analyses.learning_curve.result import subjects_needed

SHARES = np.array([0.125, 0.25, 0.5, 0.75, 1.0])
SIZES = [Size(share=share, n_per_class=80 * share, n_images=500 * share) for share in SHARES.tolist()]
RISING = 0.95 - 0.05 * SHARES**-0.5


def _spread(curve: Float64Array, noise: float | Float64Array = 0.01, n_resamples: int = 300) -> Spread:
    rng = np.random.default_rng(0)
    shift = rng.normal(size=(n_resamples, 1)) + 0.1 * rng.normal(size=(n_resamples, len(curve)))
    return Spread([[value] * 2 for value in curve.tolist()], curve + noise * shift, 0.95)


def test_a_rising_curve_has_a_law_over_subjects_per_class_and_a_score_to_expect() -> None:
    found = describe_curve("f1_macro", SIZES, _spread(RISING), _spread(RISING))
    assert found.law is not None
    assert found.law.asymptote == pytest.approx(0.95, abs=1e-4)
    assert found.law.at(80) == pytest.approx(0.9, abs=1e-4)
    twice, four = found.expected
    assert (twice.factor, twice.n_per_class, four.factor) == (2, 160, 4)
    assert twice.estimate == pytest.approx(0.95 - 0.05 / math.sqrt(2), abs=1e-4)
    assert twice.gain == pytest.approx(twice.estimate - 0.9, abs=1e-4)
    assert twice.low < twice.estimate < twice.high
    assert twice.gain_low < twice.gain < twice.gain_high
    assert found.width is not None
    assert twice.width == pytest.approx(found.width / math.sqrt(2))
    assert found.now.std == 0


def test_the_prediction_interval_has_the_spread_of_the_law_and_of_another_study() -> None:
    spread = _spread(RISING)
    found = describe_curve("f1_macro", SIZES, spread, spread).at_factor(2)
    assert found is not None
    own = spread.resampled[:, -1].std()
    assert found.high - found.low > 3.92 * own * math.sqrt(1 + 1 / 2) * 0.85  # shifts of all sizes alone


@pytest.mark.parametrize(
    "spread, area, reason",
    [
        (_spread(RISING[:3]), _spread(RISING), "few_sizes"),
        (_spread(np.where(SHARES == 1, np.nan, RISING)), _spread(RISING), "undefined"),
        (_spread(RISING), _spread(RISING - 0.39), "chance"),
        (_spread(np.full(5, 0.8)), _spread(RISING), "flat"),
        (_spread(RISING[::-1]), _spread(RISING), "flat"),
        (_spread(RISING, np.array([0.01, 0.01, 0.02, 0.02, 0.02])), _spread(RISING), "spread"),
    ],
    ids=["few sizes", "undefined", "chance", "flat", "falling", "spread"],
)
def test_nothing_is_extrapolated_where_a_law_tells_nothing(spread: Spread, area: Spread, reason: str) -> None:
    found = describe_curve("f1_macro", SIZES[: spread.resampled.shape[1]], spread, area)
    assert (found.no_fit, found.law, found.expected) == (reason, None, ())


def test_a_score_that_is_not_defined_or_never_varies_has_no_interval() -> None:
    undefined = describe_curve("f1_macro", SIZES, _spread(np.full(5, np.nan)), _spread(RISING))
    assert (undefined.now.estimate, undefined.now.std, undefined.width) == (None, None, None)
    perfect = describe_curve("f1_macro", SIZES, _spread(np.ones(5), 0.0), _spread(RISING))
    assert (perfect.now.estimate, perfect.width, perfect.no_fit) == (1.0, None, "flat")
    assert perfect.at_factor(2) is None


def test_half_the_width_takes_four_times_the_subjects() -> None:
    assert subjects_needed(941, 0.02, 0.01) == 4 * 941
    assert subjects_needed(10, 0.1, 0.3) == 2
