"""Whether the two best distances differ by more than the folds' spread explains."""

from collections.abc import Mapping

import numpy as np

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.results import DistanceComparison, Fold, ProtocolResult, Score
from skknn_syndrome.study.corrected_t import corrected_t_test
from skknn_syndrome.study.holm import holm

ROUNDING = 1e-12
"""Differences that are nearer than this are the same: sums of the same terms in another order."""


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
        of accuracy and top-1 accuracy mostly are, are one test.
    """
    differences = {name: _differences(score, of_second[name]) for name, score in of_first.items()}
    tested = {
        name: corrected_t_test(name, first, second, values, share)
        for name, values in differences.items()
        if len(values) > 1
    }
    kept = {name: found.p_value for name, found in tested.items() if found.p_value is not None}
    twins = _twins({name: differences[name] for name in kept})
    firsts = sorted(set(twins.values()), key=list(kept).index)
    adjusted = dict(zip(firsts, holm([kept[name] or 0.0 for name in firsts]), strict=True))
    return tuple(
        found.model_copy(
            update={
                "p_holm": adjusted[twins[name]] if name in twins else None,
                "repeat_std": _repeat_std(of_first[name], of_second[name], n_repeats),
            }
        )
        for name, found in tested.items()
    )


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
