"""Power laws of learning curves."""

import numpy as np
from scipy.optimize import curve_fit

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.learning_curve.power_law import EXPONENTS, fit_power_laws

SIZES = np.array([0.125, 0.25, 0.375, 0.5, 0.75, 1.0])
WEIGHTS = np.array([1.0, 2.0, 2.0, 3.0, 4.0, 5.0])


def _law(sizes: Float64Array, asymptote: float, gap: float, exponent: float) -> Float64Array:
    return np.asarray(asymptote - gap * sizes**-exponent)


def test_a_law_is_found_again_and_goes_on() -> None:
    found = fit_power_laws(
        SIZES, np.stack([_law(SIZES, 0.95, 0.1, 0.5), _law(SIZES, 0.8, 0.3, 1.2)]), WEIGHTS
    )
    np.testing.assert_allclose(np.stack(found), [[0.95, 0.8], [0.1, 0.3], [0.5, 1.2]], rtol=1e-3)
    np.testing.assert_allclose(found.at(4.0), [0.95 - 0.1 / 2, 0.8 - 0.3 * 4**-1.2], atol=1e-4)
    np.testing.assert_allclose(found.at(SIZES)[0], _law(SIZES, 0.95, 0.1, 0.5), atol=1e-5)


def test_noisy_curves_are_fitted_as_by_scipy() -> None:
    rng = np.random.default_rng(0)
    scores = np.stack([_law(SIZES, 0.9, 0.1, 0.6) + 0.002 * rng.normal(size=6) for _ in range(5)])
    found = fit_power_laws(SIZES, scores, WEIGHTS)
    for curve, own in zip(scores, found.at(SIZES), strict=True):
        bounds = ([-np.inf, 0, EXPONENTS[0]], [1, np.inf, EXPONENTS[1]])
        known, _ = curve_fit(_law, SIZES, curve, p0=(0.9, 0.1, 0.5), sigma=WEIGHTS**-0.5, bounds=bounds)
        error, least = (WEIGHTS @ (fitted - curve) ** 2 for fitted in (own, _law(SIZES, *known)))
        assert error <= least * (1 + 1e-4)


def test_no_law_leaves_its_bounds() -> None:
    steep, falling, above = 0.5 + 0.5 * SIZES, 0.9 - 0.1 * SIZES, np.full(6, 1.2)
    found = fit_power_laws(SIZES, np.stack([steep, falling, above]), WEIGHTS)
    assert (found.asymptote <= 1).all()
    assert (found.gap >= 0).all()
    assert found.asymptote[0] == 1
    np.testing.assert_allclose(found.at(7.0)[1:], [WEIGHTS @ falling / WEIGHTS.sum(), 1.0])
