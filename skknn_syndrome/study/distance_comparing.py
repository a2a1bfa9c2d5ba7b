"""Whether the two best distances differ by more than the folds' spread explains."""

from collections.abc import Mapping

import numpy as np

from skknn_syndrome._typing import Float64Array
from skknn_syndrome.results import DistanceComparison, Fold, ProtocolResult, Score
from skknn_syndrome.study.corrected_t import corrected_t_test
from skknn_syndrome.study.holm import holm


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
    return compare_scores(first.metric, second.metric, first.scores, second.scores, share_tested(run.folds))


def compare_scores(
    first: str, second: str, of_first: Mapping[str, Score], of_second: Mapping[str, Score], share: float
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

    Returns
    -------
    tuple of DistanceComparison
        With p-values adjusted for one another.
    """
    found = [
        corrected_t_test(name, first, second, differences, share)
        for name, score in of_first.items()
        if len(differences := _differences(score, of_second[name])) > 1
    ]
    tested = [entry.p_value for entry in found if entry.p_value is not None]
    adjusted = iter(holm(tested))
    return tuple(
        entry if entry.p_value is None else entry.model_copy(update={"p_holm": next(adjusted)})
        for entry in found
    )


def share_tested(folds: tuple[Fold, ...]) -> float:
    """Return the mean size of a test part divided by that of a training part."""
    return float(np.mean([fold.n_test for fold in folds]) / np.mean([fold.n_train for fold in folds]))


def _differences(first: Score, second: Score) -> Float64Array:
    pairs = zip(first.values, second.values, strict=True)
    return np.array([one - other for one, other in pairs if one is not None and other is not None])
