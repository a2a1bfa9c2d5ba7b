"""Small results of the analyses beside the scores, for tests of what is drawn and written."""

from collections.abc import Sequence

from skknn_syndrome.analyses.baselines.result import Baseline
from skknn_syndrome.analyses.calibration.result import (
    Calibration,
    Reliability,
    ReliabilityBin,
    TemperatureChoice,
    TemperatureSelection,
)
from skknn_syndrome.analyses.chance.result import ChanceTest, Stratum
from skknn_syndrome.analyses.embedding_space.result import (
    DistanceHubness,
    Hub,
    Hubness,
    OccurrenceCount,
    Quantile,
)
from skknn_syndrome.analyses.nested_cv.result import Choice, NestedSelection, SelectionBias
from skknn_syndrome.analyses.open_set.result import (
    OpenSet,
    RejectionCurve,
    RejectionEffect,
    RejectionPoint,
    SyndromeNovelty,
)
from skknn_syndrome.analyses.per_class.result import Evaluation, SyndromeScores
from skknn_syndrome.analyses.subject_level.result import SeveralImages, SubjectLevel
from skknn_syndrome.metrics.registry import SCORE_NAMES
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.intervals import MeanInterval, PooledIntervals, Unit
from skknn_syndrome.results.roc_curve import RocCurve
from skknn_syndrome.results.score import Score


def make_nested(
    choices: Sequence[tuple[str, int]] = (("cosine", 5), ("cosine", 3)),
    *,
    chosen: float | None = 0.75,
    values: Sequence[float] = (0.5, 0.9),
    score: str = "roc_auc_ovr",
    p_value: float | None = 0.5,
    pooled: PooledIntervals | None = None,
) -> NestedSelection:
    """Return a search that chose distance and k in each fold, scored there with `values`."""
    tested = p_value is not None
    found = Score.from_values(score, values, reason="one syndrome only")
    return NestedSelection(
        refit=score,
        n_inner_folds=5,
        choices=tuple(
            Choice(fold=fold, head=KNN, params=knn_params(metric, "distance", k))
            for fold, (metric, k) in enumerate(choices)
        ),
        all_scores=(found,),
        selection_bias=(
            SelectionBias(
                score=score,
                nested_mean=found.mean,
                chosen_mean=chosen,
                standard_error=0.125 if tested else None,
                p_value=p_value,
                low=-0.25 if tested else None,
                high=0.375 if tested else None,
            ),
        ),
        pooled=pooled,
    )


def make_chance(
    p_value: float = 0.005, *, unit: Unit = "subjects", within: Stratum = "part_and_size"
) -> ChanceTest:
    """Return a search held against permuted labels."""
    return ChanceTest(
        score="roc_auc_ovr",
        observed=0.75,
        n_permutations=199,
        p_value=p_value,
        null_mean=0.5,
        null_high=0.5625,
        unit=unit,
        within=within,
    )


def make_calibration(
    metric: str = "cosine",
    weights: str = "distance",
    *,
    confidence: float = 0.6,
    accuracy: float = 0.8,
    error: float = 0.2,
    zero_share: float = 0.025,
    half_width: float = 0.05,
) -> Calibration:
    """Return a calibration in two bins, whose gap has an interval of this half-width."""
    gap = make_mean_interval(confidence - accuracy, half_width)
    bins = (
        ReliabilityBin(lower=0.0, upper=0.5, n_images=2, confidence=0.4, accuracy=0.5),
        ReliabilityBin(lower=0.5, upper=1.0, n_images=8, confidence=confidence, accuracy=accuracy),
    )
    curve = Reliability(n_bins=2, bins=bins, expected_error=error, maximum_error=error)
    return Calibration(
        head=KNN,
        params=knn_params(metric, weights, 5),
        n_predictions=10,
        mean_confidence=confidence,
        accuracy=accuracy,
        equal_width=curve,
        equal_mass=curve,
        brier=0.35,
        log_loss=1.5,
        zero_share=zero_share,
        log_loss_of_possible=0.625,
        gap=gap,
    )


def make_temperatures(
    chosen: Sequence[tuple[float, bool]] = ((0.07, False), (0.05, False), (0.07, False)),
    metric: str = "cosine",
) -> TemperatureSelection:
    """Return temperatures, one a fold, each with whether it is at the edge of those tried."""
    return TemperatureSelection(
        head=KNN,
        params=knn_params(metric, "softmax", 5),
        tried=(0.05, 0.07, 0.1),
        n_inner_folds=5,
        choices=tuple(
            TemperatureChoice(fold=fold, temperature=temperature, log_loss=1.0, at_edge=at_edge)
            for fold, (temperature, at_edge) in enumerate(chosen)
        ),
    )


def make_confusion(*confusion: tuple[int, ...]) -> Evaluation:
    """Return an evaluation of syndromes a, b, c ... with this confusion matrix, F1 counted from it."""
    names = tuple("abcdefgh"[: len(confusion)])
    taken = [sum(row[place] for row in confusion) for place in range(len(names))]
    curve = RocCurve(
        false_positive_rate=(0.0, 1.0),
        true_positive_rate=(0.0, 1.0),
        true_positive_rate_std=(0.0, 0.0),
        mean_auc=0.5,
        std_auc=0.0,
        n_folds=1,
    )
    return Evaluation(
        head=KNN,
        params=knn_params("cosine", "distance", 3),
        syndromes=names,
        confusion=confusion,
        per_syndrome=tuple(
            SyndromeScores(
                syndrome=name,
                n_images=sum(row),
                n_subjects=None,
                precision=None,
                recall=row[place] / max(sum(row), 1),
                f1=2 * row[place] / max(sum(row) + taken[place], 1),
                roc_auc=None,
            )
            for place, (name, row) in enumerate(zip(names, confusion, strict=True))
        ),
        micro_roc=curve,
        syndrome_rocs=(),
    )


def make_mean_interval(estimate: float, half_width: float | None = 0.05) -> MeanInterval:
    """Return a mean over five subjects; no half-width for one without an interval."""
    return MeanInterval(
        estimate=estimate,
        low=None if half_width is None else estimate - half_width,
        high=None if half_width is None else estimate + half_width,
        unit="subjects",
        n_units=5,
    )


def make_curve(*errors: float, half_width: float | None = 0.05) -> RejectionCurve:
    """Return a curve of ten images, of which one more is rejected at each point; tested at the last."""
    return RejectionCurve(
        effect=RejectionEffect(
            rejected_share=(len(errors) - 1) / 10,
            error_of_all=errors[0],
            error_of_accepted=errors[-1],
            difference=make_mean_interval(errors[-1] - errors[0], half_width),
        ),
        n_predictions=10,
        points=tuple(
            RejectionPoint(
                threshold=0.9 - place / 10,
                rejected_share=place / 10,
                n_accepted=10 - place,
                error=error,
            )
            for place, error in enumerate(errors)
        ),
    )


def make_novelty(syndrome: str, area: float | None, caught: float = 0.25) -> SyndromeNovelty:
    """Return a syndrome with an AUC, or one that can't be left out."""
    if area is None:
        return SyndromeNovelty(
            syndrome=syndrome,
            n_unknown=0,
            n_known=9,
            roc_auc_nearest=None,
            roc_auc_mean=None,
            threshold=None,
            false_rejection_rate=None,
            caught=None,
            reason="none of its images is tested",
        )
    return SyndromeNovelty(
        syndrome=syndrome,
        n_unknown=5,
        n_known=20,
        roc_auc_nearest=area - 0.0625,
        roc_auc_mean=area,
        threshold=0.625,
        false_rejection_rate=0.05,
        caught=caught,
    )


def make_open_set(
    names: Sequence[str] = ("alpha", "beta", "gamma"),
    metric: str = "cosine",
    *,
    areas: Sequence[float | None] | None = None,
    errors: Sequence[float] = (0.5, 0.375, 0.25),
    caught: float = 0.25,
    half_width: float | None = 0.05,
) -> OpenSet:
    """Return syndromes left out in turn, by default one AUC a syndrome, rising from 0.5."""
    found = [0.5 + number / 64 for number in range(len(names))] if areas is None else areas
    known = [area for area in found if area is not None]
    mean = sum(known) / len(known) if known else None
    return OpenSet(
        head=KNN,
        params=knn_params(metric, "distance", 5),
        novelty="mean",
        allowed_false_rejections=0.05,
        syndromes=tuple(make_novelty(name, area, caught) for name, area in zip(names, found, strict=True)),
        macro_roc_auc_nearest=None if mean is None else mean - 0.0625,
        macro_roc_auc_mean=mean,
        macro_caught=caught if known else None,
        threshold=0.625,
        false_rejection_rate=0.05,
        known_curve=make_curve(*errors, half_width=half_width),
        open_curve=make_curve(*(min(1.0, 2 * error) for error in errors), half_width=half_width)
        if known
        else None,
    )


def make_distance(
    metric: str,
    *,
    skewness: float | None = 1.0,
    purity: float = 0.6,
    norm_correlation: float | None = 0.1,
    largest: int = 20,
    without_own: float | None = 0.5,
) -> DistanceHubness:
    """Return a distance whose largest hub is in `largest` lists of five."""
    return DistanceHubness(
        metric=metric,
        n_neighbors=5,
        skewness=skewness,
        occurrences=(
            OccurrenceCount(n_lists=0, n_images=1),
            OccurrenceCount(n_lists=5, n_images=8),
            OccurrenceCount(n_lists=largest, n_images=1),
        ),
        hubs=(
            Hub(row=3, syndrome="a", subject="s", n_lists=largest, n_wrong_lists=4, norm=12.0),
            Hub(row=7, syndrome="b", subject=None, n_lists=5, n_wrong_lists=1, norm=20.0),
        ),
        anti_hub_share=0.1,
        norm_correlation=norm_correlation,
        neighbor_purity=purity,
        purity_without_own_subject=without_own,
        own_subject_nearest=without_own,
        silhouette=0.05,
    )


def make_hubness(*distances: DistanceHubness) -> Hubness:
    """Return distances, by default a cosine distance that is better behaved than the Euclidean one."""
    return Hubness(
        n_images=10,
        expected_purity=0.125,
        norms=tuple(
            Quantile(share=share, value=20 + 10 * share) for share in (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
        ),
        distances=distances
        or (
            make_distance("euclidean", skewness=10.0, purity=0.5, norm_correlation=-0.7, largest=40),
            make_distance("cosine"),
        ),
    )


def make_baseline(mean: float, score: str = "f1_macro") -> Baseline:
    """Return the nearest centroid with one score; others are not defined."""
    nan = float("nan")
    return Baseline(
        head="nearest_centroid",
        params={"metric": "cosine"},
        ranking="negative_distance",
        all_scores=tuple(
            Score.from_values(name, [mean if name == score else nan] * 2) for name in SCORE_NAMES
        ),
    )


def make_subject_level(
    single: float = 0.5, fused: float = 0.75, *, several: bool = True, half_width: float | None = 0.05
) -> SubjectLevel:
    """Return accuracies of two subjects with several images."""
    return SubjectLevel(
        head=KNN,
        params=knn_params("cosine", "distance", 5),
        n_images=9,
        n_subjects=6,
        image_scores=(Score.from_values("accuracy", [single]),),
        subject_scores=(Score.from_values("accuracy", [fused]),),
        several=SeveralImages(
            n_subjects=2,
            n_images=5,
            single_accuracy=single,
            fused_accuracy=fused,
            difference=make_mean_interval(fused - single, half_width),
        )
        if several
        else None,
    )
