"""Small results of prediction sets and of novelty by class means, for tests of what is drawn and written."""

from collections.abc import Sequence

from skknn_syndrome.analyses.open_set.result import AbsentSyndrome, ClassMeanNovelty
from skknn_syndrome.analyses.prediction_sets.result import ClassCoverage, PredictionSets, SetCoverage
from skknn_syndrome.results.candidate import KNN, knn_params
from skknn_syndrome.results.intervals import MeanInterval
from tests.analysis_builders import make_mean_interval


def make_class_means(
    names: Sequence[str] = ("alpha", "beta", "gamma"),
    *,
    detected: Sequence[float | None] | None = None,
    half_width: float | None = 0.05,
) -> ClassMeanNovelty:
    """Return syndromes left out in turn, by default one share that is flagged each, rising from a quarter."""
    found = [0.25 + number / 8 for number in range(len(names))] if detected is None else detected
    known = [share for share in found if share is not None]
    mean = sum(known) / len(known) if known else None
    return ClassMeanNovelty(
        allowed_false_rejections=0.05,
        n_inner_folds=5,
        syndromes=tuple(map(_make_absent, names, found)),
        roc_auc=None if mean is None else _over_syndromes(0.8, half_width),
        detected=None if mean is None else _over_syndromes(mean, half_width),
        false_rejection_rate=make_mean_interval(0.0625, 0.015625),
        threshold=0.625,
    )


def _over_syndromes(estimate: float, half_width: float | None) -> MeanInterval:
    return make_mean_interval(estimate, half_width).revised(unit="syndromes")


def _make_absent(syndrome: str, detected: float | None) -> AbsentSyndrome:
    left_out = detected is not None
    return AbsentSyndrome(
        syndrome=syndrome,
        n_unknown=5 if left_out else 0,
        n_known=20,
        roc_auc=0.75 if left_out else None,
        false_rejection_rate=0.0625 if left_out else None,
        detected=None if detected is None else make_mean_interval(detected, 0.125),
        reason=None if left_out else "none of its images is tested",
        rejected=make_mean_interval(0.09375, 0.0625) if left_out else None,
    )


def make_sets(
    names: Sequence[str] = ("alpha", "beta", "gamma"),
    *,
    covered: float = 0.9,
    half_width: float | None = 0.03,
    always_in: Sequence[str] = (),
    metric: str = "cosine",
) -> PredictionSets:
    """Return sets of three promises, which cover as much more or less than promised as those of 90 % do."""

    def made(coverage: float, size: float) -> SetCoverage:
        share = coverage + covered - 0.9
        return SetCoverage(
            coverage=coverage,
            covered=make_mean_interval(share, half_width),
            mean_size=size,
            single_share=0.25,
            single_right=0.875,
            empty_share=0.0,
            full_share=0.125,
            classes=tuple(
                ClassCoverage(
                    syndrome=name,
                    n_images=10,
                    covered=make_mean_interval(share - 0.02 + number / 100, half_width),
                    mean_size=size,
                    always_in=name in always_in,
                )
                for number, name in enumerate(names)
            ),
        )

    return PredictionSets(
        head=KNN,
        params=knn_params(metric, "distance", 3),
        n_inner_folds=5,
        n_images=30,
        class_conditional=(made(0.8, 1.25), made(0.9, 1.5), made(0.95, 2.0)),
        marginal=(made(0.8, 1.0), made(0.9, 1.375), made(0.95, 1.75)),
    )
