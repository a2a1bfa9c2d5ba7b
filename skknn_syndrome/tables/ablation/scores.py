"""Every score of every variant of preprocessing against k."""

from skknn_syndrome.results import AblationResult
from skknn_syndrome.tables.ablation.columns import METRIC, RESAMPLER, SCALER, SCORE, WAY, K
from skknn_syndrome.tables.table import Column, Table


def preprocessing_scores(result: AblationResult) -> Table:
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
