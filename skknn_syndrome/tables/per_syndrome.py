"""How well each syndrome is recognised."""

from collections.abc import Sequence

from skknn_syndrome.results import Evaluation
from skknn_syndrome.results.evaluation import TopK
from skknn_syndrome.tables.table import Column, Table

TOP_K = (1, 3, 5)


def per_syndrome(evaluation: Evaluation) -> Table:
    """Return precision, recall, F1, AUC, top-k accuracy and support, a row a syndrome, worst F1 first."""
    return Table(
        name=f"per_syndrome_{evaluation.variant}",
        caption=f"Recognition of each syndrome, {evaluation.title}, all folds pooled, lowest F1 first"
        f"{_means(evaluation.mean_top_k)}",
        columns=(
            Column("syndrome", "Syndrome"),
            Column("n_images", "Images"),
            Column("n_subjects", "Subjects"),
            Column("precision", "Precision", decimals=3),
            Column("recall", "Recall", decimals=3),
            Column("f1", "F1", decimals=3),
            Column("roc_auc", "AUC", decimals=3),
            *(Column(f"top_{k}_accuracy", f"Top-{k}", decimals=3) for k in TOP_K),
        ),
        rows=tuple(
            (
                row.syndrome,
                row.n_images,
                row.n_subjects,
                row.precision,
                row.recall,
                row.f1,
                row.roc_auc,
                *_accuracies(row.top_k),
            )
            for row in sorted(evaluation.per_syndrome, key=lambda row: (row.f1, row.syndrome))
        ),
    )


def _accuracies(entries: Sequence[TopK]) -> list[float | None]:
    by_k = {entry.k: entry.accuracy for entry in entries}
    return [by_k.get(k) for k in TOP_K]


def _means(entries: Sequence[TopK]) -> str:
    if not entries:
        return ""
    means = ", ".join(f"top-{entry.k} {entry.accuracy:.3f}" for entry in entries)
    return f"; mean over syndromes: {means}"
