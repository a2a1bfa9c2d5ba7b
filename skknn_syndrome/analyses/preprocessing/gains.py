"""Gains within folds, and inflation by preprocessing before splitting."""

import math
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student_t

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.analyses.preprocessing.collecting import Collected
from skknn_syndrome.analyses.preprocessing.effects import UNTOUCHED, Gain, Inflation
from skknn_syndrome.analyses.preprocessing.plan import Plan
from skknn_syndrome.metrics.registry import names_among
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.results.verdicts import CONFIDENCE
from skknn_syndrome.statistics.paired_tests import corrected_t_test, holm


def measure_gains(plan: Plan, entries: Sequence[Collected]) -> tuple[Gain, ...]:
    """Compare every variant, prepared within folds, with unprocessed embeddings under the same distance.

    By the corrected resampled t test over the folds of all splits that both were scored on; p-values are
    adjusted after Holm for all variants of a distance.

    Parameters
    ----------
    plan : Plan
    entries : sequence of Collected
        All of them met the same folds, and those that were cheap further ones.

    Returns
    -------
    tuple of Gain
        By distance, score and variant; empty where unprocessed embeddings are not among them.
    """
    found: list[Gain] = []
    for metric in plan.metrics:
        own = [entry for entry in entries if entry.entry.metric == metric]
        baseline = next((entry for entry in own if entry.entry.name[:2] == UNTOUCHED), None)
        if baseline is not None:
            others = [entry for entry in own if entry is not baseline]
            for score in names_among(baseline.scores):
                found += _gains(plan, score, baseline, others)
    return tuple(found)


def place_of(plan: Plan, entry: Collected) -> int:
    """Return where in the grid a variant is compared: at the k that was asked for, or at its best."""
    k = entry.entry.best_n_neighbors if plan.compared_at is None else plan.compared_at
    return plan.n_neighbors.index(k)


def _gains(plan: Plan, score: str, baseline: Collected, others: Sequence[Collected]) -> list[Gain]:
    compared = [(entry, _compare(plan, score, entry, baseline)) for entry in others]
    tested = [found.p_value for _, found in compared if found is not None and found.p_value is not None]
    adjusted = iter(holm(tested))
    return [
        _typed(plan, entry, baseline, found, None if found.p_value is None else next(adjusted))
        for entry, found in compared
        if found is not None
    ]


def _compare(plan: Plan, score: str, entry: Collected, baseline: Collected) -> DistanceComparison | None:
    """Test the difference; None where the score is not defined in two folds of both."""
    own, unprocessed = (found.on_all_splits(score, place_of(plan, found)) for found in (entry, baseline))
    n_shared = min(len(own), len(unprocessed))
    differences = own[:n_shared] - unprocessed[:n_shared]
    differences = differences[~np.isnan(differences)]
    if len(differences) < 2:  # noqa: PLR2004  one difference has no spread
        return None
    return corrected_t_test(score, "variant", "unprocessed", differences, baseline.test_share)


def _typed(
    plan: Plan,
    entry: Collected,
    baseline: Collected,
    found: DistanceComparison,
    p_holm: float | None,
) -> Gain:
    sign = 1 if found.first == "variant" else -1  # the test puts the better one first
    n_shared = min(len(met.on_all_splits(found.score, 0)) for met in (entry, baseline))
    ends = sorted((sign * found.confidence_low, sign * found.confidence_high))
    return Gain(
        scaler=entry.entry.scaler,
        resampler=entry.entry.resampler,
        metric=entry.entry.metric,
        n_neighbors=plan.n_neighbors[place_of(plan, entry)],
        baseline_n_neighbors=plan.n_neighbors[place_of(plan, baseline)],
        score=found.score,
        mean_difference=sign * found.mean_difference,
        low=ends[0],
        high=ends[1],
        p_value=found.p_value,
        p_holm=p_holm,
        n_folds=found.n_folds,
        n_splits=n_shared // plan.cv,
    )


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
    plan: Plan, within: Sequence[Collected], before: Sequence[Collected]
) -> tuple[Inflation, ...]:
    """Set each variant prepared before splitting beside itself within folds, at the same k.

    Parameters
    ----------
    plan : Plan
    within, before : sequence of Collected
        Of the same plan; not each variant need have been prepared before splitting.

    Returns
    -------
    tuple of Inflation
        One a variant, distance and score that is defined in two folds of both.
    """
    twins = {entry.entry.name: entry for entry in before}
    return tuple(
        inflation
        for entry in within
        if entry.entry.name in twins
        for inflation in _inflations(plan, entry, twins[entry.entry.name])
    )


def _inflations(plan: Plan, within: Collected, before: Collected) -> Iterator[Inflation]:
    place = place_of(plan, within)
    for score in names_among(within.scores):
        fair, flattering = (_defined(entry.at(score, place)) for entry in (within, before))
        if min(len(fair), len(flattering)) > 1:
            found = corrected_welch(
                flattering,
                fair,
                first_share=before.test_share,
                second_share=within.test_share,
            )
            yield Inflation(
                scaler=within.entry.scaler,
                resampler=within.entry.resampler,
                metric=within.entry.metric,
                n_neighbors=plan.n_neighbors[place],
                score=score,
                within_folds=float(fair.mean()),
                before_splitting=float(flattering.mean()),
                difference=found.estimate,
                low=found.low,
                high=found.high,
            )


def _defined(values: Float64Array) -> Float64Array:
    return values[~np.isnan(values)]
