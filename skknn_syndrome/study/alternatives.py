"""Baselines and larger k against the best candidate, over repeated splits."""

from collections.abc import Mapping, Sequence

from skknn_syndrome.crossval.folds import Splits
from skknn_syndrome.heads import NearestCentroidClassifier
from skknn_syndrome.heads.knn import KNN
from skknn_syndrome.metrics.registry import names_among
from skknn_syndrome.results import Alternative, AlternativeDifference, DistanceComparison, Score
from skknn_syndrome.results.baseline import Baseline
from skknn_syndrome.study.baselines import measure_baselines, rank_all_rows
from skknn_syndrome.study.beyond_grid import BeyondGrid
from skknn_syndrome.study.collecting import typed_scores
from skknn_syndrome.study.distance_comparing import compare_scores, share_tested
from skknn_syndrome.study.protocol_run import ProtocolRun
from skknn_syndrome.study.repeating import candidate_scores

MAX_REPEATED_CELLS = 1_000_000
"""Images times features up to which baselines, which are fitted anew in each fold, are repeated."""


def compare_baselines(run: ProtocolRun) -> tuple[tuple[Baseline, ...], tuple[Alternative, ...]]:
    """Score the baselines, and compare each with the best candidate over the repeated splits.

    Parameters
    ----------
    run : ProtocolRun

    Returns
    -------
    tuple of Baseline
        On the study's own folds.
    tuple of Alternative
        On those of the repeated splits; of the study's own split alone where the embeddings hold more than a
        million numbers.
    """
    repeated = run.repeated if run.data.array.size <= MAX_REPEATED_CELLS else run.repeated[:1]
    estimator, metrics = run.settings.estimator, run.settings.metrics or list(KNN.grid["metric"])
    lists = rank_all_rows(estimator, run.data.samples, metrics)
    # One after the other: each sets warnings and the threads of the linear algebra, which threads share.
    found = [
        _others(
            run, measure_baselines(estimator, run.data.samples, run.data.labels, splits, metrics, lists=lists)
        )
        for splits in repeated
    ]
    winner = candidate_scores(run, run.scored.winner, repeated)
    return found[0], tuple(
        Alternative(
            kind="baseline",
            head=own.head,
            params=own.params,
            n_splits=len(repeated),
            differences=_differences(_concatenated(entries), winner, run, repeated),
        )
        for own, *others in zip(*found, strict=True)
        for entries in [[own, *others]]
    )


def _others(run: ProtocolRun, found: Sequence[Baseline]) -> tuple[Baseline, ...]:
    """Leave out the baseline that the head itself is."""
    same = "nearest_centroid" if run.settings.head.owns(NearestCentroidClassifier()) else None
    return tuple(entry for entry in found if entry.head != same)


def compare_larger_k(run: ProtocolRun, beyond: BeyondGrid) -> tuple[Alternative, ...]:
    """Compare each distance's best k beyond the grid with the best candidate over the repeated splits.

    Parameters
    ----------
    run : ProtocolRun
    beyond : BeyondGrid
        Its curves are of the study's own split, on which the k are taken: by the deciding score and by
        macro F1.

    Returns
    -------
    tuple of Alternative
        One for each k that is larger than the grid's largest.
    """
    winner = candidate_scores(run, run.scored.winner, run.repeated)
    splits = [split for part in run.repeated for split in part.as_cv()]
    peaks = (
        (curve, k)
        for curve in beyond.curves
        for k in dict.fromkeys(curve.best_n_neighbors(score) for score in (curve.refit, "f1_macro"))
        if k is not None and k > curve.edge
    )
    return tuple(
        Alternative(
            kind="larger_k",
            head=curve.head,
            params={**curve.params, "n_neighbors": k},
            n_splits=len(run.repeated),
            differences=_differences(
                typed_scores(
                    {name: table[0] for name, table in beyond.score(curve.metric, [k], splits).items()}
                ),
                winner,
                run,
                run.repeated,
            ),
        )
        for curve, k in peaks
    )


def _concatenated(entries: Sequence[Baseline]) -> Mapping[str, Score]:
    """Return one baseline's scores over the folds of all splits."""
    return {
        name: Score.from_values(
            name,
            [
                float("nan") if value is None else value
                for entry in entries
                for value in entry.scores[name].values
            ],
        )
        for name in names_among(entries[0].scores)
    }


def _differences(
    found: Mapping[str, Score], winner: Mapping[str, Score], run: ProtocolRun, repeated: Sequence[Splits]
) -> tuple[AlternativeDifference, ...]:
    folds = tuple(fold for splits in repeated for fold in splits.describe(run.data.labels))
    return tuple(
        _signed(entry, found[entry.score], winner[entry.score])
        for entry in compare_scores("alternative", "best", found, winner, share_tested(folds))
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
