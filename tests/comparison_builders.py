"""Small results that hold scores against others, for tests of what is drawn and written."""

from collections.abc import Sequence

from skknn_syndrome._typing import ProtocolName
from skknn_syndrome.analyses.baselines.result import BaselineComparison
from skknn_syndrome.analyses.inflation.result import ProtocolInflation
from skknn_syndrome.analyses.larger_k.result import LargerK
from skknn_syndrome.analyses.leakage.result import Leak, LeakInflation
from skknn_syndrome.results.analysis import Analysis
from skknn_syndrome.results.candidate import KNN, Scalar, knn_params
from skknn_syndrome.results.comparison import Alternative, AlternativeDifference, DistanceComparison
from skknn_syndrome.results.intervals import Interval, PooledDifference, PooledScores
from skknn_syndrome.results.repeats import RepeatedCandidate, Repeats, Selection
from skknn_syndrome.results.score import Score


def make_interval(score: str, low: float | None, high: float | None) -> Interval:
    """Return an interval; None for one that is not defined."""
    return Interval(
        score=score,
        estimate=0.5,
        percentile_low=low,
        percentile_high=high,
        bca_low=low,
        bca_high=high,
        level=None if low is None else 0.96,
    )


def make_pooled(*scores: Interval, metric: str = "cosine") -> PooledScores:
    """Return pooled scores with intervals over subjects."""
    return PooledScores(
        protocol="subject",
        head=KNN,
        params=knn_params(metric, "distance", 5),
        unit="subjects",
        n_units=5,
        n_resamples=2000,
        confidence=0.95,
        all_scores=scores,
    )


def make_inflation(interval: Interval) -> PooledDifference:
    """Return image-level minus subject-level folds of the cosine distance."""
    return PooledDifference(
        kind="protocol",
        first="image",
        second="subject",
        variant="cosine",
        unit="subjects",
        n_resamples=2000,
        confidence=0.95,
        all_scores=(interval,),
    )


def make_comparison(
    score: str = "roc_auc_ovr",
    *,
    p_value: float | None = 0.01,
    first: str = "cosine",
    p_holm: float | None = None,
) -> DistanceComparison:
    """Return a comparison of the cosine with the Euclidean distance."""
    return DistanceComparison(
        score=score,
        first=first,
        second="euclidean" if first == "cosine" else "cosine",
        mean_difference=0.1,
        standard_error=0.02,
        t_statistic=None if p_value is None else 5.0,
        p_value=p_value,
        confidence_low=0.05,
        confidence_high=0.15,
        p_holm=p_holm,
        n_folds=2,
    )


def _only_metric(metric: str | None) -> dict[str, Scalar]:
    return {} if metric is None else {"metric": metric}


def make_alternative(
    *differences: tuple[str, float, float | None],
    name: str = "lda",
    metric: str | None = None,
    n_neighbors: int | None = None,
) -> Alternative:
    """Return a baseline, or a k beyond the grid where it has one, with differences and adjusted p-values."""
    return Alternative(
        kind="baseline" if n_neighbors is None else "larger_k",
        head=name if n_neighbors is None else KNN,
        params=_only_metric(metric)
        if n_neighbors is None
        else knn_params(str(metric), "distance", n_neighbors),
        n_splits=2,
        differences=tuple(
            AlternativeDifference(
                score=score,
                mean=0.7 + difference,
                best_mean=0.7,
                mean_difference=difference,
                low=difference - 0.01,
                high=difference + 0.01,
                p_value=p_holm,
                p_holm=p_holm,
                n_folds=4,
            )
            for score, difference, p_holm in differences
        ),
    )


def compared(*alternatives: Alternative, protocol: ProtocolName = "image") -> tuple[Analysis, ...]:
    """Return the analyses of baselines and of larger k, as far as there are such among the alternatives."""
    larger = tuple(entry for entry in alternatives if entry.kind == "larger_k")
    others = tuple(entry for entry in alternatives if entry.kind == "baseline")
    found: list[Analysis] = []
    if larger:
        found.append(LargerK(protocol=protocol, alternatives=larger))
    if others:
        found.append(BaselineComparison(protocol=protocol, alternatives=others))
    return tuple(found)


def make_protocol_inflation(
    difference: float = 0.05, *, half: float | None = 0.02, metric: str = "cosine", n_splits: int = 2
) -> ProtocolInflation:
    """Return image-level minus subject-level macro AUC."""
    return ProtocolInflation(
        head=KNN,
        params=knn_params(metric, "distance", 3),
        score="roc_auc_ovr",
        n_splits=n_splits,
        image_mean=0.7 + difference,
        subject_mean=0.7,
        difference=difference,
        low=None if half is None else difference - half,
        high=None if half is None else difference + half,
        split_std=0.01 if n_splits > 1 else None,
        n_subjects=5,
        n_resamples=200,
    )


def make_repeats(*comparisons: DistanceComparison, best: Sequence[int] = (5,)) -> Repeats:
    """Return two splits, on which each k of `best` was once the best."""
    return Repeats(
        seeds=(42, 43),
        n_folds=2,
        candidates=(
            RepeatedCandidate(
                head=KNN,
                params=knn_params("cosine", "distance", 5),
                all_scores=(Score.from_values("roc_auc_ovr", [0.5, 0.7, 0.7, 0.9]),),
                repeat_means=(("roc_auc_ovr", (0.6, 0.8)),),
            ),
        ),
        selections=tuple(
            Selection(head=KNN, params=knn_params("cosine", "distance", k), n_repeats=1) for k in best
        ),
        comparisons=comparisons,
    )


def make_leak() -> Leak:
    """Return two subjects whose images are alike."""
    return Leak(
        kind="near_copies",
        protocol="subject",
        cosine_above=0.95,
        n_pairs=1,
        n_images=2,
        n_subjects=2,
        subjects=(("ann", "bob"),),
        syndromes=("alpha",),
        subject_syndromes=(("alpha",),),
        inflations=(
            LeakInflation(
                head=KNN,
                params=knn_params("cosine", "distance", 5),
                score="roc_auc_ovr",
                original=0.75,
                purged=0.5,
            ),
        ),
    )
