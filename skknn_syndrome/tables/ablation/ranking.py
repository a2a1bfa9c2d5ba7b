"""Every variant of preprocessing at its best k."""

from skknn_syndrome.results import AblatedVariant, AblationResult
from skknn_syndrome.tables.ablation.columns import METRIC, RESAMPLER, SCALER, WAY
from skknn_syndrome.tables.table import Cell, Column, Table

_SCORES = {
    "roc_auc_ovr": "AUC",
    "f1_macro": "F1",
    "top_1_accuracy": "Top-1",
    "top_3_accuracy": "Top-3",
    "top_5_accuracy": "Top-5",
}


def preprocessing_ranking(result: AblationResult) -> Table:
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
            *(Column(name, heading) for name, heading in _SCORES.items()),
            Column("n_train_rows", "Training rows", decimals=1),
            Column("share_related", "Related", decimals=3),
        ),
        rows=tuple(_row(variant) for variant in (*result.ranking("honest"), *result.ranking("leaky"))),
    )


def _row(variant: AblatedVariant) -> tuple[Cell, ...]:
    means = {score.name: score.mean for score in variant.scores}
    return (
        variant.way,
        *variant.name,
        variant.best_n_neighbors,
        variant.composite,
        *(means.get(name) for name in _SCORES),
        variant.n_train_rows,
        variant.share_related,
    )
