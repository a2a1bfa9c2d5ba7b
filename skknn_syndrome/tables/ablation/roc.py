"""Areas under the micro-average ROC curves of all variants of preprocessing."""

from skknn_syndrome.results import AblatedVariant, AblationResult
from skknn_syndrome.tables.ablation.columns import METRIC, RESAMPLER, SCALER, WAY
from skknn_syndrome.tables.table import Column, Table


def preprocessing_roc(result: AblationResult) -> Table:
    """Return mean and standard deviation at each k with a curve, a row a variant."""
    shown = sorted({roc.n_neighbors for variant in result.variants for roc in variant.rocs})
    return Table(
        name="preprocessing_roc",
        caption="Area under the micro-average ROC curve: mean and standard deviation over the folds",
        columns=(
            *(WAY, SCALER, RESAMPLER, METRIC),
            *(
                column
                for k in shown
                for column in (Column(f"auc_k{k}", f"AUC, k = {k}"), Column(f"auc_k{k}_std", "SD"))
            ),
        ),
        rows=tuple(
            (variant.way, *variant.name, *(cell for k in shown for cell in _area(variant, k)))
            for variant in result.variants
        ),
    )


def _area(variant: AblatedVariant, n_neighbors: int) -> tuple[float | None, float | None]:
    for roc in variant.rocs:
        if roc.n_neighbors == n_neighbors:
            return roc.curve.mean_auc, roc.curve.std_auc
    return None, None
