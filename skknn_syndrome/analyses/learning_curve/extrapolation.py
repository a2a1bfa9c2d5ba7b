"""Extrapolation of one score's learning curve, and when there is nothing to extrapolate."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.learning_curve.power_law import PowerLaws, fit_power_laws
from skknn_syndrome.analyses.learning_curve.result import (
    FACTORS,
    FEWEST_SIZES,
    CurvePoint,
    Expectation,
    NoFit,
    PowerLaw,
    ScoreCurve,
)
from skknn_syndrome.results.verdicts import ROUNDING

MOST_SPREAD: Final = 1.5
"""Where the standard deviation at the largest size exceeds that at the smallest by more than this factor, the
curve becomes less certain with more subjects, and nothing is extrapolated: a convention of this report."""

LEAST_WEIGHT: Final = 1e-3
"""Variances below this share of the largest count as this: a score that never varies would decide alone."""

CHANCE_AUC: Final = 0.5


@dataclass(frozen=True)
class Size:
    """A training size."""

    share: float
    n_per_class: float
    n_images: float


@dataclass(frozen=True, eq=False)
class Spread:
    """A score at each size."""

    estimates: Sequence[Sequence[float]]
    """Of each size, in each repeat; NaN where it is not defined."""
    resampled: Float64Array
    """Shape (n_resamples, n_sizes)."""
    level: float
    """Of the quantiles."""

    def interval(self, values: Float64Array) -> tuple[float, float]:
        """Return the quantiles of a figure's resamples."""
        tail = (1 - self.level) / 2
        low, high = np.quantile(values, [tail, 1 - tail]).tolist()
        return low, high


def describe_curve(score: str, sizes: Sequence[Size], spread: Spread, area: Spread) -> ScoreCurve:
    """Return a score's curve, with a power law and what to expect of more subjects where it has one.

    Parameters
    ----------
    score : str
    sizes : sequence of Size
    spread : Spread
    area : Spread
        That of the macro AUC, which tells whether there is anything to learn.

    Returns
    -------
    ScoreCurve
        Without a law where nothing can be extrapolated, with the reason.

    Notes
    -----
    The law is fitted to the means over the repeats, weighted by the inverse of their variances over the
    resamples, and with the same weights to each resample anew. The prediction interval has the spread of
    these fits, and of a score in a study of so many subjects, whose variance is that of today's divided by
    the factor.
    """
    points = tuple(_point(place, size, spread) for place, size in enumerate(sizes))
    reason = why_no_fit(spread, area)
    if reason is not None:
        return ScoreCurve(score=score, points=points, no_fit=reason)
    x = np.array([size.n_per_class for size in sizes]) / sizes[-1].n_per_class
    means = np.array([float(np.mean(values)) for values in spread.estimates])
    variances = spread.resampled.var(axis=0)
    weights = 1 / np.maximum(variances, LEAST_WEIGHT * variances.max())
    law = fit_power_laws(x, means[None], weights)
    again = fit_power_laws(x, spread.resampled, weights)
    return ScoreCurve(
        score=score,
        points=points,
        law=_typed(law, sizes[-1].n_per_class, float(np.sqrt(np.mean((law.at(x)[0] - means) ** 2)))),
        expected=tuple(_expect(factor, sizes[-1], law, again, spread) for factor in FACTORS),
    )


def why_no_fit(spread: Spread, area: Spread) -> NoFit | None:
    """Return why a curve is not extrapolated; None where it is."""
    if spread.resampled.shape[1] < FEWEST_SIZES:
        return "few_sizes"
    if not (np.isfinite(spread.resampled).all() and np.isfinite(area.resampled).all()):
        return "undefined"
    if area.interval(area.resampled[:, -1])[0] <= CHANCE_AUC:
        return "chance"
    if spread.interval(spread.resampled[:, -1] - spread.resampled[:, 0])[0] <= ROUNDING:
        return "flat"
    first, last = spread.resampled[:, [0, -1]].std(axis=0)
    return "spread" if last > MOST_SPREAD * first else None


def _point(place: int, size: Size, spread: Spread) -> CurvePoint:
    values, resampled = spread.estimates[place], spread.resampled[:, place]
    estimate = float(np.mean(values))
    varies = bool(np.isfinite(resampled).all()) and float(np.ptp(resampled)) > ROUNDING
    low, high = spread.interval(resampled) if varies else (None, None)
    known = math.isfinite(estimate)
    return CurvePoint(
        share=size.share,
        n_per_class=size.n_per_class,
        n_images=size.n_images,
        estimate=estimate if known else None,
        low=low,
        high=high,
        std=float(np.std(values, ddof=1)) if known and len(values) > 1 else None,
    )


def _typed(law: PowerLaws, n_per_class: float, rmse: float) -> PowerLaw:
    """Return the law over subjects per class; it was fitted over shares of the largest size."""
    asymptote, gap, exponent = (float(part[0]) for part in law)
    return PowerLaw(asymptote=asymptote, scale=gap * n_per_class**exponent, exponent=exponent, rmse=rmse)


def _expect(factor: int, now: Size, law: PowerLaws, again: PowerLaws, spread: Spread) -> Expectation:
    # The spread of another study's score: that of the resample before, which is independent.
    noise = np.roll(spread.resampled[:, -1] - spread.resampled[:, -1].mean(), 1) / math.sqrt(factor)
    low, high = spread.interval(np.minimum(again.at(factor) + noise, 1.0))
    gain_low, gain_high = spread.interval(again.at(factor) - again.at(1.0))
    present = spread.interval(spread.resampled[:, -1])
    return Expectation(
        factor=factor,
        n_per_class=factor * now.n_per_class,
        estimate=float(law.at(factor)[0]),
        low=low,
        high=high,
        gain=float(law.at(factor)[0] - law.at(1.0)[0]),
        gain_low=gain_low,
        gain_high=gain_high,
        width=(present[1] - present[0]) / math.sqrt(factor),
    )
