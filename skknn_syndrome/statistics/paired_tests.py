"""Corrected resampled t tests of methods on the same folds, with Holm's adjustment."""

from collections.abc import Mapping, Sequence

import numpy as np
from scipy.stats import t as student_t

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.metrics.registry import find_score
from skknn_syndrome.results.comparison import DistanceComparison
from skknn_syndrome.results.protocol import Fold, ProtocolResult
from skknn_syndrome.results.score import Score
from skknn_syndrome.results.verdicts import CONFIDENCE, ROUNDING


def corrected_t_test(
    score: str, first: str, second: str, differences: Float64Array, test_share: float
) -> DistanceComparison:
    r"""Test whether a mean difference over folds is more than chance.

    With differences :math:`d_j` over :math:`n = k r` folds of r repeats, of mean :math:`\bar d` and variance
    :math:`s^2` (divisor n - 1),

    .. math:: t = \frac{\bar d}{\sqrt{(1/n + n_{test}/n_{train})\, s^2}}

    with n - 1 degrees of freedom. The second term makes up for training parts that share most of their
    images [1]_; it does not shrink with more repeats [2]_.

    Parameters
    ----------
    score : str
    first, second : str
        What is compared.
    differences : array of shape (n_folds,)
        First minus second, at least two.
    test_share : float
        Size of a test part divided by that of a training part.

    Returns
    -------
    DistanceComparison
        The one with the higher mean first.

    References
    ----------
    .. [1] C. Nadeau and Y. Bengio, "Inference for the Generalization Error", Machine Learning 52, 2003.
       doi:10.1023/A:1024068626366
    .. [2] R. R. Bouckaert and E. Frank, "Evaluating the Replicability of Significance Tests for Comparing
       Learning Algorithms", PAKDD 2004. doi:10.1007/978-3-540-24775-3_3

    Examples
    --------
    >>> found = corrected_t_test("accuracy", "a", "b", np.array([0.1, 0.3]), test_share=0.5)
    >>> found.mean_difference, round(found.t_statistic, 3)
    (0.2, 1.414)
    """
    if differences.mean() < 0:
        first, second, differences = second, first, -differences
    n_folds = len(differences)
    mean = float(differences.mean())
    error = float(np.sqrt((1 / n_folds + test_share) * differences.var(ddof=1)))
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


def holm(p_values: Sequence[float]) -> list[float]:
    r"""Adjust p-values so that the chance of any false positive among them stays below the level.

    With the p-values in rising order :math:`p_{(1)} \le \dots \le p_{(m)}`, the adjusted ones are

    .. math:: \tilde p_{(i)} = \min\bigl(1, \max_{j \le i} (m - j + 1)\, p_{(j)}\bigr)

    whatever the tests' dependence on each other [1]_.

    Parameters
    ----------
    p_values : sequence of float

    Returns
    -------
    list of float
        In the order of `p_values`.

    References
    ----------
    .. [1] S. Holm, "A Simple Sequentially Rejective Multiple Test Procedure", Scandinavian Journal of
       Statistics 6, 1979. https://www.jstor.org/stable/4615733

    Examples
    --------
    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    raw = np.asarray(p_values, dtype=np.float64)
    order = np.argsort(raw, kind="stable")
    factors = len(raw) - np.arange(len(raw))
    adjusted = np.empty_like(raw)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(factors * raw[order]))
    return [float(p_value) for p_value in adjusted]


def compare_distances(run: ProtocolResult) -> tuple[DistanceComparison, ...]:
    """Compare the best candidates of the two best distances on the same folds.

    Parameters
    ----------
    run : ProtocolResult
        Scored candidates.

    Returns
    -------
    tuple of DistanceComparison
        One a score that is defined in two folds at least; empty where there is one distance alone.
    """
    ranked = sorted(run.best.values(), key=run.refit_mean, reverse=True)
    if len(ranked) == 1:
        return ()
    first, second = ranked[:2]
    return compare_scores(first.variant, second.variant, first.scores, second.scores, share_tested(run.folds))


def compare_scores(
    first: str,
    second: str,
    of_first: Mapping[str, Score],
    of_second: Mapping[str, Score],
    share: float,
    *,
    n_repeats: int = 1,
) -> tuple[DistanceComparison, ...]:
    """Test each score by the corrected resampled t test.

    Parameters
    ----------
    first, second : str
        What is compared.
    of_first, of_second : mapping of str to Score
        Values of the same folds.
    share : float
        Size of a test part divided by that of a training part.
    n_repeats : int
        Splits whose folds the values are of, one split after another.

    Returns
    -------
    tuple of DistanceComparison
        With p-values adjusted for one another. Scores whose differences are the same in every fold, as those
        of accuracy and top-1 accuracy mostly are, are one test. A score outside the family (kappa, say, which
        restates accuracy) is adjusted for the family, and the family not for it.
    """
    differences = {name: _differences(score, of_second[name]) for name, score in of_first.items()}
    tested = {
        name: corrected_t_test(name, first, second, values, share)
        for name, values in differences.items()
        if len(values) > 1
    }
    # Those of the family first: of equal differences the first one stands for all.
    in_order = sorted(tested, key=lambda name: not find_score(name).score.in_family)
    kept = {name: p_value for name in in_order if (p_value := tested[name].p_value) is not None}
    twins = _twins({name: differences[name] for name in kept})
    adjusted = _adjusted({name: kept[name] for name in dict.fromkeys(twins.values())})
    return tuple(
        found.revised(
            p_holm=adjusted[twins[name]] if name in twins else None,
            repeat_std=_repeat_std(of_first[name], of_second[name], n_repeats),
        )
        for name, found in tested.items()
    )


def _adjusted(p_values: Mapping[str, float]) -> dict[str, float]:
    """Adjust the p-values of a family for one another, and each other one for the family."""
    family = {name: p for name, p in p_values.items() if find_score(name).score.in_family}
    adjusted = dict(zip(family, holm(list(family.values())), strict=True))
    others = ((name, p) for name, p in p_values.items() if name not in family)
    return adjusted | {name: holm([*family.values(), p])[-1] for name, p in others}


def _twins(differences: Mapping[str, Float64Array]) -> dict[str, str]:
    """Return for each score the first one with the same differences, up to rounding."""
    found: dict[str, str] = {}
    for name, values in differences.items():
        same = (
            other
            for other in dict.fromkeys(found.values())
            if len(differences[other]) == len(values)
            and np.allclose(differences[other], values, rtol=0, atol=ROUNDING)
        )
        found[name] = next(same, name)
    return found


def _repeat_std(first: Score, second: Score, n_repeats: int) -> float | None:
    """Return how far the mean difference moves from repeat to repeat."""
    if n_repeats == 1:
        return None
    pairs = np.array([first.values, second.values], dtype=np.float64).reshape(2, n_repeats, -1)
    differences = pairs[0] - pairs[1]
    defined = ~np.isnan(differences)
    if not defined.any(axis=1).all():
        return None
    means = np.where(defined, differences, 0.0).sum(axis=1) / defined.sum(axis=1)
    return float(means.std(ddof=1))


def share_tested(folds: tuple[Fold, ...]) -> float:
    """Return the mean size of a test part divided by that of a training part."""
    return float(np.mean([fold.n_test for fold in folds]) / np.mean([fold.n_train for fold in folds]))


def _differences(first: Score, second: Score) -> Float64Array:
    pairs = zip(first.values, second.values, strict=True)
    return np.array([one - other for one, other in pairs if one is not None and other is not None])
