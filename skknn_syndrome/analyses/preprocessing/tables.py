"""Scores, gains and inflation of preprocessing variants."""

from collections.abc import Sequence
from typing import TypeVar

from skknn_syndrome.analyses.preprocessing.effects import Gain, Inflation, VariantResult
from skknn_syndrome.analyses.preprocessing.result import PreprocessingComparison
from skknn_syndrome.display.table import Cell, Column, Table
from skknn_syndrome.results.verdicts import SMALLEST_P
from skknn_syndrome.wording import metric_title

SCALER = Column("scaler", "Scaler")
RESAMPLER = Column("resampler", "Resampler")
METRIC = Column("metric", "Distance")
WAY = Column("way", "Way")
K = Column("n_neighbors", "k")
SCORE = Column("score", "Score")
SPLITS = Column("n_splits", "Splits")

HEADLINE_SCORES = ("f1_macro", "roc_auc_ovr", "top_1_accuracy")
"""The scores that are read first."""


Entry = TypeVar("Entry", Gain, Inflation)


def by_score(entries: Sequence[Entry]) -> list[Entry]:
    """Return entries score by score, F1, AUC and top-1 accuracy first, distance by distance within each.

    The other scores and the distances stay in the order of the result.
    """
    scores = list(dict.fromkeys((*HEADLINE_SCORES, *(entry.score for entry in entries))))
    metrics = list(dict.fromkeys(entry.metric for entry in entries))
    return sorted(entries, key=lambda entry: (scores.index(entry.score), metrics.index(entry.metric)))


def n_splits(result: PreprocessingComparison, gain: Gain) -> int:
    """Return on how many splits a variant was compared with unprocessed embeddings."""
    return gain.n_splits or len(result.seeds)


def compared_where(result: PreprocessingComparison) -> str:
    """Return at which k variants were compared, for a caption."""
    if result.compared_at is None:
        return "each at its own best k"
    return f"all at k = {result.compared_at}"


def preprocessing_gains(result: PreprocessingComparison) -> Table:
    """Return a row a score, distance and variant: F1, AUC and top-1 first, the largest gain first."""
    ordered = by_score(sorted(result.gains, key=lambda gain: gain.mean_difference, reverse=True))
    return Table(
        name="preprocessing_gains",
        caption="What preprocessing within folds adds to unprocessed embeddings on the same folds, "
        f"{compared_where(result)}: mean difference with 95 % interval and two-sided p of the corrected "
        "t test for repeated cross-validation, and p adjusted for the other variants of the distance (Holm)",
        columns=(
            SCORE,
            METRIC,
            SCALER,
            RESAMPLER,
            Column("n_neighbors", "k"),
            Column("baseline_n_neighbors", "k unprocessed"),
            Column("mean_difference", "Difference"),
            Column("low", "From"),
            Column("high", "To"),
            Column("p_value", "p", decimals=3, least=SMALLEST_P),
            Column("p_holm", "p (Holm)", decimals=3, least=SMALLEST_P),
            Column("verdict", "Verdict"),
            SPLITS,
        ),
        rows=tuple(
            (
                gain.score,
                gain.metric,
                gain.scaler,
                gain.resampler,
                gain.n_neighbors,
                gain.baseline_n_neighbors,
                gain.mean_difference,
                gain.low,
                gain.high,
                gain.p_value,
                gain.p_holm,
                verdict(gain),
                n_splits(result, gain),
            )
            for gain in ordered
        ),
    )


def verdict(gain: Gain) -> str:
    """Return whether a variant is better in one score, in a word or two.

    Scores that are the same in every fold, as those of vectors of length 1 are by cosine, are no difference.
    """
    if not gain.differs:
        return "no difference"
    if not gain.significant:
        return "not significant"
    return "better" if gain.mean_difference > 0 else "worse"


def preprocessing_inflations(result: PreprocessingComparison) -> Table:
    """Return a row a score, distance and variant: F1, AUC and top-1 first, the largest inflation first."""
    ordered = by_score(sorted(result.inflations, key=lambda entry: entry.difference, reverse=True))
    return Table(
        name="preprocessing_inflations",
        caption="What scaling and resampling all rows before splitting adds to the scores, at the k within "
        "folds: difference of the means with 95 % interval (Welch's, variances enlarged for folds that "
        "share training rows), and whether 0 lies outside it",
        columns=(
            SCORE,
            METRIC,
            SCALER,
            RESAMPLER,
            K,
            Column("within_folds", "Within folds"),
            Column("before_splitting", "Before splitting"),
            Column("difference", "Difference"),
            Column("low", "From"),
            Column("high", "To"),
            Column("excludes_zero", "Excludes 0"),
        ),
        rows=tuple(
            (
                entry.score,
                entry.metric,
                entry.scaler,
                entry.resampler,
                entry.n_neighbors,
                entry.within_folds,
                entry.before_splitting,
                entry.difference,
                entry.low,
                entry.high,
                "yes" if entry.excludes_zero else "no",
            )
            for entry in ordered
        ),
    )


_RANKING_SCORES = {
    "roc_auc_ovr": "AUC",
    "f1_macro": "F1",
    "top_1_accuracy": "Top-1",
    "top_3_accuracy": "Top-3",
    "top_5_accuracy": "Top-5",
}


def preprocessing_ranking(result: PreprocessingComparison) -> Table:
    """Return a row a variant, those within folds first, the highest composite score first."""
    return Table(
        name="preprocessing_ranking",
        caption="All variants of preprocessing at their best k, by the cube root of mean AUC x F1 x top-5 "
        "accuracy; related: tested rows with a row of the same subject, or made from one, in training",
        columns=(
            WAY,
            SCALER,
            RESAMPLER,
            METRIC,
            Column("best_n_neighbors", "Best k"),
            Column("composite", "Composite"),
            *(Column(name, heading) for name, heading in _RANKING_SCORES.items()),
            Column("n_train_rows", "Training rows", decimals=1),
            Column("share_related", "Related", decimals=3),
        ),
        rows=tuple(
            _ranking_row(variant)
            for variant in (*result.ranking("within_folds"), *result.ranking("before_splitting"))
        ),
    )


def _ranking_row(variant: VariantResult) -> tuple[Cell, ...]:
    means = {score.name: score.mean for score in variant.scores}
    return (
        variant.way,
        *variant.name,
        variant.best_n_neighbors,
        variant.composite,
        *(means.get(name) for name in _RANKING_SCORES),
        variant.n_train_rows,
        variant.share_related,
    )


def preprocessing_scores(result: PreprocessingComparison) -> Table:
    """Return a row for each way, variant, score and k; empty cells where a score is nowhere defined."""
    return Table(
        name="preprocessing_scores",
        caption="Every score of every variant of preprocessing: mean and standard deviation over the folds "
        "of all splits",
        columns=(WAY, SCALER, RESAMPLER, METRIC, SCORE, K, Column("mean", "Mean"), Column("std", "SD")),
        rows=tuple(
            (variant.way, *variant.name, curve.score, k, mean, std)
            for variant in result.variants
            for curve in variant.curves
            for k, mean, std in zip(result.n_neighbors, curve.means, curve.stds, strict=True)
        ),
    )


_SCORES = {"roc_auc_ovr": "AUC", "f1_macro": "F1", "top_1_accuracy": "Top-1"}


def preprocessing_summary(result: PreprocessingComparison) -> Table:
    """Return a row a scaler and resampler, the best first.

    The distance is that which suits unprocessed embeddings best. Cells of what was not compared, such as
    unprocessed embeddings with themselves, are empty.
    """
    metric = result.metric
    return Table(
        name="preprocessing_summary",
        caption=f"Scaling and resampling within folds, {metric_title(metric)} distance, each at its best k "
        "by AUC x F1 x top-5; scores are of the splits that all variants share. The difference of F1 from "
        "unprocessed embeddings, both p-values and the verdict (on AUC and F1) are "
        f"{compared_where(result)}, after Holm's correction for all variants, over the splits named. "
        "Before splitting: how much higher top-1 accuracy is then",
        columns=(
            SCALER,
            RESAMPLER,
            K,
            *(Column(name, heading, decimals=3) for name, heading in _SCORES.items()),
            Column("f1_difference", "F1 difference", decimals=3),
            Column("low", "From", decimals=3),
            Column("high", "To", decimals=3),
            Column("p_holm", "p, F1", decimals=3, least=SMALLEST_P),
            Column("auc_p_holm", "p, AUC", decimals=3, least=SMALLEST_P),
            Column("verdict", "Verdict"),
            SPLITS,
            Column("top_1_inflation", "Before splitting", decimals=3),
        ),
        rows=tuple(_summary_row(result, variant) for variant in result.ranking() if variant.metric == metric),
    )


def _summary_row(result: PreprocessingComparison, variant: VariantResult) -> tuple[Cell, ...]:
    means = {score.name: score.mean for score in variant.scores}
    return (
        variant.scaler,
        variant.resampler,
        variant.best_n_neighbors,
        *(means.get(name) for name in _SCORES),
        *_gain(result, variant),
        _inflation(result, variant),
    )


def _gain(result: PreprocessingComparison, variant: VariantResult) -> tuple[Cell, ...]:
    judged = result.judge(variant)
    f1, auc = judged.gain("f1_macro"), judged.gain("roc_auc_ovr")
    if f1 is None:
        return (None,) * 7
    return (
        f1.mean_difference,
        f1.low,
        f1.high,
        f1.p_holm,
        None if auc is None else auc.p_holm,
        judged.verdict,
        n_splits(result, f1),
    )


def _inflation(result: PreprocessingComparison, variant: VariantResult) -> float | None:
    found = (
        entry.difference
        for entry in result.inflations
        if (entry.scaler, entry.resampler, entry.metric) == variant.name and entry.score == "top_1_accuracy"
    )
    return next(found, None)
