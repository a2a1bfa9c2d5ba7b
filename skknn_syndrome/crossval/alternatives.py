"""Other methods against the best candidate of the grid, over repeated splits."""

from collections.abc import Mapping, Sequence
from typing import Literal

from skknn_syndrome.crossval.folds import Splits
from skknn_syndrome.crossval.protocol_run import ProtocolRun
from skknn_syndrome.results.candidate import CandidateKey
from skknn_syndrome.results.comparison import Alternative, AlternativeDifference, DistanceComparison
from skknn_syndrome.results.score import Score
from skknn_syndrome.statistics.paired_tests import compare_scores, share_tested


def compare_with_best(
    method: CandidateKey,
    kind: Literal["baseline", "larger_k"],
    found: Mapping[str, Score],
    best: Mapping[str, Score],
    run: ProtocolRun,
    repeated: Sequence[Splits],
) -> Alternative:
    """Compare a method with the best candidate, score by score, by the corrected resampled t test.

    Parameters
    ----------
    method : CandidateKey
    kind : {"baseline", "larger_k"}
    found, best : mapping of str to Score
        Scores of the method and of the best candidate over the folds of `repeated`.
    run : ProtocolRun
    repeated : sequence of Splits

    Returns
    -------
    Alternative
    """
    folds = tuple(fold for splits in repeated for fold in splits.describe(run.data.labels))
    tested = compare_scores("alternative", "best", found, best, share_tested(folds))
    return Alternative(
        kind=kind,
        head=method.head,
        params=method.params,
        n_splits=len(repeated),
        differences=tuple(_signed(entry, found[entry.score], best[entry.score]) for entry in tested),
    )


def _signed(entry: DistanceComparison, found: Score, best: Score) -> AlternativeDifference:
    sign = 1 if entry.first == "alternative" else -1  # the test puts the better one first
    low, high = sorted((sign * entry.confidence_low, sign * entry.confidence_high))
    shared = [
        (one, other)
        for one, other in zip(found.values, best.values, strict=True)
        if one is not None and other is not None
    ]
    return AlternativeDifference(
        score=entry.score,
        mean=sum(one for one, _ in shared) / len(shared),
        best_mean=sum(other for _, other in shared) / len(shared),
        mean_difference=sign * entry.mean_difference,
        low=low,
        high=high,
        p_value=entry.p_value,
        p_holm=entry.p_holm,
        n_folds=entry.n_folds,
    )
