"""How well each syndrome is recognised after preprocessing."""

from skknn_syndrome.results import AblationResult
from skknn_syndrome.tables.ablation.columns import METRIC, RESAMPLER, SCALER, WAY, K
from skknn_syndrome.tables.table import Column, Table


def preprocessing_syndromes(result: AblationResult) -> Table:
    """Return precision, recall and F1, a row for each way, variant, syndrome and k.

    A cell is empty where the syndrome is never predicted (precision), never tested (recall) or neither (F1).
    """
    return Table(
        name="preprocessing_syndromes",
        caption="Recognition of each syndrome against k, the predictions of all folds of all splits pooled",
        columns=(
            WAY,
            SCALER,
            RESAMPLER,
            METRIC,
            Column("syndrome", "Syndrome"),
            K,
            Column("precision", "Precision", decimals=3),
            Column("recall", "Recall", decimals=3),
            Column("f1", "F1", decimals=3),
        ),
        rows=tuple(
            (variant.way, *variant.name, curve.syndrome, *cells)
            for variant in result.variants
            for curve in variant.syndromes
            for cells in zip(result.n_neighbors, curve.precision, curve.recall, curve.f1, strict=True)
        ),
    )
