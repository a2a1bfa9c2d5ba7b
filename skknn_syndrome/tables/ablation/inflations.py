"""What preparing before splitting adds to the scores."""

from skknn_syndrome.results import AblationResult
from skknn_syndrome.tables.ablation.columns import METRIC, RESAMPLER, SCALER, SCORE, K, by_score
from skknn_syndrome.tables.table import Column, Table


def preprocessing_inflations(result: AblationResult) -> Table:
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
            Column("honest", "Within folds"),
            Column("leaky", "Before splitting"),
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
                entry.honest,
                entry.leaky,
                entry.difference,
                entry.low,
                entry.high,
                "yes" if entry.excludes_zero else "no",
            )
            for entry in ordered
        ),
    )
