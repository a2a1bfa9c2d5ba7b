"""Scores of classifications, computed by hand in NumPy from counts, rankings and threshold sweeps.

The functions carry scikit-learn's names, signatures and results; scikit-learn's own tests of them pass. What
scikit-learn lacks stands beside them: bounds of the top-k accuracy over ties, a micro-average ROC curve, and
its mean over folds; and a registry of the scores of a study, to which `register_score` adds one.
"""

from importlib import import_module
from typing import TYPE_CHECKING

__all__ = [
    "LabelScore",
    "RankingScore",
    "accuracy_score",
    "auc",
    "average_precision_score",
    "balanced_accuracy_score",
    "cohen_kappa_score",
    "confusion_matrix",
    "f1_score",
    "hamming_loss",
    "label_ranking_average_precision_score",
    "matthews_corrcoef",
    "mean_roc_curve",
    "micro_average_roc_curve",
    "precision_recall_curve",
    "precision_recall_fscore_support",
    "precision_score",
    "recall_score",
    "register_score",
    "roc_auc_score",
    "roc_curve",
    "scores_by_label",
    "top_k_accuracy_bounds",
    "top_k_accuracy_score",
    "unregister_score",
]

if TYPE_CHECKING:
    from skknn_syndrome.metrics.accuracy import accuracy_score, balanced_accuracy_score, confusion_matrix
    from skknn_syndrome.metrics.agreement import cohen_kappa_score, matthews_corrcoef
    from skknn_syndrome.metrics.average_precision import average_precision_score, precision_recall_curve
    from skknn_syndrome.metrics.definition import LabelScore, RankingScore
    from skknn_syndrome.metrics.label_sets import (
        hamming_loss,
        label_ranking_average_precision_score,
        scores_by_label,
    )
    from skknn_syndrome.metrics.precision_recall import (
        f1_score,
        precision_recall_fscore_support,
        precision_score,
        recall_score,
    )
    from skknn_syndrome.metrics.registry import register_score, unregister_score
    from skknn_syndrome.metrics.roc import auc, mean_roc_curve, micro_average_roc_curve, roc_curve
    from skknn_syndrome.metrics.roc_auc import roc_auc_score
    from skknn_syndrome.metrics.top_k import top_k_accuracy_bounds, top_k_accuracy_score
else:
    # Type checkers must not see this: with it, they would take any misspelt name for an object.
    def __getattr__(name: str) -> object:
        """Import a function's module when it is first asked for: titles of scores do without NumPy."""
        for module, names in _HOMES.items():
            if name in names:
                value = getattr(import_module(f"{__name__}.{module}"), name)
                globals()[name] = value
                return value
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


_HOMES = {
    "accuracy": ("accuracy_score", "balanced_accuracy_score", "confusion_matrix"),
    "agreement": ("cohen_kappa_score", "matthews_corrcoef"),
    "average_precision": ("average_precision_score", "precision_recall_curve"),
    "definition": ("LabelScore", "RankingScore"),
    "label_sets": ("hamming_loss", "label_ranking_average_precision_score", "scores_by_label"),
    "precision_recall": ("f1_score", "precision_recall_fscore_support", "precision_score", "recall_score"),
    "registry": ("register_score", "unregister_score"),
    "roc": ("auc", "mean_roc_curve", "micro_average_roc_curve", "roc_curve"),
    "roc_auc": ("roc_auc_score",),
    "top_k": ("top_k_accuracy_bounds", "top_k_accuracy_score"),
}


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
