"""What variants add within folds, on those that they share with unprocessed embeddings."""

from collections.abc import Sequence

import numpy as np

from skknn_syndrome.metrics.registry import names_among
from skknn_syndrome.results import DistanceComparison, Gain
from skknn_syndrome.results.ablated_variant import UNTOUCHED
from skknn_syndrome.study.ablating.collecting import Collected
from skknn_syndrome.study.ablating.plan import AblationPlan
from skknn_syndrome.study.corrected_t import corrected_t_test
from skknn_syndrome.study.holm import holm


def measure_gains(plan: AblationPlan, honest: Sequence[Collected]) -> tuple[Gain, ...]:
    """Compare every variant, prepared within folds, with unprocessed embeddings under the same distance.

    By the corrected resampled t test over the folds of all splits that both were scored on; p-values are
    adjusted after Holm for all variants of a distance.

    Parameters
    ----------
    plan : AblationPlan
    honest : sequence of Collected
        All of them met the same folds, and those that were cheap further ones.

    Returns
    -------
    tuple of Gain
        By distance, score and variant; empty where unprocessed embeddings are not among them.
    """
    found: list[Gain] = []
    for metric in plan.metrics:
        own = [entry for entry in honest if entry.entry.metric == metric]
        baseline = next((entry for entry in own if entry.entry.name[:2] == UNTOUCHED), None)
        if baseline is not None:
            others = [entry for entry in own if entry is not baseline]
            for score in names_among(baseline.scores):
                found += _gains(plan, score, baseline, others)
    return tuple(found)


def place_of(plan: AblationPlan, entry: Collected) -> int:
    """Return where in the grid a variant is compared: at the k that was asked for, or at its best."""
    k = entry.entry.best_n_neighbors if plan.compared_at is None else plan.compared_at
    return plan.n_neighbors.index(k)


def _gains(plan: AblationPlan, score: str, baseline: Collected, others: Sequence[Collected]) -> list[Gain]:
    compared = [(entry, _compare(plan, score, entry, baseline)) for entry in others]
    tested = [found.p_value for _, found in compared if found is not None and found.p_value is not None]
    adjusted = iter(holm(tested))
    return [
        _typed(plan, entry, baseline, found, None if found.p_value is None else next(adjusted))
        for entry, found in compared
        if found is not None
    ]


def _compare(
    plan: AblationPlan, score: str, entry: Collected, baseline: Collected
) -> DistanceComparison | None:
    """Test the difference; None where the score is not defined in two folds of both."""
    own, unprocessed = (found.on_all_splits(score, place_of(plan, found)) for found in (entry, baseline))
    n_shared = min(len(own), len(unprocessed))
    differences = own[:n_shared] - unprocessed[:n_shared]
    differences = differences[~np.isnan(differences)]
    if len(differences) < 2:  # noqa: PLR2004  one difference has no spread
        return None
    return corrected_t_test(score, "variant", "unprocessed", differences, baseline.test_share)


def _typed(
    plan: AblationPlan,
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
