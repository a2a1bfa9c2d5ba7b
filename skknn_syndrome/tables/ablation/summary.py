"""What scaling and resampling are worth, at a glance."""

from skknn_syndrome.results import AblatedVariant, AblationResult
from skknn_syndrome.results.verdicts import SMALLEST_P
from skknn_syndrome.tables.ablation.columns import RESAMPLER, SCALER, SPLITS, K, compared_where, n_splits
from skknn_syndrome.tables.table import Cell, Column, Table
from skknn_syndrome.wording import metric_title

_SCORES = {"roc_auc_ovr": "AUC", "f1_macro": "F1", "top_1_accuracy": "Top-1"}


def preprocessing_summary(result: AblationResult) -> Table:
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
        rows=tuple(_row(result, variant) for variant in result.ranking() if variant.metric == metric),
    )


def _row(result: AblationResult, variant: AblatedVariant) -> tuple[Cell, ...]:
    means = {score.name: score.mean for score in variant.scores}
    return (
        variant.scaler,
        variant.resampler,
        variant.best_n_neighbors,
        *(means.get(name) for name in _SCORES),
        *_gain(result, variant),
        _inflation(result, variant),
    )


def _gain(result: AblationResult, variant: AblatedVariant) -> tuple[Cell, ...]:
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


def _inflation(result: AblationResult, variant: AblatedVariant) -> float | None:
    found = (
        entry.difference
        for entry in result.inflations
        if (entry.scaler, entry.resampler, entry.metric) == variant.name and entry.score == "top_1_accuracy"
    )
    return next(found, None)
