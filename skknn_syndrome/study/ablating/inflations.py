"""How much preparing before splitting adds to the scores."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student_t

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics.registry import names_among
from skknn_syndrome.results import Inflation
from skknn_syndrome.results.verdicts import CONFIDENCE
from skknn_syndrome.study.ablating.collecting import Collected
from skknn_syndrome.study.ablating.gains import place_of
from skknn_syndrome.study.ablating.plan import AblationPlan


class Difference(NamedTuple):
    """A difference of means with its interval."""

    estimate: float
    low: float
    high: float


def corrected_welch(
    first: Float64Array, second: Float64Array, *, first_share: float, second_share: float
) -> Difference:
    r"""Compare mean scores of two cross-validations whose folds are not the same.

    With means :math:`\bar a, \bar b`, variances :math:`s_a^2, s_b^2` (divisor n - 1) over
    :math:`n_a, n_b` folds,

    .. math:: v_a = \left(\frac{1}{n_a} + \frac{n_{test}}{n_{train}}\right) s_a^2

    and :math:`v_b` likewise, the interval is :math:`\bar a - \bar b \pm t_\nu \sqrt{v_a + v_b}` with Welch's
    degrees of freedom [1]_

    .. math:: \nu = \frac{(v_a + v_b)^2}{v_a^2 / (n_a - 1) + v_b^2 / (n_b - 1)}

    The second term in the bracket makes up for training parts that share most of their rows [2]_. Both
    cross-validations are of the same images, which is not used: the interval is wider for it.

    Parameters
    ----------
    first, second : ndarray of shape (n_folds,)
        Scores, two at least.
    first_share, second_share : float
        Size of a test part divided by that of a training part.

    Returns
    -------
    Difference
        First minus second, with a confidence of 95 %.

    References
    ----------
    .. [1] B. L. Welch, "The generalization of 'Student's' problem when several different population variances
       are involved", Biometrika 34, 1947. doi:10.1093/biomet/34.1-2.28
    .. [2] C. Nadeau and Y. Bengio, "Inference for the Generalization Error", Machine Learning 52, 2003.
       doi:10.1023/A:1024068626366

    Examples
    --------
    >>> found = corrected_welch(np.array([0.8, 1.0]), np.array([0.4, 0.6]), first_share=0.5, second_share=0.5)
    >>> [round(float(end), 3) for end in found]
    [0.4, -0.461, 1.261]
    """
    estimate = float(first.mean() - second.mean())
    parts = [
        ((1 / len(values) + share) * float(values.var(ddof=1)), len(values) - 1)
        for values, share in ((first, first_share), (second, second_share))
    ]
    variance = sum(part for part, _ in parts)
    if variance == 0:
        return Difference(estimate, estimate, estimate)
    # In shares of the sum: squares of tiny variances would underflow to 0.
    freedom = 1 / sum((part / variance) ** 2 / degrees for part, degrees in parts)
    half = float(student_t.ppf((1 + CONFIDENCE) / 2, freedom)) * math.sqrt(variance)
    return Difference(estimate, estimate - half, estimate + half)


def measure_inflations(
    plan: AblationPlan, honest: Sequence[Collected], leaky: Sequence[Collected]
) -> tuple[Inflation, ...]:
    """Set each variant prepared before splitting beside itself within folds, at the same k.

    Parameters
    ----------
    plan : AblationPlan
    honest, leaky : sequence of Collected
        Of the same plan; not each honest variant need have a leaky one.

    Returns
    -------
    tuple of Inflation
        One a variant, distance and score that is defined in two folds of both.
    """
    twins = {entry.entry.name: entry for entry in leaky}
    return tuple(
        inflation
        for entry in honest
        if entry.entry.name in twins
        for inflation in _inflations(plan, entry, twins[entry.entry.name])
    )


def _inflations(plan: AblationPlan, honest: Collected, leaky: Collected) -> Iterator[Inflation]:
    place = place_of(plan, honest)
    for score in names_among(honest.scores):
        fair, flattering = (_defined(entry.at(score, place)) for entry in (honest, leaky))
        if min(len(fair), len(flattering)) > 1:
            found = corrected_welch(
                flattering, fair, first_share=leaky.test_share, second_share=honest.test_share
            )
            yield Inflation(
                scaler=honest.entry.scaler,
                resampler=honest.entry.resampler,
                metric=honest.entry.metric,
                n_neighbors=plan.n_neighbors[place],
                score=score,
                honest=float(fair.mean()),
                leaky=float(flattering.mean()),
                difference=found.estimate,
                low=found.low,
                high=found.high,
            )


def _defined(values: Float64Array) -> Float64Array:
    return values[~np.isnan(values)]
