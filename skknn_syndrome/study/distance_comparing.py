"""Whether the two best distances differ by more than the folds' spread explains."""

from collections.abc import Iterator

import numpy as np
from scipy.stats import t as student_t

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.results import Candidate, DistanceComparison, ProtocolResult, Score

CONFIDENCE = 0.95


def compare_distances(run: ProtocolResult) -> tuple[DistanceComparison, ...]:
    r"""Compare the best candidates of the two best distances on the same folds.

    The corrected resampled t test [1]_: with differences :math:`d_j` over n folds, of mean
    :math:`\bar d` and variance :math:`s^2` (divisor n - 1),

    .. math:: t = \frac{\bar d}{\sqrt{(1/n + n_{test}/n_{train})\, s^2}}

    with n - 1 degrees of freedom. The second term makes up for training parts that share most of their
    images.

    Parameters
    ----------
    run : ProtocolResult
        Scored candidates.

    Returns
    -------
    tuple of DistanceComparison
        One a score that is defined in two folds at least; empty where there is one distance alone.

    References
    ----------
    .. [1] C. Nadeau and Y. Bengio, "Inference for the Generalization Error", Machine Learning 52, 2003.
       doi:10.1023/A:1024068626366
    """
    ranked = sorted(run.best.values(), key=run.refit_mean, reverse=True)
    if len(ranked) == 1:
        return ()
    share = float(
        np.mean([fold.n_test for fold in run.folds]) / np.mean([fold.n_train for fold in run.folds])
    )
    return tuple(_comparisons(ranked[0], ranked[1], share))


def _comparisons(first: Candidate, second: Candidate, share: float) -> Iterator[DistanceComparison]:
    for name in first.scores:
        differences = _differences(first.scores[name], second.scores[name])
        if len(differences) > 1:
            higher, lower = (first, second) if differences.mean() >= 0 else (second, first)
            yield _compare(
                name, higher.metric, lower.metric, differences * np.sign(differences.mean() or 1), share
            )


def _differences(first: Score, second: Score) -> Float64Array:
    pairs = zip(first.values, second.values, strict=True)
    return np.array([one - other for one, other in pairs if one is not None and other is not None])


def _compare(
    score: str, first: str, second: str, differences: Float64Array, share: float
) -> DistanceComparison:
    n_folds = len(differences)
    mean = float(differences.mean())
    error = float(np.sqrt((1 / n_folds + share) * differences.var(ddof=1)))
    half = float(student_t.ppf((1 + CONFIDENCE) / 2, n_folds - 1)) * error
    # The same difference in every fold leaves nothing to divide by.
    statistic = mean / error if error > 0 else None
    return DistanceComparison(
        score=score,
        first=first,
        second=second,
        mean_difference=mean,
        standard_error=error,
        t_statistic=statistic,
        p_value=None if statistic is None else float(2 * student_t.sf(abs(statistic), n_folds - 1)),
        confidence_low=mean - half,
        confidence_high=mean + half,
        n_folds=n_folds,
    )
