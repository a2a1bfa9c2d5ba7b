"""How well each syndrome is recognised."""

from skknn_syndrome.results import Evaluation
from skknn_syndrome.tables.table import Column, Table


def per_syndrome(evaluation: Evaluation) -> Table:
    """Return precision, recall, F1, AUC and support, a row a syndrome, worst F1 first."""
    return Table(
        name=f"per_syndrome_{evaluation.metric}",
        caption=f"Recognition of each syndrome, {evaluation.metric} distance, k = {evaluation.n_neighbors}, "
        "all folds pooled, lowest F1 first",
        columns=(
            Column("syndrome", "Syndrome"),
            Column("n_images", "Images"),
            Column("n_subjects", "Subjects"),
            Column("precision", "Precision", decimals=3),
            Column("recall", "Recall", decimals=3),
            Column("f1", "F1", decimals=3),
            Column("roc_auc", "AUC", decimals=3),
        ),
        rows=tuple(
            (row.syndrome, row.n_images, row.n_subjects, row.precision, row.recall, row.f1, row.roc_auc)
            for row in sorted(evaluation.per_syndrome, key=lambda row: (row.f1, row.syndrome))
        ),
    )
